import type { TopicSpec } from '../../stores/kafka/records.ts'

/** Topics of one replay: its own, so that replays never meet each other or the topics of operation. */
export interface ReplayTopics {
  readonly events: string
  readonly topology: string
  readonly outage: string
  readonly call: string
  readonly watch: string
  readonly hint: string
  readonly discard: string
}

export function replayTopics(replayId: string): ReplayTopics {
  const name = (topic: string): string => `replay-${replayId}.${topic}`
  return { events: name('event.valid'), topology: name('topology'), outage: name('outage'), call: name('call.request'), watch: name('watch'), hint: name('topology.hint'), discard: name('event.discard') }
}

/** Record times of a replay lie anywhere: neither retention nor the check against the broker's clock may act on them. */
const anyTime = { 'retention.ms': '-1', 'message.timestamp.type': 'CreateTime', 'message.timestamp.before.max.ms': '9223372036854775807', 'message.timestamp.after.max.ms': '9223372036854775807' }

/** A feeder of 25,000 meters takes more than the broker's default of 1 MiB before compression. */
const largeRecords = { 'max.message.bytes': '8388608' }

export function replayTopicSpecs(topics: ReplayTopics, eventPartitions: number): readonly TopicSpec[] {
  return Object.values(topics).map((name: string): TopicSpec => ({ name, partitions: name === topics.events ? eventPartitions : 1, settings: name === topics.topology ? { ...anyTime, ...largeRecords } : anyTime }))
}
