import { StationError } from '../../core/errors.ts'
import { ServerFailure } from './gateway-calls.ts'
import { lostSession, openLiveSession, type LiveSession, type SessionCalls, type SessionOptions } from './live-session.ts'
import type { StatementPage } from './operation.ts'
import { toStationError } from './server-error.ts'
import { isRepeatable } from './statements.ts'
import { createTurns, type Turns } from './turns.ts'

/** The session at the gateway with its replacement, and the turns in which statements use it. */
export interface SessionPages {
  /** The session that is alive now. */
  current(): LiveSession
  readonly turns: Turns
  /**
   * Pages of one statement. The turn is held until the first page: from then on the gateway takes another statement.
   * A lost session is replaced and the statement repeated as long as nothing was delivered and repeating it is harmless.
   */
  pages(sql: string, executionConfig: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<StatementPage>
}

const maximumAttempts = 3

export async function openSessionPages(calls: SessionCalls, options: SessionOptions): Promise<SessionPages> {
  let live = await openLiveSession(calls, options, options.signal)
  let replacing: Promise<LiveSession> | undefined
  const turns = createTurns()

  /** Statements that lose the session together get one new session together. */
  async function replace(lost: LiveSession, signal: AbortSignal): Promise<void> {
    if (live !== lost) return
    options.context.log.write('warn', 'session on the SQL Gateway lost, opening a new one', { session: options.name })
    replacing ??= openLiveSession(calls, options, signal).finally(() => (replacing = undefined))
    live = await replacing
  }

  return {
    current: () => live,
    turns,
    async *pages(sql, executionConfig, signal) {
      if (/^[\s;]*$/.test(sql)) throw new StationError('SQL_REJECTED', 'the statement is empty')
      const release = await turns.take(signal)
      let delivered = false
      try {
        for (let attempt = 1; ; attempt++) {
          const mine = live
          try {
            for await (const page of mine.run(sql, executionConfig, signal)) {
              release()
              delivered ||= page.rows.length > 0
              yield page
            }
            await mine.settle(sql, signal)
            return
          } catch (error) {
            if (!(error instanceof ServerFailure)) throw error
            assertRepeatable(error, { mine, sql, attempt, delivered })
            await replace(mine, signal)
          }
        }
      } finally {
        release()
      }
    },
  }
}

/** Throws the error for the user unless the statement may run once more in a new session. */
function assertRepeatable(failure: ServerFailure, state: { readonly mine: LiveSession; readonly sql: string; readonly attempt: number; readonly delivered: boolean }): void {
  const { kind, trace } = failure.error
  if (kind !== 'session-lost' && kind !== 'operation-lost') throw toStationError(failure.error)
  if (!state.mine.replaceable) throw lostSession(failure, 'held changes that are not part of its init')
  // refused at the POST: the statement never began
  const neverRan = kind === 'session-lost' && trace.includes('Failed to execute statement')
  if (state.delivered || (!neverRan && !isRepeatable(state.sql))) throw lostSession(failure, 'the statement may have run')
  if (state.attempt >= maximumAttempts) throw lostSession(failure, 'the new ones were lost as well')
}
