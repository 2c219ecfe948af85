import { randomBytes } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { isStationError, StationError } from '../../core/errors.ts'
import { withRetry } from '../../core/retry.ts'
import { createPauses, withDeadline } from './deadline.ts'
import { createHttp, type HttpRequest } from './http.ts'
import * as bodies from './job-manager-bodies.ts'
import { parseServerError, summarizeTrace, toStationError } from './server-error.ts'
import type { FlinkTarget } from './target.ts'

export interface CallOptions {
  /** Default: the context's. */
  readonly signal?: AbortSignal
  /** Epoch ms. */
  readonly deadlineAtMs?: number
}

/**
 * The JobManager's REST interface. All calls throw GATEWAY_UNREACHABLE, GATEWAY_GONE, GATEWAY_PROTOCOL, GATEWAY_DENIED, WAIT_TIMED_OUT
 * and, for a job that is not there, JOB_NOT_RUNNING.
 */
export interface JobManagerClient {
  overview(options?: CallOptions): Promise<bodies.ClusterOverview>
  config(options?: CallOptions): Promise<{ readonly flinkVersion: string }>
  /** Running jobs and those that ended lately. */
  jobs(options?: CallOptions): Promise<readonly bodies.JobSummary[]>
  job(jobId: string, options?: CallOptions): Promise<bodies.JobDetails>
  exceptions(jobId: string, options?: CallOptions): Promise<readonly bodies.JobException[]>
  checkpoints(jobId: string, options?: CallOptions): Promise<bodies.JobCheckpoints>
  /** Cancels and waits for the end; a job that has ended already is left alone. */
  cancel(jobId: string, options?: CallOptions): Promise<void>
  /** Takes a savepoint and ends the job; resolves with the savepoint's path. Waits for all vertices to run first: before that Flink refuses. */
  stopWithSavepoint(jobId: string, options?: CallOptions & SavepointOptions & { readonly drain?: boolean }): Promise<string>
  /** Takes a savepoint of a job that goes on; resolves with its path. */
  savepoint(jobId: string, options?: CallOptions & SavepointOptions): Promise<string>
  /** Sums over the subtasks of a vertex; a metric that the vertex does not have is left out. */
  metrics(jobId: string, vertexId: string, names: readonly string[], options?: CallOptions): Promise<ReadonlyMap<string, bodies.MetricSummary>>
  /** Metrics of the whole job, as text. */
  jobMetrics(jobId: string, names: readonly string[], options?: CallOptions): Promise<ReadonlyMap<string, string>>
  /** Resolves when every vertex runs (or has finished); throws JOB_FAILED when the job ends otherwise. */
  waitUntilRunning(jobId: string, options?: CallOptions): Promise<bodies.JobDetails>
  /** Resolves when the job has ended, however. */
  waitForEnd(jobId: string, options?: CallOptions): Promise<bodies.JobDetails>
  close(): void
}

export interface SavepointOptions {
  /** Default: the cluster's own. */
  readonly directory?: string
}

const bridge = { attempts: 4, firstDelayMs: 200, maximumDelayMs: 1_000, factor: 2 } as const

