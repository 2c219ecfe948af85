import type { Context } from '../core/context.ts'
import { StationError } from '../core/errors.ts'
import { withStep } from '../core/progress.ts'
import { isEnded, type JobSummary } from '../gateways/flink/job-manager-bodies.ts'
import { createJobManagerClient, type JobManagerClient } from '../gateways/flink/job-manager.ts'
import { usingFlinkSession, type FlinkSession } from '../gateways/flink/session.ts'
import type { FlinkTarget } from '../gateways/flink/target.ts'
import { withPlace } from './place.ts'
import type { RenderedJob } from './render.ts'

export interface StreamingTarget {
  readonly target: FlinkTarget
  readonly context: Context
  readonly signal: AbortSignal
  /** Epoch milliseconds. */
  readonly deadlineAtMs: number
}

export interface SubmitReport {
  readonly job: string
  readonly clusterName: string
  readonly jobId: string
  /** `unchanged`: this very job already runs. */
  readonly outcome: 'submitted' | 'unchanged'
}

export interface StopReport {
  readonly job: string
  readonly jobId: string
  readonly savepoint: string | null
}

/** Jobs that hold a place on the cluster under the name of a job of ours, whatever their fingerprint. */
export async function runningVersions(jobName: string, jobManager: JobManagerClient, signal: AbortSignal): Promise<readonly JobSummary[]> {
  const jobs = await jobManager.jobs({ signal })
  return jobs.filter((job) => !isEnded(job.state) && job.name.startsWith(`${jobName}@`))
}

/** Opens a client of the JobManager and always closes it. */
export async function usingJobManager<T>(target: FlinkTarget, context: Context, body: (jobManager: JobManagerClient) => Promise<T>): Promise<T> {
  const jobManager = createJobManagerClient(target, context)
  try {
    return await body(jobManager)
  } finally {
    jobManager.close()
  }
}

/**
 * Submits a rendered streaming job and waits until all its tasks run.
 * Throws JOB_RUNS when another version of it runs, SQL_REJECTED with the place in the template, JOB_FAILED with the root cause, WAIT_TIMED_OUT with the id.
 */
export async function submitStreaming(job: RenderedJob, options: StreamingTarget & { readonly savepoint?: string }): Promise<SubmitReport> {
  const { target, context, signal, deadlineAtMs } = options
  return usingJobManager(target, context, async (jobManager) => {
    const base = { job: job.spec.name, clusterName: job.clusterName }
    const running = await runningVersions(job.spec.name, jobManager, signal)
    const same = running.find((other) => other.name === job.clusterName)
    if (same !== undefined) return { ...base, jobId: same.id, outcome: 'unchanged' }
    const other = running[0]
    if (other !== undefined) {
      throw new StationError('JOB_RUNS', `job ${job.spec.name} already runs as ${other.name}`, {
        hint: `Stop it with 'station stop ${job.spec.name} --savepoint', then submit with --from-savepoint.`,
        facts: { job: job.spec.name, jobId: other.id },
      })
    }
    const jobId = await withStep(context.progress, `submit ${job.clusterName}`, () =>
      usingFlinkSession(target, { name: job.clusterName, properties: job.settings, context, signal }, (session) => sendStatements(job, session, options)),
    )
    await withStep(context.progress, `wait until ${job.spec.name} runs`, () => jobManager.waitUntilRunning(jobId, { signal, deadlineAtMs }))
    return { ...base, jobId, outcome: 'submitted' }
  })
}

async function sendStatements(job: RenderedJob, session: FlinkSession, options: StreamingTarget & { readonly savepoint?: string }): Promise<string> {
  const { signal, deadlineAtMs, savepoint } = options
  const executionConfig = {
    'pipeline.name': job.clusterName,
    ...(savepoint === undefined ? {} : { 'execution.state-recovery.path': savepoint }),
  }
  const jobIds: string[] = []
  for (const statement of job.statements) {
    await withPlace(statement, async () => {
      if (startsJob(statement.kind)) jobIds.push((await session.submit(statement.text, { executionConfig, signal, deadlineAtMs })).jobId)
      else await session.execute(statement.text, { signal, deadlineAtMs })
    })
  }
  const [jobId] = jobIds
  if (jobId === undefined || jobIds.length > 1) {
    throw new StationError('JOB_INVALID', `job ${job.spec.name} has ${jobIds.length} statements that start a job`, { hint: 'Put its INSERTs into one statement set: EXECUTE STATEMENT SET BEGIN … END;' })
  }
  return jobId
}

function startsJob(kind: string): boolean {
  return kind.startsWith('INSERT') || kind.startsWith('EXECUTE')
}

/** Cancels a job, or stops it with a savepoint. Throws JOB_NOT_RUNNING, JOB_FAILED when the savepoint fails, WAIT_TIMED_OUT. */
export async function stopStreaming(jobName: string, options: StreamingTarget & { readonly savepointDirectory?: string; readonly drain?: boolean }): Promise<StopReport> {
  const { target, context, signal, deadlineAtMs, savepointDirectory, drain = false } = options
  return usingJobManager(target, context, async (jobManager) => {
    const [running] = await runningVersions(jobName, jobManager, signal)
    if (running === undefined) throw new StationError('JOB_NOT_RUNNING', `job ${jobName} does not run`, { hint: "'station status' lists what does." })
    const limits = { signal, deadlineAtMs }
    return withStep(context.progress, `stop ${running.name}`, async () => {
      const base = { job: jobName, jobId: running.id }
      if (savepointDirectory !== undefined) return { ...base, savepoint: await jobManager.stopWithSavepoint(running.id, { ...limits, directory: savepointDirectory, drain }) }
      await jobManager.cancel(running.id, limits)
      return { ...base, savepoint: null }
    })
  })
}
