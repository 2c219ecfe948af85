/**
 * P1, P1m, P2, P3, P5, P6: the nightly job over synthetic sets of growing size on the profile's Spark: seconds, CPU seconds, rows per second and core,
 * peak memory, beside the cost of only scanning the same files. A row is one P day of one user, as in the paper. All sizes run in turn, round after
 * round, and ratios between sizes are taken within a round: on a machine with neighbours, minutes differ more than sizes. Writes the results and docs/capacity.md.
 * `npx tsx test/bench/capacity.ts [--areas 18,180,540] [--rounds 5] [--users-per-area 111] [--days 365] [--from-nothing] [--out docs/results/capacity.json]`
 * Without areas (`--areas ""`) the fixed costs are printed and nothing is written. 18 areas are 0.73 M rows, 180 are 7.3 M, 540 are 21.9 M, 1800 are 73 M (33 GB of disk and half an hour to make).
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { resolveConfig } from '../../src/core/config.ts'
import { createContext } from '../../src/core/context.ts'
import { usingCapacitySession } from '../../src/capacity/using-capacity-session.ts'
import { startEngines, stopEngines } from '../../src/engines/engines.ts'
import { writeCapacityPage, type CapacityResults, type FixedCost, type MeasuredSize, type Round } from './support/capacity-page.ts'
import { measure, prepareDataset, round, rounded, runJob, type Bench, type Measured } from './support/capacity-run.ts'
import { spread } from './support/distribution.ts'
import { describeMachine, peakMemoryMiB } from './support/processes.ts'

const { values: flags } = parseArgs({
  options: {
    areas: { type: 'string', default: '18,180,540' },
    rounds: { type: 'string', default: '5' },
    'users-per-area': { type: 'string', default: '111' },
    days: { type: 'string', default: '365' },
    'from-nothing': { type: 'boolean', default: false },
    out: { type: 'string', default: 'docs/results/capacity.json' },
  },
})
const days = Number(flags.days)
const usersPerArea = Number(flags['users-per-area'])
const fixedSet = { database: 'bench_capacity_fixed', areas: 1, usersPerArea: 2, days: 2 }

async function main(): Promise<void> {
  const context = createContext({ env: process.env, cwd: process.cwd(), pid: process.pid })
  const { profile } = resolveConfig({}, context)
  const keep = process.env['KEEP'] === '1'
  const session = { profile, name: 'bench-capacity', keep }
  let fixed: FixedCost = {}
  if (flags['from-nothing']) {
    // the set must be there before the engine is started anew
    await usingCapacitySession({ ...session, keep: true }, context, (spark) => prepareDataset({ session: spark, profile, context }, fixedSet.database, fixedSet))
    await stopEngines(profile, { context, force: true })
    const startedAtMs = Date.now()
    await startEngines(profile, ['spark'], { context })
    await usingCapacitySession({ ...session, keep: true }, context, async (spark) => void (await runJob({ session: spark, profile, context }, fixedSet.database, fixedSet.days)))
    fixed = { fromNothing: { seconds: round((Date.now() - startedAtMs) / 1_000) } }
    console.error(`from nothing: ${fixed.fromNothing?.seconds} s`)
  }
  let sizes: readonly MeasuredSize[] = []
  await usingCapacitySession(session, context, async (spark) => {
    const bench: Bench = { session: spark, profile, context }
    fixed = { ...fixed, running: await fixedCost(bench) }
    console.error(`fixed cost on a running engine: ${fixed.running?.seconds.median} s, ${fixed.running?.cpuSeconds.median} CPU s`)
    sizes = await measureSizes(bench, flags.areas.split(',').filter((part) => part !== '').map(Number).sort((a, b) => a - b))
  })
  // started above, and not by the session, which leaves such an engine running
  if (flags['from-nothing'] && !keep) await stopEngines(profile, { context })
  // results hold sizes of one session on one machine
  if (sizes.length === 0) return
  const machine = describeMachine()
  const before = existsSync(flags.out) ? (JSON.parse(readFileSync(flags.out, 'utf8')) as Partial<CapacityResults>) : {}
  const results: CapacityResults = {
    measuredAt: new Date().toISOString().slice(0, 10),
    machine,
    note: `load average while measured: ${machine.loadAverage.join(' ')} on ${machine.cores} cores`,
    fixed,
    sizes,
    foldBytesPerArea: foldBytesPerArea(context.packageRoot),
    ...(before.rival === undefined ? {} : { rival: before.rival }),
  }
  await mkdir(path.dirname(flags.out), { recursive: true })
  await writeFile(flags.out, `${JSON.stringify(results, null, 2)}\n`)
  console.log(await writeCapacityPage(results, path.join(context.packageRoot, 'docs', 'capacity.md')))
}

/** P2: a set so small that only the fixed cost is left; the first run warms the engine up. */
async function fixedCost(bench: Bench): Promise<NonNullable<FixedCost['running']>> {
  await prepareDataset(bench, fixedSet.database, fixedSet)
  const runs: Measured[] = []
  for (let run = 0; run < 4; run++) runs.push((await runJob(bench, fixedSet.database, fixedSet.days)).total)
  return { seconds: rounded(spread(runs.slice(1).map(({ seconds }) => seconds)))!, cpuSeconds: rounded(spread(runs.slice(1).map(({ cpuSeconds }) => cpuSeconds)))! }
}

/** Ascending, so that the peak memory of the first round is that of the size. */
async function measureSizes(bench: Bench, ascending: readonly number[]): Promise<readonly MeasuredSize[]> {
  const sets = []
  for (const areas of ascending) sets.push({ areas, made: await prepareDataset(bench, databaseOf(areas), { areas, usersPerArea, days }), rounds: [] as Round[], steps: {} as MeasuredSize['steps'], peakMemoryMiB: null as number | null })
  for (let round = 1; round <= Number(flags.rounds); round++) {
    for (const set of sets) {
      const scan = await measure(bench, () => bench.session.execute(`SELECT count(*), sum(length(points)), max(area_id), max(meter_id), max(date) FROM ${databaseOf(set.areas)}.curve_day`, { signal: bench.context.signal }))
      const { total, steps } = await runJob(bench, databaseOf(set.areas), days)
      set.rounds.push({ job: total, scan })
      set.steps = steps
      set.peakMemoryMiB ??= (await peakMemoryMiB(bench.profile))['spark'] ?? null
      console.error(`round ${round}, ${set.areas} areas: ${total.seconds} s, ${total.cpuSeconds} CPU s; scan ${scan.cpuSeconds} CPU s`)
    }
  }
  return sets.map(({ made, ...measured }) => ({ ...made, ...measured }))
}

function databaseOf(areas: number): string {
  return `bench_capacity_${areas}`
}

/** What one area's fold holds at most, by the functions themselves. */
function foldBytesPerArea(packageRoot: string): number {
  const jar = path.join(packageRoot, 'jobs', 'udf', 'dist', 'curve-functions.jar')
  return Number(execFileSync('java', ['-Xmx1g', '-cp', jar, 'station.curve.FoldMemory', String(usersPerArea), String(days)], { encoding: 'utf8' }).trim())
}

await main()
