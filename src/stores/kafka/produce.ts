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
    maxInFlightRequests: 1,
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
        for (const batch of splitBatches(records, batchSize)) await producer.send({ topic, messages: batch.map(toMessage), acks, compression })
      } catch (error) {
        throw kafkaFailure(error, `write to ${topic}`, brokers)
      }
    },
    async close() {
      await producer.disconnect().catch(() => undefined)
    },
  }
}

/** Every record of a batch may go to one partition, and a broker takes 1 MiB of one partition in one request. */
const batchBytes = 900_000
const recordOverheadBytes = 40

/** Cuts by count and by size. A record that is too large stands alone: the broker decides. */
export function splitBatches(records: readonly KafkaRecord[], batchSize: number): readonly (readonly KafkaRecord[])[] {
  const batches: KafkaRecord[][] = []
  let current: KafkaRecord[] = []
  let bytes = 0
  for (const record of records) {
    const size = recordOverheadBytes + sizeOf(record.key) + sizeOf(record.value) + Object.entries(record.headers ?? {}).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0)
    if (current.length > 0 && (current.length >= batchSize || bytes + size > batchBytes)) {
      batches.push(current)
      current = []
      bytes = 0
    }
    current.push(record)
    bytes += size
  }
  if (current.length > 0) batches.push(current)
  return batches
}

function sizeOf(content: string | Buffer | null): number {
  return content === null ? 0 : Buffer.byteLength(content)
}

function toMessage({ key, value, timestampMs, partition, headers }: KafkaRecord): Message {
  const message: Message = { key, value }
  if (timestampMs !== undefined) message.timestamp = String(timestampMs)
  if (partition !== undefined) message.partition = partition
  if (headers !== undefined) message.headers = { ...headers }
  return message
}
