import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createContext, systemClock } from '../../../src/core/context.ts'
import { createJobManagerClient, type JobManagerClient } from '../../../src/gateways/flink/job-manager.ts'
import { startFlinkFake, type FakeGateway } from '../../fakes/flink-gateway.ts'
import { startServer } from '../../fakes/flink-server.ts'

const context = createContext({ clock: { now: () => systemClock.now(), sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 10), signal) } })
const id = 'a'.repeat(32)

let fake: FakeGateway
let client: JobManagerClient
beforeEach(async () => {
  fake = await startFlinkFake()
  client = createJobManagerClient(fake, context)
})
afterEach(async () => {
  client.close()
  await fake.stop()
})

describe('the JobManager', () => {
  it('tells cluster, jobs, vertices, exceptions and checkpoints', async () => {
    fake.jobManager.start(id, 'outage@1', { deploying: 0 })
    expect(await client.overview()).toMatchObject({ taskManagers: 1, slotsTotal: 4, flinkVersion: '2.3.0' })
    expect(await client.config()).toEqual({ flinkVersion: '2.3.0' })
    expect(await client.jobs()).toEqual([{ id, name: 'outage@1', state: 'RUNNING', startedAtMs: expect.any(Number), endedAtMs: null, durationMs: expect.any(Number) }])
    expect(await client.job(id)).toMatchObject({ id, state: 'RUNNING', endedAtMs: null, vertices: [{ state: 'RUNNING', parallelism: 1 }, { state: 'RUNNING' }] })
    expect(await client.exceptions(id)).toEqual([])
    expect(await client.checkpoints(id)).toMatchObject({ counts: { failed: expect.any(Number) }, latestSavepoint: { path: expect.stringContaining('file:/flink/savepoint-') } })
  })

  it('stops a job with a savepoint only after all vertices run, and waits for both', async () => {
    fake.jobManager.start(id, 'x', { deploying: 3 })
    expect(await client.stopWithSavepoint(id, { directory: 'file:///savepoints', drain: true })).toContain('file:/flink/savepoint-')
    expect(fake.jobManager.jobs.get(id)!.state).toBe('FINISHED')
    const stop = fake.jobManager.requests.find((request) => request.path.endsWith('/stop'))!
    expect(JSON.parse(stop.body)).toEqual({ targetDirectory: 'file:///savepoints', drain: true, triggerId: expect.stringMatching(/^[0-9a-f]{32}$/) })
  })

  it('takes a savepoint of a job that goes on', async () => {
    fake.jobManager.start(id, 'x')
    expect(await client.savepoint(id, { directory: 'file:///savepoints' })).toContain('savepoint-')
    expect(fake.jobManager.jobs.get(id)!.state).toBe('RUNNING')
    expect(JSON.parse(fake.jobManager.requests.find((request) => request.method === 'POST')!.body)).toMatchObject({ 'target-directory': 'file:///savepoints', 'cancel-job': false })
  })

  it('says why a savepoint failed', async () => {
    fake.jobManager.start(id, 'x')
    await expect(client.savepoint(id, { directory: 'file:///proc/nope' })).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('Failed to create savepoint directory') })
  })

  it('knows jobs that are not running', async () => {
    await expect(client.job(id)).rejects.toMatchObject({ code: 'JOB_NOT_RUNNING' })
    fake.jobManager.start(id, 'x')
    fake.jobManager.jobs.get(id)!.state = 'FINISHED'
    await expect(client.stopWithSavepoint(id)).rejects.toMatchObject({ code: 'JOB_NOT_RUNNING' })
    await expect(client.job('abc')).rejects.toMatchObject({ code: 'USAGE' })
    await expect(client.job('../overview')).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('cancels a job, and leaves one alone that has ended', async () => {
    fake.jobManager.start(id, 'x')
    await client.cancel(id)
    expect(fake.jobManager.jobs.get(id)!.state).toBe('CANCELED')
    await client.cancel(id)
  })

  it('reads the metrics that a vertex has, whatever else was asked for', async () => {
    fake.jobManager.start(id, 'x')
    const summary = { min: 1, max: 3, avg: 2, sum: 4 }
    expect(await client.metrics(id, 'b'.repeat(32), ['nope', 'numRecordsOut'])).toEqual(new Map([['numRecordsOut', summary]]))
    expect(await client.metrics(id, 'b'.repeat(32), ['nope'])).toEqual(new Map())
  })

  it('waits for a job until its deadline', async () => {
    fake.jobManager.start(id, 'x', { deploying: 100_000 })
    await expect(client.waitUntilRunning(id, { deadlineAtMs: systemClock.now() + 50 })).rejects.toMatchObject({ code: 'WAIT_TIMED_OUT' })
  })

  it('reports a job that failed instead of running', async () => {
    fake.jobManager.start(id, 'x')
    fake.jobManager.jobs.get(id)!.state = 'FAILED'
    await expect(client.waitUntilRunning(id)).rejects.toMatchObject({ code: 'JOB_FAILED', facts: { state: 'FAILED' } })
  })

  it('is not believed when something else answers', async () => {
    for (const text of ['<html>', '{"jobs":1}', '{"jobs":[{"jid":"x"}]}']) {
      const other = await startServer(() => ({ status: 200, text }))
      const confused = createJobManagerClient({ gatewayUrl: '', jobManagerUrl: other.url }, context)
      await expect(confused.jobs()).rejects.toMatchObject({ code: 'GATEWAY_PROTOCOL', hint: expect.stringContaining('jobManagerUrl') })
      confused.close()
      await other.stop()
    }
  })
})
