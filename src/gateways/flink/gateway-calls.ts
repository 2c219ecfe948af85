import { isStationError, StationError } from '../../core/errors.ts'
import { withRetry } from '../../core/retry.ts'
import type { Context } from '../../core/context.ts'
import type { Http, HttpRequest } from './http.ts'
import { parseObject, parseResult, unreadable, type ResultAnswer } from './result.ts'
import { parseServerError, type ServerError } from './server-error.ts'

export const apiPrefix = '/v4'

/** A failure that the gateway itself reported, before it is turned into an error for the user. */
export class ServerFailure extends Error {
  readonly error: ServerError
  constructor(error: ServerError) {
    super(error.message)
    this.error = error
  }
}

/** The gateway's calls, one method each. All throw ServerFailure for what the gateway refused and StationErrors for everything on the way. */
export interface GatewayCalls {
  openSession(name: string, properties: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string>
  readProperties(session: string, signal: AbortSignal): Promise<Readonly<Record<string, string>>>
  heartbeat(session: string, signal: AbortSignal): Promise<void>
  closeSession(session: string): Promise<void>
  postStatement(session: string, sql: string, executionConfig: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string>
  /** Fetches by the path of the first page or by the address that the gateway gave. */
  fetchResult(path: string, format: 'JSON' | 'PLAIN_TEXT', signal: AbortSignal): Promise<ResultAnswer>
  /** The first page of a statement that was left before it came. */
  peekResult(session: string, operation: string): Promise<ResultAnswer>
  closeOperation(session: string, operation: string): Promise<void>
  completeStatement(session: string, sql: string, position: number, signal: AbortSignal): Promise<readonly string[]>
}

/** A short break of the network is bridged where asking again is harmless. */
const bridge = { attempts: 4, firstDelayMs: 200, maximumDelayMs: 1_000, factor: 2 } as const
const closeTimeoutMs = 3_000

export function createGatewayCalls(http: Http, context: Context): GatewayCalls {
  const never = new AbortController().signal

  async function call(request: HttpRequest): Promise<string> {
    const { status, text } = await http.request(request)
    if (status >= 200 && status < 300) return text
    const error = parseServerError(status, text)
    if (error === null) throw unreadable(`status ${status} and no reason`, text)
    throw new ServerFailure(error)
  }

  async function callAgain(request: HttpRequest, retryable: (error: unknown) => boolean = isBroken): Promise<string> {
    return await withRetry(bridge, { clock: context.clock, signal: request.signal, retryable }, () => call(request)).catch((error: unknown) => {
      throw goneInstead(error)
    })
  }

  return {
    async openSession(sessionName, properties, signal) {
      return readText(await call({ method: 'POST', path: `${apiPrefix}/sessions`, body: { sessionName, properties }, signal }), 'sessionHandle')
    },
    async readProperties(session, signal) {
      const properties = parseObject(await callAgain({ method: 'GET', path: `${apiPrefix}/sessions/${session}`, signal }))['properties']
      return properties as Readonly<Record<string, string>>
    },
    async heartbeat(session, signal) {
      await call({ method: 'POST', path: `${apiPrefix}/sessions/${session}/heartbeat`, body: {}, signal })
    },
    async closeSession(session) {
      await call({ method: 'DELETE', path: `${apiPrefix}/sessions/${session}`, signal: never, timeoutMs: closeTimeoutMs })
    },
    async postStatement(session, statement, executionConfig, signal) {
      // a statement whose answer was lost may have run: only a connection that never came about is tried again
      const text = await callAgain({ method: 'POST', path: `${apiPrefix}/sessions/${session}/statements`, body: { statement, executionConfig }, signal, freshConnection: true }, (error) => isStationError(error, 'GATEWAY_UNREACHABLE') && error.retry !== 'never')
      return readText(text, 'operationHandle')
    },
    async fetchResult(path, format, signal) {
      return parseResult(await callAgain({ method: 'GET', path: path.replace(/rowFormat=\w+$/, `rowFormat=${format}`), signal }))
    },
    async peekResult(session, operation) {
      return parseResult(await call({ method: 'GET', path: `${apiPrefix}/sessions/${session}/operations/${operation}/result/0?rowFormat=PLAIN_TEXT`, signal: never, timeoutMs: closeTimeoutMs }))
    },
    async closeOperation(session, operation) {
      // unlike /cancel this also ends a running streaming query
      await call({ method: 'DELETE', path: `${apiPrefix}/sessions/${session}/operations/${operation}/close`, signal: never, timeoutMs: closeTimeoutMs })
    },
    async completeStatement(session, statement, position, signal) {
      const candidates = parseObject(await callAgain({ method: 'GET', path: `${apiPrefix}/sessions/${session}/complete-statement`, body: { statement, position }, signal }))['candidates']
      return Array.isArray(candidates) ? candidates.map(String) : []
    },
  }
}

function isBroken(error: unknown): boolean {
  return (isStationError(error, 'GATEWAY_UNREACHABLE') || isStationError(error, 'GATEWAY_GONE')) && error.retry !== 'never'
}

/** Once a session is open, an unreachable gateway is one that went away. */
function goneInstead(error: unknown): unknown {
  if (!isStationError(error, 'GATEWAY_UNREACHABLE') || error.retry === 'never') return error
  return new StationError('GATEWAY_GONE', error.message.replace('is not reachable', 'went away'), {
    facts: error.facts,
    retry: 'later',
    cause: error,
    hint: 'Jobs that were submitted go on without the gateway: station status. Repeat the command when the gateway runs again.',
  })
}

function readText(text: string, name: string): string {
  const value = parseObject(text)[name]
  if (typeof value !== 'string' || !/^[\w-]+$/.test(value)) throw unreadable(`no ${name}`, text)
  return value
}
