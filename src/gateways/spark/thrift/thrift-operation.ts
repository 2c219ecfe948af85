import type { Context } from '../../../core/context.ts'
import { isStationError, StationError } from '../../../core/errors.ts'
import { parseSparkFailure, protocolError, sessionLost, sqlError } from '../spark-error.ts'
import type { RunOptions } from '../session-shell.ts'
import { operationStates, type ColumnDescription, type OperationHandle, type OperationState, type SessionHandle, type ThriftColumn, type ThriftStatus } from './hive-protocol.ts'
import type { ThriftLink } from './thrift-link.ts'

export interface StatementPlace {
  readonly link: ThriftLink
  readonly session: SessionHandle
  readonly context: Context
}

export type OperationOptions = Pick<RunOptions, 'signal' | 'origin'> & {
  /** Lines that were put before the user's text. */
  readonly linesBefore?: number
  /** Called between looks at a running operation, with the operation's UUID. */
  readonly onWaiting?: (operation: string) => Promise<void>
}

const firstPollMs = 5
const longestPollMs = 500
const pollGrowth = 1.6
const controlTimeoutMs = 5_000
const pageRows = 10_000
const fetchNext = 0

export interface ThriftOperation {
  /** Schema of the result, for statements that cannot be described beforehand. */
  columns(): Promise<readonly ColumnDescription[]>
  /** The pages of the result, until it ends. */
  pages(): AsyncIterable<readonly ThriftColumn[]>
  /** Cancels what still runs and frees the result; never throws. */
  end(): Promise<void>
}

/** Starts a statement and waits until it has finished. Throws SQL_REJECTED, SESSION_LOST (nothing ran), GATEWAY_GONE or the signal's reason. */
export async function runOperation(place: StatementPlace, statement: string, options: OperationOptions): Promise<ThriftOperation> {
  const { link } = place
  // always asynchronous: a synchronous call would hold the connection, and a cancel could not pass
  const answer = await link.call((calls) => calls.executeStatement({ sessionHandle: place.session, statement, runAsync: true }), options.signal)
  assertSuccess(answer.status, link, options)
  const operation = createOperation(place, answer.operationHandle, options)
  try {
    await waitUntilFinished(place, answer.operationHandle, options)
    return operation
  } catch (error) {
    await operation.end()
    throw error
  }
}

async function waitUntilFinished(place: StatementPlace, operationHandle: OperationHandle, options: OperationOptions): Promise<void> {
  const operation = uuidOf(operationHandle.operationId.guid)
  for (let pollMs = firstPollMs; ; pollMs = Math.min(longestPollMs, pollMs * pollGrowth)) {
    const answer = await place.link.call((calls) => calls.getOperationStatus({ operationHandle }), options.signal)
    assertSuccess(answer.status, place.link, options)
    const state: OperationState = operationStates[answer.operationState] ?? 'unknown'
    switch (state) {
      case 'finished':
        return
      case 'error':
        throw statementError(answer.errorMessage ?? 'the statement failed', answer.sqlState, options)
      case 'canceled':
      case 'closed':
      case 'timedOut':
        throw new StationError('JOB_FAILED', `the statement was ended on the server: ${state}`, {
          hint: 'Somebody cancelled it, or the server bounds the time of statements.',
          facts: { engine: 'spark', operation },
        })
      default:
        await options.onWaiting?.(operation)
        await sleepOr(place, pollMs, options.signal)
    }
  }
}

async function sleepOr(place: StatementPlace, delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await place.context.clock.sleep(delayMs, signal)
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  }
}

function createOperation(place: StatementPlace, operationHandle: OperationHandle, options: OperationOptions): ThriftOperation {
  const { link, context } = place
  let ended = false
  return {
    async columns() {
      const answer = await link.call((calls) => calls.getResultSetMetadata({ operationHandle }), options.signal)
      assertSuccess(answer.status, link, options)
      return answer.schema?.columns ?? []
    },
    async *pages() {
      for (;;) {
        const answer = await link.call((calls) => calls.fetchResults({ operationHandle, orientation: fetchNext, maxRows: pageRows, fetchType: 0 }), options.signal)
        assertSuccess(answer.status, link, options)
        const columns = answer.results?.columns ?? []
        // Spark never says whether more rows follow: an empty page is the end
        if (columns.length === 0 || rowCount(columns) === 0) return
        yield columns
      }
    },
    async end() {
      if (ended || link.isLost()) return
      ended = true
      // closing cancels a running operation too, but waits for it: cancel first
      const bound = new AbortController()
      const stopper = new AbortController()
      context.clock.sleep(controlTimeoutMs, stopper.signal).then(() => bound.abort(), () => undefined)
      try {
        if (options.signal.aborted) await link.call((calls) => calls.cancelOperation({ operationHandle }), bound.signal)
        await link.call((calls) => calls.closeOperation({ operationHandle }), bound.signal)
      } catch (error) {
        context.log.write('debug', 'spark thrift: the operation could not be ended', { reason: isStationError(error) ? error.message : 'no answer in time' })
      } finally {
        stopper.abort()
      }
    },
  }
}

export function rowCount(columns: readonly ThriftColumn[]): number {
  const column = columns[0] ?? {}
  const part = column.boolVal ?? column.byteVal ?? column.i16Val ?? column.i32Val ?? column.i64Val ?? column.doubleVal ?? column.stringVal ?? column.binaryVal
  return part?.values.length ?? 0
}

/** Throws what an answer's status says. */
export function assertSuccess(status: ThriftStatus, link: ThriftLink, options: OperationOptions): void {
  if (status.statusCode === 0 || status.statusCode === 1) return
  const message = status.errorMessage ?? ''
  if (/Invalid SessionHandle/i.test(message)) throw sessionLost(link.address, new Error(message))
  if (status.statusCode === 4 || /Invalid OperationHandle/i.test(message)) throw protocolError(link.address, 'it does not know the operation any more', new Error(message))
  throw statementError(message, status.sqlState, options)
}

function statementError(text: string, sqlState: string | null | undefined, options: OperationOptions): StationError {
  const failure = parseSparkFailure(text)
  const line = failure.line === null ? null : failure.line - (options.linesBefore ?? 0)
  const inside = line !== null && line >= 1
  return sqlError(
    { ...failure, sqlState: failure.sqlState ?? sqlState ?? null, line: inside ? line : null, column: inside ? failure.column : null },
    { ...(options.origin === undefined ? {} : { origin: options.origin }), cause: new Error(text) },
  )
}

/** Text of the 16 bytes of a handle, as the server logs it. */
export function uuidOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
