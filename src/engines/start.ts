import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StationError } from '../core/errors.ts'
import { withStep, type ProgressStep } from '../core/progress.ts'
import type { Context } from '../core/context.ts'
import type { LocalEngines, Profile } from '../core/config.ts'
import type { EngineDefinition, EngineRun, ProcessPlan } from './definition.ts'
import { homeDirectory, loadDescription, type EngineDescription } from './description.ts'
import { installEngine } from './install.ts'
import { findJava } from './java.ts'
import { launch, restartsFile, terminate } from './launch.ts'
import { choosePorts } from './ports.ts'
import { isSameProcessAlive } from './process-identity.ts'
import { engineDirectory, readLastPorts, removeState, writeLastPorts, writeState, type EngineOwner, type EngineState, type ProcessRecord } from './state.ts'
import { fileSize, lastLines } from './tail.ts'
import { fillTemplate } from './template.ts'

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
  return withStep(context.progress, `starting ${description.title} ${description.version}`, async (step) => {
    for (let attempt = 1; ; attempt++) {
      const preferred = attempt === 1 ? await readLastPorts(profile.stateDirectory, definition.name) : {}
      const ports = await choosePorts({ names: definition.ports, fixed: options.local.ports, preferred, profileName: profile.name, engine: definition.name })
      const directory = engineDirectory(profile.stateDirectory, definition.name)
      const run: EngineRun = { home, java, profile, local: options.local, description, directory, configDirectory: path.join(directory, 'conf'), logDirectory: path.join(directory, 'log'), ports, context, signal }
      try {
        return await startOnce(definition, run, options, step)
      } catch (error) {
        if (attempt < portAttempts && lostPort(error) && !signal.aborted) continue
        throw error
      }
    }
  })
}

async function startOnce(definition: EngineDefinition, run: EngineRun, options: StartOptions, step: ProgressStep): Promise<EngineState> {
  await configure(definition, run)
  const plans = definition.processes(run)
  for (const plan of plans) await rm(restartsFile(plan.logFile), { force: true })
  // the last words of an earlier start must not be taken for those of this one
  const logStarts = new Map(await Promise.all(plans.map(async ({ logFile }) => [logFile, await fileSize(logFile)] as const)))
  let state: EngineState = {
    schema: 1,
    engine: definition.name,
    version: run.description.version,
    home: run.home,
    fingerprint: await engineFingerprint(definition, run.description, options),
    owner: options.owner,
    startedAtMs: run.context.clock.now(),
    ready: false,
    ports: { ...run.ports },
    processes: [],
  }
  try {
    for (const plan of plans) {
      const record = launch(plan, { workingDirectory: run.directory, env: engineEnvironment(run) })
      state = { ...state, processes: [...state.processes, record] }
      await writeState(run.profile.stateDirectory, state) // at once: whatever happens next, the process can be found
    }
    await waitUntilWell({ definition, run, state, plans, logStarts }, step)
    state = { ...state, ready: true }
    await writeState(run.profile.stateDirectory, state)
    await writeLastPorts(run.profile.stateDirectory, definition.name, run.ports)
    return state
  } catch (error) {
    await terminate(state.processes, { clock: run.context.clock, graceMs: 3_000 })
    await removeState(run.profile.stateDirectory, definition.name)
    throw error
  }
}

async function configure(definition: EngineDefinition, run: EngineRun): Promise<void> {
  for (const folder of [run.configDirectory, run.logDirectory]) await mkdir(folder, { recursive: true })
  const values = await definition.templateValues(run)
  for (const { from, to } of run.description.templates) {
    const file = path.join(run.description.directory, from)
    await writeFile(path.join(run.configDirectory, to), fillTemplate(await readFile(file, 'utf8'), values, file))
  }
  await definition.prepare?.(run)
}

/** A small environment of its own: variables meant for other installations of the engines do no harm. */
function engineEnvironment(run: EngineRun): Readonly<Record<string, string>> {
  const { env } = run.context
  const kept = ['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG', 'LC_ALL'].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  return { ...Object.fromEntries(kept), JAVA_HOME: run.java.home }
}

interface Starting {
  readonly definition: EngineDefinition
  readonly run: EngineRun
  readonly state: EngineState
  readonly plans: readonly ProcessPlan[]
  /** Size of each log before this start. */
  readonly logStarts: ReadonlyMap<string, number>
}

async function waitUntilWell(starting: Starting, step: ProgressStep): Promise<void> {
  const { definition, run } = starting
  const { clock } = run.context
  const deadlineMs = clock.now() + run.local.startTimeoutSeconds * 1_000
  let shown = ''
  for (;;) {
    run.signal.throwIfAborted()
    await assertAllAlive(starting)
    const lack = await definition.probe({ ports: run.ports, local: run.local, context: run.context, signal: run.signal })
    if (lack === null) return
    if (lack !== shown) step.update(lack)
    shown = lack
    if (clock.now() > deadlineMs) {
      throw await startFailure(starting, starting.state.processes, `${run.description.title} was not well after ${run.local.startTimeoutSeconds} s: ${lack}`, { hint: 'Is the machine very busy or short of memory? `station doctor` looks; startTimeoutSeconds in station.yaml sets the limit.' })
    }
    await clock.sleep(250, run.signal)
  }
}

async function assertAllAlive(starting: Starting): Promise<void> {
  const { definition, run, state, plans } = starting
  for (const [index, record] of state.processes.entries()) {
    const supervised = plans[index]?.supervised === true
    const ended = supervised ? (await lastLines(restartsFile(record.logFiles[0]!), 1)).length > 0 : !isSameProcessAlive(record)
    if (ended) throw await startFailure(starting, [record], `${definition.name === record.name ? run.description.title : `${record.name} of ${run.description.title}`} died while starting`)
  }
}

async function startFailure({ run, logStarts }: Starting, processes: readonly ProcessRecord[], message: string, options: { readonly hint?: string } = {}): Promise<StationError> {
  const files = processes.flatMap(({ logFiles }) => logFiles)
  const lines = (await Promise.all(files.map((file) => lastLines(file, 12, logStarts.get(file))))).flat()
  return new StationError('ENGINE_START_FAILED', message, {
    hint: options.hint ?? `The whole log is in ${files.join(' and ')}.`,
    facts: { engine: run.description.name, log: files.join(' ') },
    retry: 'later',
    problems: lines.map((line) => ({ message: line })),
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

