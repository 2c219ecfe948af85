import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

const processForm = z.object({ name: z.string(), pid: z.int(), startedAt: z.string(), logFiles: z.array(z.string()) })

const stateForm = z.object({
  schema: z.literal(1),
  engine: z.string(),
  version: z.string(),
  home: z.string(),
  /** Decides whether a running engine is the one that would be started now. */
  fingerprint: z.string(),
  /** `up`: stays until `engines down`. `run`: the last run that uses it stops it. */
  owner: z.enum(['up', 'run']),
  startedAtMs: z.number(),
  /** False until the health check passed once. */
  ready: z.boolean(),
  ports: z.record(z.string(), z.int()),
  processes: z.array(processForm),
})

export type EngineState = z.output<typeof stateForm>
export type ProcessRecord = z.output<typeof processForm>
export type EngineOwner = EngineState['owner']

/** Folder of one engine below the profile's state folder: `state.json`, `conf/`, `log/` and the engine's data. */
export function engineDirectory(stateDirectory: string, engine: string): string {
  return path.join(stateDirectory, engine)
}

export async function readState(stateDirectory: string, engine: string): Promise<EngineState | null> {
  try {
    return stateForm.parse(JSON.parse(await readFile(stateFile(stateDirectory, engine), 'utf8')))
  } catch {
    return null
  }
}

/** Whole or not at all: a killed writer leaves the former state. */
export async function writeState(stateDirectory: string, state: EngineState): Promise<void> {
  const file = stateFile(stateDirectory, state.engine)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`)
  await rename(`${file}.new`, file)
}

/** Ports of the last start; they outlive the state. */
export async function readLastPorts(stateDirectory: string, engine: string): Promise<Readonly<Record<string, number>>> {
  try {
    return z.record(z.string(), z.int()).parse(JSON.parse(await readFile(portsFile(stateDirectory, engine), 'utf8')))
  } catch {
    return {}
  }
}

export async function writeLastPorts(stateDirectory: string, engine: string, ports: Readonly<Record<string, number>>): Promise<void> {
  await writeFile(portsFile(stateDirectory, engine), JSON.stringify(ports))
}

function portsFile(stateDirectory: string, engine: string): string {
  return path.join(engineDirectory(stateDirectory, engine), 'ports.json')
}

export async function removeState(stateDirectory: string, engine: string): Promise<void> {
  await rm(stateFile(stateDirectory, engine), { force: true })
}

function stateFile(stateDirectory: string, engine: string): string {
  return path.join(engineDirectory(stateDirectory, engine), 'state.json')
}
