import type { Context } from '../../core/context.ts'
import { createPauses } from './deadline.ts'
import { apiPrefix, ServerFailure, type GatewayCalls } from './gateway-calls.ts'
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
    lost = error instanceof ServerFailure && (error.error.kind === 'session-lost' || error.error.kind === 'operation-lost')
    throw error
  } finally {
    if (!lost) await calls.closeOperation(session, operation).catch(() => undefined)
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
