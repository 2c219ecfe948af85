import type { EachBatchPayload, Kafka } from 'kafkajs'
import { StationError } from '../../core/errors.ts'
import { kafkaFailure } from './failure.ts'
import type { KafkaReading } from './records.ts'

export interface ConsumeOptions {
  readonly topics: readonly string[]
  /** Where to begin in every partition. Default `beginning`; `end` = what is written after the call. */
  readonly from?: 'beginning' | 'end'
  /** `now`: ends when everything that was there at the call has been read. Default: goes on until the handler says stop. */
  readonly until?: 'now'
  readonly signal?: AbortSignal
  /** Default: one of its own, which is forgotten afterwards. Offsets are never committed. */
  readonly groupId?: string
  /** Called once when the partitions are assigned and reading has begun. */
  readonly onReady?: () => void
}

/** Gets the readings of one partition in order. Answer `stop` to end. */
export type ReadingBatchHandler = (readings: readonly KafkaReading[]) => Promise<'stop' | void> | 'stop' | void

export interface PartitionRange {
  readonly partition: number
  readonly low: bigint
  readonly high: bigint
}

const fetchWaitMs = 200
/** So many answers without a record mean that there is nothing more to read now. */
const emptyFetchesAtEnd = 10

type Prepared = ConsumeOptions & { readonly signal: AbortSignal; readonly groupId: string; readonly brokers: readonly string[] }

export async function consumeTopics(kafka: Kafka, options: Prepared, ranges: ReadonlyMap<string, readonly PartitionRange[]>, onBatch: ReadingBatchHandler): Promise<void> {
  const { signal, brokers } = options
  const open = openPartitions(options, ranges)
  if (options.until === 'now' && open.size === 0) return
  signal.throwIfAborted()

  const consumer = kafka.consumer({ groupId: options.groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: fetchWaitMs, maxBytesPerPartition: 4 * 1024 * 1024, retry: { retries: 4 } })
  let settle: { resolve(): void; reject(error: unknown): void } | undefined
  const ended = new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
  const abort = (): void => settle?.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  consumer.on('consumer.crash', ({ payload }) => settle?.reject(kafkaFailure(payload.error, `read ${options.topics.join(', ')}`, brokers)))
  let finished = false
  let handlerFailure: { readonly error: unknown } | undefined
  let emptyFetches = 0

  const passed = (topic: string, partition: number, lastOffset: string): void => {
    emptyFetches = 0
    const name = `${topic}/${partition}`
    const end = open.get(name)
    if (end !== undefined && BigInt(lastOffset) >= end - 1n) open.delete(name)
    if (options.until === 'now' && open.size === 0) finished = true
  }
  if (options.until === 'now') {
    // batches that hold nothing but the marks of transactions never reach the handler
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      passed(payload.topic, payload.partition, payload.lastOffset)
      if (finished) settle?.resolve()
    })
    // and what an open transaction covers is not there yet
    consumer.on('consumer.fetch', () => {
      if (++emptyFetches > emptyFetchesAtEnd) settle?.resolve()
    })
  }

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { batch } = payload
    if (finished || !payload.isRunning() || payload.isStale()) return
    const end = open.get(`${batch.topic}/${batch.partition}`)
    const readings = batch.messages.map((message): KafkaReading => ({
      topic: batch.topic,
      partition: batch.partition,
      offset: BigInt(message.offset),
      timestampMs: Number(message.timestamp),
      key: message.key,
      value: message.value,
      headers: firstHeaders(message.headers),
    }))
    const wanted = options.until === 'now' ? readings.filter(({ offset }) => end !== undefined && offset < end) : readings
    try {
      if (wanted.length > 0 && (await onBatch(wanted)) === 'stop') finished = true
    } catch (error) {
      finished = true
      handlerFailure = { error }
      settle?.reject(error)
      return
    }
    passed(batch.topic, batch.partition, batch.lastOffset())
    if (finished) settle?.resolve()
    else await payload.heartbeat()
  }

  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: options.from !== 'end' })
    const joined = new Promise<void>((resolve) => consumer.on('consumer.group_join', () => resolve()))
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: true, eachBatch })
    await Promise.race([joined, ended])
    if (options.from === 'end') {
      // exact: offsets were read before the call, so nothing written since is missed
      for (const [topic, partitions] of ranges) for (const { partition, high } of partitions) consumer.seek({ topic, partition, offset: String(high) })
    }
    options.onReady?.()
    await ended
  } catch (error) {
    signal.throwIfAborted()
    if (handlerFailure !== undefined) throw handlerFailure.error
    throw error instanceof StationError ? error : kafkaFailure(error, `read ${options.topics.join(', ')}`, brokers)
  } finally {
    finished = true
    signal.removeEventListener('abort', abort)
    await consumer.disconnect().catch(() => undefined)
  }
}

/** Partitions with something to read, and the offset after their last record. */
function openPartitions(options: ConsumeOptions, ranges: ReadonlyMap<string, readonly PartitionRange[]>): Map<string, bigint> {
  const open = new Map<string, bigint>()
  if (options.until !== 'now') return open
  for (const [topic, partitions] of ranges) for (const { partition, low, high } of partitions) if (options.from !== 'end' && high > low) open.set(`${topic}/${partition}`, high)
  return open
}

function firstHeaders(headers: EachBatchPayload['batch']['messages'][number]['headers']): Readonly<Record<string, Buffer>> {
  const result: Record<string, Buffer> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value
    if (first !== undefined) result[name] = typeof first === 'string' ? Buffer.from(first) : first
  }
  return result
}
