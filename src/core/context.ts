import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { silentLog, type Log } from './log.ts'
import { silentProgress, type Progress } from './progress.ts'

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Everything that comes from outside: no module below `cli` reads the process, the console or the machine's clock itself. */
export interface Context {
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Aborts when the user interrupts or a deadline of the whole command passes. */
  readonly signal: AbortSignal
  readonly log: Log
  readonly progress: Progress
  /** Folder that holds `jobs/`, `infra/` and `package.json`. */
  readonly packageRoot: string
  readonly version: string
  /** Identity of this process, for locks and state folders. */
  readonly pid: number
}

export const systemClock: Clock = {
  now: () => Date.now(), // eslint-disable-line no-restricted-properties -- the one place that reads the machine's clock
  async sleep(ms, signal) {
    await delay(ms, undefined, signal === undefined ? {} : { signal })
  },
}

/** The folder of the nearest package.json above this file: the same in `src/` (development) and in `dist/src/`. */
export function findPackageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url))
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { name?: string }
      if (manifest.name === 'cloud-master-station') return folder
    } catch {
      // no manifest here: look one folder higher
    }
    const parent = path.dirname(folder)
    if (parent === folder) throw new Error('the folder of the package was not found')
    folder = parent
  }
}

export function readVersion(packageRoot: string): string {
  return (JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version
}

/** A context for tests and programs: quiet, with the real clock, unless told otherwise. */
export function createContext(parts: Partial<Context> = {}): Context {
  const packageRoot = parts.packageRoot ?? findPackageRoot()
  return {
    clock: systemClock,
    env: {},
    cwd: packageRoot,
    signal: new AbortController().signal,
    log: silentLog,
    progress: silentProgress,
    version: readVersion(packageRoot),
    pid: 0,
    ...parts,
    packageRoot,
  }
}
