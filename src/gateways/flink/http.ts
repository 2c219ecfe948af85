import http from 'node:http'
import https from 'node:https'
import axios, { isAxiosError, type AxiosError } from 'axios'
import { StationError } from '../../core/errors.ts'
import type { FlinkTarget } from './target.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PATCH'
  /** Path with query, below the base address. */
  readonly path: string
  readonly body?: unknown
  readonly signal: AbortSignal
  /** Longest silence; default 60 s. */
  readonly timeoutMs?: number
  /** True for what must not be sent over a connection that the service may just be closing, because it cannot be repeated. */
  readonly freshConnection?: boolean
}

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

export interface Http {
  request(request: HttpRequest): Promise<HttpAnswer>
  close(): void
}

const defaultTimeoutMs = 60_000
/** A page holds at most some thousand rows; more than this is no answer of ours. */
const maximumAnswerBytes = 512 * 1024 * 1024

/**
 * HTTP with one service. Any answer is returned as it came, except 401 and 403 (GATEWAY_DENIED).
 * Throws GATEWAY_UNREACHABLE when no connection came about (nothing was sent), GATEWAY_GONE when it broke afterwards,
 * WAIT_TIMED_OUT when the service stayed silent, and the signal's reason when it aborts.
 */
export function createHttp(baseUrl: string, service: string, target: FlinkTarget): Http {
  const agents = { httpAgent: new http.Agent({ keepAlive: true }), httpsAgent: new https.Agent({ keepAlive: true, ...target.tls }) }
  const fresh = { httpAgent: new http.Agent({ keepAlive: false }), httpsAgent: new https.Agent({ keepAlive: false, ...target.tls }) }
  const client = axios.create({
    ...agents,
    baseURL: baseUrl.replace(/\/+$/, ''),
    proxy: false,
    maxRedirects: 0,
    responseType: 'text',
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
    maxContentLength: maximumAnswerBytes,
  })
  return {
    async request({ method, path, body, signal, timeoutMs = defaultTimeoutMs, freshConnection = false }) {
      signal.throwIfAborted()
      const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(target.authorization === undefined ? {} : { authorization: target.authorization() }) }
      try {
        const answer = await client.request<unknown>({ method, url: path, headers, signal, timeout: timeoutMs, ...(freshConnection ? fresh : {}), ...(body === undefined ? {} : { data: JSON.stringify(body) }) })
        if (answer.status === 401 || answer.status === 403) throw new StationError('GATEWAY_DENIED', `${service} at ${baseUrl} refused the credentials`, { facts: { status: answer.status } })
        return { status: answer.status, text: typeof answer.data === 'string' ? answer.data : '' }
      } catch (error) {
        signal.throwIfAborted()
        throw isAxiosError(error) ? networkError(error, service, baseUrl, timeoutMs) : error
      }
    },
    close() {
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
    },
  }
}

const neverReached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

function networkError(error: AxiosError, service: string, baseUrl: string, timeoutMs: number): StationError {
  const code = error.code ?? ''
  const options = { facts: { url: baseUrl, reason: code }, retry: 'later', cause: withoutRequest(error) } as const
  if (neverReached.has(code)) return new StationError('GATEWAY_UNREACHABLE', `${service} at ${baseUrl} is not reachable (${code})`, { ...options, hint: 'See whether it runs: station status.' })
  if (/CERT|TLS|SSL/.test(code)) return new StationError('GATEWAY_UNREACHABLE', `${service} at ${baseUrl} has a certificate that is not trusted (${code})`, { ...options, retry: 'never', hint: 'Name its authority as tls.caFile in station.yaml.' })
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') return new StationError('WAIT_TIMED_OUT', `${service} at ${baseUrl} did not answer within ${timeoutMs / 1_000} s`, options)
  if (code === 'ERR_BAD_RESPONSE' && !/socket|aborted/.test(error.message)) return new StationError('GATEWAY_PROTOCOL', `${service} at ${baseUrl} gave an answer that cannot be read`, { ...options, retry: 'never' })
  return new StationError('GATEWAY_GONE', `${service} at ${baseUrl} closed the connection`, { ...options, hint: 'See whether it still runs: station status.' })
}

/** The cause without the request, which may hold credentials. */
function withoutRequest(error: AxiosError): Error {
  return new Error(`${error.code ?? 'error'}: ${error.message}`)
}
