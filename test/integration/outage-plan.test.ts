import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { flinkTarget } from '../../src/engines/targets.ts'
import { usingFlinkSession } from '../../src/gateways/flink/session.ts'
import { renderStreaming } from '../../src/jobs/job-commands.ts'
import { testProfile } from './engines.ts'

const { context, profile } = testProfile()
let plan = ''

beforeAll(async () => {
  const addresses = inject('engines')
  const job = renderStreaming('outage', { profile, addresses }, context)
  plan = await usingFlinkSession(flinkTarget(profile, addresses.flink, context), { name: 'outage-plan', properties: job.settings, context, signal: context.signal }, async (session) => {
    let explained = ''
    for (const { kind, text } of job.statements) {
      if (kind.startsWith('EXECUTE')) explained = await session.explain(text)
      else await session.execute(text)
    }
    return explained
  })
})

afterAll(() => {
  if (process.env['SHOW'] === '1') console.log(plan)
})

test('five INSERTs share one judge: its state exists once', () => {
  const executed = plan.slice(plan.indexOf('== Optimized Execution Plan =='))
  expect(plan.match(/Sink\(table=/g)?.length).toBeGreaterThanOrEqual(5)
  expect(executed.match(/ProcessTableFunction\(/g)).toHaveLength(1)
})

test('nothing in the plan re-orders, buffers or materializes rows before they are published', () => {
  const executed = plan.slice(plan.indexOf('== Optimized Execution Plan =='))
  expect(executed).not.toMatch(/SinkMaterializer|upsertMaterialize=\[true\]|MiniBatch|TemporalSort|ChangelogNormalize/)
})
