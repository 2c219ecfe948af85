import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createContext } from '../../src/core/context.ts'
import { addDays } from '../../src/core/time.ts'
import type { SparkSession, SparkTarget } from '../../src/gateways/spark/spark-session.ts'
import { usingSparkSession } from '../../src/gateways/spark/using-spark-session.ts'
import { renderJob } from '../../src/jobs/render.ts'
import { runBatch } from '../../src/jobs/run-batch.ts'
import { loadJob } from '../../src/jobs/spec.ts'
import { parseCases, type WorkedCase } from '../../src/capacity/cases/form.ts'
import { computeCases, testCases } from '../../src/capacity/cases/run.ts'
import { createCapacityTables } from '../../src/capacity/data/create-tables.ts'
import { generateDataset } from '../../src/capacity/data/generate.ts'
import { readAreaIndicators, type AreaResult } from '../../src/capacity/read-results.ts'
import { capacitySettings } from '../../src/capacity/using-capacity-session.ts'
import { randomCase } from '../capacity/reference/random-case.ts'

const context = createContext()
const signal = new AbortController().signal
const file = 'test/fixtures/indicators/cases.json'
const cases = parseCases(readFileSync(file, 'utf8'), file)

function using<T>(body: (session: SparkSession) => Promise<T>): Promise<T> {
  const { connect } = inject('engines').spark
  if (connect === null) throw new Error('the tests need Spark Connect')
  const target: SparkTarget = { transport: 'connect', connect }
  return usingSparkSession(target, { name: 'capacity-test', settings: capacitySettings(context), context, signal }, body)
}

function usingThrift<T>(body: (session: SparkSession) => Promise<T>): Promise<T> {
  const { thrift } = inject('engines').spark
  if (thrift === null) throw new Error('the tests need the Thrift server')
  return usingSparkSession({ transport: 'thrift', thrift }, { name: 'capacity-test', settings: capacitySettings(context), context, signal }, body)
}

test('every worked case comes out of the real SQL, also when no move of a user was known as its curves were written', async () => {
  await using(async (session) => {
    expect(await testCases(cases, { session, signal }, context)).toMatchObject({ cases: 33, failed: 0, differences: [] })
    const moved = [...cases.filter(({ input }) => input.users.some(({ membership }) => membership != null)), ...Array.from({ length: 40 }, (_, index) => randomCase(90_000 + index))]
    expect((await testCases(moved, { session, signal, storedUnder: 'first stay' }, context)).differences).toEqual([])
  })
})

test('a database without tables of the job is named as such over both doors', async () => {
  const unknown = (session: SparkSession): Promise<unknown> => readAreaIndicators(session, { database: 'mistyped', areaIds: ['A1'], signal })
  for (const door of [using, usingThrift]) await expect(door(unknown)).rejects.toMatchObject({ code: 'DATABASE_UNKNOWN', message: expect.stringContaining("'mistyped'") as unknown })
})

