import net from 'node:net'
import { expect, test } from 'vitest'
import { createContext } from '../../../src/core/context.ts'
import { StationError } from '../../../src/core/errors.ts'
import { createKafkaClient } from '../../../src/stores/kafka/client.ts'
import { kafkaErrorTypes, kafkaFailure } from '../../../src/stores/kafka/failure.ts'

const nested = { name: 'KafkaJSNumberOfRetriesExceeded', message: 'outer', cause: { name: 'KafkaJSAggregateError', errors: [{ name: 'KafkaJSProtocolError', type: 'TOPIC_ALREADY_EXISTS', message: 'exists', retriable: false }] } }

test('what the broker said is found below the wrappers of the client library', () => {
  expect(kafkaErrorTypes(nested)).toEqual(['TOPIC_ALREADY_EXISTS'])
  expect(kafkaFailure(nested, 'create topics', ['a:1'])).toMatchObject({ code: 'KAFKA_FAILED', facts: { type: 'TOPIC_ALREADY_EXISTS', operation: 'create topics' }, cause: nested })
})

test('an error of the family stays what it is', () => {
  const error = new StationError('KAFKA_FAILED', 'known')
  expect(kafkaFailure(error, 'x', [])).toBe(error)
})

test('an error that refers to itself does not hang', () => {
  const circle: { cause?: unknown; message: string } = { message: 'circle' }
  circle.cause = circle
  expect(kafkaFailure(circle, 'x', ['a:1']).code).toBe('KAFKA_FAILED')
})

test('a broker that nobody serves is unreachable, for every operation', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const client = createKafkaClient({ brokers: [`127.0.0.1:${port}`] }, createContext(), { attempts: 1, connectTimeoutMs: 500 })
  const unreachable = { code: 'KAFKA_UNREACHABLE', exitCode: 10, retry: 'later' }
  await expect(client.listTopics()).rejects.toMatchObject(unreachable)
  await expect(client.produce('t', [{ key: null, value: 'v' }])).rejects.toMatchObject(unreachable)
  await expect(client.consume({ topics: ['t'], until: 'now' }, () => undefined)).rejects.toMatchObject(unreachable)
  await client.close()
})

test('an aborted signal ends an operation with its own reason', async () => {
  const client = createKafkaClient({ brokers: ['127.0.0.1:1'] }, createContext(), { attempts: 1 })
  await expect(client.listTopics(AbortSignal.abort(new Error('interrupted')))).rejects.toThrow('interrupted')
  await client.close()
})
