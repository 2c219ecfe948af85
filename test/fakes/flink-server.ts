import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import path from 'node:path'

/** What a fake answers: a status with JSON text, or a misbehaviour on the wire. */
export type Reply = { readonly status: number; readonly text: string } | 'silent' | 'reset' | 'half'

export type Handler = (request: { readonly method: string; readonly path: string; readonly query: URLSearchParams; readonly body: string; readonly headers: http.IncomingHttpHeaders }) => Reply

export interface FakeServer {
  readonly url: string
  /** Stops listening and breaks every connection, as a killed process would. */
  stop(): Promise<void>
  /** Listens again on the same port. */
  start(): Promise<void>
}

/** A real HTTP server on a free loopback port. */
export async function startServer(handler: Handler): Promise<FakeServer> {
  const sockets = new Set<Socket>()
  const server = http.createServer((request, answer) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://fake')
      const reply = answerOrFail(handler, { method: request.method ?? '', path: url.pathname, query: url.searchParams, body: Buffer.concat(chunks).toString(), headers: request.headers })
      if (reply === 'silent') return
      if (reply === 'reset') return void request.socket.destroy()
      if (reply === 'half') {
        answer.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
        answer.write('{"resultType":"PAY')
        setTimeout(() => request.socket.destroy(), 10)
        return
      }
      answer.writeHead(reply.status, { 'content-type': 'application/json; charset=UTF-8' })
      answer.end(reply.text)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
    start: () => listen(port),
  }
}

/** A mistake of the fake or of the test shows as an answer instead of a hanging request. */
function answerOrFail(handler: Handler, request: Parameters<Handler>[0]): Reply {
  try {
    return handler(request)
  } catch (error) {
    return { status: 500, text: JSON.stringify({ errors: [`fake: ${String(error)}`] }) }
  }
}

export interface Recording {
  readonly status: number
  readonly text: string
}

const folder = path.join(import.meta.dirname, '../fixtures/flink/bodies')

/** A body recorded on Flink 2.3.0 (test/fixtures/flink/record.ts), with its ids replaced. */
export function recorded(name: string, ids: Readonly<Record<string, string>> = {}): Recording {
  const content = readFileSync(path.join(folder, `${name}.json`), 'utf8')
  const [head, ...rest] = content.trimEnd().split('\n')
  let text = rest.join('\n')
  for (const [from, to] of Object.entries(ids)) text = text.replaceAll(from, to)
  return { status: (JSON.parse(head!) as { status: number }).status, text }
}
