import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StationError } from '../core/errors.ts'
import type { ProgressStep } from '../core/progress.ts'
import type { EngineDefinition, EngineRun, ProcessPlan } from './definition.ts'
import { launch, restartsFile, terminate } from './launch.ts'
import { isSameProcessAlive } from './process-identity.ts'
import { removeState, writeLastPorts, writeState, type EngineOwner, type EngineState, type ProcessRecord } from './state.ts'
import { fileSize, lastLines } from './tail.ts'
import { fillTemplate } from './template.ts'

/**
 * Writes the configuration of one engine, starts its processes and waits until it is well. What it started is ended again when it does not become so.
 * Throws ENGINE_START_FAILED with the last lines of the log.
 */
export async function bringUp(definition: EngineDefinition, run: EngineRun, state: { readonly fingerprint: string; readonly owner: EngineOwner }, step: ProgressStep): Promise<EngineState> {
  await configure(definition, run)
  const plans = definition.processes(run)
  for (const plan of plans) await rm(restartsFile(plan.logFile), { force: true })
  // the last words of an earlier start must not be taken for those of this one
  const logStarts = new Map(await Promise.all(plans.map(async ({ logFile }) => [logFile, await fileSize(logFile)] as const)))
  let current: EngineState = {
    schema: 1,
    engine: definition.name,
    version: run.description.version,
    home: run.home,
    ...state,
    startedAtMs: run.context.clock.now(),
    ready: false,
    ports: { ...run.ports },
    processes: [],
  }
  try {
    for (const plan of plans) {
      const record = launch(plan, { workingDirectory: run.directory, env: engineEnvironment(run) })
      current = { ...current, processes: [...current.processes, record] }
      await writeState(run.profile.stateDirectory, current) // at once: whatever happens next, the process can be found
    }
    await waitUntilWell({ definition, run, state: current, plans, logStarts }, step)
    current = { ...current, ready: true }
    await writeState(run.profile.stateDirectory, current)
    await writeLastPorts(run.profile.stateDirectory, definition.name, run.ports)
    return current
  } catch (error) {
    await terminate(current.processes, { clock: run.context.clock, graceMs: 3_000 })
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
