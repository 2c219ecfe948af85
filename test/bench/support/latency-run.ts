import { randomUUID } from 'node:crypto'
import type { Profile } from '../../../src/core/config.ts'
import type { Context } from '../../../src/core/context.ts'
import { isStationError } from '../../../src/core/errors.ts'
import { withRetry } from '../../../src/core/retry.ts'
import type { EngineAddresses } from '../../../src/engines/addresses.ts'
import { flinkTarget } from '../../../src/engines/targets.ts'
import { createJobManagerClient } from '../../../src/gateways/flink/job-manager.ts'
import { renderStreaming } from '../../../src/jobs/job-commands.ts'
import { submitStreaming } from '../../../src/jobs/streaming-job.ts'
import type { ReplayFeed } from '../../../src/outage/replay/feed.ts'
import { replayTopics } from '../../../src/outage/replay/topics.ts'
import { writeTopology } from '../../../src/outage/replay/write-events.ts'
import { parseOutageValue } from '../../../src/records/outage.ts'
import { createKafkaClient, type KafkaClient } from '../../../src/stores/kafka/client.ts'
import { decisionsOf, readAppended, type Decision, type Published } from './decisions.ts'
import { sendLive, type LiveStretch, type SendReport } from './live-load.ts'
import { cpuBetween, cpuSeconds } from './processes.ts'

export interface LatencyRunOptions {
  readonly profile: Profile
  readonly addresses: EngineAddresses
  readonly feed: ReplayFeed
  readonly live: LiveStretch
  readonly onProgress: (text: string) => void
}

export interface LatencyRun {
  readonly decisions: readonly Decision[]
  readonly sending: SendReport
  readonly cpuSeconds: Readonly<Record<string, number>>
  readonly checkpoints: { readonly completed: number; readonly failed: number; readonly sizeBytes: number | null; readonly durationMs: { readonly p50: number; readonly p99: number; readonly maximum: number } }
  readonly restarts: number
}

const partitions = 2
const startWaitMs = 300_000
const topologyWaitMs = 5_000
/** What was decided just before the end may wait for a checkpoint. */
const drainMs = 6_000

/** One job of the profile as `station submit` starts it, fed live, with everything it published. */
export async function runLatency(options: LatencyRunOptions, context: Context): Promise<LatencyRun> {
  const { profile, addresses, feed, live, onProgress } = options
  const { signal, clock } = context
  const kafka = createKafkaClient(addresses.kafka, context)
  const target = flinkTarget(profile, addresses.flink, context)
  const jobManager = createJobManagerClient(target, context)
  const id = `latency-${randomUUID().slice(0, 8)}`
  const topics = replayTopics(id)
  // both sides by the broker's clock, as in operation
  await kafka.createTopics(Object.values(topics).map((name: string) => ({ name, partitions: name === topics.events ? partitions : 1, settings: { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '-1' } })))
  const values = {
    events_topic: topics.events, topology_topic: topics.topology, outage_topic: topics.outage, call_topic: topics.call, watch_topic: topics.watch,
    hint_topic: topics.hint, discard_topic: topics.discard, group: id, settings: 'calls=false', parallelism: partitions,
  }
  let jobId: string | undefined
  const watching = new AbortController()
  try {
    onProgress('starting the job')
    const topologyProducer = await kafka.createProducer()
    await writeTopology(feed, topics.topology, topologyProducer)
    await topologyProducer.close()
    jobId = (await submitStreaming(renderStreaming('outage', { profile, addresses, values }, context), { target, context, signal, deadlineAtMs: clock.now() + startWaitMs })).jobId
    const published: Published[] = []
    const reading = watch(kafka, topics.outage, published, { ...context, signal: AbortSignal.any([signal, watching.signal]) })
    await clock.sleep(topologyWaitMs, signal)
    const before = await cpuSeconds(profile)
    const producer = await kafka.createProducer()
    const sending = await sendLive(feed, live, { producer, topic: topics.events, partitions, context, onProgress: (sent) => onProgress(`${sent} of ${live.events} events sent, ${published.length} versions published`) })
    await producer.close()
    await clock.sleep(drainMs, signal)
    const used = cpuBetween(before, await cpuSeconds(profile))
    const { counts, latestCompleted } = await jobManager.checkpoints(jobId, { signal })
    const durationMs = await checkpointDurations(`${target.jobManagerUrl}/jobs/${jobId}/checkpoints`, signal)
    watching.abort()
    await reading
    onProgress('reading what was appended when')
    const decisions = decisionsOf(published, await readAppended(kafka, topics.events, signal))
    return { decisions, sending, cpuSeconds: used, checkpoints: { completed: counts.completed, failed: counts.failed, sizeBytes: latestCompleted?.sizeBytes ?? null, durationMs }, restarts: counts.restored }
  } finally {
    watching.abort()
    if (jobId !== undefined) await jobManager.cancel(jobId, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined)
    await kafka.deleteTopics(Object.values(topics), AbortSignal.timeout(30_000)).catch(() => undefined)
    jobManager.close()
    await kafka.close()
  }
}

/** From trigger to the last acknowledgement; what is exactly once is published just behind it. */
async function checkpointDurations(url: string, signal: AbortSignal): Promise<LatencyRun['checkpoints']['durationMs']> {
  const { summary } = (await (await fetch(url, { signal })).json()) as { readonly summary: { readonly end_to_end_duration: Readonly<Record<'p50' | 'p99' | 'max', number>> } }
  const { p50, p99, max } = summary.end_to_end_duration
  return { p50: Math.round(p50), p99: Math.round(p99), maximum: max }
}

/** Reads committed records as they come until the signal aborts. */
async function watch(kafka: KafkaClient, topic: string, published: Published[], context: Context): Promise<void> {
  const { clock, signal } = context
  const notYetCoordinated = (error: unknown): boolean => isStationError(error, 'KAFKA_FAILED') && error.facts['type'] === 'GROUP_LOAD_IN_PROGRESS'
  try {
    await withRetry({ attempts: 30, firstDelayMs: 250, maximumDelayMs: 2_000, factor: 1.5 }, { clock, signal, retryable: notYetCoordinated }, () =>
      kafka.consume({ topics: [topic], signal }, (readings) => {
        const seenAtMs = clock.now()
        for (const { value, timestampMs } of readings) {
          const parsed = parseOutageValue(value?.toString('utf8') ?? '')
          if (!parsed.ok) throw new Error(`no outage: ${parsed.problems.join('; ')}`)
          published.push({ outage: parsed.value, appendedAtMs: timestampMs, seenAtMs })
        }
      }),
    )
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
