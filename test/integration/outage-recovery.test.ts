import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { kill } from 'node:process'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Profile } from '../../src/core/config.ts'
import { startEngines, stopEngines } from '../../src/engines/engines.ts'
import type { EngineAddresses } from '../../src/engines/addresses.ts'
import { groupMembers } from '../../src/engines/process-identity.ts'
import { readState } from '../../src/engines/state.ts'
import { flinkTarget } from '../../src/engines/targets.ts'
import { createJobManagerClient, type JobManagerClient } from '../../src/gateways/flink/job-manager.ts'
import { readGridArchive } from '../../src/grid/archive/read-archive.ts'
import { collectOutages, type CollectedOutages } from '../../src/outage/replay/collect.ts'
import { openReplayFeed, type ReplayFeed } from '../../src/outage/replay/feed.ts'
import { replayOutages } from '../../src/outage/replay/replay.ts'
import { replayTopics, replayTopicSpecs, type ReplayTopics } from '../../src/outage/replay/topics.ts'
import { writeTopology } from '../../src/outage/replay/write-events.ts'
import type { ValidEvent } from '../../src/records/event.ts'
import { parseOutageLine, type OutageRecord } from '../../src/records/outage.ts'
import { simulateOutages } from '../../src/simulation/outage/simulate.ts'
import { createKafkaClient } from '../../src/stores/kafka/client.ts'
import type { KafkaProducer } from '../../src/stores/kafka/produce.ts'
import { testProfile } from './engines.ts'
import { lastCheckpoint, partitions, sendEnd, sendEvents, submitOutage, waitForCheckpoints, waitUntil } from './outage-support.ts'

/*
  What is killed here must not be shared: a Flink cluster of this file's own, on the Kafka of all tests.
*/
const { context, profile: shared } = testProfile()
const kafka = createKafkaClient(inject('engines').kafka, context)
const profile: Profile = { ...shared, kafka: { brokers: [...inject('engines').kafka.brokers] }, stateDirectory: path.join(shared.stateDirectory, 'recovery'), checkpointIntervalSeconds: 1 }
const directory = mkdtempSync(path.join(os.tmpdir(), 'station-recovery-'))
const pieces = 16
const paceMs = 500

let addresses: EngineAddresses
let feed: ReplayFeed
let events: readonly ValidEvent[]
/** What an undisturbed run finds: every version of every outage. */
let undisturbed: readonly OutageRecord[]

beforeAll(async () => {
  await simulateOutages({ seed: 'recovery', areas: 30, hours: 6, faults: 12, noise: 'default', out: directory })
  const eventsFile = path.join(directory, 'events.ndjson')
  const opened = await openReplayFeed(await readGridArchive(directory), eventsFile, { signal: context.signal, zone: profile.zone })
  const all: ValidEvent[] = []
  feed = { ...opened, topology: [...opened.topology] }
  for await (const batch of feed.events()) all.push(...batch)
  events = all
  await startEngines(profile, ['flink'], { context })
  addresses = { ...inject('engines'), flink: (await startEngines(profile, ['kafka', 'flink'], { context })).flink }
  const outFile = path.join(directory, 'outages.ndjson')
  await replayOutages({ profile, gridDirectory: directory, eventsFile, outFile, parallelism: partitions, keep: true }, context)
  undisturbed = readFileSync(outFile, 'utf8').trimEnd().split('\n').map((line) => {
    const parsed = parseOutageLine(line)
    if (!parsed.ok) throw new Error(parsed.problems.join('; '))
    return parsed.value
  })
})

afterAll(async () => {
  await kafka.close()
  await stopEngines(profile, { context, force: true })
  rmSync(directory, { recursive: true, force: true })
})

test('the fixed run is large enough to be disturbed', () => {
  expect(events.length).toBeGreaterThan(2_000)
  expect([...new Set(undisturbed.map(({ state }) => state))]).toEqual(expect.arrayContaining(['SUSPECT', 'CONFIRMED', 'RESTORED', 'CLOSED', 'CANCELLED']))
})

test('after kill -9 of the TaskManager in mid-run the outages are those of an undisturbed run', async () => {
  const disturbed = await run({ ...profile, delivery: 'at-least-once' }, async ({ jobId, jobManager, producer, topics, rest }) => {
    await killGroup('taskmanager', { keepLeader: true })
    await sendEvents(rest.shift() ?? [], topics.events, producer) // nobody waits for us
    await waitUntil('restart from a checkpoint', 120_000, context, async () => (await jobManager.checkpoints(jobId)).counts.restored > 0)
    return jobId
  })
  expect(disturbed.outages).toEqual(undisturbed)
  // it went on: the beginning was not done again
  expect(disturbed.restoredFrom).toMatch(/chk-\d+$/)
  expect(disturbed.records - undisturbed.length).toBeLessThan(disturbed.before)
}, 420_000)

