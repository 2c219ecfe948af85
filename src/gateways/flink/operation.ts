import type { Context } from '../../core/context.ts'
import { createPauses } from './deadline.ts'
import { apiPrefix, ServerFailure, type GatewayCalls } from './gateway-calls.ts'
import { isQuery } from './statements.ts'
import { decodePage, type FlinkColumn, type FlinkRow, type ResultAnswer, type ResultPage } from './result.ts'

/** What one fetch brought; a page without rows means that nothing has come yet. */
export interface StatementPage {
  readonly kind: 'SUCCESS' | 'SUCCESS_WITH_CONTENT'
  readonly columns: readonly FlinkColumn[]
  readonly rows: readonly FlinkRow[]
  readonly jobId: string | null
  readonly operation: string
}

export interface StatementRun {
  readonly calls: GatewayCalls
  readonly session: string
  readonly sql: string
  readonly executionConfig: Readonly<Record<string, string>>
  readonly zone: string
  readonly signal: AbortSignal
  readonly context: Context
  readonly queryJobs: QueryJobs
}

/** What is asked of the JobManager about the job of a query. Both wait for a bounded time. */
export interface QueryJobs {
  /** Resolves when the job runs or has ended. */
  untilStarted(jobId: string): Promise<void>
  /** Ends the job when the gateway cannot do it any more. */
  cancel(jobId: string): Promise<void>
}

/**
 * Posts a statement and yields its pages until the end of results. Leaving early closes the operation, which ends a running query.
 * Tokens count up by one per page; the gateway keeps the page that was fetched last, so that a broken fetch may be repeated and a page
 * be read in both formats. Every other token is an error.
 */
export async function* runStatement(run: StatementRun): AsyncGenerator<StatementPage> {
  const { calls, session, signal } = run
  const operation = await calls.postStatement(session, run.sql, run.executionConfig, signal)
  let lost = false
  let ended = false
  let jobId: string | null = null
  try {
    const pauses = createPauses(run.context, signal)
    let path: string | null = `${apiPrefix}/sessions/${session}/operations/${operation}/result/0?rowFormat=JSON`
    let format: RowFormat = 'JSON'
    while (path !== null) {
      const fetched: Fetched = await fetchExact(calls, path, format, signal)
      format = fetched.format
      const answer = fetched.answer
      const here = path
      path = answer.next
      if (answer.type !== 'NOT_READY') jobId = answer.jobId ?? jobId
      ended = path === null
      if (answer.type === 'NOT_READY') {
        await pauses.next()
        continue
      }
      const rows = await decodePage(answer, run.zone, format, () => fetchPlain(calls, here, signal))
      yield { kind: answer.kind, columns: answer.columns.map(({ name, type }) => ({ name, type })), rows, jobId: answer.jobId, operation }
      if (rows.length > 0) pauses.reset()
      else if (path !== null) await pauses.next()
    }
  } catch (error) {
    ended = error instanceof ServerFailure
    lost = error instanceof ServerFailure && (error.error.kind === 'session-lost' || error.error.kind === 'operation-lost')
    throw error
  } finally {
    if (!ended && isQuery(run.sql)) await beforeEarlyClose(run, operation, jobId)
    const closed = !lost && (await calls.closeOperation(session, operation).then(() => true, () => false))
    // a gateway that went away leaves the job of a query behind, which nobody reads any more
    if (!closed && (lost || !ended) && jobId !== null && isQuery(run.sql)) await run.queryJobs.cancel(jobId).catch(() => undefined)
  }
}

/** Longest wait for a statement that was left while the gateway still planned it. */
const planningMs = 3_000

/**
 * Closing a query cancels its job. Flink 2.3.0 dies of that while the job is still starting: its result sink, not yet opened, throws a
 * NullPointerException when closed, and the whole TaskManager process ends (run). So the job is given the time to start first.
 */
async function beforeEarlyClose(run: StatementRun, operation: string, known: string | null): Promise<void> {
  const { calls, session, context } = run
  const patience = new AbortController()
  const pauses = createPauses(context, patience.signal)
  const untilMs = context.clock.now() + planningMs
  let jobId = known
  try {
    while (jobId === null && context.clock.now() < untilMs) {
      const answer = await calls.peekResult(session, operation)
      if (answer.type !== 'NOT_READY') jobId = answer.jobId
      if (answer.type !== 'NOT_READY' && jobId === null) return
      if (jobId === null) await pauses.next()
    }
    if (jobId !== null) await run.queryJobs.untilStarted(jobId)
  } catch {
    // a gateway that does not answer, or a statement that failed meanwhile: there is nothing to wait for
  }
}

type RowFormat = 'JSON' | 'PLAIN_TEXT'

interface Fetched {
  readonly answer: ResultAnswer
  readonly format: RowFormat
}

/** JSON as long as it has a form for every column of the result; a map with keys that are no text has none. */
async function fetchExact(calls: GatewayCalls, path: string, format: RowFormat, signal: AbortSignal): Promise<Fetched> {
  try {
    return { answer: await calls.fetchResult(path, format, signal), format }
  } catch (error) {
    if (format === 'PLAIN_TEXT' || !(error instanceof ServerFailure) || error.error.kind !== 'json-unmappable') throw error
    return { answer: await calls.fetchResult(path, 'PLAIN_TEXT', signal), format: 'PLAIN_TEXT' }
  }
}

async function fetchPlain(calls: GatewayCalls, path: string, signal: AbortSignal): Promise<ResultPage> {
  const answer = await calls.fetchResult(path, 'PLAIN_TEXT', signal)
  if (answer.type === 'NOT_READY') throw new Error('a page that was ready is not ready any more')
  return answer
}
