/**
 * P1, P1m, P2, P3, P5, P6: the nightly job over synthetic sets of growing size on the profile's Spark: seconds, CPU seconds, rows per second and core,
 * peak memory, beside the cost of only scanning the same files. A row is one P day of one user, as in the paper.
 * `npx tsx test/bench/capacity.ts [--areas 18,180,540] [--runs 3] [--users-per-area 111] [--days 365] [--out docs/results/capacity.json]`
 * 18 areas are 0.73 M rows, 180 are 7.3 M, 1800 are 73 M (about 33 GB of disk and half an hour to make).
 */
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { resolveConfig, type Profile } from '../../src/core/config.ts'
import { createContext, type Context } from '../../src/core/context.ts'
import { addDays } from '../../src/core/time.ts'
import { generateDataset } from '../../src/capacity/data/generate.ts'
import { usingCapacitySession } from '../../src/capacity/using-capacity-session.ts'
import { readState } from '../../src/engines/state.ts'
import type { SparkSession } from '../../src/gateways/spark/spark-session.ts'
import { renderJob } from '../../src/jobs/render.ts'
import { loadJob } from '../../src/jobs/spec.ts'
import { spread, type Spread } from './support/distribution.ts'
import { cpuSeconds, describeMachine } from './support/processes.ts'

const { values: flags } = parseArgs({
  options: {
    areas: { type: 'string', default: '18,180' },
    runs: { type: 'string', default: '3' },
    'users-per-area': { type: 'string', default: '111' },
    days: { type: 'string', default: '365' },
    out: { type: 'string', default: 'docs/results/capacity.json' },
  },
})
const date = '2025-12-31'
const days = Number(flags.days)

interface Measured {
  readonly seconds: number
  readonly cpuSeconds: number
}

interface Size {
  readonly areas: number
  readonly userPowerRows: number
  readonly curveRows: number
  readonly bytes: number
  readonly buckets: number
  readonly job: { readonly seconds: Spread | null; readonly cpuSeconds: Spread | null }
  readonly steps: Readonly<Record<string, Measured>>
  readonly scan: Measured
  readonly rowsPerSecondAndCore: number
  readonly peakMemoryMiB: number | null
}

async function main(): Promise<void> {
  const context = createContext({ env: process.env, cwd: process.cwd(), pid: process.pid })
  const { profile } = resolveConfig({}, context)
  const sizes: Size[] = []
  let fixed: Measured | null = null
  await usingCapacitySession({ profile, name: 'bench-capacity', keep: process.env['KEEP'] === '1' }, context, async (session) => {
    const bench: Bench = { session, profile, context }
    // P2: a set so small that only the fixed cost is left; the first run warms the engine up
    await prepare(bench, 'bench_capacity_fixed', 1, 2, 2)
    await runJob(bench, 'bench_capacity_fixed', 2)
    fixed = (await runJob(bench, 'bench_capacity_fixed', 2)).total
    console.error(`fixed cost on a running engine: ${fixed.seconds.toFixed(1)} s, ${fixed.cpuSeconds.toFixed(1)} CPU s`)
    for (const areas of flags.areas.split(',').map(Number)) sizes.push(await measureSize(bench, areas))
  })
  const growth = sizes.slice(1).map((size, index) => {
    const before = sizes[index]!
    const extra = (size.job.cpuSeconds?.median ?? 0) - (before.job.cpuSeconds?.median ?? 0)
    return {
      fromAreas: before.areas,
      toAreas: size.areas,
      timeRatio: round((size.job.seconds?.median ?? 0) / (before.job.seconds?.median ?? 1)),
      marginalRowsPerCpuSecond: Math.round((size.userPowerRows - before.userPowerRows) / extra),
    }
  })
  const machine = describeMachine()
  const result = { measuredAt: new Date().toISOString().slice(0, 10), machine, note: `load average while measured: ${machine.loadAverage.join(' ')} on ${machine.cores} cores`, fixed, sizes, growth }
  await mkdir(path.dirname(flags.out), { recursive: true })
  await writeFile(flags.out, `${JSON.stringify(result, null, 2)}\n`)
  for (const size of sizes) {
    const p6 = (size.job.cpuSeconds?.median ?? 0) / size.scan.cpuSeconds
    console.log(
      `${(size.userPowerRows / 1e6).toFixed(2)} M rows (${(size.curveRows / 1e6).toFixed(1)} M curves, ${(size.bytes / 2 ** 30).toFixed(2)} GiB): ${size.job.seconds?.median} s, ${size.job.cpuSeconds?.median} CPU s, ` +
        `P1 ${size.rowsPerSecondAndCore} rows/s/core, P6 ${p6.toFixed(2)} x scan, P5 ${size.peakMemoryMiB ?? '?'} MiB`,
    )
  }
  for (const step of growth) console.log(`P1m ${step.marginalRowsPerCpuSecond} rows per CPU second, time x ${step.timeRatio} from ${step.fromAreas} to ${step.toAreas} areas`)
}

