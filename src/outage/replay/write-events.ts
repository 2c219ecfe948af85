import type { Context } from '../../core/context.ts'
import { formatEventValue, type ValidEvent } from '../../records/event.ts'
import type { KafkaClient } from '../../stores/kafka/client.ts'
import type { KafkaProducer } from '../../stores/kafka/produce.ts'
import type { KafkaRecord } from '../../stores/kafka/records.ts'
import { tickAt, type ReplayFeed } from './feed.ts'

export interface WriteReport {
  readonly feeders: number
  readonly events: number
  /** OFF, ON and TRIP: the rows that size a set. */
  readonly reports: number
  readonly lastAtMs: number
}

const topologyBatch = 200
/** Ticks of a preloaded replay only have to come now and then: the judge keeps its own deadlines. */
const tickEveryMs = 10_000
/** The last tick stands so far behind the last event that every timer of the judge has passed. */
export const finalTickMs = 6 * 24 * 3_600_000

export async function writeTopology(feed: ReplayFeed, topic: string, producer: KafkaProducer): Promise<number> {
  const timestampMs = Math.max(0, (feed.firstAtMs ?? 1) - 1)
  let feeders = 0
  let batch: KafkaRecord[] = []
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await producer.send(topic, batch)
    batch = []
  }
  for (const record of feed.topology) {
    feeders++
    batch.push({ key: record.feederId, value: JSON.stringify(record), timestampMs })
    if (batch.length >= topologyBatch) await flush()
  }
  await flush()
  return feeders
}

/** Writes all events with ticks between them and one far ahead, each with the time of its arrival as record time. */
export async function writeEvents(
  feed: ReplayFeed,
  options: { readonly kafka: KafkaClient; readonly topic: string; readonly partitions: number; readonly context: Context; readonly onProgress?: (events: number) => void },
): Promise<Omit<WriteReport, 'feeders'>> {
  const { kafka, topic, partitions, context, onProgress } = options
  const producer = await kafka.createProducer({ acks: 'leader', batchSize: 10_000 })
  let events = 0
  let reports = 0
  let lastAtMs = 0
  let nextTickMs = 0
  try {
    for await (const batch of feed.events()) {
      context.signal.throwIfAborted()
      const records: KafkaRecord[] = []
      for (const event of batch) {
        if (event.receivedAtMs >= nextTickMs) {
          records.push(...ticks(event.receivedAtMs, partitions))
          nextTickMs = event.receivedAtMs + tickEveryMs
        }
        records.push(eventRecord(event))
        if (event.kind === 'OFF' || event.kind === 'ON' || event.kind === 'TRIP') reports++
        lastAtMs = event.receivedAtMs
      }
      events += batch.length
      await producer.send(topic, records)
      onProgress?.(events)
    }
    await producer.send(topic, ticks(lastAtMs + finalTickMs, partitions))
  } finally {
    await producer.close()
  }
  return { events, reports, lastAtMs }
}

export function eventRecord(event: ValidEvent): KafkaRecord {
  return { key: event.feederId, value: formatEventValue(event), timestampMs: event.receivedAtMs }
}

function ticks(atMs: number, partitions: number): readonly KafkaRecord[] {
  return Array.from({ length: partitions }, (_, partition) => ({ key: null, value: formatEventValue(tickAt(atMs, null)), timestampMs: atMs, partition }))
}
