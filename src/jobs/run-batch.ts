import type { Context } from '../core/context.ts'
import { StationError } from '../core/errors.ts'
import { withStep } from '../core/progress.ts'
import { addDays } from '../core/time.ts'
import { rowsIfPresent } from '../gateways/spark/rows-if-present.ts'
import type { SparkSession, SparkStatementOptions } from '../gateways/spark/spark-session.ts'
import type { SqlStatement } from '../sql/split.ts'
import { withPlace } from './place.ts'
import type { RenderedJob, RenderedTables } from './render.ts'

export interface BatchRun {
  readonly job: RenderedJob
  readonly date: string
  readonly windowDays: number
  readonly runId: string
}

export interface BatchRunOptions {
  /** Opened with the settings of the job. */
  readonly session: SparkSession
  readonly signal: AbortSignal
  /** Epoch milliseconds; past it the running statement is interrupted. */
  readonly deadlineAtMs?: number
  /** Compute again although the same run is already published. */
  readonly force?: boolean
}

export interface BatchRunReport {
  readonly job: string
  readonly windowFrom: string
  readonly windowTo: string
  readonly runId: string
  readonly runKey: string
  /** `unchanged`: this very run was already published, nothing was done. */
  readonly outcome: 'done' | 'unchanged'
  readonly statements: readonly { readonly file: string | null; readonly line: number | null; readonly kind: string; readonly durationMs: number }[]
}

/**
 * Runs a rendered batch job to its end: first "are its tables fit", then "is it done already", then "is its input complete", then every statement
 * in order. Throws DATABASE_UNKNOWN, TABLES_UNFIT, NOT_READY with the shortfall, SQL_REJECTED with the place in the template, JOB_FAILED, WAIT_TIMED_OUT, or what the gateway threw.
 */
export async function runBatch(run: BatchRun, options: BatchRunOptions, context: Context): Promise<BatchRunReport> {
  const { job, date, windowDays, runId } = run
  const { session } = options
  const base = { job: job.spec.name, windowFrom: addDays(date, 1 - windowDays), windowTo: date, runId, runKey: job.runKey }
  if (job.tables !== null) await refuseUnlessFit(job.spec.name, job.tables, options)
  if (job.done !== null && options.force !== true) {
    const { done } = job
    const { rows } = await withPlace(done, () => session.execute(done.text, statementOptions(done, options)))
    if (rows.length > 0) return { ...base, outcome: 'unchanged', statements: [] }
  }
  if (job.readiness !== null) await refuseUnlessReady(job, job.readiness, options)

  const statements = []
  for (const [index, statement] of job.statements.entries()) {
    const startedAtMs = context.clock.now()
    const title = `${job.spec.name} ${index + 1}/${job.statements.length} ${statement.kind.toLowerCase()}`
    await withStep(context.progress, title, async (step) => {
      await withPlace(statement, () => session.execute(statement.text, { ...statementOptions(statement, options), onProgress: ({ fraction, text }) => step.update(text, fraction ?? undefined) }))
    })
    statements.push({ file: statement.where.file ?? null, line: statement.where.line ?? null, kind: statement.kind, durationMs: context.clock.now() - startedAtMs })
  }
  return { ...base, outcome: 'done', statements }
}

/** Told by their version, so that no run finds out halfway which table or column is missing. */
async function refuseUnlessFit(name: string, { version, query, hint }: RenderedTables, options: BatchRunOptions): Promise<void> {
  const rows = await withPlace(query, () => rowsIfPresent(options.session, query.text, statementOptions(query, options)))
  const found = rows?.[0] === undefined ? null : Number(rows[0][0])
  if (found === version) return
  const message = `job ${name} needs version ${version} of its tables and finds ${found ?? 'none'}`
  const facts = { job: name, needed: version, found }
  if (found === null) throw new StationError('DATABASE_UNKNOWN', message, { hint, facts })
  throw new StationError('TABLES_UNFIT', message, { hint: found < version ? hint : 'A newer station made them: update this one, or name another database.', facts })
}

async function refuseUnlessReady(job: RenderedJob, query: SqlStatement, options: BatchRunOptions): Promise<void> {
  const { columns, rows } = await withPlace(query, () => options.session.execute(query.text, statementOptions(query, options)))
  const value = (name: string): unknown => rows[0]?.[columns.findIndex((column) => column.name.toLowerCase() === name)]
  const ready = value('ready')
  if (typeof ready !== 'boolean') {
    throw new StationError('JOB_INVALID', `the readiness query of job ${job.spec.name} gave no column 'ready'`, { where: query.where, hint: 'It must give one row with ready BOOLEAN and shortfall STRING.' })
  }
  if (ready) return
  const shortfall = value('shortfall')
  throw new StationError('NOT_READY', `input of job ${job.spec.name} is not complete: ${typeof shortfall === 'string' ? shortfall : 'no shortfall given'}`, { retry: 'later', hint: 'Run it again when the missing data has arrived.', facts: { job: job.spec.name } })
}

function statementOptions(statement: SqlStatement, options: BatchRunOptions): SparkStatementOptions {
  const { file, line, column } = statement.where
  return {
    signal: options.signal,
    ...(options.deadlineAtMs === undefined ? {} : { deadlineAtMs: options.deadlineAtMs }),
    origin: { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
  }
}
