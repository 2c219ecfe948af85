import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFrameReader } from '../../../src/gateways/spark/thrift/frames.ts'
import { createHandshake, HandshakeDenied, HandshakeHungUp, type HandshakeTransport } from '../../../src/gateways/spark/thrift/sasl.ts'
import { jobsProgress } from '../../../src/gateways/spark/thrift/spark-ui.ts'

test('frames come out whole and in order, however the stream is cut', () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })
  fc.assert(fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 17 })), (contents, sizes) => {
    const bytes = Buffer.concat(contents.map((content) => {
      const head = Buffer.alloc(4)
      head.writeUInt32BE(content.length)
      return Buffer.concat([head, content])
    }))
    const read = createFrameReader()
    const found: string[] = []
    for (let at = 0; at < bytes.length; ) {
      const size = sizes.next().value
      found.push(...read(bytes.subarray(at, at + size)).map((frame) => frame.toString('hex')))
      at += size
    }
    expect(found).toEqual(contents.map((content) => Buffer.from(content).toString('hex')))
  }))
})

/** The server's side of a handshake, without a socket. */
class Wire extends EventEmitter implements HandshakeTransport {
  sent = Buffer.alloc(0)
  chosen: unknown = null
  getTransport = (): unknown => ({ destroy: () => this.emit('destroyed') })
  setOptions = (_: string, value: unknown): void => {
    this.chosen = value
  }
  connect = (): void => undefined
  write = (data: Buffer): void => {
    this.sent = Buffer.concat([this.sent, data])
  }
}

const start = (mechanism: 'plain' | 'nosasl', signal = new AbortController().signal) => {
  const wire = new Wire()
  const done = createHandshake(mechanism, 'raw', { username: 'ann', password: 'p', signal }).authenticate(wire)
  return { wire, done }
}

test('SASL PLAIN sends the mechanism and the credentials and takes an answer that comes byte by byte', async () => {
  const { wire, done } = start('plain')
  wire.emit('connect')
  expect(wire.sent.toString('latin1')).toBe('\x01\0\0\0\x05PLAIN\x02\0\0\0\x06\0ann\0p')
  for (const byte of [5, 0, 0, 0, 0]) wire.emit('data', Buffer.of(byte))
  await expect(done).resolves.toBe(wire)
})

test('a refusal tells the reason of the server', async () => {
  const { wire, done } = start('plain')
  wire.emit('connect')
  wire.emit('data', Buffer.from('\x03\0\0\0\x07no such', 'latin1'))
  await expect(done).rejects.toThrow(HandshakeDenied)
  await expect(done).rejects.toThrow('no such')
})

test('a server that closes during the handshake ends it', async () => {
  const { wire, done } = start('plain')
  wire.emit('connect')
  wire.emit('close')
  await expect(done).rejects.toThrow(HandshakeHungUp)
})

test('an answer that is no SASL is not waited for', async () => {
  const { wire, done } = start('plain')
  wire.emit('connect')
  wire.emit('data', Buffer.from('HTTP/1.1 400 Bad Request'))
  await expect(done).rejects.toThrow(/does not speak SASL/)
})

test('an abort ends the handshake and its socket', async () => {
  const controller = new AbortController()
  const { wire, done } = start('plain', controller.signal)
  const destroyed = new Promise((resolve) => wire.once('destroyed', resolve))
  controller.abort(new Error('stop'))
  await expect(done).rejects.toThrow('stop')
  await destroyed
})

test('without SASL the connection itself is waited for and the raw transport chosen', async () => {
  const { wire, done } = start('nosasl')
  wire.emit('connect')
  await expect(done).resolves.toBe(wire)
  expect(wire.chosen).toBe('raw')
  expect(wire.sent).toHaveLength(0)
})

test('progress sums the tasks of an operation and tells nothing before there are any', () => {
  expect(jobsProgress([])).toBeNull()
  expect(jobsProgress([{ numTasks: 4, numCompletedTasks: 1, numActiveTasks: 2 }, { numTasks: 4, numCompletedTasks: 4 }])).toEqual({ fraction: 0.625, text: '5 of 8 tasks in 2 jobs, 2 running' })
})
