import path from 'node:path'
import { StationError } from '../core/errors.ts'
import type { Context } from '../core/context.ts'
import type { LocalEngines, Profile } from '../core/config.ts'
import { engineNames, type EngineAddresses, type EngineName } from './addresses.ts'
import { ensureClassArchive } from './class-archive.ts'
import type { EngineDefinition } from './definition.ts'
import { loadDescription } from './description.ts'
import { resolveAddresses } from './endpoints.ts'
import { installEngine } from './install.ts'
import { findJava } from './java.ts'
import { livingLeases, removeLease, writeLease } from './leases.ts'
import { withLock } from './lock.ts'
import { engineDefinitions } from './registry.ts'
import { engineFingerprint, startEngine } from './start.ts'
import { readState, writeState, type EngineOwner, type EngineState } from './state.ts'
import { livingProcesses, recordedEngines, stopEngine } from './stop.ts'

type Definitions = Readonly<Partial<Record<EngineName, EngineDefinition>>>

export interface EngineOptions {
  readonly context: Context
  readonly signal?: AbortSignal
  /** Only tests give others than the registry's. */
  readonly definitions?: Definitions
}

const lockWaitMs = 600_000

/** The engines of a profile that this tool owns: those without an address of their own. */
export function localEngineNames(profile: Profile): readonly EngineName[] {
  return profile.local === null ? [] : engineNames.filter((name) => profile[name] === undefined)
}

/** Downloads what is missing in the cache, and prepares engines to start faster. Returns the home folder of each local engine that was asked for. */
export async function installEngines(profile: Profile, needs: readonly EngineName[], options: EngineOptions): Promise<readonly { readonly engine: EngineName; readonly version: string; readonly home: string }[]> {
  const signal = options.signal ?? options.context.signal
  const homes = []
  for (const engine of needs.filter((name) => localEngineNames(profile).includes(name))) {
    const description = await loadDescription(engine, options.context)
    const home = await installEngine(description, { cacheDirectory: profile.cacheDirectory, context: options.context, signal })
    const definition = (options.definitions ?? engineDefinitions)[engine]
    if (definition?.train !== undefined) await ensureClassArchive(definition, { description, home, java: await findJava(options.context), profile, local: profile.local!, context: options.context, signal })
    homes.push({ engine, version: description.version, home })
  }
  return homes
}

/** Starts what does not run yet and adopts what does; everything stays until `stopEngines`. */
export async function startEngines(profile: Profile, needs: readonly EngineName[], options: EngineOptions): Promise<EngineAddresses> {
  await locked(profile, 'starting engines', options, () => ensureRunning(profile, needs, 'up', options))
  return resolveAddresses(profile, needs, options.context)
}

/**
 * Stops every engine of the profile. Throws ENGINE_LOCKED while a living process uses one, unless `force`.
 * Returns the names of those that ran.
 */
export async function stopEngines(profile: Profile, options: EngineOptions & { readonly force?: boolean }): Promise<readonly string[]> {
  return locked(profile, 'stopping engines', options, async () => {
    const users = await livingLeases(profile.stateDirectory)
    if (users.length > 0 && options.force !== true) {
      const pids = [...new Set(users.map(({ pid }) => pid))]
      throw new StationError('ENGINE_LOCKED', `engines are in use by process ${pids.join(', ')}`, { hint: 'Wait until it has ended, or add --force.', facts: { pids: pids.join(' ') } })
    }
    const stopped = await Promise.all(
      (await recordedEngines(profile.stateDirectory)).map(async (name) => ((await stopEngine(profile.stateDirectory, name, options.context)) > 0 ? [name] : [])),
    )
    return stopped.flat()
  })
}

/**
 * Runs `body` with the engines it needs: installs and starts what is missing, adopts what runs, and in the end stops what no other process uses
 * and nobody asked to keep. Engines of a profile with addresses are neither installed, started nor stopped.
 */
export async function usingEngines<T>(
  needs: readonly EngineName[],
  config: { readonly profile: Profile },
  context: Context,
  body: (addresses: EngineAddresses) => Promise<T>,
  options: { readonly keep?: boolean; readonly definitions?: Definitions } = {},
): Promise<T> {
  const { profile } = config
  const local = needs.filter((name) => localEngineNames(profile).includes(name))
  if (local.length === 0) return body(resolveAddresses(profile, needs, context))
  const engineOptions: EngineOptions = { context, ...(options.definitions === undefined ? {} : { definitions: options.definitions }) }
  const lease = await locked(profile, 'starting engines', engineOptions, async () => {
    const file = await writeLease(profile.stateDirectory, local, context)
    try {
      await ensureRunning(profile, local, options.keep === true ? 'up' : 'run', engineOptions)
      return file
    } catch (error) {
      await removeLease(file)
      await stopUnused(profile, context)
      throw error
    }
  })
  try {
    return await body(resolveAddresses(profile, needs, context))
  } finally {
    // also after an interrupt: the signal of the command is spent, so that ending has its own
    await locked(profile, 'stopping engines', { ...engineOptions, signal: new AbortController().signal }, async () => {
      await removeLease(lease)
      await stopUnused(profile, context)
    })
  }
}

