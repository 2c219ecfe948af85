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
import { openReplayFeed } from './feed.ts'
import { submitReplay } from './submit-replay.ts'
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
      const parallelism = options.parallelism ?? 2
      try {
        await kafka.createTopics(replayTopicSpecs(topics, parallelism))
        const loadedAt = context.clock.now()
        const written = await withStep(context.progress, 'write topology and events to Kafka', async (step) => {
          const producer = await kafka.createProducer()
          try {
            const feeders = await writeTopology(feed, topics.topology, producer)
            return { feeders, ...(await writeEvents(feed, { kafka, topic: topics.events, partitions: parallelism, context, onProgress: (events) => step.update(`${events} events`) })) }
          } finally {
            await producer.close()
          }
        })
        const startedAt = context.clock.now()
        const job = renderJob(loadJob('outage', context), {
          values: replayValues(topics, replayId, { settings: options.settings ?? 'calls=false', parallelism }),
          sources: parameterValues({ profile, addresses }),
        })
        await withStep(context.progress, 'judge', async (step) => {
          const jobId = await submitReplay(job, { target, context, signal, name: `outage-replay-${replayId}` })
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
          step.update(`${written.events} events judged`)
        })
        const endedAt = context.clock.now()
        const { outages } = await collectOutages(kafka, topics.outage, context)
        await writeOutages(outages, options.outFile, { zone: profile.zone, signal })
        return { ...written, outages: new Set(outages.map(({ outageId }) => outageId)).size, versions: outages.length, calls: 0, jobMs: endedAt - startedAt, loadMs: startedAt - loadedAt, file: options.outFile }
      } finally {
        await kafka.deleteTopics(Object.values(topics), AbortSignal.timeout(30_000)).catch(() => undefined)
        jobManager.close()
        await kafka.close()
      }
    },
    options.keep === undefined ? {} : { keep: options.keep },
  )
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