interface Bench {
  readonly session: SparkSession
  readonly profile: Profile
  readonly context: Context
}

async function measureSize(bench: Bench, areas: number): Promise<Size> {
  const database = `bench_capacity_${areas}`
  const made = await prepare(bench, database, areas, Number(flags['users-per-area']), days)
  const { session, context } = bench
  const scan = await measure(bench, () => session.execute(`SELECT count(*), sum(length(points)), max(area_id), max(meter_id), max(date) FROM ${database}.curve_day`, { signal: context.signal }))
  const runs = []
  for (let run = 0; run < Number(flags.runs); run++) {
    runs.push(await runJob(bench, database, days))
    console.error(`${areas} areas, run ${run + 1}: ${runs.at(-1)!.total.seconds.toFixed(1)} s, ${runs.at(-1)!.total.cpuSeconds.toFixed(1)} CPU s`)
  }
  const cpu = spread(runs.map(({ total }) => total.cpuSeconds))
  return {
    areas,
    ...made,
    job: { seconds: rounded(spread(runs.map(({ total }) => total.seconds))), cpuSeconds: rounded(cpu) },
    steps: runs.at(-1)?.steps ?? {},
    scan,
    rowsPerSecondAndCore: Math.round(made.userPowerRows / (cpu?.median ?? 1)),
    peakMemoryMiB: await peakMemoryMiB(bench.profile),
  }
}

async function prepare({ session, context }: Bench, database: string, areas: number, usersPerArea: number, ofDays: number) {
  const { signal } = context
  const counts = `SELECT count(*), count_if(kind = 'P' AND NOT endswith(meter_id, 'G')), sum(length(points)) FROM ${database}.curve_day`
  let row = (await session.execute(counts, { signal }).catch(() => null))?.rows[0]
  if (row === undefined || Number(row[0]) === 0) {
    console.error(`making ${areas} areas`)
    await generateDataset(session, { database, areas, usersPerArea, date, days: ofDays, seed: 1, signal }, context)
    row = (await session.execute(counts, { signal })).rows[0]
  }
  const [curveRows, userPowerRows, bytes] = (row ?? []).map(Number)
  const described = await session.execute(`DESCRIBE EXTENDED ${database}.curve_day`, { signal })
  const buckets = Number(described.rows.find(([name]) => name === 'Num Buckets')?.[1] ?? 0)
  return { curveRows: curveRows ?? 0, userPowerRows: userPowerRows ?? 0, bytes: bytes ?? 0, buckets }
}

/** Every statement of the job, readiness included, from the first to the publication. */
async function runJob(bench: Bench, database: string, windowDays: number): Promise<{ readonly total: Measured; readonly steps: Readonly<Record<string, Measured>> }> {
  const { session, context } = bench
  const runId = `bench-${Date.now()}`
  const job = renderJob(loadJob('capacity', context), { values: { database }, sources: { 'run.date': date, 'run.from': addDays(date, 1 - windowDays), 'run.days': windowDays, 'run.id': runId } })
  const steps: Record<string, Measured> = {}
  const statements = job.readiness === null ? job.statements : [job.readiness, ...job.statements]
  for (const statement of statements) {
    steps[path.basename(statement.where.file ?? 'statement')] = await measure(bench, () => session.execute(statement.text, { signal: context.signal }))
  }
  const sum = (of: (measured: Measured) => number): number => Object.values(steps).reduce((total, measured) => total + of(measured), 0)
  return { total: { seconds: sum(({ seconds }) => seconds), cpuSeconds: sum((measured) => measured.cpuSeconds) }, steps }
}

async function measure({ profile }: Bench, body: () => Promise<unknown>): Promise<Measured> {
  const before = (await cpuSeconds(profile)).get('spark') ?? 0
  const startedAtMs = Date.now()
  await body()
  return { seconds: round((Date.now() - startedAtMs) / 1_000), cpuSeconds: round(((await cpuSeconds(profile)).get('spark') ?? 0) - before) }
}

async function peakMemoryMiB(profile: Profile): Promise<number | null> {
  const pid = (await readState(profile.stateDirectory, 'spark'))?.processes[0]?.pid
  if (pid === undefined) return null
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return match === null ? null : Math.round(Number(match[1]) / 1_024)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function rounded(values: Spread | null): Spread | null {
  return values === null ? null : { minimum: round(values.minimum), median: round(values.median), maximum: round(values.maximum) }
}

await main()
