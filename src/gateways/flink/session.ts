import type { Context } from '../../core/context.ts'
import { isStationError, StationError } from '../../core/errors.ts'
import { startDeadline, withDeadline, type Limits } from './deadline.ts'
import { createGatewayCalls, ServerFailure, type GatewayCalls } from './gateway-calls.ts'
import { createJobManagerClient, type CallOptions, type JobManagerClient } from './job-manager.ts'
import { startHeartbeat } from './heartbeat.ts'
import { createHttp } from './http.ts'
import type { SessionOptions } from './live-session.ts'
import type { QueryJobs, StatementPage } from './operation.ts'
import type { FlinkColumn, FlinkRow } from './result.ts'
import { toStationError } from './server-error.ts'
import { openSessionPages, type SessionPages } from './session-pages.ts'
import type { FlinkTarget } from './target.ts'

export interface StatementResult {
  readonly kind: 'SUCCESS' | 'SUCCESS_WITH_CONTENT'
  readonly columns: readonly FlinkColumn[]
  readonly rows: readonly FlinkRow[]
  readonly jobId: string | null
  /** True when `maximumRows` ended the statement before its end. */
  readonly truncated: boolean
}

export interface StatementOptions {
  /** Options of this statement alone, such as `pipeline.name` or `execution.state-recovery.path`. */
  readonly executionConfig?: Readonly<Record<string, string>>
  /** Epoch ms after which the statement is closed and WAIT_TIMED_OUT thrown. */
  readonly deadlineAtMs?: number
  /** Aborts this statement; the session's signal does so as well. */
  readonly signal?: AbortSignal
}

export interface FlinkSession {
  /** Id of the session at the gateway, as in the gateway's log; another one after the session was lost. */
  readonly handle: string
  /** Runs one statement to its end. A query without an end needs `maximumRows` or a deadline. */
  execute(sql: string, options?: StatementOptions & { readonly maximumRows?: number }): Promise<StatementResult>
  /** Rows as they come; leaving the loop ends the query. */
  stream(sql: string, options?: StatementOptions & { readonly onColumns?: (columns: readonly FlinkColumn[]) => void }): AsyncGenerator<readonly FlinkRow[]>
  /** Plan of an INSERT, query or statement set: the gateway's own check, nothing runs. */
  explain(sql: string, options?: StatementOptions): Promise<string>
  /** Starts the job of an INSERT, statement set or EXECUTE PLAN and returns without waiting for its end. */
  submit(sql: string, options?: StatementOptions): Promise<{ readonly jobId: string }>
  /** Words that may follow at an offset of a statement. */
  completeStatement(sql: string, offset: number, options?: StatementOptions): Promise<readonly string[]>
}

/**
 * Opens a session at the SQL Gateway, runs `body`, and closes it whatever happens.
 * Statements of one session run one after the other. A session that the gateway lost is opened again, `init` replayed and the statement
 * repeated where that is harmless; otherwise SESSION_LOST.
 *
 * Throws GATEWAY_UNREACHABLE (no gateway), GATEWAY_GONE (it went away), GATEWAY_PROTOCOL (something else answers), GATEWAY_DENIED,
 * SQL_REJECTED with `where` inside the statement, JOB_FAILED, WAIT_TIMED_OUT, and the signal's reason.
 *
 * `usingFlinkSession(target, { name: 'check', signal, context }, (session) => session.execute('SELECT 1'))`
 * → `{ columns: [{ name: 'EXPR$0', type: 'INT NOT NULL' }], rows: [{ kind: 'INSERT', fields: [1] }], … }`
 */
export async function usingFlinkSession<T>(target: FlinkTarget, options: SessionOptions, body: (session: FlinkSession) => Promise<T>): Promise<T> {
  const http = createHttp(target.gatewayUrl, 'the Flink SQL Gateway', target)
  const jobManager = createJobManagerClient(target, options.context)
  const calls = { ...createGatewayCalls(http, options.context), queryJobs: createQueryJobs(jobManager, options.context) }
  try {
    const source = await openSessionPages(calls, options)
    const heartbeat = startHeartbeat(calls, () => source.current().handle, options)
    try {
      return await body(createSession(source, calls, options))
    } finally {
      heartbeat.stop()
      await calls.closeSession(source.current().handle).catch(() => undefined)
    }
  } finally {
    http.close()
    jobManager.close()
  }
}

const startMs = 10_000
const cancelMs = 5_000

