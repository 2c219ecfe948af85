/**
 * P4: the nightly job beside the best DuckDB job that we could write for the same 15 indicators over its own best layout: same data, same two cores,
 * alternating, answers compared figure by figure. Adds its part to the results of `capacity.ts`.
 * `npx tsx test/bench/capacity-rival.ts [--areas 180] [--runs 5] [--users-per-area 111] [--days 365] [--out docs/results/capacity.json]`
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { resolveConfig } from '../../src/core/config.ts'
import { createContext } from '../../src/core/context.ts'
import { addDays } from '../../src/core/time.ts'
import { readAreaIndicators } from '../../src/capacity/read-results.ts'
import { usingCapacitySession } from '../../src/capacity/using-capacity-session.ts'
import { writeCapacityPage, type CapacityResults, type Rival } from './support/capacity-page.ts'
import { lastDate, prepareDataset, round, rounded, runJob, type Bench, type Measured } from './support/capacity-run.ts'
import { spread } from './support/distribution.ts'
import { describeMachine } from './support/processes.ts'
import { compareWithRival } from './support/rival/compare.ts'
import { rivalStatements } from './support/rival/job.ts'
import { makeRivalLayout, usingDuckDb } from './support/rival/layout.ts'

const { values: flags } = parseArgs({
  options: {
    areas: { type: 'string', default: '180' },
    runs: { type: 'string', default: '5' },
    'users-per-area': { type: 'string', default: '111' },
    days: { type: 'string', default: '365' },
    directory: { type: 'string', default: 'out/bench/rival' },
    out: { type: 'string', default: 'docs/results/capacity.json' },
    steps: { type: 'boolean', default: false },
  },
})
const days = Number(flags.days)
const firstDay = addDays(lastDate, 1 - days)

async function main(): Promise<void> {
  const context = createContext({ env: process.env, cwd: process.cwd(), pid: process.pid })
  const { profile } = resolveConfig({}, context)
  const areas = Number(flags.areas)
  const database = `bench_capacity_${areas}`
  const directory = path.resolve(flags.directory, `${areas}-${flags['users-per-area']}-${days}`)
  const file = path.join(directory, 'rival.duckdb')
  await usingCapacitySession({ profile, name: 'bench-capacity-rival', keep: process.env['KEEP'] === '1' }, context, async (session) => {
    const bench: Bench = { session, profile, context }
    const size = await prepareDataset(bench, database, { areas, usersPerArea: Number(flags['users-per-area']), days })
    if (!existsSync(file)) {
      console.error('copying the data into the layout of DuckDB')
      await makeRivalLayout(session, { database, directory, firstDay, signal: context.signal })
    }
    const ours: Measured[] = []
    const theirs: Measured[] = []
    let differences: readonly string[] = []
    for (let run = 0; run < Number(flags.runs); run++) {
      const job = await runJob(bench, database, days)
      const results = await readAreaIndicators(session, { database, runId: job.runId, signal: context.signal })
      const rival = await runRival(file, async (connection) => void (differences = run === 0 ? await compareWithRival(results, connection, firstDay) : differences))
      ours.push(job.total)
      theirs.push(rival)
      console.error(`run ${run + 1}: job ${job.total.seconds} s (${job.total.cpuSeconds} CPU s), DuckDB ${rival.seconds} s (${rival.cpuSeconds} CPU s), ${differences.length} figures differ`)
    }
    for (const line of differences.slice(0, 40)) console.error(line)
    const median = (list: readonly Measured[], of: keyof Measured) => rounded(spread(list.map((measured) => measured[of])))
    const job = { seconds: median(ours, 'seconds'), cpuSeconds: median(ours, 'cpuSeconds') }
    const duckDb = { seconds: median(theirs, 'seconds'), cpuSeconds: median(theirs, 'cpuSeconds'), fileBytes: statSync(file).size }
    const ratio = { seconds: round((job.seconds?.median ?? 0) / (duckDb.seconds?.median ?? 1)), cpuSeconds: round((job.cpuSeconds?.median ?? 0) / (duckDb.cpuSeconds?.median ?? 1)) }
    const rival = { measuredAt: new Date().toISOString().slice(0, 10), loadAverage: describeMachine().loadAverage, areas, userPowerRows: size.userPowerRows, runs: ours.length, job, duckDb, ratio, differences: differences.length }
    const before = existsSync(flags.out) ? (JSON.parse(readFileSync(flags.out, 'utf8')) as Partial<CapacityResults>) : {}
    await mkdir(path.dirname(flags.out), { recursive: true })
    await writeFile(flags.out, `${JSON.stringify({ ...before, rival }, null, 2)}\n`)
    if (before.foldBytesPerArea !== undefined) await writeCapacityPage({ ...(before as CapacityResults), rival: rival as Rival }, path.join(context.packageRoot, 'docs', 'capacity.md'))
    console.log(`P4 job ÷ DuckDB at ${(size.userPowerRows / 1e6).toFixed(2)} M rows: ${ratio.seconds} in time, ${ratio.cpuSeconds} in CPU; ${differences.length} figures differ`)
    if (differences.length > 0) process.exitCode = 3
  })
}

/** Opened anew for each run, as a nightly job would; reading the answers for the comparison is not measured. */
async function runRival(file: string, read: (connection: Parameters<Parameters<typeof usingDuckDb>[1]>[1]) => Promise<void>): Promise<Measured> {
  const cpu = process.cpuUsage()
  const startedAtMs = Date.now()
  let measured: Measured = { seconds: 0, cpuSeconds: 0 }
  await usingDuckDb(file, async (run, connection) => {
    for (const statement of rivalStatements(days)) {
      const statementAtMs = Date.now()
      await run(statement)
      if (flags.steps) console.error(`  ${((Date.now() - statementAtMs) / 1_000).toFixed(2)} s ${statement.slice(0, 60).replace(/\s+/g, ' ')}`)
    }
    const { user, system } = process.cpuUsage(cpu)
    measured = { seconds: round((Date.now() - startedAtMs) / 1_000), cpuSeconds: round((user + system) / 1e6) }
    await read(connection)
  })
  return measured
}

await main()