describe('what must not matter, and what must', () => {
  const originals = [...cases.filter(({ indicator }) => indicator === 'ALL'), ...Array.from({ length: 25 }, (_, index) => randomCase(70_000 + index))]
  const variant = (name: string, change: (input: WorkedCase['input']) => WorkedCase['input']): readonly WorkedCase[] => originals.map((worked) => ({ ...worked, id: `${name}-${worked.id}`, input: change(structuredClone(worked.input)) }))
  let results: ReadonlyMap<string, AreaResult>
  const pairs = (name: string): readonly (readonly [AreaResult, AreaResult])[] => originals.map(({ id }) => [results.get(id)!, results.get(`${name}-${id}`)!])

  beforeAll(async () => {
    const all = [
      ...originals,
      ...variant('renamed', (input) => JSON.parse(JSON.stringify(input), (key, value: unknown) => (typeof value === 'string' && /^(meterId|mpId|userId)$/.test(key) ? `zz-${value}-renamed` : value)) as WorkedCase['input']),
      // the order of the meters names the first gateway point, everything else is a set
      ...variant('permuted', (input) => ({ ...input, users: input.users.toReversed(), curves: input.curves.toReversed(), registers: input.registers.toReversed(), applications: input.applications.toReversed() })),
      // ct and capacities doubled: every power doubles, every rate stays
      ...variant('doubled', (input) => ({
        ...input,
        area: { ...input.area, rated: input.area.rated.map((entry) => ({ ...entry, kva: 2 * entry.kva })) },
        meters: input.meters.map((meter) => ({ ...meter, ct: 2 * meter.ct })),
        users: input.users.map((user) => ({ ...user, contractKva: user.contractKva == null ? user.contractKva : 2 * user.contractKva, ...(user.contract == null ? {} : { contract: user.contract.map((entry) => ({ ...entry, kva: 2 * entry.kva })) }) })),
      })),
      // every positive load is a fiftieth larger, too little to be dropped as impossible where it was not before
      ...variant('heavier', (input) => ({
        ...input,
        curves: input.curves.map((curve) => (/^[PI]/.test(curve.kind) ? { ...curve, rle: curve.rle.map(([count, value]): [number, number | null] => [count, value === null || value <= 0 ? value : Number((value * 1.02).toFixed(4))]) } : curve)),
      })),
      ...variant('more', (input) => ({ ...input, applications: [...input.applications, { kva: 10, category: 'RES', phases: 'ABC', status: 'ACCEPTED' }] })),
    ]
    results = (await using((session) => computeCases(all, { session, signal }, context))).results
  })

  test('names say nothing', () => {
    for (const [before, after] of pairs('renamed')) expect(after.figures).toEqual(before.figures)
  })
  test('the order of rows says nothing', () => {
    for (const [before, after] of pairs('permuted')) expect(after).toEqual({ ...before, areaId: after.areaId, users: expect.arrayContaining([...before.users]) })
  })
  test('twice the load on twice the transformer has the same rates and twice the maximum', () => {
    for (const [before, after] of pairs('doubled')) {
      for (const figure of ['i02_max_pct', 'i02_at', 'i03_pct', 'i04_mean_pct', 'i06_hours', 'i07_days', 'i08_runs', 'i09_pass_pct', 'i10_count', 'i11_count', 'i12_pf', 'i13_factor']) expect([figure, after.figures[figure]]).toEqual([figure, before.figures[figure]])
      if (typeof before.figures['i01_kw'] === 'number') expect(after.figures['i01_kw']).toBeCloseTo(2 * before.figures['i01_kw'], 1)
    }
  })
  test('more load never leaves more room, and never makes the maximum smaller', () => {
    let less = 0
    for (const [before, after] of pairs('heavier')) {
      for (const figure of ['i14_kva', 'i15_a', 'i15_b', 'i15_c'] as const) {
        expect([before.areaId, figure, Number(after.figures[figure]) <= Number(before.figures[figure]) + 0.01]).toEqual([before.areaId, figure, true])
        if (Number(after.figures[figure]) < Number(before.figures[figure])) less++
      }
      expect(Number(after.figures['i01_kw'])).toBeGreaterThanOrEqual(Number(before.figures['i01_kw']))
    }
    expect(less).toBeGreaterThan(10)
  })
  test('a further request never leaves more room', () => {
    for (const [before, after] of pairs('more')) {
      for (const figure of ['i14_kva', 'i15_a', 'i15_b', 'i15_c'] as const) expect(Number(after.figures[figure])).toBeLessThanOrEqual(Number(before.figures[figure]))
      expect(Number(after.figures['i14_committed_kva'])).toBeCloseTo(Number(before.figures['i14_committed_kva']) + 4, 6)
    }
  })
})