export function createJobManagerClient(target: FlinkTarget, context: Context): JobManagerClient {
  const http = createHttp(target.jobManagerUrl, 'the Flink JobManager', target)

  async function call(request: Omit<HttpRequest, 'signal'>, signal: AbortSignal): Promise<string> {
    // every call here may be repeated: savepoints carry their own trigger id
    return await withRetry(bridge, { clock: context.clock, signal, retryable: (error) => isStationError(error, 'GATEWAY_GONE') }, async () => {
      const { status, text } = await http.request({ ...request, signal })
      if (status >= 200 && status < 300) return text
      const error = parseServerError(status, text)
      if (error === null) throw bodies.unknownAnswer(text)
      if (/savepoint.*(not set|no .*directory)|Config key .*savepoint/i.test(error.trace)) throw new StationError('CONFIG_INVALID', 'the cluster has no savepoint directory', { cause: new Error(error.trace), hint: 'Give a directory, or set execution.checkpointing.savepoint-dir on the cluster.' })
      throw toStationError(error)
    })
  }

  function limited<T>(what: string, options: CallOptions, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(context, { signal: options.signal ?? context.signal, deadlineAtMs: options.deadlineAtMs, what }, body)
  }

  const get = <T>(path: () => string, options: CallOptions, read: (text: string) => T): Promise<T> => limited('the JobManager', options, async (signal) => read(await call({ method: 'GET', path: path() }, signal)))

  async function waitFor(jobId: string, signal: AbortSignal, done: (job: bodies.JobDetails) => boolean): Promise<bodies.JobDetails> {
    const pauses = createPauses(context, signal)
    for (;;) {
      const job = bodies.readJob(await call({ method: 'GET', path: jobPath(jobId) }, signal))
      if (done(job)) return job
      await pauses.next()
    }
  }

  async function untilRunning(jobId: string, signal: AbortSignal): Promise<bodies.JobDetails> {
    const job = await waitFor(jobId, signal, (details) => bodies.isEnded(details.state) || allRunning(details))
    if (!bodies.isEnded(job.state) || job.state === 'FINISHED') return job
    const [exception] = bodies.readExceptions(await call({ method: 'GET', path: `${jobPath(jobId)}/exceptions` }, signal))
    throw new StationError('JOB_FAILED', `job '${job.name}' is ${job.state}${exception === undefined ? '' : `: ${exception.summary}`}`, { facts: { jobId, state: job.state } })
  }

  async function takeSavepoint(jobId: string, body: (triggerId: string) => Omit<HttpRequest, 'signal'>, signal: AbortSignal): Promise<string> {
    const job = bodies.readJob(await call({ method: 'GET', path: jobPath(jobId) }, signal))
    if (bodies.isEnded(job.state)) throw notRunning(jobId, job.state)
    const running = await untilRunning(jobId, signal)
    if (bodies.isEnded(running.state)) throw notRunning(jobId, running.state)
    const triggerId = randomBytes(16).toString('hex')
    const trigger = bodies.readTrigger(await call(body(triggerId), signal))
    const pauses = createPauses(context, signal)
    for (;;) {
      const state = bodies.readSavepoint(await call({ method: 'GET', path: `${jobPath(jobId)}/savepoints/${trigger}` }, signal))
      if (state.type === 'completed') return state.location
      if (state.type === 'failed') {
        if (/FlinkJobNotFoundException/.test(state.trace)) throw notRunning(jobId, 'gone')
        throw new StationError('JOB_FAILED', `the savepoint of job ${jobId} failed: ${summarizeTrace(state.trace)}`, { facts: { jobId }, cause: new Error(state.trace), hint: 'The job goes on without it. See whether the cluster can write to the savepoint directory.' })
      }
      await pauses.next()
    }
  }

  return {
    overview: (options = {}) => get(() => '/overview', options, bodies.readOverview),
    config: (options = {}) => get(() => '/config', options, bodies.readConfig),
    jobs: (options = {}) => get(() => '/jobs/overview', options, bodies.readJobs),
    job: (jobId, options = {}) => get(() => jobPath(jobId), options, bodies.readJob),
    exceptions: (jobId, options = {}) => get(() => `${jobPath(jobId)}/exceptions`, options, bodies.readExceptions),
    checkpoints: (jobId, options = {}) => get(() => `${jobPath(jobId)}/checkpoints`, options, bodies.readCheckpoints),
    metrics: (jobId, vertexId, names, options = {}) =>
      limited('the metrics', options, async (signal) => {
        const path = `${jobPath(jobId)}/vertices/${encodeURIComponent(vertexId)}/subtasks/metrics`
        // one name that the vertex does not have empties the whole answer (run on 2.3.0), so only known ones are asked for
        const known = bodies.readMetricNames(await call({ method: 'GET', path }, signal))
        const asked = names.filter((name) => known.has(name))
        if (asked.length === 0) return new Map<string, bodies.MetricSummary>()
        return bodies.readMetricSummaries(await call({ method: 'GET', path: `${path}?get=${asked.map(encodeURIComponent).join(',')}` }, signal))
      }),
    jobMetrics: (jobId, names, options = {}) => get(() => `${jobPath(jobId)}/metrics?get=${names.map(encodeURIComponent).join(',')}`, options, bodies.readMetrics),
    waitUntilRunning: (jobId, options = {}) => limited('the start of the job', options, (signal) => untilRunning(jobId, signal)),
    waitForEnd: (jobId, options = {}) => limited('the end of the job', options, (signal) => waitFor(jobId, signal, (job) => bodies.isEnded(job.state))),
    cancel: (jobId, options = {}) =>
      limited('the cancelling of the job', options, async (signal) => {
        await call({ method: 'PATCH', path: `${jobPath(jobId)}?mode=cancel` }, signal).catch(async (error: unknown) => {
          // refused for a job that ended meanwhile: that is what was wanted
          if (!isStationError(error, 'GATEWAY_PROTOCOL') || !bodies.isEnded(bodies.readJob(await call({ method: 'GET', path: jobPath(jobId) }, signal)).state)) throw error
        })
        await waitFor(jobId, signal, (job) => bodies.isEnded(job.state))
      }),
    stopWithSavepoint: (jobId, options = {}) =>
      limited('the savepoint', options, async (signal) => {
        const body = { drain: options.drain ?? false, ...(options.directory === undefined ? {} : { targetDirectory: options.directory }) }
        const location = await takeSavepoint(jobId, (triggerId) => ({ method: 'POST', path: `${jobPath(jobId)}/stop`, body: { ...body, triggerId } }), signal)
        await waitFor(jobId, signal, (job) => bodies.isEnded(job.state))
        return location
      }),
    savepoint: (jobId, options = {}) =>
      limited('the savepoint', options, (signal) => {
        // this call spells its fields with hyphens, /stop in camel case
        const body = { 'cancel-job': false, ...(options.directory === undefined ? {} : { 'target-directory': options.directory }) }
        return takeSavepoint(jobId, (triggerId) => ({ method: 'POST', path: `${jobPath(jobId)}/savepoints`, body: { ...body, triggerId } }), signal)
      }),
    close: () => http.close(),
  }
}

function allRunning(job: bodies.JobDetails): boolean {
  return job.vertices.length > 0 && job.vertices.every((vertex) => vertex.state === 'RUNNING' || vertex.state === 'FINISHED')
}

function notRunning(jobId: string, state: string): StationError {
  return new StationError('JOB_NOT_RUNNING', `job ${jobId} is not running (${state})`, { facts: { jobId, state } })
}

function jobPath(jobId: string): string {
  if (!/^[0-9a-f]{32}$/.test(jobId)) throw new StationError('USAGE', `'${jobId.slice(0, 60)}' is not the id of a Flink job`, { hint: 'An id is 32 hexadecimal digits: station status.' })
  return `/jobs/${jobId}`
}
