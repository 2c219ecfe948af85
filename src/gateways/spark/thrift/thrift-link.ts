import type { Socket } from 'node:net'
import { connections, HiveClient, HiveDriver, thrift } from 'hive-driver'
import type { Context } from '../../../core/context.ts'
import { isStationError, StationError } from '../../../core/errors.ts'
import { denied, gone, protocolError, unreachable } from '../spark-error.ts'
import type { SparkThriftAuth, SparkThriftTarget } from '../spark-session.ts'
import { createTransports } from './frames.ts'
import type { HiveCalls } from './hive-protocol.ts'
import { createHandshake, HandshakeDenied, HandshakeHungUp } from './sasl.ts'

/** One connection to a HiveServer2-compatible gateway whose calls end: by an answer, by the signal, or when the connection is lost. */
export interface ThriftLink {
  readonly address: string
  /** True once the connection is lost; no call can succeed any more. */
  isLost(): boolean
  /** Throws GATEWAY_GONE when the connection is lost before the answer, or the signal's reason. */
  call<T>(body: (calls: HiveCalls) => Promise<T>, signal: AbortSignal): Promise<T>
  close(): void
}

/** The driver gives its generated code as `any`. */
const generated = thrift as { readonly TCLIService: object; readonly TCLIService_types: ConstructorParameters<typeof HiveDriver>[0] }
const connectTimeoutMs = 20_000
/** Gateways that start an engine for a session take their time. */
const openTimeoutMs = 90_000
const keepAliveDelayMs = 30_000

/** Connects and authenticates. Throws GATEWAY_UNREACHABLE, GATEWAY_DENIED, GATEWAY_PROTOCOL, or the signal's reason. */
export async function openThriftLink(target: SparkThriftTarget, options: { readonly context: Context; readonly signal: AbortSignal }): Promise<ThriftLink> {
  const address = `${target.host}:${target.port}`
  const client = new HiveClient(generated.TCLIService, generated.TCLIService_types)
  client.on('error', () => undefined) // the close event that follows ends the calls; without a listener the process would die
  const transports = createTransports(client)
  const auth = target.auth ?? 'plain'
  const { signal, stop } = boundedSignal(options, connectTimeoutMs, noHandshake(address, auth, `it did not finish the handshake in ${connectTimeoutMs / 1_000} s`))
  const handshake = createHandshake(auth, transports.buffered, { username: target.username ?? 'station', password: target.password ?? 'station', signal })
  const tls = target.tls
  const driverOptions = {
    transport: transports.framed,
    ...(tls === undefined ? {} : { ssl: true, rejectUnauthorized: true, servername: tls.serverName ?? target.host, ...(tls.ca === undefined ? {} : { ca: tls.ca }) }),
  }
  const provider = new connections.TcpConnection()
  try {
    await client.connect({ host: target.host, port: target.port, options: driverOptions }, provider, handshake as unknown as Parameters<HiveClient['connect']>[2])
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason
    if (isStationError(error, 'GATEWAY_UNREACHABLE')) throw error
    if (isStationError(error, 'GATEWAY_PROTOCOL')) throw protocolError(address, error.message, error)
    if (error instanceof HandshakeHungUp) throw noHandshake(address, auth, error.message, error)
    if (error instanceof HandshakeDenied) throw denied(address, error.message, error)
    throw unreachable(address, error instanceof Error ? error.message : String(error), error)
  } finally {
    stop()
  }
  const socket = (provider.getConnection() as { connection: Socket }).connection
  socket.setKeepAlive(true, keepAliveDelayMs)
  return watchedLink(client, socket, address)
}

function watchedLink(client: HiveClient, socket: Socket, address: string): ThriftLink {
  const lost = new AbortController()
  const lose = (detail: string) => (error?: unknown) => {
    lost.abort(gone(address, error instanceof Error ? error.message : detail, error))
  }
  socket.on('error', lose('the connection broke'))
  socket.on('close', () => lose('the server closed the connection')())
  client.on('error', lose('an answer could not be read'))
  const calls = new HiveDriver(generated.TCLIService_types, client.getClient()) as unknown as HiveCalls
  return {
    address,
    isLost: () => lost.signal.aborted,
    async call(body, signal) {
      const ended = AbortSignal.any([signal, lost.signal])
      ended.throwIfAborted()
      let onAbort = (): void => undefined
      // the driver's promise stays pending for ever when the server dies: whichever ends first decides
      const aborted = new Promise<never>((_, reject) => {
        onAbort = () => reject(ended.reason)
        ended.addEventListener('abort', onAbort, { once: true })
      })
      try {
        return await Promise.race([body(calls), aborted])
      } catch (error) {
        throw signal.aborted ? signal.reason : asLinkError(error, address)
      } finally {
        ended.removeEventListener('abort', onAbort)
      }
    },
    close() {
      socket.removeAllListeners('close')
      client.close()
      socket.destroy()
    },
  }
}

function asLinkError(error: unknown, address: string): unknown {
  if (isStationError(error)) return error
  return protocolError(address, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error), error)
}

function noHandshake(address: string, auth: SparkThriftAuth, detail: string, cause?: unknown): StationError {
  return new StationError('GATEWAY_UNREACHABLE', `spark at ${address} does not take the handshake: ${detail}`, {
    hint: auth === 'plain' ? 'The server may be set to NOSASL, or to HTTP.' : 'The server may be set to SASL (its authentication NONE means SASL PLAIN), or to HTTP.',
    retry: 'later',
    facts: { engine: 'spark', address },
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Opens a session, within a bound: a server that expects SASL waits for ever for the rest of what it takes for a SASL message. */
export async function openHiveSession(link: ThriftLink, request: object, options: { readonly context: Context; readonly signal: AbortSignal; readonly auth: SparkThriftAuth }): ReturnType<HiveCalls['openSession']> {
  const { signal, stop } = boundedSignal(options, openTimeoutMs, noHandshake(link.address, options.auth, `it did not open a session in ${openTimeoutMs / 1_000} s`))
  try {
    return await link.call((calls) => calls.openSession(request), signal)
  } catch (error) {
    // a connection that ends before a session exists is no statement's end
    throw isStationError(error, 'GATEWAY_GONE') ? noHandshake(link.address, options.auth, 'the connection was closed', error) : error
  } finally {
    stop()
  }
}

function boundedSignal(options: { readonly context: Context; readonly signal: AbortSignal }, timeoutMs: number, timeout: StationError): { signal: AbortSignal; stop: () => void } {
  const timer = new AbortController()
  const stopper = new AbortController()
  options.context.clock.sleep(timeoutMs, stopper.signal).then(() => timer.abort(timeout), () => undefined)
  return { signal: AbortSignal.any([options.signal, timer.signal]), stop: () => stopper.abort() }
}