describe('the nightly run', () => {
  const database = `capacity_${Date.now()}`
  const date = '2025-03-31'
  const job = (days: number, runId: string, values = {}, until = date) =>
    renderJob(loadJob('capacity', context), { values: { database, ...values }, sources: { 'run.date': until, 'run.from': addDays(until, 1 - days), 'run.days': days, 'run.id': runId } })
  const run = (session: SparkSession, days: number, runId: string, options: { readonly force?: boolean; readonly values?: object; readonly until?: string } = {}) =>
    runBatch({ job: job(days, runId, options.values, options.until), date: options.until ?? date, windowDays: days, runId }, { session, signal, ...(options.force === undefined ? {} : { force: options.force }) }, context)

  beforeAll(async () => {
    await using((session) => generateDataset(session, { database, areas: 9, usersPerArea: 40, date, days: 40, seed: 5, lateShare: 0.5, signal }, context))
  })

  test('publishes once: the second start finds its work done, and readers see it only at the very end', async () => {
    await using(async (session) => {
      expect(await readAreaIndicators(session, { database, signal })).toEqual([])
      const first = await run(session, 30, 'first')
      expect(first.outcome).toBe('done')
      expect(first.statements.at(-1)?.file).toContain('publish.sql')
      const published = await readAreaIndicators(session, { database, signal })
      expect(published).toHaveLength(9)
      expect(published[0]).toMatchObject({ windowFrom: '2025-03-02', windowTo: date })
      expect((await run(session, 30, 'second')).outcome).toBe('unchanged')
      // a run that dies before its last statement changes nothing for readers
      for (const statement of job(20, 'killed').statements.slice(0, -1)) await session.execute(statement.text, { signal })
      expect((await readAreaIndicators(session, { database, signal }))[0]).toMatchObject({ windowFrom: '2025-03-02' })
    })
  })

  test('refuses a window that is not complete and says what is missing', async () => {
    await using(async (session) => {
      await expect(run(session, 300, 'early')).rejects.toMatchObject({ code: 'NOT_READY', exitCode: 11, message: expect.stringContaining('the worst') })
    })
  })

  test('moves no curve: the plan has neither an exchange nor a sort below the fold of an area, and reads the months of the window only', async () => {
    await using(async (session) => {
      const figures = job(10, 'plan').statements.find(({ where }) => where.file?.endsWith('area-figures.sql') === true)!
      const plan = (await session.execute(`EXPLAIN ${figures.text}`, { signal })).rows[0]![0] as string
      expect(plan).toContain('ObjectHashAggregate')
      expect(plan).not.toMatch(/Exchange hashpartitioning|Exchange RoundRobin|^\W*Sort \[/m)
      expect(plan).toMatch(/PartitionFilters: \[[^\]]*month/)
    })
  })

  test('counts every curve once: rows taken, ignored and bad are the rows of the table', async () => {
    await using(async (session) => {
      await run(session, 40, 'whole', { force: true })
      const { rows } = await session.execute(
        `SELECT sum(curve_rows), sum(bad_rows), sum(repeated_rows), sum(ignored_rows),
           (SELECT count(*) FROM \`${database}\`.curve_day), (SELECT coalesce(sum(row_count), 0) FROM \`${database}\`.stray_meter)
         FROM \`${database}\`.area_indicator_current`,
        { signal },
      )
      const [taken, bad, repeated, ignored, stored, strays] = rows[0]!.map(Number)
      expect({ bad, repeated }).toEqual({ bad: 0, repeated: 0 })
      expect(ignored).toBe(strays)
      expect(taken! + ignored!).toBe(stored! + strays!)
      expect(strays).toBeGreaterThan(0)
    })
  })

  test('tables of another version are refused before anything is done; older ones are brought up, newer ones left alone', async () => {
    await using(async (session) => {
      const other = `${database}_versions`
      const execute = (sql: string): Promise<unknown> => session.execute(sql, { signal })
      const create = (): Promise<unknown> => createCapacityTables(session, { database: other, areas: 9, signal })
      const version = (number: number): Promise<unknown> => execute(`CREATE OR REPLACE VIEW ${other}.tables_version AS SELECT ${number} AS version`)
      const start = (): Promise<unknown> => run(session, 30, 'versions', { values: { database: other } })
      await expect(start()).rejects.toMatchObject({ code: 'DATABASE_UNKNOWN', exitCode: 5 })
      await create()
      await expect(start()).rejects.toMatchObject({ code: 'NOT_READY' })
      await version(1)
      await execute(`DROP TABLE ${other}.reactive_meter`)
      await expect(start()).rejects.toMatchObject({ code: 'TABLES_UNFIT', exitCode: 6 })
      await create()
      await expect(start()).rejects.toMatchObject({ code: 'NOT_READY' })
      await execute(`SELECT * FROM ${other}.reactive_meter`)
      await version(99)
      await expect(start()).rejects.toMatchObject({ code: 'TABLES_UNFIT', hint: expect.stringContaining('newer') as unknown })
      await expect(create()).rejects.toMatchObject({ code: 'TABLES_UNFIT', message: expect.stringContaining('99') as unknown })
    })
  })

  test('two halves of a window add up to the whole', async () => {
    await using(async (session) => {
      const results = async (days: number, until: string, runId: string): Promise<readonly AreaResult[]> => {
        await run(session, days, runId, { force: true, until })
        return readAreaIndicators(session, { database, runId, signal })
      }
      const whole = await results(40, date, 'forty')
      const first = await results(20, addDays(date, -20), 'first-half')
      const second = await results(20, date, 'second-half')
      expect(whole).toHaveLength(9)
      for (const [index, area] of whole.entries()) {
        const halves = [first[index]!, second[index]!]
        const of = (figure: string): readonly number[] => halves.map(({ figures }) => Number(figures[figure]))
        for (const figure of ['i04_days', 'i05_energy_days', 'i09_points']) expect([figure, area.figures[figure]]).toEqual([figure, of(figure)[0]! + of(figure)[1]!])
        expect(Number(area.figures['i05_energy_kwh'])).toBeCloseTo(of('i05_energy_kwh')[0]! + of('i05_energy_kwh')[1]!, 1)
        for (const figure of ['i01_kw', 'i02_max_pct', 'i04_max_diff_kw', 'i14_max_kva']) expect([figure, area.figures[figure]]).toEqual([figure, Math.max(...of(figure))])
        for (const days of ['gatewayDays', 'sumDays', 'emptyDays'] as const) expect(area[days]).toBe(halves[0]![days] + halves[1]![days])
      }
    })
  })

  test('the files in which the curves lie say nothing, nor does the transport: the same rows in other pieces and another order, the same run over Thrift', async () => {
    await using(async (session) => {
      const other = `${database}_pieces`
      await createCapacityTables(session, { database: other, areas: 9, signal })
      for (const table of ['grid_area', 'grid_user', 'grid_meter', 'grid_rated', 'grid_membership', 'grid_application', 'register_day']) await session.execute(`INSERT INTO ${other}.${table} SELECT * FROM ${database}.${table}`, { signal })
      for (const piece of [2, 0, 1]) {
        await session.execute(`INSERT INTO ${other}.curve_day SELECT /*+ REPARTITION(3, date) */ * FROM ${database}.curve_day WHERE pmod(xxhash64(meter_id, date, kind), 3) = ${piece} AND month = '202503'`, { signal })
      }
      await run(session, 30, 'pieces', { values: { database: other } })
      await run(session, 30, 'one-piece', { force: true })
      await usingThrift((thrift) => run(thrift, 30, 'over-thrift', { force: true }))
      const read = async (of: string, runId: string): Promise<readonly AreaResult[]> => readAreaIndicators(session, { database: of, runId, signal })
      const expected = await read(database, 'one-piece')
      expect(expected).toHaveLength(9)
      expect(await read(other, 'pieces')).toEqual(expected)
      expect(await read(database, 'over-thrift')).toEqual(expected)
    })
  })
})
