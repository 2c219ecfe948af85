import { z } from 'zod'
import { StationError } from '../../core/errors.ts'
import { unreadable } from './result.ts'
import { summarizeTrace } from './server-error.ts'

/* Answers of the JobManager's REST interface, reduced to what is used; unknown fields are ignored. Times in epoch ms. */

export const jobStates = ['INITIALIZING', 'CREATED', 'RUNNING', 'FAILING', 'FAILED', 'CANCELLING', 'CANCELED', 'FINISHED', 'RESTARTING', 'SUSPENDED', 'RECONCILING'] as const
export type JobState = (typeof jobStates)[number]

export function isEnded(state: JobState): boolean {
  return state === 'FAILED' || state === 'CANCELED' || state === 'FINISHED'
}

const state = z.enum(jobStates)
const count = z.number()

const overview = z
  .object({ taskmanagers: count, 'slots-total': count, 'slots-available': count, 'jobs-running': count, 'flink-version': z.string() })
  .transform((body) => ({ taskManagers: body.taskmanagers, slotsTotal: body['slots-total'], slotsAvailable: body['slots-available'], jobsRunning: body['jobs-running'], flinkVersion: body['flink-version'] }))
export type ClusterOverview = Readonly<z.output<typeof overview>>
export const readOverview = reader(overview)

export const readConfig = reader(z.object({ 'flink-version': z.string() }).transform((body) => ({ flinkVersion: body['flink-version'] })))

const jobs = z
  .object({ jobs: z.array(z.object({ jid: z.string(), name: z.string(), state, 'start-time': count, 'end-time': count, duration: count })) })
  .transform((body) => body.jobs.map((job) => ({ id: job.jid, name: job.name, state: job.state, startedAtMs: job['start-time'], endedAtMs: job['end-time'] < 0 ? null : job['end-time'], durationMs: job.duration })))
export type JobSummary = Readonly<z.output<typeof jobs>[number]>
export const readJobs = reader(jobs)

/** States of a vertex are those of its tasks, which are others than a job's. */
const vertex = z
  .object({ id: z.string(), name: z.string(), parallelism: count, status: z.string(), metrics: z.object({ 'read-records': count, 'write-records': count }).partial().optional() })
  .transform((body) => ({ id: body.id, name: body.name, parallelism: body.parallelism, state: body.status, readRecords: body.metrics?.['read-records'] ?? 0, writtenRecords: body.metrics?.['write-records'] ?? 0 }))
const job = z
  .object({ jid: z.string(), name: z.string(), state, 'start-time': count, 'end-time': count, duration: count, vertices: z.array(vertex) })
  .transform((body) => ({ id: body.jid, name: body.name, state: body.state, startedAtMs: body['start-time'], endedAtMs: body['end-time'] < 0 ? null : body['end-time'], durationMs: body.duration, vertices: body.vertices }))
export type JobDetails = Readonly<z.output<typeof job>>
export const readJob = reader(job)

const exceptions = z
  .object({
    exceptionHistory: z.object({
      entries: z.array(z.object({ exceptionName: z.string(), stacktrace: z.string(), timestamp: count, taskName: z.string().nullish(), endpoint: z.string().nullish() })),
    }),
  })
  .transform((body) =>
    body.exceptionHistory.entries.map((entry) => ({
      name: entry.exceptionName,
      /** One line: the deepest cause that says something. */
      summary: summarizeTrace(entry.stacktrace),
      stackTrace: entry.stacktrace,
      atMs: entry.timestamp,
      task: entry.taskName ?? null,
      endpoint: entry.endpoint ?? null,
    })),
  )
export type JobException = Readonly<z.output<typeof exceptions>[number]>
/** Latest first. */
export const readExceptions = reader(exceptions)

