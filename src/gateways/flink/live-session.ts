import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { ServerFailure, type GatewayCalls } from './gateway-calls.ts'
import { runStatement, type QueryJobs, type StatementPage } from './operation.ts'
import { toStationError } from './server-error.ts'
import { changesSession, leadingKeyword } from './statements.ts'

export const zoneOption = 'table.local-time-zone'

export interface SessionOptions {
  /** Shown in the gateway's log. */
  readonly name: string
  /** Options of the session. `table.local-time-zone` is UTC unless given. */
  readonly properties?: Readonly<Record<string, string>>
  /** Statements that make the session what it is; run at its start and again when it was lost. */
  readonly init?: readonly string[]
  readonly signal: AbortSignal
  readonly context: Context
  /** Default: one minute. A gateway closes a session that nobody touched for ten. */
  readonly heartbeatIntervalMs?: number
}

/**
 * The session at the gateway behind a `FlinkSession`: opened when needed, replaced when lost.
 *
 * JSON results write TIMESTAMP_LTZ as wall clock of the *session's* zone with a Z after it, but statements run in the zone of their
 * *executionConfig* (run on 2.3.0). So the session itself always stays in UTC and every statement carries the zone: instants are exact
 * whatever the zone, also in the hour that a change to winter time repeats.
 */
export interface LiveSession {
  readonly handle: string
  /** Zone in which statements run. */
  readonly zone: string
  /** False when statements after init changed it, so that a new session would be another one. */
  readonly replaceable: boolean
  run(sql: string, executionConfig: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<StatementPage>
  /** To be called after a statement that succeeded. */
  settle(sql: string, signal: AbortSignal): Promise<void>
}

export interface SessionCalls extends GatewayCalls {
  readonly queryJobs: QueryJobs
}

export async function openLiveSession(calls: SessionCalls, options: SessionOptions, signal: AbortSignal): Promise<LiveSession> {
  const firstZone = options.properties?.[zoneOption] ?? 'UTC'
  const handle = await calls.openSession(options.name, { ...options.properties, [zoneOption]: 'UTC' }, signal).catch((error: unknown) => {
    throw error instanceof ServerFailure ? toStationError(error.error) : error
  })
  let zone = firstZone
  let replaceable = true
  const live: LiveSession = {
    handle,
    get zone() {
      return zone
    },
    get replaceable() {
      return replaceable
    },
    run(sql, executionConfig, runSignal) {
      const config = { [zoneOption]: zone, ...executionConfig }
      return runStatement({ calls, session: handle, sql, executionConfig: config, zone: config[zoneOption], signal: runSignal, context: options.context, queryJobs: calls.queryJobs })
    },
    async settle(sql, settleSignal) {
      if (changesSession(sql)) replaceable = false
      const keyword = leadingKeyword(sql)
      if (keyword === 'RESET' && (sql.includes(zoneOption) || /RESET\s*;?\s*$/i.test(sql))) zone = firstZone
      if (keyword !== 'SET' || !sql.includes(zoneOption)) return
      const wanted = (await calls.readProperties(handle, settleSignal))[zoneOption]
      if (wanted === undefined) return
      zone = wanted
      for await (const _ of live.run(`SET '${zoneOption}' = 'UTC'`, {}, settleSignal)) void _
    },
  }
  try {
    for (const [index, sql] of (options.init ?? []).entries()) {
      try {
        for await (const _ of live.run(sql, {}, signal)) void _
        await live.settle(sql, signal)
      } catch (error) {
        throw error instanceof ServerFailure ? toStationError(error.error, { initStatement: index }) : error
      }
    }
  } catch (error) {
    await calls.closeSession(handle).catch(() => undefined)
    throw error
  }
  replaceable = true
  return live
}

/** The error of a session that cannot be replaced without changing what statements mean. */
export function lostSession(failure: ServerFailure, why: string): StationError {
  return new StationError('SESSION_LOST', `the session on the gateway is lost and ${why}`, {
    cause: toStationError(failure.error),
    hint: 'The gateway was restarted or the session was idle for too long; repeat the command.',
  })
}
