import { StationError } from '../../../core/errors.ts'

/*
  SASL PLAIN in front of Thrift: every message is
    status   1 byte    1 = start (body: name of the mechanism), 2 = ok, 3 = bad, 4 = error, 5 = complete
    length   4 bytes   big endian
    body     UTF-8
*/
const saslStatus = { start: 1, ok: 2, bad: 3, error: 4, complete: 5 } as const
const longestSaslBody = 65_536

function frame(status: number, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8')
  const head = Buffer.alloc(5)
  head.writeUInt8(status, 0)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

type WireListener = (value?: unknown) => void

/** What hive-driver hands to an authentication. */
export interface HandshakeTransport {
  getTransport(): unknown
  setOptions(option: string, value: unknown): void
  connect(): void
  addListener(event: string, listener: WireListener): void
  removeListener(event: string, listener: WireListener): void
  write(data: Buffer): void
}

export interface HandshakeOptions {
  readonly username: string
  readonly password: string
  readonly signal: AbortSignal
}

export class HandshakeDenied extends Error {}
export class HandshakeHungUp extends Error {}

/**
 * The driver's own handshakes wait for ever when the server closes the connection or answers in pieces, and never see
 * a refused connection without SASL: these end by success, failure or the signal. The caller sorts the failures.
 */
export function createHandshake(mechanism: 'plain' | 'nosasl', rawTransport: unknown, options: HandshakeOptions): { authenticate(transport: HandshakeTransport): Promise<HandshakeTransport> } {
  return {
    authenticate: (transport) =>
      new Promise((resolve, reject) => {
        let received = Buffer.alloc(0)
        const listeners: [string, WireListener][] = []
        const settle = (finish: () => void): void => {
          for (const [event, listener] of listeners) transport.removeListener(event, listener)
          options.signal.removeEventListener('abort', onAbort)
          finish()
        }
        const fail = (error: unknown): void => settle(() => {
          transport.addListener('error', () => undefined) // a later error of the dying socket has no other listener
          // ending politely would wait for a server that may never read again
          ;(transport.getTransport() as { destroy?: () => void } | undefined)?.destroy?.()
          reject(error)
        })
        const succeed = (): void => settle(() => resolve(transport))
        const onAbort = (): void => fail(options.signal.reason)
        const onConnect = (): void => {
          if (mechanism === 'nosasl') {
            succeed()
            return
          }
          transport.write(frame(saslStatus.start, 'PLAIN'))
          transport.write(frame(saslStatus.ok, `\0${options.username}\0${options.password}`))
        }
        const onData: WireListener = (data) => {
          received = Buffer.concat([received, data as Buffer])
          if (received.length < 5) return
          const length = received.readUInt32BE(1)
          if (length > longestSaslBody) {
            fail(new StationError('GATEWAY_PROTOCOL', 'the server does not speak SASL: it may be set to NOSASL or to another protocol'))
            return
          }
          if (received.length < 5 + length) return
          if (received[0] === saslStatus.complete) succeed()
          else fail(new HandshakeDenied(received.subarray(5, 5 + length).toString('utf8').split('\n')[0] ?? ''))
        }
        transport.connect()
        if (mechanism === 'nosasl') transport.setOptions('transport', rawTransport)
        const listen = (event: string, listener: WireListener): void => {
          listeners.push([event, listener])
          transport.addListener(event, listener)
        }
        listen('connect', onConnect)
        listen('data', onData)
        listen('error', fail)
        listen('close', () => fail(new HandshakeHungUp('the server closed the connection')))
        options.signal.addEventListener('abort', onAbort, { once: true })
        if (options.signal.aborted) onAbort()
      }),
  }
}
