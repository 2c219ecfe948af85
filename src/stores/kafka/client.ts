import { randomUUID } from 'node:crypto'
import { Kafka, logLevel, type Admin, type KafkaConfig, type SASLOptions } from 'kafkajs'
import type { Context } from '../../core/context.ts'
import { isStationError } from '../../core/errors.ts'
import { withRetry, type RetryPolicy } from '../../core/retry.ts'
import type { KafkaConnection } from './connection.ts'
import { createTopics, deleteTopics } from './topics.ts'
import { consumeTopics, type ConsumeOptions, type ReadingBatchHandler } from './consume.ts'
import { kafkaFailure } from './failure.ts'
import { createProducer, type KafkaProducer, type ProducerOptions } from './produce.ts'
import type { KafkaRecord, TopicSpec } from './records.ts'

export interface KafkaClientOptions {
  readonly clientId?: string
  readonly connectTimeoutMs?: number
  readonly requestTimeoutMs?: number
  /** Attempts of the client library itself for each request. Default 6. */
  readonly attempts?: number
}

/** Kafka as the rest of the house sees it: the only place that knows the client library. Every failure is KAFKA_UNREACHABLE or KAFKA_FAILED. */
export interface KafkaClient {
  readonly brokers: readonly string[]
  /** Creates what does not exist yet; waits out the deletion of a topic of the same name. Existing topics are left as they are. */
  createTopics(topics: readonly TopicSpec[], signal?: AbortSignal): Promise<void>
  /** Deletes what exists and waits until it is gone. */
  deleteTopics(names: readonly string[], signal?: AbortSignal): Promise<void>
  listTopics(signal?: AbortSignal): Promise<readonly string[]>
  /** Next offset of every partition. */
  endOffsets(topic: string, signal?: AbortSignal): Promise<ReadonlyMap<number, bigint>>
  createProducer(options?: ProducerOptions): Promise<KafkaProducer>
  /** One call for few records: opens a producer, sends, closes. */
  produce(topic: string, records: readonly KafkaRecord[], options?: ProducerOptions): Promise<void>
  /** Reads until the handler answers `stop`, the end that `options` names is reached, or the signal aborts (then its reason is thrown). */
  consume(options: ConsumeOptions, onBatch: ReadingBatchHandler): Promise<void>
  close(): Promise<void>
}

/** The first consumer group of a broker's life waits for its coordinator. */
const untilCoordinated: RetryPolicy = { attempts: 40, firstDelayMs: 250, maximumDelayMs: 2_000, factor: 1.5 }

export function createKafkaClient(connection: KafkaConnection, context: Context, options: KafkaClientOptions = {}): KafkaClient {
  const kafka = new Kafka(kafkaConfig(connection, context, options))
  const { brokers } = connection
  let connected: Promise<Admin> | undefined

  const openAdmin = async (): Promise<Admin> => {
    const admin = kafka.admin()
    await admin.connect()
    return admin
  }
  const withAdmin = async <T>(operation: string, signal: AbortSignal | undefined, body: (admin: Admin) => Promise<T>): Promise<T> => {
    try {
      connected ??= openAdmin()
      const admin = await abortable(connected, signal ?? context.signal)
      return await abortable(body(admin), signal ?? context.signal)
    } catch (error) {
      ;(signal ?? context.signal).throwIfAborted()
      connected?.then((admin) => admin.disconnect()).catch(() => undefined)
      connected = undefined
      throw kafkaFailure(error, operation, brokers)
    }
  }

  const client: KafkaClient = {
    brokers,
    createTopics: (topics, signal) => withAdmin('create topics', signal, (admin) => createTopics(admin, topics, { clock: context.clock, signal: signal ?? context.signal })),
    deleteTopics: (names, signal) => withAdmin('delete topics', signal, (admin) => deleteTopics(admin, names, { clock: context.clock, signal: signal ?? context.signal })),
    listTopics: (signal) => withAdmin('list topics', signal, (admin) => admin.listTopics()),
    endOffsets: (topic, signal) =>
      withAdmin(`read the offsets of ${topic}`, signal, async (admin) => {
        const offsets = await admin.fetchTopicOffsets(topic)
        return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]))
      }),
    createProducer: (producing = {}) => createProducer(kafka, producing, brokers),
    async produce(topic, records, producing = {}) {
      const producer = await client.createProducer(producing)
      try {
        await producer.send(topic, records)
      } finally {
        await producer.close()
      }
    },
    async consume(consuming, onBatch) {
      const signal = consuming.signal ?? context.signal
      const ranges = await withAdmin('read offsets', signal, async (admin) => {
        const entries = await Promise.all(consuming.topics.map(async (topic) => [topic, await admin.fetchTopicOffsets(topic)] as const))
        return new Map(entries.map(([topic, partitions]) => [topic, partitions.map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))]))
      })
      const groupId = consuming.groupId ?? `station-${randomUUID()}`
      let delivered = false
      const notBegun = (error: unknown): boolean => !delivered && isStationError(error, 'KAFKA_FAILED') && error.facts['type'] === 'GROUP_LOAD_IN_PROGRESS'
      await withRetry(untilCoordinated, { clock: context.clock, signal, retryable: notBegun }, () =>
        consumeTopics(kafka, { ...consuming, signal, groupId, brokers }, ranges, (readings) => {
          delivered = true
          return onBatch(readings)
        }),
      )
    },
    async close() {
      const admin = await connected?.catch(() => undefined)
      connected = undefined
      await admin?.disconnect().catch(() => undefined)
    },
  }
  return client
}

function kafkaConfig({ brokers, tls, sasl }: KafkaConnection, context: Context, options: KafkaClientOptions): KafkaConfig {
  return {
    brokers: [...brokers],
    clientId: options.clientId ?? 'station',
    connectionTimeout: options.connectTimeoutMs ?? 3_000,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    retry: { retries: (options.attempts ?? 6) - 1, initialRetryTime: 200, maxRetryTime: 3_000 },
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as SASLOptions }),
    logLevel: logLevel.WARN,
    // failures are thrown anyway: what the library says about them is only of interest when looking closely
    logCreator: () => ({ namespace, log }) => context.log.write('debug', `kafka: ${namespace}: ${log.message}`),
  }
}

/** The library cannot be aborted: the call goes on unheard. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let abort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
  })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (abort !== undefined) signal.removeEventListener('abort', abort)
  }
}
