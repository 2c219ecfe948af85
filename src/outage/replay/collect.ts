import type { Context } from '../../core/context.ts'
import { problemsError } from '../../core/errors.ts'
import { compareOutages, parseOutageValue, type OutageRecord } from '../../records/outage.ts'
import type { KafkaClient } from '../../stores/kafka/client.ts'

export interface CollectedOutages {
  /** Every version once, in the order of a file of outages. */
  readonly outages: readonly OutageRecord[]
  /** Records read; above the number of outages when a restart wrote some again. */
  readonly records: number
  /** Append times of the first and the last record, epoch milliseconds of the broker; null without one. */
  readonly firstWrittenAtMs: number | null
  readonly lastWrittenAtMs: number | null
}

/** Reads the topic to its present end. Versions that were written twice (at-least-once after a restart) collapse; they are equal, or the later one counts. */
export async function collectOutages(kafka: KafkaClient, topic: string, context: Context): Promise<CollectedOutages> {
  const { signal } = context
  const byVersion = new Map<string, OutageRecord>()
  const problems: string[] = []
  let records = 0
  let firstWrittenAtMs: number | null = null
  let lastWrittenAtMs: number | null = null
  await kafka.consume({ topics: [topic], until: 'now', signal }, (readings) => {
    for (const reading of readings) {
      records++
      firstWrittenAtMs = Math.min(firstWrittenAtMs ?? Number.POSITIVE_INFINITY, reading.timestampMs)
      lastWrittenAtMs = Math.max(lastWrittenAtMs ?? 0, reading.timestampMs)
      const parsed = parseOutageValue(reading.value?.toString('utf8') ?? '')
      if (parsed.ok) byVersion.set(`${parsed.value.outageId}/${parsed.value.version}`, parsed.value)
      else problems.push(...parsed.problems)
    }
  })
  if (problems.length > 0) throw problemsError('INPUT_INVALID', `topic ${topic} holds what is no outage`, problems.slice(0, 20).map((message) => ({ message })))
  return { outages: [...byVersion.values()].sort(compareOutages), records, firstWrittenAtMs, lastWrittenAtMs }
}
