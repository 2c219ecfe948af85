import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { StationError } from '../core/errors.ts'
import type { Context } from '../core/context.ts'
import { identifyProcess, isSameProcessAlive, type ProcessIdentity } from './process-identity.ts'

export interface LockOptions {
  readonly context: Context
  /** What the holder does, for the message of those who wait in vain. */
  readonly purpose: string
  /** Epoch milliseconds after which waiting is given up. */
  readonly deadlineMs: number
  readonly signal: AbortSignal
}

const holderForm = z.object({ pid: z.int(), startedAt: z.string(), purpose: z.string() })
type Holder = z.output<typeof holderForm>

/**
 * Runs `body` while holding a lock file. A lock whose process is gone (or whose pid now belongs to another process) is taken over.
 * Throws ENGINE_LOCKED when a living process holds it until the deadline.
 */
export async function withLock<T>(file: string, options: LockOptions, body: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true })
  const own = identifyProcess(options.context.pid) ?? { pid: options.context.pid, startedAt: 'unknown' }
  const proposal = `${file}.${own.pid}.${Math.random().toString(36).slice(2)}`
  const content = JSON.stringify({ ...own, purpose: options.purpose } satisfies Holder)
  await writeFile(proposal, content)
  try {
    await acquire(file, proposal, options)
    await removeProposalsOfTheDead(file)
    try {
      return await body()
    } finally {
      await rm(file, { force: true })
    }
  } finally {
    await rm(proposal, { force: true })
  }
}

async function acquire(file: string, proposal: string, options: LockOptions): Promise<void> {
  for (;;) {
    options.signal.throwIfAborted()
    // a link to a complete file: nobody ever sees a lock without its holder
    if (await tryLink(proposal, file)) return
    const holder = await readHolder(file)
    if (holder === null || !isSameProcessAlive(holder)) {
      await removeStale(file, holder)
      continue
    }
    if (options.context.clock.now() >= options.deadlineMs) {
      throw new StationError('ENGINE_LOCKED', `process ${holder.pid} is ${holder.purpose}`, {
        hint: 'Wait until it has ended, then repeat the command.',
        facts: { pid: holder.pid, file },
        retry: 'later',
      })
    }
    await options.context.clock.sleep(200, options.signal)
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moves the lock aside and looks again: when another process took it over in between, it is put back. */
async function removeStale(file: string, expected: ProcessIdentity | null): Promise<void> {
  const aside = `${file}.stale.${Math.random().toString(36).slice(2)}`
  try {
    await rename(file, aside)
  } catch {
    return // someone else was faster
  }
  const moved = await readHolder(aside)
  const takenOver = moved !== null && (expected === null || moved.pid !== expected.pid || moved.startedAt !== expected.startedAt) && isSameProcessAlive(moved)
  if (takenOver) await tryLink(aside, file)
  await rm(aside, { force: true })
}

/** What waiters left that were killed. Only called by the holder. */
async function removeProposalsOfTheDead(file: string): Promise<void> {
  for (const entry of await readdir(path.dirname(file))) {
    if (!entry.startsWith(`${path.basename(file)}.`)) continue
    const other = path.join(path.dirname(file), entry)
    const owner = await readHolder(other)
    if (owner !== null && !isSameProcessAlive(owner)) await rm(other, { force: true })
  }
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return holderForm.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}
