import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createContext, systemClock, type Context } from '../../src/core/context.ts'
import { addDays } from '../../src/core/time.ts'
import { resolveConfig } from '../../src/core/config.ts'
import { compareCase, type Difference } from '../../src/capacity/cases/compare.ts'
import type { CaseInput, WorkedCase } from '../../src/capacity/cases/form.ts'
import { capacityJob, testCases } from '../../src/capacity/cases/run.ts'
import { createCapacityTables } from '../../src/capacity/data/create-tables.ts'
import { readHouseholdProfiles } from '../../src/capacity/data/household-profiles.ts'
import { loadGridTables } from '../../src/capacity/data/load-grid-tables.ts'
import { readMeterProfiles } from '../../src/capacity/data/meter-profiles.ts'
import { loadProfileCurves } from '../../src/capacity/data/profile-curves.ts'
import { readAreaIndicators } from '../../src/capacity/read-results.ts'
import { usingCapacitySession } from '../../src/capacity/using-capacity-session.ts'
import type { SparkSession } from '../../src/gateways/spark/spark-session.ts'
import { importGrid } from '../../src/grid/import/import-grid.ts'
import { calculate } from '../capacity/reference/calculate.ts'
import { randomCase } from '../capacity/reference/random-case.ts'
import { simbenchYear } from './simbench-year.ts'
import { readStoredAreas } from './stored-areas.ts'

/*
  The real SQL against a second, plain implementation (test/capacity/reference), every figure: random small cases; all areas of the ENWL networks with
  measured household days, out of the tables that `dataset load` fills; the rural SimBench grid with its whole year.
  usage: npx tsx test/differential/capacity.ts [count] [first seed]
*/

const batch = 1_000
const count = Number(process.argv[2] ?? 2_000)
const firstSeed = Number(process.argv[3] ?? 1)
const enwlDays = 7

async function main(): Promise<void> {
  const context = createContext({ env: process.env, cwd: process.cwd(), pid: process.pid })
  const { profile } = resolveConfig({}, context)
  let failed = 0
  const report = (title: string, cases: number, differences: readonly Difference[], startedAtMs: number): void => {
    const bad = new Set(differences.map(({ caseId }) => caseId)).size
    failed += bad
    for (const { caseId, figure, expected, actual } of differences.slice(0, 20)) console.log(`${caseId} ${figure}: plain ${JSON.stringify(expected)}, job ${JSON.stringify(actual)}`)
    console.log(`${title}: ${cases - bad} of ${cases} agree in every figure (${((systemClock.now() - startedAtMs) / 1_000).toFixed(0)} s)`)
  }
  await usingCapacitySession({ profile, name: 'differential', keep: process.env['KEEP'] === '1' }, context, async (session) => {
    const { signal } = context
    for (let done = 0; done < count; done += batch) {
      const startedAtMs = systemClock.now()
      const cases = Array.from({ length: Math.min(batch, count - done) }, (_, index) => randomCase(firstSeed + done + index))
      // every other batch lies in the tables as if no move of a user had been known: its rows take the branch of the strays
      const storedUnder = (done / batch) % 2 === 0 ? 'membership' : 'first stay'
      const { differences } = await testCases(cases, { session, signal, storedUnder }, context)
      report(`random cases ${firstSeed + done}…${firstSeed + done + cases.length - 1}, rows under their ${storedUnder}`, cases.length, differences, startedAtMs)
    }
    const yearAtMs = systemClock.now()
    const year = asCase(simbenchYear(path.join(context.packageRoot, 'examples', 'simbench-lv-rural1')))
    report('SimBench rural, the whole year 2016', 1, (await testCases([year], { session, signal }, context)).differences, yearAtMs)
    const enwlAtMs = systemClock.now()
    const { areas, differences } = await enwl(session, context)
    report(`ENWL, all areas over ${enwlDays} days`, areas, differences, enwlAtMs)
  })
  console.log(failed === 0 ? 'the job and the plain calculator agree' : `${failed} cases differ`)
  process.exitCode = failed === 0 ? 0 : 3
}

function asCase(input: CaseInput): WorkedCase {
  return { id: input.area.areaId, title: '', input, expect: calculate(input) }
}

async function enwl(session: SparkSession, context: Context): Promise<{ readonly areas: number; readonly differences: readonly Difference[] }> {
  const { signal } = context
  const database = `differential_${randomUUID().slice(0, 8)}`
  const directory = await mkdtemp(path.join(os.tmpdir(), 'differential-'))
  const examples = path.join(context.packageRoot, 'examples', 'enwl-lv')
  const from = '2016-01-11'
  const to = addDays(from, enwlDays - 1)
  try {
    await importGrid({ source: 'enwl', from: examples, out: directory, signal })
    const shapes = await readHouseholdProfiles(path.join(examples, 'profiles'), signal)
    const meters = await readMeterProfiles(directory, shapes.length, signal)
    // loads well above the measured ones, so that limits are reached
    const uses = meters.map(({ meterId, areaId, profile }, index) => ({ meterId, areaId, profileId: String(profile), factor: 1.2 + (index % 7) / 5 }))
    await createCapacityTables(session, { database, areas: new Set(uses.map(({ areaId }) => areaId)).size, signal })
    await loadGridTables(session, { directory, database, signal })
    await loadProfileCurves(session, { database, from, to, shapes, uses, seed: 3, voltageShare: 0.3, signal }, context)
    for (const { text } of capacityJob(context, { database, runId: 'plain', from, to }).statements) await session.execute(text, { signal })
    const results = new Map((await readAreaIndicators(session, { database, runId: 'plain', signal })).map((result) => [result.areaId, result]))
    const inputs = await readStoredAreas(session, { database, from, to, signal })
    return { areas: inputs.length, differences: inputs.flatMap((input) => compareCase(asCase(input), results.get(input.area.areaId))) }
  } finally {
    await session.execute(`DROP DATABASE IF EXISTS ${database} CASCADE`, { signal: new AbortController().signal }).catch(() => undefined)
    await rm(directory, { recursive: true, force: true })
  }
}

await main()
