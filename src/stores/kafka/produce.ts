import { CompressionTypes, Partitioners, type Kafka, type Message } from 'kafkajs'
import { kafkaFailure } from './failure.ts'
import type { KafkaRecord } from './records.ts'

export interface ProducerOptions {
  /** `all` (default) waits for every replica in sync, `leader` for the leader only. */
  readonly acks?: 'all' | 'leader'
  /** Retries of the client never write a record twice. Needs acks `all`; default false. */
  readonly idempotent?: boolean
  readonly compression?: 'none' | 'gzip'
  /** Records in one request at most. Default 5,000. */
  readonly batchSize?: number
  /** Requests under way at most (1 when idempotent). Default 4. */
  readonly requestsInFlight?: number
}

export interface KafkaProducer {
  /** Writes all records, in order within a partition; resolves when all are acknowledged. */
  send(topic: string, records: readonly KafkaRecord[]): Promise<void>
  close(): Promise<void>
}

export async function createProducer(kafka: Kafka, options: ProducerOptions, brokers: readonly string[]): Promise<KafkaProducer> {
  const idempotent = options.idempotent === true
  const batchSize = options.batchSize ?? 5_000
  const producer = kafka.producer({
    idempotent,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    maxInFlightRequests: idempotent ? 1 : (options.requestsInFlight ?? 4),
  })
  try {
    await producer.connect()
  } catch (error) {
    throw kafkaFailure(error, 'open a producer', brokers)
  }
  const acks = options.acks === 'leader' && !idempotent ? 1 : -1
  const compression = options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None
  return {
    async send(topic, records) {
      try {
        for (let start = 0; start < records.length; start += batchSize) {
          const messages = records.slice(start, start + batchSize).map(toMessage)
          await producer.send({ topic, messages, acks, compression })
        }
      } catch (error) {
        throw kafkaFailure(error, `write to ${topic}`, brokers)
      }
    },
    async close() {
      await producer.disconnect().catch(() => undefined)
    },
  }
}

function toMessage({ key, value, timestampMs, partition, headers }: KafkaRecord): Message {
  const message: Message = { key, value }
  if (timestampMs !== undefined) message.timestamp = String(timestampMs)
  if (partition !== undefined) message.partition = partition
  if (headers !== undefined) message.headers = { ...headers }
  return message
}