const done = z.object({ id: count, external_path: z.string().nullish(), latest_ack_timestamp: count.optional(), end_to_end_duration: count.optional(), state_size: count.optional() })
const checkpoints = z
  .object({
    counts: z.object({ restored: count, total: count, in_progress: count, completed: count, failed: count }),
    latest: z.object({
      completed: done.nullish(),
      savepoint: done.nullish(),
      failed: z.object({ id: count, failure_message: z.string().nullish(), failure_timestamp: count.nullish() }).nullish(),
      restored: z.object({ id: count, external_path: z.string().nullish(), is_savepoint: z.boolean().nullish() }).nullish(),
    }),
  })
  .transform(({ counts, latest }) => ({
    counts: { restored: counts.restored, total: counts.total, inProgress: counts.in_progress, completed: counts.completed, failed: counts.failed },
    latestCompleted: finished(latest.completed),
    latestSavepoint: finished(latest.savepoint),
    latestFailed: latest.failed ? { id: latest.failed.id, reason: latest.failed.failure_message ?? null, atMs: latest.failed.failure_timestamp ?? null } : null,
    restored: latest.restored ? { id: latest.restored.id, path: latest.restored.external_path ?? null, isSavepoint: latest.restored.is_savepoint ?? false } : null,
  }))
export type JobCheckpoints = Readonly<z.output<typeof checkpoints>>
export const readCheckpoints = reader(checkpoints)

function finished(body: z.output<typeof done> | null | undefined): { readonly id: number; readonly path: string | null; readonly atMs: number | null; readonly durationMs: number | null; readonly sizeBytes: number | null } | null {
  if (!body) return null
  return { id: body.id, path: body.external_path ?? null, atMs: body.latest_ack_timestamp ?? null, durationMs: body.end_to_end_duration ?? null, sizeBytes: body.state_size ?? null }
}

export const readTrigger = reader(z.object({ 'request-id': z.string().regex(/^[0-9a-f]{32}$/) }).transform((body) => body['request-id']))

export type SavepointState = { readonly type: 'running' } | { readonly type: 'completed'; readonly location: string } | { readonly type: 'failed'; readonly trace: string }
export const readSavepoint = reader(
  z
    .object({
      status: z.object({ id: z.enum(['IN_PROGRESS', 'COMPLETED']) }),
      operation: z.object({ location: z.string().optional(), 'failure-cause': z.object({ class: z.string(), 'stack-trace': z.string() }).optional() }).nullish(),
    })
    .transform(({ status, operation }): SavepointState => {
      if (status.id === 'IN_PROGRESS') return { type: 'running' }
      if (operation?.location !== undefined) return { type: 'completed', location: operation.location }
      return { type: 'failed', trace: operation?.['failure-cause']?.['stack-trace'] ?? 'no reason given' }
    }),
)

export interface MetricSummary {
  readonly min: number
  readonly max: number
  readonly avg: number
  readonly sum: number
}
export const readMetricSummaries = reader(
  z
    .array(z.object({ id: z.string(), min: z.number(), max: z.number(), avg: z.number(), sum: z.number() }))
    .transform((list): ReadonlyMap<string, MetricSummary> => new Map(list.map(({ id, min, max, avg, sum }) => [id, { min, max, avg, sum }]))),
)
export const readMetricNames = reader(z.array(z.object({ id: z.string() })).transform((list): ReadonlySet<string> => new Set(list.map(({ id }) => id))))
export const readMetrics = reader(z.array(z.object({ id: z.string(), value: z.string() })).transform((list): ReadonlyMap<string, string> => new Map(list.map(({ id, value }) => [id, value]))))

export function unknownAnswer(text: string, cause?: unknown): StationError {
  const error = unreadable('something unknown', text, cause)
  return new StationError('GATEWAY_PROTOCOL', error.message.replace('the gateway', 'the JobManager'), { facts: error.facts, hint: 'Check jobManagerUrl and any proxy before it.', cause: error })
}

function reader<T extends z.ZodType>(schema: T): (text: string) => z.output<T> {
  return (text) => {
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch (error) {
      throw unknownAnswer(text, error)
    }
    const parsed = schema.safeParse(body)
    if (!parsed.success) throw unknownAnswer(text, parsed.error)
    return parsed.data
  }
}
