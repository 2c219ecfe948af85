import { randomUUID } from 'node:crypto'
import type { Profile } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { writeLines } from '../../core/line-writer.ts'
import { withStep } from '../../core/progress.ts'
import { formatInstant } from '../../core/time.ts'
import { usingEngines } from '../../engines/engines.ts'
import { flinkTarget } from '../../engines/targets.ts'
import { createJobManagerClient } from '../../gateways/flink/job-manager.ts'
import { readGridArchive } from '../../grid/archive/read-archive.ts'
import { renderJob, type ParameterValue } from '../../jobs/render.ts'
import { parameterValues } from '../../jobs/sources.ts'
import { loadJob } from '../../jobs/spec.ts'
import { createOutageFormatter, type OutageRecord } from '../../records/outage.ts'
import { createKafkaClient, type KafkaClient } from '../../stores/kafka/client.ts'
import { collectOutages } from './collect.ts'
import { openReplayFeed } from './feed.ts'
import { submitReplay } from './submit-replay.ts'
import { replayWithCalls } from './with-calls.ts'
import { replayTopics, replayTopicSpecs } from './topics.ts'
import { writeEvents, writeTopology, type WriteReport } from './write-events.ts'

export interface ReplayOptions {
  readonly profile: Profile
  readonly gridDirectory: string
  readonly eventsFile: string
  readonly outFile: string
  /** Command line of an answering program; without it nobody answers. */
  readonly callsCommand?: string
  /** Settings of the judge, `name=value` separated by semicolons. */
  readonly settings?: string
  /** Partitions of the event topic and parallelism of the job. Default 2. */
  readonly parallelism?: number
  readonly keep?: boolean
}

export interface ReplayReport extends WriteReport {
  readonly outages: number
  readonly versions: number
  readonly calls: number
  /** From the first record of the job to its end, engines running, events preloaded. */
  readonly jobMs: number
  readonly loadMs: number
  readonly file: string
}


/**
 * `station outage replay`: the real job over a file of events on the profile's engines.
 * Throws INPUT_INVALID for a file that is no event file or out of order, JOB_FAILED, CALLS_FAILED when the answering program fails.
 */