/** Not under the session's signal: they clean up after it aborted. */
function createQueryJobs(jobManager: JobManagerClient, { clock }: Context): QueryJobs {
  const within = (limitMs: number): CallOptions => ({ signal: new AbortController().signal, deadlineAtMs: clock.now() + limitMs })
  return {
    untilStarted: async (jobId) => void (await jobManager.waitUntilRunning(jobId, within(startMs))),
    async cancel(jobId) {
      await jobManager.waitUntilRunning(jobId, within(startMs))
      await jobManager.cancel(jobId, within(cancelMs))
    },
  }
}

function createSession(source: SessionPages, calls: GatewayCalls, { context, signal: sessionSignal }: SessionOptions): FlinkSession {
  const limitsOf = (what: string, options: StatementOptions): Limits => ({
    signal: options.signal === undefined ? sessionSignal : AbortSignal.any([sessionSignal, options.signal]),
    deadlineAtMs: options.deadlineAtMs,
    what,
  })

  return {
    get handle() {
      return source.current().handle
    },

    execute(sql, options = {}) {
      return withDeadline(context, limitsOf('the statement', options), (signal) => readAll(source.pages(sql, options.executionConfig ?? {}, signal), options.maximumRows))
    },

    async *stream(sql, options = {}) {
      const deadline = startDeadline(context, limitsOf('the query', options))
      try {
        let first = true
        for await (const page of source.pages(sql, options.executionConfig ?? {}, deadline.signal)) {
          if (first) options.onColumns?.(page.columns)
          first = false
          if (page.rows.length > 0) yield page.rows
        }
      } finally {
        deadline.stop()
      }
    },

    async explain(sql, options = {}) {
      const set = /^\s*EXECUTE\s+(?=STATEMENT\s+SET)/i.exec(sql)?.[0] ?? ''
      return await withDeadline(context, limitsOf('EXPLAIN', options), async (signal) => {
        const { rows } = await readAll(source.pages(explainHead + sql.slice(set.length), options.executionConfig ?? {}, signal), undefined)
        return rows.map(({ fields: [text] }) => (typeof text === 'string' ? text : '')).join('\n')
      }).catch((error: unknown) => {
        throw movedLeft(error, explainHead.length - set.length)
      })
    },

    submit(sql, options = {}) {
      // with dml-sync the submission would last as long as the job
      const config = { 'table.dml-sync': 'false', ...options.executionConfig }
      return withDeadline(context, limitsOf('the submission', options), async (signal) => {
        for await (const page of source.pages(sql, config, signal)) {
          const jobId = page.jobId ?? jobIdCell(page)
          if (jobId !== null) return { jobId }
        }
        throw new StationError('SQL_REJECTED', 'the statement started no job', { hint: 'Submit INSERT, EXECUTE STATEMENT SET or EXECUTE PLAN; run other statements with execute.' })
      })
    },

    completeStatement(sql, offset, options = {}) {
      return withDeadline(context, limitsOf('the completion', options), async (signal) => {
        const release = await source.turns.take(signal)
        try {
          return await calls.completeStatement(source.current().handle, sql, offset, signal)
        } catch (error) {
          throw error instanceof ServerFailure ? toStationError(error.error) : error
        } finally {
          release()
        }
      })
    },
  }
}

const explainHead = 'EXPLAIN '

async function readAll(pages: AsyncGenerator<StatementPage>, maximumRows: number | undefined): Promise<StatementResult> {
  const rows: FlinkRow[] = []
  let kind: StatementResult['kind'] = 'SUCCESS'
  let columns: readonly FlinkColumn[] = []
  let jobId: string | null = null
  for await (const page of pages) {
    for (const row of page.rows) rows.push(row)
    kind = page.kind
    columns = page.columns
    jobId = page.jobId ?? jobId
    if (maximumRows !== undefined && rows.length >= maximumRows) return { kind, columns, rows: rows.slice(0, maximumRows), jobId, truncated: true }
  }
  return { kind, columns, rows, jobId, truncated: false }
}

function jobIdCell(page: StatementPage): string | null {
  const cell = page.columns.length === 1 && page.columns[0]?.name === 'job id' ? page.rows[0]?.fields[0] : null
  return typeof cell === 'string' ? cell : null
}

/** The place of an error in the statement that was explained: the head put before it moves its first line only. */
function movedLeft(error: unknown, columns: number): unknown {
  if (!isStationError(error) || error.where?.line !== 1 || error.where.column === undefined) return error
  const { code, message, facts, retry, hint, cause, where } = error
  return new StationError(code, message, { facts, retry, cause, ...(hint === undefined ? {} : { hint }), where: { ...where, column: Math.max(1, error.where.column - columns) } })
}
