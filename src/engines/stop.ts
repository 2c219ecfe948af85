import { readdir } from 'node:fs/promises'
import type { Context } from '../core/context.ts'
import { terminate } from './launch.ts'
import { isSameProcessAlive } from './process-identity.ts'
import { readState, removeState, type EngineState } from './state.ts'

const graceMs = 20_000

/** Ends every recorded process of an engine and forgets it; its data and logs stay. Returns how many processes were still alive. */
export async function stopEngine(stateDirectory: string, engine: string, context: Context): Promise<number> {
  const state = await readState(stateDirectory, engine)
  if (state === null) return 0
  const alive = livingProcesses(state).length
  // the last started goes first: a gateway before the cluster behind it, a supervisor before it can start anything again
  await terminate([...state.processes].reverse(), { clock: context.clock, graceMs })
  await removeState(stateDirectory, engine)
  return alive
}

export function livingProcesses(state: EngineState): EngineState['processes'] {
  return state.processes.filter(isSameProcessAlive)
}

/** Engines that have a state in this profile, known to this version or not. */
export async function recordedEngines(stateDirectory: string): Promise<readonly string[]> {
  const entries = await readdir(stateDirectory, { withFileTypes: true }).catch(() => [])
  const names: string[] = []
  for (const entry of entries) if (entry.isDirectory() && (await readState(stateDirectory, entry.name)) !== null) names.push(entry.name)
  return names.sort()
}
