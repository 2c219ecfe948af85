import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import { afterAll, expect, inject, test } from 'vitest'
import { createContext } from '../../src/core/context.ts'
import { createKafkaClient } from '../../src/stores/kafka/client.ts'
import type { KafkaReading, KafkaRecord } from '../../src/stores/kafka/records.ts'

const { brokers } = inject('engines').kafka
const context = createContext()
const client = createKafkaClient({ brokers }, context)
const made: string[] = []

async function newTopic(partitions = 1, settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const name = `kafka-test-${randomUUID()}`
  made.push(name)
  await client.createTopics([{ name, partitions, settings }])
  return name
}

async function readAll(topic: string): Promise<readonly KafkaReading[]> {
  const all: KafkaReading[] = []
  await client.consume({ topics: [topic], until: 'now' }, (readings) => void all.push(...readings))
  return all
}

const text = (reading: KafkaReading): string => `${reading.key?.toString() ?? 'null'}=${reading.value?.toString() ?? 'null'}`

afterAll(async () => {
  await client.deleteTopics(made)
  await client.close()
})

test('records come back with their keys, values, timestamps and headers, tombstones included', async () => {
  const topic = await newTopic()
  const old = Date.UTC(2016, 0, 1)
  const future = Date.UTC(2040, 0, 1)
  await client.produce(topic, [
    { key: 'a', value: '停电', timestampMs: old, headers: { code: 'V01' } },
    { key: 'a', value: null, timestampMs: future },
    { key: null, value: Buffer.from([0, 255]) },
  ])
  const readings = await readAll(topic)
  expect(readings.map(({ offset }) => offset)).toEqual([0n, 1n, 2n])
  expect(text(readings[0]!)).toBe('a=停电')
  expect(readings[0]!.timestampMs).toBe(old)
  expect(readings[0]!.headers['code']?.toString()).toBe('V01')
  expect(readings[1]).toMatchObject({ value: null, timestampMs: future })
  expect([...readings[2]!.value!]).toEqual([0, 255])
})

test('order within a key holds over many batches, and partitions follow the key or the record', async () => {
  const topic = await newTopic(3)
  const records: KafkaRecord[] = Array.from({ length: 20_000 }, (_, index) => ({ key: `k${index % 7}`, value: String(index) }))
  await client.produce(topic, [...records, { key: 'x', value: 'placed', partition: 2 }], { idempotent: true })
  const ends = await client.endOffsets(topic)
  expect([...ends.values()].reduce((sum, end) => sum + end, 0n)).toBe(20_001n)
  const readings = await readAll(topic)
  expect(readings).toHaveLength(20_001)
  const lastOfKey = new Map<string, number>()
  for (const { key, value, partition } of readings) {
    if (value!.toString() === 'placed') {
      expect(partition).toBe(2)
      continue
    }
    expect(Number(value!.toString())).toBeGreaterThan(lastOfKey.get(key!.toString()) ?? -1)
    lastOfKey.set(key!.toString(), Number(value!.toString()))
  }
})

test('compressed and leader-acknowledged records are the same records', async () => {
  const topic = await newTopic()
  await client.produce(topic, [{ key: '1', value: 'packed' }], { compression: 'gzip' })
  await client.produce(topic, [{ key: '2', value: 'quick' }], { acks: 'leader' })
  expect((await readAll(topic)).map(text)).toEqual(['1=packed', '2=quick'])
})

test('a topic can be deleted and made again at once, and making it twice changes nothing', async () => {
  const topic = await newTopic(2)
  await client.produce(topic, [{ key: 'a', value: 'before' }])
  await client.createTopics([{ name: topic, partitions: 2 }])
  expect(await readAll(topic)).toHaveLength(1)
  await client.deleteTopics([topic])
  expect(await client.listTopics()).not.toContain(topic)
  await client.createTopics([{ name: topic, partitions: 1 }])
  expect([...(await client.endOffsets(topic))]).toEqual([[0, 0n]])
})

test('reading from the end sees exactly what is written after it began', async () => {
  const topic = await newTopic(2)
  await client.produce(topic, [{ key: 'a', value: 'before' }])
  const seen: string[] = []
  await new Promise<void>((resolve, reject) => {
    const onReady = (): void => void client.produce(topic, [{ key: 'a', value: 'after' }, { key: 'b', value: 'stop' }]).catch(reject)
    client
      .consume({ topics: [topic], from: 'end', onReady }, (readings) => {
        seen.push(...readings.map(text))
        return seen.length >= 2 ? 'stop' : undefined
      })
      .then(resolve, reject)
  })
  expect(seen.sort()).toEqual(['a=after', 'b=stop'])
})

test('reading to now ends behind marks of transactions, aborted records and an open transaction', async () => {
  const topic = await newTopic()
  const raw = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
  const producer = raw.producer({ transactionalId: randomUUID(), maxInFlightRequests: 1, idempotent: true })
  await producer.connect()
  const inTransaction = async (value: string, end: 'commit' | 'abort' | 'leave') => {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ key: 'k', value }] })
    if (end !== 'leave') await transaction[end]()
    return transaction
  }
  await inTransaction('committed', 'commit')
  await inTransaction('aborted', 'abort')
  expect((await readAll(topic)).map(text)).toEqual(['k=committed'])
  const open = await inTransaction('open', 'leave')
  expect((await readAll(topic)).map(text)).toEqual(['k=committed'])
  await open.abort()
  await producer.disconnect()
})

test('what the handler throws is thrown, and a signal ends the reading with its reason', async () => {
  const topic = await newTopic()
  await client.produce(topic, [{ key: 'a', value: 'x' }])
  await expect(client.consume({ topics: [topic] }, () => Promise.reject(new TypeError('of the handler')))).rejects.toThrow(TypeError)
  const controller = new AbortController()
  await expect(client.consume({ topics: [topic], signal: controller.signal }, () => controller.abort(new Error('interrupted')))).rejects.toThrow('interrupted')
})

test('a topic that does not exist is a failure that names it', async () => {
  await expect(client.endOffsets('no-such-topic')).rejects.toMatchObject({ code: 'KAFKA_FAILED', message: expect.stringContaining('no-such-topic') as string })
  await expect(client.produce('no-such-topic', [{ key: null, value: 'x' }])).rejects.toMatchObject({ code: 'KAFKA_FAILED' })
})

test('a setting that Kafka does not know is refused when the topic is made', async () => {
  await expect(client.createTopics([{ name: `kafka-test-${randomUUID()}`, partitions: 1, settings: { 'no.such.setting': '1' } }])).rejects.toMatchObject({ code: 'KAFKA_FAILED' })
})
