import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Context } from '../core/context.ts'
import { identifyProcess, isSameProcessAlive } from './process-identity.ts'

/*
  A lease says: this process uses these engines. One file per use, written and removed under the profile's lock. The lease of a dead process
  counts for nothing, so a run that was killed holds no engine.
*/

const leaseForm = z.object({ pid: z.int(), startedAt: z.string(), engines: z.array(z.string()) })
export type Lease = z.output<typeof leaseForm>

const folder = (stateDirectory: string): string => path.join(stateDirectory, 'leases')

/** Returns the lease's file, to be given back to `removeLease`. */
export async function writeLease(stateDirectory: string, engines: readonly string[], context: Context): Promise<string> {
  await mkdir(folder(stateDirectory), { recursive: true })
  const identity = identifyProcess(context.pid) ?? { pid: context.pid, startedAt: 'unknown' }
  const file = path.join(folder(stateDirectory), `${context.pid}-${Math.random().toString(36).slice(2)}.json`)
  await writeFile(file, JSON.stringify({ ...identity, engines: [...engines] } satisfies Lease))
  return file
}

export async function removeLease(file: string): Promise<void> {
  await rm(file, { force: true })
}

/** Leases of living processes. Those of dead ones are removed on the way. */
export async function livingLeases(stateDirectory: string): Promise<readonly Lease[]> {
  const names = await readdir(folder(stateDirectory)).catch(() => [])
  const living: Lease[] = []
  for (const name of names.filter((name) => name.endsWith('.json'))) {
    const file = path.join(folder(stateDirectory), name)
    const lease = await readLease(file)
    if (lease !== null && isSameProcessAlive(lease)) living.push(lease)
    else await rm(file, { force: true })
  }
  return living
}

async function readLease(file: string): Promise<Lease | null> {
  try {
    return leaseForm.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}
