import path from 'node:path'
import type { Profile } from '../../../src/core/config.ts'
import type { Context } from '../../../src/core/context.ts'
import { addDays } from '../../../src/core/time.ts'
import { generateDataset } from '../../../src/capacity/data/generate.ts'
import type { SparkSession } from '../../../src/gateways/spark/spark-session.ts'
import { renderJob } from '../../../src/jobs/render.ts'
import { loadJob } from '../../../src/jobs/spec.ts'
import type { Spread } from './distribution.ts'
import { cpuSeconds } from './processes.ts'

/* What the benches of the nightly job share: data sets, a run of the whole job statement by statement, what it cost. */

export const lastDate = '2025-12-31'

export interface Bench {
  readonly session: SparkSession
  readonly profile: Profile
  readonly context: Context
}

export interface Measured {
  readonly seconds: number
  readonly cpuSeconds: number
}

export interface DatasetSize {
  readonly curveRows: number
  /** P days of users: the rows that the paper counts. */
  readonly userPowerRows: number
  readonly bytes: number
  readonly buckets: number
}

export interface JobRun {
  readonly runId: string
  readonly total: Measured
  /** By file; a file that is run more than once adds up. */
  readonly steps: Readonly<Record<string, Measured>>
}

/** Makes the set unless it is there already. */
export async function prepareDataset({ session, context }: Bench, database: string, size: { readonly areas: number; readonly usersPerArea: number; readonly days: number }): Promise<DatasetSize> {
  const { signal } = context
  const counts = `SELECT count(*), count_if(kind = 'P' AND NOT endswith(meter_id, 'G')), sum(length(points)) FROM ${database}.curve_day`
  let row = (await session.execute(counts, { signal }).catch(() => null))?.rows[0]
  if (row === undefined || Number(row[0]) === 0) {
    console.error(`making ${size.areas} areas`)
    await generateDataset(session, { database, ...size, date: lastDate, seed: 1, signal }, context)
    row = (await session.execute(counts, { signal })).rows[0]
  }
  const [curveRows, userPowerRows, bytes] = (row ?? []).map(Number)
  const described = await session.execute(`DESCRIBE EXTENDED ${database}.curve_day`, { signal })
  const buckets = Number(described.rows.find(([name]) => name === 'Num Buckets')?.[1] ?? 0)
  return { curveRows: curveRows ?? 0, userPowerRows: userPowerRows ?? 0, bytes: bytes ?? 0, buckets }
}

/** Every statement of the job, the questions before it included, from the first to the publication. */
export async function runJob(bench: Bench, database: string, days: number): Promise<JobRun> {
  const { session, context } = bench
  const runId = `bench-${Date.now()}`
  const job = renderJob(loadJob('capacity', context), { values: { database }, sources: { 'run.date': lastDate, 'run.from': addDays(lastDate, 1 - days), 'run.days': days, 'run.id': runId } })
  const steps: Record<string, Measured> = {}
  const total = await measure(bench, async () => {
    for (const statement of [job.tables?.query, job.done, job.readiness, ...job.statements]) {
      if (statement == null) continue
      const file = path.basename(statement.where.file ?? 'statement')
      const cost = await measure(bench, () => session.execute(statement.text, { signal: context.signal }))
      steps[file] = { seconds: round(cost.seconds + (steps[file]?.seconds ?? 0)), cpuSeconds: round(cost.cpuSeconds + (steps[file]?.cpuSeconds ?? 0)) }
    }
  })
  return { runId, total, steps }
}

/** Wall clock, and CPU seconds of all threads of the engine. */
export async function measure({ profile }: Bench, body: () => Promise<unknown>): Promise<Measured> {
  const before = (await cpuSeconds(profile)).get('spark') ?? 0
  const startedAtMs = Date.now()
  await body()
  return { seconds: round((Date.now() - startedAtMs) / 1_000), cpuSeconds: round(((await cpuSeconds(profile)).get('spark') ?? 0) - before) }
}

export function round(value: number): number {
  return Math.round(value * 100) / 100
}

export function rounded(values: Spread | null): Spread | null {
  return values === null ? null : { minimum: round(values.minimum), median: round(values.median), maximum: round(values.maximum) }
}