async function locked<T>(profile: Profile, purpose: string, options: EngineOptions, body: () => Promise<T>): Promise<T> {
  const { context } = options
  return withLock(path.join(profile.stateDirectory, 'engines.lock'), { context, purpose, signal: options.signal ?? context.signal, deadlineMs: context.clock.now() + lockWaitMs }, body)
}

/** Under the lock. Engines start side by side; when one fails, those that this call started are stopped again. */
async function ensureRunning(profile: Profile, needs: readonly EngineName[], owner: EngineOwner, options: EngineOptions): Promise<void> {
  const local = profile.local
  if (local === null) return
  const names = needs.filter((name) => localEngineNames(profile).includes(name))
  const failing = new AbortController()
  const signal = AbortSignal.any([options.signal ?? options.context.signal, failing.signal])
  const results = await Promise.allSettled(
    names.map(async (name) => {
      const definition = (options.definitions ?? engineDefinitions)[name]
      if (definition === undefined) throw new StationError('UNEXPECTED', `no engine is named ${name}`)
      try {
        const found = await adopt(definition, { profile, local, owner, context: options.context, signal })
        if (found.running) return null
        return await startEngine(definition, { profile, local, owner: found.owner, context: options.context, signal })
      } catch (error) {
        failing.abort(error)
        throw error
      }
    }),
  )
  if (results.every(({ status }) => status === 'fulfilled')) return
  for (const result of results) if (result.status === 'fulfilled' && result.value !== null) await stopEngine(profile.stateDirectory, result.value.engine, options.context)
  ;(options.signal ?? options.context.signal).throwIfAborted()
  throw failing.signal.reason
}

/** Whether the engine already runs and is well; what is left of one that does not is cleared away. `owner`: of the engine to be started else. */
async function adopt(definition: EngineDefinition, options: { readonly profile: Profile; readonly local: LocalEngines; readonly owner: EngineOwner; readonly context: Context; readonly signal: AbortSignal }): Promise<{ readonly running: boolean; readonly owner: EngineOwner }> {
  const { profile, context, owner } = options
  const state = await readState(profile.stateDirectory, definition.name)
  if (state === null) return { running: false, owner }
  const complete = state.ready && livingProcesses(state).length === state.processes.length
  if (complete && (await isWell(definition, state, options))) {
    const wanted = await engineFingerprint(definition, await loadDescription(definition.name, context), options)
    const inUse = (await livingLeases(profile.stateDirectory)).some(({ pid, engines }) => pid !== context.pid && engines.includes(definition.name))
    if (wanted === state.fingerprint || inUse) {
      if (wanted !== state.fingerprint) context.log.write('warn', `${definition.name} runs with other settings and is in use; they take effect after its next start`, { engine: definition.name })
      if (options.owner === 'up' && state.owner !== 'up') await writeState(profile.stateDirectory, { ...state, owner: 'up' })
      return { running: true, owner: state.owner }
    }
    context.log.write('info', `${definition.name} is started again because its settings or functions changed`, { engine: definition.name })
  }
  await stopEngine(profile.stateDirectory, definition.name, context)
  // an engine that was up stays up, though another one now
  return { running: false, owner: complete && state.owner === 'up' ? 'up' : owner }
}

/** A busy engine may miss one question. */
async function isWell(definition: EngineDefinition, state: EngineState, options: { readonly local: LocalEngines; readonly context: Context; readonly signal: AbortSignal }): Promise<boolean> {
  for (let attempt = 1; attempt <= 20; attempt++) {
    if ((await definition.probe({ ports: state.ports, local: options.local, context: options.context, signal: options.signal })) === null) return true
    if (livingProcesses(state).length < state.processes.length) return false
    await options.context.clock.sleep(500, options.signal)
  }
  return false
}

/** Under the lock. Stops engines that were started by runs and that no living process uses any more. */
async function stopUnused(profile: Profile, context: Context): Promise<void> {
  const used = new Set((await livingLeases(profile.stateDirectory)).flatMap(({ engines }) => engines))
  await Promise.all(
    (await recordedEngines(profile.stateDirectory)).map(async (name) => {
      const state = await readState(profile.stateDirectory, name)
      if (state?.owner === 'run' && !used.has(name)) await stopEngine(profile.stateDirectory, name, context)
    }),
  )
}
