import type { Profile } from '../core/config.ts'
import type { Context } from '../core/context.ts'
import { isStationError, StationError } from '../core/errors.ts'
import type { EngineAddresses, FlinkAddress } from '../engines/addresses.ts'
import { resolveAddresses } from '../engines/endpoints.ts'
import { usingEngines } from '../engines/engines.ts'
import { functionJarDirectory } from '../engines/function-jars.ts'
import { flinkTarget } from '../engines/targets.ts'
import { renderJob, type ParameterValue, type RenderedJob } from './render.ts'
import { parameterValues, streamingSettings } from './sources.ts'
import { listJobs, loadJob } from './spec.ts'
import { stopStreaming, submitStreaming, usingJobManager, type StopReport, type SubmitReport } from './streaming-job.ts'

export interface JobCommandOptions {
  readonly profile: Profile
  readonly deadlineAtMs: number
}

export interface SubmitOptions extends JobCommandOptions {
  readonly values?: Readonly<Record<string, ParameterValue>>
  readonly savepoint?: string
}

/** A streaming job with everything that its engines know filled in. Throws USAGE for a batch job. */
export function renderStreaming(name: string, options: { readonly profile: Profile; readonly addresses: EngineAddresses; readonly values?: Readonly<Record<string, ParameterValue>> }, context: Context): RenderedJob {
  const spec = loadJob(name, context)
  if (spec.engine !== 'flink') throw new StationError('USAGE', `job ${name} is a batch job`, { hint: `Use 'station run ${name} --date DATE'.` })
  const { profile, addresses, values = {} } = options
  return renderJob(spec, { values, sources: parameterValues({ profile, addresses }), settings: streamingSettings(profile), jarDirectory: functionJarDirectory(context.packageRoot) })
}

/** `station submit JOB`: starts what local engines it needs and leaves them running with the job. */
export async function submitJob(name: string, options: SubmitOptions, context: Context): Promise<SubmitReport> {
  const { profile, deadlineAtMs, savepoint, values } = options
  loadJob(name, context) // a wrong name must not start engines
  return usingEngines(['kafka', 'flink'], { profile }, context, (addresses) => {
    const job = renderStreaming(name, { profile, addresses, ...(values === undefined ? {} : { values }) }, context)
    return submitStreaming(job, { target: flinkTarget(profile, addresses.flink, context), context, signal: context.signal, deadlineAtMs, ...(savepoint === undefined ? {} : { savepoint }) })
  }, { keep: true })
}

export interface JobStatus {
  readonly job: string
  readonly engine: string
  readonly mode: string
  /** Name, id and state on the cluster; null when nothing of this job is there. */
  readonly running: { readonly clusterName: string; readonly jobId: string; readonly state: string; readonly startedAtMs: number; readonly tasksRunning: number; readonly tasks: number; readonly restarts: number; readonly lastCheckpointAtMs: number | null; readonly rootCause: string | null } | null
}

/** What the cluster says of every job, by the names it carries there. Local engines that are down run nothing: that is an answer, not an error. */
export async function jobStatus(names: readonly string[], profile: Profile, context: Context): Promise<readonly JobStatus[]> {
  const specs = (names.length === 0 ? listJobs(context) : names).map((name) => loadJob(name, context))
  const addresses = runningFlink(profile, context)
  if (addresses === null) return specs.map(({ name, engine, mode }) => ({ job: name, engine, mode, running: null }))
  return usingJobManager(flinkTarget(profile, addresses, context), context, async (jobManager) => {
    const all = await jobManager.jobs()
    return Promise.all(
      specs.map(async ({ name, engine, mode }): Promise<JobStatus> => {
        const [latest] = all.filter((job) => job.name.startsWith(`${name}@`)).sort((left, right) => right.startedAtMs - left.startedAtMs)
        if (latest === undefined) return { job: name, engine, mode, running: null }
        const [details, checkpoints, exceptions] = await Promise.all([jobManager.job(latest.id), jobManager.checkpoints(latest.id), jobManager.exceptions(latest.id)])
        const tasksRunning = details.vertices.filter((vertex) => vertex.state === 'RUNNING').length
        return {
          job: name,
          engine,
          mode,
          running: {
            clusterName: latest.name,
            jobId: latest.id,
            state: latest.state,
            startedAtMs: latest.startedAtMs,
            tasksRunning,
            tasks: details.vertices.length,
            restarts: checkpoints.counts.restored,
            lastCheckpointAtMs: checkpoints.latestCompleted?.atMs ?? null,
            rootCause: exceptions[0]?.summary ?? null,
          },
        }
      }),
    )
  })
}

/** Address of the profile's Flink, or null when it is local and down. */
function runningFlink(profile: Profile, context: Context): FlinkAddress | null {
  try {
    return resolveAddresses(profile, ['flink'], context).flink
  } catch (error) {
    if (isStationError(error, 'ENGINE_UNHEALTHY')) return null
    throw error
  }
}

/** `station stop JOB`. */
export async function stopJob(name: string, options: JobCommandOptions & { readonly savepoint: boolean; readonly savepointDirectory?: string; readonly drain?: boolean }, context: Context): Promise<StopReport> {
  const { profile, deadlineAtMs, savepoint, savepointDirectory, drain } = options
  const spec = loadJob(name, context)
  if (spec.engine !== 'flink') throw new StationError('USAGE', `job ${name} is a batch job`, { hint: 'Interrupt its run instead.' })
  const address = runningFlink(profile, context)
  if (address === null) throw new StationError('JOB_NOT_RUNNING', `job ${name} does not run: the local engines are down`)
  return stopStreaming(name, {
    target: flinkTarget(profile, address, context),
    context,
    signal: context.signal,
    deadlineAtMs,
    ...(savepoint ? { savepointDirectory: savepointDirectory ?? address.savepointDirectory } : {}),
    ...(drain === undefined ? {} : { drain }),
  })
}
