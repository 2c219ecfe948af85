import { existsSync } from 'node:fs'
import type { Context } from '../core/context.ts'
import type { Profile } from '../core/config.ts'
import { engineNames, type EngineName } from './addresses.ts'
import { loadDescription } from './description.ts'
import { isInstalled } from './install.ts'
import { livingLeases } from './leases.ts'
import { restartsFile } from './launch.ts'
import { groupMemoryBytes } from './process-identity.ts'
import { probeAddress } from './reachability.ts'
import { engineDefinitions } from './registry.ts'
import { readState, type EngineState } from './state.ts'
import { livingProcesses } from './stop.ts'
import { lastLines } from './tail.ts'

/** `stale`: recorded as running, but its processes are gone; the next start clears it away. */
export const engineConditions = ['running', 'starting', 'unhealthy', 'stale', 'stopped', 'reachable', 'unreachable'] as const
export type EngineCondition = (typeof engineConditions)[number]

export interface EngineStatus {
  readonly engine: EngineName
  readonly title: string
  readonly version: string | null
  /** `local`: owned by this tool. `address`: an existing cluster named in station.yaml. */
  readonly source: 'local' | 'address'
  readonly condition: EngineCondition
  /** What an engine that is not well lacks. */
  readonly lack: string | null
  readonly installed: boolean | null
  readonly owner: EngineState['owner'] | null
  readonly startedAtMs: number | null
  readonly endpoints: Readonly<Record<string, string>>
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly alive: boolean; readonly memoryBytes: number | null; readonly restarts: number; readonly logFiles: readonly string[] }[]
  /** Processes that use it now. */
  readonly users: readonly number[]
}

/** How every engine of the profile is. Asks the engines themselves, changes nothing. */
export async function engineStatus(profile: Profile, context: Context): Promise<readonly EngineStatus[]> {
  return Promise.all(engineNames.filter((name) => profile.local !== null || profile[name] !== undefined).map((name) => (profile[name] === undefined ? localStatus(name, profile, context) : addressStatus(name, profile, context))))
}

async function localStatus(engine: EngineName, profile: Profile, context: Context): Promise<EngineStatus> {
  const description = await loadDescription(engine, context)
  const state = await readState(profile.stateDirectory, engine)
  const { condition, lack } = await localCondition(engine, state, profile, context)
  const alive = new Set(state === null ? [] : livingProcesses(state).map(({ pid }) => pid))
  const processes = await Promise.all(
    (state?.processes ?? []).map(async ({ name, pid, logFiles }) => ({
      name,
      pid,
      alive: alive.has(pid),
      memoryBytes: alive.has(pid) ? groupMemoryBytes(pid) : null,
      restarts: (await lastLines(restartsFile(logFiles[0] ?? ''), 1_000)).length,
      logFiles: logFiles.filter((file) => existsSync(file)),
    })),
  )
  const users = (await livingLeases(profile.stateDirectory)).filter(({ engines }) => engines.includes(engine)).map(({ pid }) => pid)
  return {
    engine,
    title: description.title,
    version: state?.version ?? description.version,
    source: 'local',
    condition,
    lack,
    installed: isInstalled(description, profile.cacheDirectory),
    owner: state?.owner ?? null,
    startedAtMs: state?.startedAtMs ?? null,
    endpoints: Object.fromEntries(Object.entries(state?.ports ?? {}).map(([name, port]) => [name, `127.0.0.1:${port}`])),
    processes,
    users: [...new Set(users)],
  }
}

async function localCondition(engine: EngineName, state: EngineState | null, profile: Profile, context: Context): Promise<{ readonly condition: EngineCondition; readonly lack: string | null }> {
  if (state === null || profile.local === null) return { condition: 'stopped', lack: null }
  const living = livingProcesses(state)
  if (living.length === 0) return { condition: 'stale', lack: 'its processes are gone' }
  const dead = state.processes.filter((record) => !living.includes(record))
  if (dead.length > 0) return { condition: 'unhealthy', lack: `${dead.map(({ name }) => name).join(', ')} died` }
  const lack = await engineDefinitions[engine].probe({ ports: state.ports, local: profile.local, context, signal: context.signal })
  if (state.ready) return { condition: lack === null ? 'running' : 'unhealthy', lack }
  return { condition: 'starting', lack: lack ?? 'the command that started it has not finished' }
}

async function addressStatus(engine: EngineName, profile: Profile, context: Context): Promise<EngineStatus> {
  const description = await loadDescription(engine, context)
  const { endpoints, lack } = await probeAddress(engine, profile, context)
  return { engine, title: description.title, version: null, source: 'address', condition: lack === null ? 'reachable' : 'unreachable', lack, installed: null, owner: null, startedAtMs: null, endpoints, processes: [], users: [] }
}
