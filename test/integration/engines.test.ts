import { randomUUID } from 'node:crypto'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import axios from 'axios'
import { expect, inject, test } from 'vitest'
import { findPackageRoot } from '../../src/core/context.ts'
import { usingEngines } from '../../src/engines/engines.ts'
import { groupMembers } from '../../src/engines/process-identity.ts'
import { readState } from '../../src/engines/state.ts'
import { engineStatus } from '../../src/engines/status.ts'
import { usingSparkSession } from '../../src/gateways/spark/using-spark-session.ts'
import type { SparkTransport } from '../../src/gateways/spark/spark-session.ts'
import { createKafkaClient } from '../../src/stores/kafka/client.ts'
import { testProfile } from './engines.ts'

const run = promisify(execFile)
const engines = inject('engines')

test('all engines of the profile are well, and every port is on the loopback address', async () => {
  const { profile, context } = testProfile()
  const statuses = await engineStatus(profile, context)
  expect(statuses.map(({ engine, condition }) => `${engine} ${condition}`)).toEqual(['kafka running', 'flink running', 'spark running'])
  for (const { endpoints } of statuses) for (const place of Object.values(endpoints)) expect(place).toMatch(/^127\.0\.0\.1:\d+$/)
})

test('the command line sees the same engines', async () => {
  const root = findPackageRoot()
  const { stdout } = await run('npx', ['tsx', path.join(root, 'cli', 'bin.ts'), 'engines', 'status', '--output', 'json'], { cwd: root, env: { ...process.env, ...inject('engineEnvironment') } })
  const envelope = JSON.parse(stdout) as { ok: boolean; result: { engines: { engine: string; condition: string; endpoints: Record<string, string> }[] } }
  expect(envelope.ok).toBe(true)
  expect(envelope.result.engines.find(({ engine }) => engine === 'kafka')?.endpoints['kafka']).toBe(engines.kafka.brokers[0])
})

test('a run adopts the engines that are up and leaves them running', async () => {
  const { profile, context } = testProfile()
  const before = await readState(profile.stateDirectory, 'kafka')
  await usingEngines(['kafka'], { profile }, context, async ({ kafka }) => {
    const client = createKafkaClient(kafka, context)
    await client.listTopics()
    await client.close()
  })
  expect(await readState(profile.stateDirectory, 'kafka')).toEqual(before)
})

test('Spark takes its classes from the archive that was made after its installation', async () => {
  const { profile } = testProfile()
  const { pid } = (await readState(profile.stateDirectory, 'spark'))!.processes[0]!
  // a JVM that finds that an archive does not fit lets go of it and starts all the same
  expect(readFileSync(`/proc/${pid}/maps`, 'utf8')).toMatch(/\/spark-[^/]*\.jsa$/m)
})

test('Spark Connect and Thrift share one catalog', async () => {
  const { context } = testProfile()
  const table = `engines_${randomUUID().replaceAll('-', '')}`
  const { connect, thrift } = engines.spark
  const targets = { connect: connect!, thrift: { ...thrift!, auth: 'plain' as const, username: 'station' } }
  const execute = (transport: SparkTransport, sql: string) =>
    usingSparkSession({ transport, ...targets }, { name: 'engines', context, signal: context.signal }, (session) => session.execute(sql, { signal: context.signal }))
  await execute('connect', `CREATE TABLE ${table} AS SELECT CAST(9007199254740993 AS BIGINT) AS big`)
  try {
    expect((await execute('thrift', `SELECT big FROM ${table}`)).rows).toEqual([[9007199254740993n]])
    expect((await execute('thrift', "SELECT current_timezone()")).rows).toEqual([['Asia/Shanghai']])
  } finally {
    await execute('thrift', `DROP TABLE ${table}`)
  }
})

test('a TaskManager that is killed comes back by itself', async () => {
  const { profile } = testProfile()
  const supervisor = (await readState(profile.stateDirectory, 'flink'))!.processes.find(({ name }) => name === 'taskmanager')!.pid
  const worker = () => groupMembers(supervisor)!.filter(({ pid, residentPages }) => pid !== supervisor && residentPages > 10_000)[0]?.pid
  const registered = async () => (await axios.get<{ taskmanagers: { id: string }[] }>(`${engines.flink.jobManagerUrl}/taskmanagers`, { proxy: false })).data.taskmanagers.map(({ id }) => id)
  const [killed] = await registered()
  const before = worker()!
  process.kill(before, 'SIGKILL')
  // the JobManager must have seen both: the end of the old one and the new one
  await expect.poll(registered, { timeout: 120_000, interval: 500 }).toSatisfy((ids: string[]) => ids.length === 1 && ids[0] !== killed)
  expect(worker()).not.toBe(before)
})
