import { createHash } from 'node:crypto'
import path from 'node:path'
import { StationError } from '../core/errors.ts'
import { withStep } from '../core/progress.ts'
import type { Context } from '../core/context.ts'
import type { LocalEngines, Profile } from '../core/config.ts'
import { bringUp } from './bring-up.ts'
import { ensureClassArchive } from './class-archive.ts'
import type { EngineDefinition, EngineRun } from './definition.ts'
import { homeDirectory, loadDescription, type EngineDescription } from './description.ts'
import { installEngine } from './install.ts'
import { findJava } from './java.ts'
import { choosePorts } from './ports.ts'
import { engineDirectory, readLastPorts, type EngineOwner, type EngineState } from './state.ts'

export interface StartOptions {
  readonly profile: Profile
  readonly local: LocalEngines
  readonly owner: EngineOwner
  readonly context: Context
  readonly signal: AbortSignal
}

/** Ports can be lost between choosing and listening; then other ones are tried. */
const portAttempts = 3
const portLost = /Address already in use|BindException|Could not bind|Failed to bind/i

/**
 * Installs, configures and starts one engine and waits until it is well. The caller holds the profile's lock and knows that it does not run.
 * Throws JAVA_MISSING, PORT_TAKEN, ENGINE_INSTALL_FAILED, or ENGINE_START_FAILED with the last lines of the log.
 */
export async function startEngine(definition: EngineDefinition, options: StartOptions): Promise<EngineState> {
  const { context, profile, signal } = options
  const java = await findJava(context)
  const description = await loadDescription(definition.name, context)
  await choosePorts({ names: definition.ports, fixed: options.local.ports, profileName: profile.name, engine: definition.name }) // a taken port need not wait for a download
  const home = await installEngine(description, { cacheDirectory: profile.cacheDirectory, context, signal })
  const classArchive = await ensureClassArchive(definition, { description, home, java, profile, local: options.local, context, signal })
  const fingerprint = await engineFingerprint(definition, description, options)
  return withStep(context.progress, `starting ${description.title} ${description.version}`, async (step) => {
    for (let attempt = 1; ; attempt++) {
      const preferred = attempt === 1 ? await readLastPorts(profile.stateDirectory, definition.name) : {}
      const ports = await choosePorts({ names: definition.ports, fixed: options.local.ports, preferred, profileName: profile.name, engine: definition.name })
      const directory = engineDirectory(profile.stateDirectory, definition.name)
      const run: EngineRun = { home, java, profile, local: options.local, description, directory, configDirectory: path.join(directory, 'conf'), logDirectory: path.join(directory, 'log'), ports, classArchive, context, signal }
      try {
        return await bringUp(definition, run, { fingerprint, owner: options.owner }, step)
      } catch (error) {
        if (attempt < portAttempts && lostPort(error) && !signal.aborted) continue
        throw error
      }
    }
  })
}

function lostPort(error: unknown): boolean {
  return error instanceof StationError && error.code === 'ENGINE_START_FAILED' && error.problems.some(({ message }) => portLost.test(message))
}

/** Changes when an engine started now would differ from a running one. */
export async function engineFingerprint(definition: EngineDefinition, description: EngineDescription, { profile, local, context }: Pick<StartOptions, 'profile' | 'local' | 'context'>): Promise<string> {
  const fixed = definition.ports.map((name) => (local.ports as Readonly<Record<string, number | undefined>>)[name] ?? null)
  const parts = [homeDirectory(description, '/'), fixed, local.memory, local.taskSlots, profile.zone, (await definition.fingerprint?.(profile, context)) ?? '']
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}
