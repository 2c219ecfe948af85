import { randomUUID } from 'node:crypto'
import type { Profile } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { writeLines } from '../../core/line-writer.ts'
import { withStep } from '../../core/progress.ts'
import { usingEngines } from '../../engines/engines.ts'
import { flinkTarget } from '../../engines/targets.ts'
import { createJobManagerClient } from '../../gateways/flink/job-manager.ts'
import { readGridArchive } from '../../grid/archive/read-archive.ts'
import { renderJob, type ParameterValue } from '../../jobs/render.ts'
import { parameterValues } from '../../jobs/sources.ts'
import { loadJob } from '../../jobs/spec.ts'
import { createOutageFormatter, type OutageRecord } from '../../records/outage.ts'
import { createKafkaClient } from '../../stores/kafka/client.ts'
import { collectOutages } from './collect.ts'
import { openReplayFeed, type ReplayFeed } from './feed.ts'
import { submitReplay } from './submit-replay.ts'
import { checkCalls, rehearseCalls, withAnswers } from './rehearsal.ts'
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
  /** Of a replay with calls: where the outages of its rehearsal go, and the heap that it may take. */
  readonly rehearsal?: { readonly outFile?: string; readonly memory?: string }
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
  const openFeed = (): Promise<ReplayFeed> => openReplayFeed(archive, options.eventsFile, { signal, zone: profile.zone })
  const { callsCommand } = options
  const settings = options.settings ?? `calls=${callsCommand !== undefined}`
  const rehearsal =
    callsCommand === undefined
      ? null
      : await withStep(context.progress, 'rehearse the calls in virtual time', async (step) =>
          rehearseCalls({ archive, feed: await openFeed(), command: callsCommand, settings, zone: profile.zone, ...options.rehearsal, onProgress: (calls) => step.update(`${calls} calls`) }, context),
        )
  const feed = await openFeed()
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
      const parallelism = options.parallelism ?? 2
      const submit = async (): Promise<string> => {
        const values = { ...replayValues(topics, replayId, { settings, parallelism }), watermark_emit: 'on-periodic' }
        const job = renderJob(loadJob('outage', context), { values, sources: parameterValues({ profile, addresses }) })
        return submitReplay({ ...job, settings: { ...job.settings, ...bulkSettings } }, { target, context, signal, name: `outage-replay-${replayId}` })
      }
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
        const written = await withStep(context.progress, 'write the events to Kafka', (step) =>
          writeEvents(rehearsal === null ? feed : withAnswers(feed, rehearsal.answers), { kafka, topic: topics.events, partitions: parallelism, context, onProgress: (events) => step.update(`${events} events`) }),
        )
        const startedAt = context.clock.now()
        await withStep(context.progress, 'judge', async () => {
          const jobId = await submit()
          try {
            const ended = await jobManager.waitForEnd(jobId, { signal })
            if (ended.state !== 'FINISHED') {
              const [exception] = await jobManager.exceptions(jobId, { signal })
              throw new StationError('JOB_FAILED', `the replay ended as ${ended.state.toLowerCase()}: ${exception?.summary ?? 'no cause given'}`, { facts: { jobId } })
            }
          } catch (error) {
            await jobManager.cancel(jobId, { signal: AbortSignal.timeout(20_000) }).catch(() => undefined)
            throw error
          }
        })
        const endedAt = context.clock.now()
        if (rehearsal !== null) await checkCalls(rehearsal, { kafka, topic: topics.call, signal })
        const { outages } = await collectOutages(kafka, topics.outage, context)
        await writeOutages(outages, options.outFile, { zone: profile.zone, signal })
        return { feeders, ...written, events: written.events - (rehearsal?.answers.length ?? 0), calls: rehearsal?.requests.length ?? 0, outages: new Set(outages.map(({ outageId }) => outageId)).size, versions: outages.length, jobMs: endedAt - startedAt, loadMs: startedAt - loadedAt, file: options.outFile }
      } finally {
        await kafka.deleteTopics(Object.values(topics), AbortSignal.timeout(30_000)).catch(() => undefined)
        jobManager.close()
        await kafka.close()
      }
    },
    options.keep === undefined ? {} : { keep: options.keep },
  )
}

/** A preloaded replay is measured by its speed: few checkpoints, no copies between chained operators. */
const bulkSettings = { 'execution.checkpointing.interval': '60 s', 'pipeline.object-reuse': 'true', 'execution.buffer-timeout.interval': '100 ms' }
function replayValues(topics: ReturnType<typeof replayTopics>, replayId: string, { settings, parallelism }: { readonly settings: string; readonly parallelism: number }): Readonly<Record<string, ParameterValue>> {
  return {
    events_topic: topics.events, topology_topic: topics.topology, outage_topic: topics.outage, call_topic: topics.call, watch_topic: topics.watch, hint_topic: topics.hint,
    discard_topic: topics.discard, group: `replay-${replayId}`, settings, parallelism, events_bounded: 'latest-offset', topology_bounded: 'latest-offset', topology_idle: '0 ms', events_idle: '0 ms',
  }
}

async function writeOutages(outages: readonly OutageRecord[], file: string, options: { readonly zone: string; readonly signal: AbortSignal }): Promise<void> {
  const format = createOutageFormatter(options.zone)
  await writeLines(file, outages.map(format), { signal: options.signal })
}

