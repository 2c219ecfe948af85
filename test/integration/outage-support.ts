import { readdirSync, existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Profile } from '../../src/core/config.ts'
import type { Context } from '../../src/core/context.ts'
import type { EngineAddresses } from '../../src/engines/addresses.ts'
import { flinkTarget } from '../../src/engines/targets.ts'
import type { JobManagerClient } from '../../src/gateways/flink/job-manager.ts'
import { renderStreaming } from '../../src/jobs/job-commands.ts'
import { submitStreaming } from '../../src/jobs/streaming-job.ts'
import { tickAt } from '../../src/outage/replay/feed.ts'
import type { ReplayTopics } from '../../src/outage/replay/topics.ts'
import { eventRecord, finalTickMs } from '../../src/outage/replay/write-events.ts'
import { formatEventValue, type ValidEvent } from '../../src/records/event.ts'
import type { KafkaProducer } from '../../src/stores/kafka/produce.ts'
import type { KafkaRecord } from '../../src/stores/kafka/records.ts'

export const partitions = 2

export interface SubmitOutageOptions {
  readonly profile: Profile
  readonly addresses: EngineAddresses
  readonly topics: ReplayTopics
  readonly group: string
  readonly savepoint?: string
  readonly settings?: Readonly<Record<string, string>>
}

/** The outage job over topics of its own, as `station submit outage` starts it: endless, with checkpoints. Resolves when all tasks run. */
export async function submitOutage(options: SubmitOutageOptions, context: Context): Promise<string> {
  const { profile, addresses, topics, group, savepoint } = options
  const values = {
    events_topic: topics.events, topology_topic: topics.topology, outage_topic: topics.outage, call_topic: topics.call, watch_topic: topics.watch, hint_topic: topics.hint,
    discard_topic: topics.discard, group, settings: 'calls=false', parallelism: partitions,
    // a pause of the test is no silent partition
    events_idle: '0 ms',
  }
  const job = renderStreaming('outage', { profile, addresses, values }, context)
  const report = await submitStreaming(
    { ...job, settings: { ...job.settings, ...options.settings } },
    { target: flinkTarget(profile, addresses.flink, context), context, signal: context.signal, deadlineAtMs: context.clock.now() + 240_000, ...(savepoint === undefined ? {} : { savepoint }) },
  )
  return report.jobId
}

/** Ticks of all partitions at an instant of event time. */
export function ticksAt(atMs: number): readonly KafkaRecord[] {
  return Array.from({ length: partitions }, (_, partition) => ({ key: null, value: formatEventValue(tickAt(atMs, null)), timestampMs: atMs, partition }))
}

/** Events in order with ticks behind them, as one write. */
export async function sendEvents(events: readonly ValidEvent[], topic: string, producer: KafkaProducer): Promise<void> {
  const last = events.at(-1)
  if (last !== undefined) await producer.send(topic, [...events.map(eventRecord), ...ticksAt(last.receivedAtMs)])
}

/** Time runs on until no deadline of the judge is left. */
export async function sendEnd(events: readonly ValidEvent[], topic: string, producer: KafkaProducer): Promise<void> {
  await producer.send(topic, ticksAt((events.at(-1)?.receivedAtMs ?? 0) + finalTickMs))
}

export async function waitForCheckpoints(jobId: string, more: number, jobManager: JobManagerClient, context: Context): Promise<void> {
  const before = (await jobManager.checkpoints(jobId)).counts.completed
  try {
    await waitUntil(`${more} more checkpoints`, 120_000, context, async () => (await jobManager.checkpoints(jobId)).counts.completed >= before + more)
  } catch (error) {
    const [exception] = await jobManager.exceptions(jobId)
    throw exception === undefined ? error : new Error(`the job fails: ${exception.summary}`, { cause: error })
  }
}

/** Asks again and again; a question that fails (the engine is just being killed) counts as no. */
export async function waitUntil(what: string, limitMs: number, { clock, signal }: Context, isTrue: () => Promise<boolean>): Promise<void> {
  const deadlineMs = clock.now() + limitMs
  let last: unknown
  for (;;) {
    try {
      if (await isTrue()) return
    } catch (error) {
      last = error
    }
    if (clock.now() > deadlineMs) throw new Error(`no ${what} within ${limitMs / 1_000} s`, { cause: last })
    await clock.sleep(250, signal)
  }
}

/** The newest whole checkpoint that a lost job has left behind, as an operator finds it on the disk of a local cluster. */
export function lastCheckpoint(profile: Profile, jobId: string): string {
  const folder = path.join(profile.stateDirectory, 'flink', 'checkpoints', jobId)
  const numbers = readdirSync(folder)
    .filter((name) => /^chk-\d+$/.test(name) && existsSync(path.join(folder, name, '_metadata')))
    .map((name) => Number(name.slice(4)))
    .sort((left, right) => right - left)
  const [newest] = numbers
  if (newest === undefined) throw new Error(`job ${jobId} has left no checkpoint in ${folder}`)
  return pathToFileURL(path.join(folder, `chk-${newest}`)).href
}
