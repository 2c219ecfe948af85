import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { flinkTarget } from '../../src/engines/targets.ts'
import { createJobManagerClient } from '../../src/gateways/flink/job-manager.ts'
import { collectOutages } from '../../src/outage/replay/collect.ts'
import { replayTopicSpecs, type ReplayTopics } from '../../src/outage/replay/topics.ts'
import type { OutageRecord } from '../../src/records/outage.ts'
import { createKafkaClient } from '../../src/stores/kafka/client.ts'
import type { KafkaRecord } from '../../src/stores/kafka/records.ts'
import { testProfile } from './engines.ts'
import { partitions, submitOutage, waitForCheckpoints, waitUntil } from './outage-support.ts'

const root = path.join(import.meta.dirname, '../fixtures/savepoints')
const versions = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)

const { context, profile: shared } = testProfile()
const profile = { ...shared, delivery: 'at-least-once' as const, checkpointIntervalSeconds: 1 }
const addresses = inject('engines')
const kafka = createKafkaClient(addresses.kafka, context)
const jobManager = createJobManagerClient(flinkTarget(profile, addresses.flink, context), context)

afterAll(async () => {
  jobManager.close()
  await kafka.close()
})

interface Made {
  readonly topics: ReplayTopics
  readonly group: string
  readonly open: readonly Pick<OutageRecord, 'outageId' | 'version' | 'state' | 'nodeId'>[]
}

function read<T>(version: string, file: string): T {
  const text = readFileSync(path.join(root, version, file), 'utf8')
  return (file.endsWith('.json') ? JSON.parse(text) : text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)) as T
}

describe.each(versions)('the savepoint of %s', (version) => {
  test('is restored by the job of today: open outages go on where they stood and end', async () => {
    const { topics, group, open } = read<Made>(version, 'made.json')
    const published = read<readonly OutageRecord[]>(version, 'published.ndjson')
    // the savepoint knows topics, partitions and offsets: they are as they were
    await kafka.deleteTopics(Object.values(topics))
    await kafka.createTopics(replayTopicSpecs(topics, partitions))
    await kafka.produce(topics.topology, read<readonly KafkaRecord[]>(version, 'topology.ndjson'))
    await kafka.produce(topics.events, read<readonly KafkaRecord[]>(version, 'before.ndjson'))
    let jobId: string | undefined
    try {
      jobId = await submitOutage({ profile, addresses, topics, group, savepoint: pathToFileURL(path.join(root, version, 'savepoint')).href }, context)
      await waitForCheckpoints(jobId, 1, jobManager, context)
      expect((await jobManager.checkpoints(jobId)).restored).toMatchObject({ isSavepoint: true })
      // nothing is judged twice: what was read before lies behind the restored offsets
      expect((await collectOutages(kafka, topics.outage, context)).outages).toEqual([])

      await kafka.produce(topics.events, read<readonly KafkaRecord[]>(version, 'after.ndjson'))
      const later = async (): Promise<readonly OutageRecord[]> => (await collectOutages(kafka, topics.outage, context)).outages
      const ended = ({ state }: OutageRecord): boolean => ['CLOSED', 'CANCELLED', 'MERGED', 'MOMENTARY'].includes(state)
      await waitUntil('end of every outage', 60_000, context, async () => {
        const rows = await later()
        return open.every(({ outageId }) => rows.some((row) => row.outageId === outageId && ended(row)))
      }).catch(() => undefined)
      await waitForCheckpoints(jobId, 2, jobManager, context)
      const rows = await later()
      for (const { outageId, version: last, state, nodeId } of open) {
        const own = rows.filter((row) => row.outageId === outageId)
        expect(own.map((row) => row.version)).toEqual(own.map((_, index) => last + 1 + index))
        expect(own.at(-1)).toMatchObject({ state: 'CLOSED', nodeId })
        expect(own.map((row) => row.state)).toEqual(state === 'CONFIRMED' ? ['RESTORED', 'CLOSED'] : ['CONFIRMED', 'RESTORED', 'CLOSED'])
      }
      const before = new Set(published.map(({ outageId }) => outageId))
      expect(rows.filter((row) => before.has(row.outageId) && !open.some(({ outageId }) => outageId === row.outageId))).toEqual([])
    } finally {
      if (jobId !== undefined) await jobManager.cancel(jobId, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined)
      await kafka.deleteTopics(Object.values(topics)).catch(() => undefined)
    }
  })
})
