import type { Admin } from 'kafkajs'
import type { Clock } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { kafkaErrorTypes } from './failure.ts'
import type { TopicSpec } from './records.ts'

interface Waiting {
  readonly clock: Clock
  readonly signal: AbortSignal
}

const settleMs = 20_000

/**
 * Topics that do not exist yet. A deletion is only marked when Kafka answers it: a topic of the same name is refused or vanishes for a while,
 * so this repeats until the topics are there with a leader for every partition.
 */
export async function createTopics(admin: Admin, topics: readonly TopicSpec[], { clock, signal }: Waiting): Promise<void> {
  const deadlineMs = clock.now() + settleMs
  for (;;) {
    signal.throwIfAborted()
    const existing = new Set(await admin.listTopics())
    const missing = topics.filter(({ name }) => !existing.has(name))
    if (missing.length === 0 && (await haveLeaders(admin, topics))) return
    if (clock.now() > deadlineMs) throw new StationError('KAFKA_FAILED', `topics were not ready after ${settleMs / 1000} s: ${(missing.length > 0 ? missing : topics).map(({ name }) => name).join(', ')}`, { retry: 'later' })
    if (missing.length > 0) {
      try {
        await admin.createTopics({ topics: missing.map(toConfig), waitForLeaders: false })
      } catch (error) {
        if (!kafkaErrorTypes(error).includes('TOPIC_ALREADY_EXISTS')) throw error
      }
    }
    await clock.sleep(50, signal)
  }
}

export async function deleteTopics(admin: Admin, names: readonly string[], { clock, signal }: Waiting): Promise<void> {
  const deadlineMs = clock.now() + settleMs
  for (;;) {
    signal.throwIfAborted()
    const existing = new Set(await admin.listTopics())
    const left = names.filter((name) => existing.has(name))
    if (left.length === 0) return
    if (clock.now() > deadlineMs) throw new StationError('KAFKA_FAILED', `topics were not deleted after ${settleMs / 1000} s: ${left.join(', ')}`, { retry: 'later' })
    try {
      await admin.deleteTopics({ topics: left })
    } catch (error) {
      if (!kafkaErrorTypes(error).includes('UNKNOWN_TOPIC_OR_PARTITION')) throw error
    }
    await clock.sleep(50, signal)
  }
}

async function haveLeaders(admin: Admin, topics: readonly TopicSpec[]): Promise<boolean> {
  try {
    const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) })
    return found.length === topics.length && found.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))
  } catch {
    return false
  }
}

function toConfig({ name, partitions, replicationFactor, settings }: TopicSpec): { topic: string; numPartitions: number; replicationFactor: number; configEntries: { name: string; value: string }[] } {
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor: replicationFactor ?? 1,
    configEntries: Object.entries(settings ?? {}).map(([setting, value]) => ({ name: setting, value })),
  }
}