test('after kill -9 of the JobManager the job goes on from its last checkpoint: the same outages, each version written once', async () => {
  const disturbed = await run({ ...profile, delivery: 'exactly-once' }, async ({ jobId, producer, topics, rest, resubmit }) => {
    await killGroup('jobmanager', { keepLeader: false })
    await sendEvents(rest.shift() ?? [], topics.events, producer)
    // one JobManager without a standby forgets its jobs: the cluster is started again and the job submitted from what it left on disk
    addresses = { ...addresses, flink: (await startEngines(profile, ['kafka', 'flink'], { context })).flink }
    return resubmit(lastCheckpoint(profile, jobId))
  })
  expect(disturbed.outages).toEqual(undisturbed)
  expect(disturbed.restoredFrom).toMatch(/chk-\d+$/)
  expect(disturbed.records).toBe(undisturbed.length)
}, 420_000)

interface MidRun {
  readonly jobId: string
  readonly jobManager: JobManagerClient
  readonly producer: KafkaProducer
  readonly topics: ReplayTopics
  /** What is still to be sent. */
  readonly rest: (readonly ValidEvent[])[]
  readonly resubmit: (savepoint: string) => Promise<string>
}

interface Disturbed extends CollectedOutages {
  /** Versions published before the kill. */
  readonly before: number
  /** Checkpoint that the job went on from. */
  readonly restoredFrom: string | null
}

/** Sends the events piece by piece at a pace, disturbs in the middle, and collects when all has been said. `disturb` returns the id of the job that goes on. */
async function run(chosen: Profile, disturb: (run: MidRun) => Promise<string>): Promise<Disturbed> {
  const id = randomUUID().slice(0, 8)
  const topics = replayTopics(id)
  const submit = (savepoint?: string): Promise<string> => submitOutage({ profile: chosen, addresses, topics, group: `recovery-${id}`, ...(savepoint === undefined ? {} : { savepoint }) }, context)
  const client = (): JobManagerClient => createJobManagerClient(flinkTarget(profile, addresses.flink, context), context)
  await kafka.createTopics(replayTopicSpecs(topics, partitions))
  const producer = await kafka.createProducer()
  let jobManager = client()
  let jobId: string | undefined
  try {
    await writeTopology(feed, topics.topology, producer)
    jobId = await submit()
    await waitForCheckpoints(jobId, 2, jobManager, context)
    const size = Math.ceil(events.length / pieces)
    const rest = Array.from({ length: pieces }, (_, piece) => events.slice(piece * size, (piece + 1) * size))
    while (rest.length > pieces / 2) {
      await sendEvents(rest.shift() ?? [], topics.events, producer)
      await context.clock.sleep(paceMs)
    }
    await waitForCheckpoints(jobId, 1, jobManager, context)
    let before = 0
    await waitUntil('first outage', 60_000, context, async () => (before = (await collectOutages(kafka, topics.outage, context)).outages.length) > 0)
    expect(before).toBeLessThan(undisturbed.length)
    // past the last checkpoint, so that something has to be done again
    await sendEvents(rest.shift() ?? [], topics.events, producer)
    await context.clock.sleep(paceMs / 2)
    jobId = await disturb({ jobId, jobManager, producer, topics, rest, resubmit: submit })
    jobManager.close()
    jobManager = client()
    for (const piece of rest) await sendEvents(piece, topics.events, producer)
    await sendEnd(events, topics.events, producer)
    await waitUntil('end of the run', 120_000, context, async () => (await collectOutages(kafka, topics.outage, context)).outages.length >= undisturbed.length).catch(() => undefined)
    await waitForCheckpoints(jobId, 2, jobManager, context)
    const { restored } = await jobManager.checkpoints(jobId)
    return { ...(await collectOutages(kafka, topics.outage, context)), before, restoredFrom: restored?.path ?? null }
  } finally {
    await producer.close()
    if (jobId !== undefined) await jobManager.cancel(jobId, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined)
    jobManager.close()
    await kafka.deleteTopics(Object.values(topics)).catch(() => undefined)
  }
}

/** kill -9 of a process of this file's cluster; of a supervised one the supervisor lives and starts it again. */
async function killGroup(name: string, options: { readonly keepLeader: boolean }): Promise<void> {
  const record = (await readState(profile.stateDirectory, 'flink'))?.processes.find((each) => each.name === name)
  if (record === undefined) throw new Error(`there is no ${name}`)
  const victims = (groupMembers(record.pid) ?? []).filter(({ pid }) => !options.keepLeader || pid !== record.pid)
  expect(victims.length).toBeGreaterThan(0)
  for (const { pid } of victims) kill(pid, 'SIGKILL')
}