export async function replayOutages(options: ReplayOptions, context: Context): Promise<ReplayReport> {
  const { profile } = options
  const { signal } = context
  const archive = await withStep(context.progress, 'read the grid archive', () => readGridArchive(options.gridDirectory, { signal, zone: profile.zone }))
  const feed = await openReplayFeed(archive, options.eventsFile, { signal, zone: profile.zone })
  return usingEngines(
    ['kafka', 'flink'],
    { profile },
    context,
    async (addresses) => {
      const kafka = createKafkaClient(addresses.kafka, context)
      const target = flinkTarget(profile, addresses.flink, context)
      const jobManager = createJobManagerClient(target, context)
      const replayId = randomUUID().slice(0, 8)
      const topics = replayTopics(replayId)
      const { callsCommand } = options
      const parallelism = callsCommand === undefined ? (options.parallelism ?? 2) : 1
      const submit = async (settings: string, changes: Readonly<Record<string, ParameterValue>>, session: Readonly<Record<string, string>> = {}): Promise<string> => {
        const job = renderJob(loadJob('outage', context), { values: { ...replayValues(topics, replayId, { settings, parallelism }), ...changes }, sources: parameterValues({ profile, addresses }) })
        return submitReplay({ ...job, settings: { ...job.settings, ...session } }, { target, context, signal, name: `outage-replay-${replayId}` })
      }
      const cancel = (jobId: string): Promise<void> => jobManager.cancel(jobId, { signal: AbortSignal.timeout(20_000) }).catch(() => undefined)
      try {
        await kafka.createTopics(replayTopicSpecs(topics, parallelism))
        const loadedAt = context.clock.now()
        const feeders = await withStep(context.progress, 'write the topology to Kafka', async () => {
          const producer = await kafka.createProducer({ compression: 'gzip' })
          try {
            return await writeTopology(feed, topics.topology, producer)
          } finally {
            await producer.close()
          }
        })
        let written: Omit<WriteReport, 'feeders'> & { readonly calls: number }
        let startedAt: number
        if (callsCommand === undefined) {
          written = await withStep(context.progress, 'write the events to Kafka', async (step) => ({
            calls: 0,
            ...(await writeEvents(feed, { kafka, topic: topics.events, partitions: parallelism, context, onProgress: (events) => step.update(`${events} events`) })),
          }))
          startedAt = context.clock.now()
          await withStep(context.progress, 'judge', async () => {
            const jobId = await submit(options.settings ?? 'calls=false', { watermark_emit: 'on-periodic' }, bulkSettings)
            try {
              const ended = await jobManager.waitForEnd(jobId, { signal })
              if (ended.state !== 'FINISHED') {
                const [exception] = await jobManager.exceptions(jobId, { signal })
                throw new StationError('JOB_FAILED', `the replay ended as ${ended.state.toLowerCase()}: ${exception?.summary ?? 'no cause given'}`, { facts: { jobId } })
              }
            } catch (error) {
              await cancel(jobId)
              throw error
            }
          })
        } else {
          startedAt = context.clock.now()
          written = await withStep(context.progress, 'judge with calls', async (step) => {
            const jobId = await submit(options.settings ?? 'calls=true', { events_bounded: 'unbounded' }, stepSettings)
            try {
              const report = await replayWithCalls({
                archive, feed, command: callsCommand, zone: profile.zone, kafka, eventsTopic: topics.events, callTopic: topics.call, jobId, jobManager, context,
                onProgress: (atMs, calls) => step.update(`${formatInstant(atMs, profile.zone)}, ${calls} calls`),
              })
              await waitForRows(kafka, topics.outage, report.outageRows, context)
              return report
            } finally {
              await cancel(jobId)
            }
          })
        }
        const endedAt = context.clock.now()
        const { outages } = await collectOutages(kafka, topics.outage, context)
        await writeOutages(outages, options.outFile, { zone: profile.zone, signal })
        const { events, reports, lastAtMs, calls } = written
        return { feeders, events, reports, lastAtMs, calls, outages: new Set(outages.map(({ outageId }) => outageId)).size, versions: outages.length, jobMs: endedAt - startedAt, loadMs: startedAt - loadedAt, file: options.outFile }
      } finally {
        await kafka.deleteTopics(Object.values(topics), AbortSignal.timeout(30_000)).catch(() => undefined)
        jobManager.close()
        await kafka.close()
      }
    },
    options.keep === undefined ? {} : { keep: options.keep },
  )
}

/** A window of a replay with calls takes as long as a row needs through the job: nothing may wait in a buffer. */
const stepSettings = { 'execution.buffer-timeout.interval': '0 ms', 'execution.checkpointing.interval': '1 h' }
/** A preloaded replay is measured by its speed: few checkpoints, no copies between chained operators. */
const bulkSettings = { 'execution.checkpointing.interval': '60 s', 'pipeline.object-reuse': 'true', 'execution.buffer-timeout.interval': '100 ms' }
const rowsWaitMs = 30_000

/** The sink writes behind the echo: waits until everything that the judge has published lies in the topic. */
async function waitForRows(kafka: KafkaClient, topic: string, rows: number, context: Context): Promise<void> {
  const deadlineMs = context.clock.now() + rowsWaitMs
  for (;;) {
    let written = 0n
    for (const end of (await kafka.endOffsets(topic, context.signal)).values()) written += end
    if (written >= BigInt(rows)) return
    if (context.clock.now() > deadlineMs) throw new StationError('JOB_FAILED', `${rows} versions of outages were published, ${written} arrived`, { facts: { topic } })
    await context.clock.sleep(50, context.signal)
  }
}

export function replayValues(topics: ReturnType<typeof replayTopics>, replayId: string, { settings, parallelism }: { readonly settings: string; readonly parallelism: number }): Readonly<Record<string, ParameterValue>> {
  return {
    events_topic: topics.events, topology_topic: topics.topology, outage_topic: topics.outage, call_topic: topics.call, watch_topic: topics.watch, hint_topic: topics.hint,
    discard_topic: topics.discard, group: `replay-${replayId}`, settings, parallelism, events_bounded: 'latest-offset', topology_bounded: 'latest-offset', topology_idle: '0 ms', events_idle: '0 ms',
  }
}

export async function writeOutages(outages: readonly OutageRecord[], file: string, options: { readonly zone: string; readonly signal: AbortSignal }): Promise<void> {
  const format = createOutageFormatter(options.zone)
  await writeLines(file, outages.map(format), { signal: options.signal })
}

