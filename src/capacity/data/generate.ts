import type { Context } from '../../core/context.ts'
import { withStep } from '../../core/progress.ts'
import { addDays } from '../../core/time.ts'
import type { SparkSession } from '../../gateways/spark/spark-session.ts'
import { formatIdentifier } from '../../sql/literals.ts'
import type { Parameter } from '../../sql/parameters.ts'
import { executeCapacitySql } from '../capacity-sql.ts'
import { qualifiedName, tables } from '../tables.ts'
import { createCapacityTables } from './create-tables.ts'
import { withoutSortingWrites } from './without-sorting-writes.ts'

export interface GenerateOptions {
  readonly database: string
  readonly areas: number
  readonly usersPerArea: number
  /** Last day, inclusive. */
  readonly date: string
  readonly days: number
  readonly seed: number
  readonly signal: AbortSignal
  /** Share of the moved users whose rows went on under the old area for three days, as if their move had been known late; default 0. */
  readonly lateShare?: number
}

export interface GeneratedDataset {
  readonly database: string
  readonly from: string
  readonly to: string
  readonly buckets: number
  readonly areas: number
  readonly users: number
  readonly curveRows: number
  /** P rows of users: the rows that the measures count. */
  readonly userPowerRows: number
}

/**
 * Makes a synthetic data set of any size in a database of its own or an empty one: archive, registers and a year of curves with gaps, replaced meters,
 * moved users and areas over their capacity. The same seed gives the same rows. What the tables held before is gone.
 */
export async function generateDataset(session: SparkSession, options: GenerateOptions, context: Context): Promise<GeneratedDataset> {
  const { database, areas, usersPerArea, date, days, seed, signal, lateShare = 0 } = options
  const from = addDays(date, 1 - days)
  const name = formatIdentifier('spark', database)
  const execute = (sql: string): Promise<unknown> => session.execute(sql, { signal })
  await execute(`DROP TABLE IF EXISTS ${name}.curve_day`).catch(() => undefined) // the database may not exist yet
  const { buckets } = await createCapacityTables(session, { database, areas, signal })
  await execute(`DROP TABLE IF EXISTS ${name}.synthetic_stay`)
  await execute(`CREATE TABLE ${name}.synthetic_stay (meter_id STRING, area_id STRING, from_day DATE, to_day DATE, seed BIGINT, peak_kw DOUBLE, spread DOUBLE, kinds ARRAY<STRING>) USING parquet`)
  for (const table of [tables.gridContract]) await execute(`TRUNCATE TABLE ${qualifiedName(database, table)}`)
  const common: Readonly<Record<string, Parameter>> = { database: { type: 'identifier', value: database }, areas: { type: 'int', value: areas }, users_per_area: { type: 'int', value: usersPerArea }, seed: { type: 'bigint', value: BigInt(seed) }, tasks: { type: 'int', value: buckets }, late_share: { type: 'decimal', value: String(lateShare) } }
  const period = (first: string, last: string): Readonly<Record<string, Parameter>> => ({ ...common, first_day: { type: 'date', value: first }, last_day: { type: 'date', value: last } })
  await withStep(context.progress, `archive of ${areas} areas`, () => executeCapacitySql(session, 'data/synthetic-grid.sql', { parameters: period(from, date), signal }, context))
  await withoutSortingWrites(session, signal, async () => {
    for (const [first, last] of months(from, date)) {
      await withStep(context.progress, `curves of ${first.slice(0, 7)}`, () => executeCapacitySql(session, 'data/synthetic-curves.sql', { parameters: period(first, last), signal }, context))
    }
  })
  await execute(`DROP TABLE ${name}.synthetic_stay`)
  const { rows } = await session.execute(
    `SELECT (SELECT count(*) FROM ${name}.grid_user), count(*), count_if(kind = 'P') - (SELECT count(*) FROM ${name}.curve_day AS c LEFT SEMI JOIN ${name}.grid_meter AS m ON m.meter_id = c.meter_id AND m.role = 'GATEWAY' WHERE c.kind = 'P') FROM ${name}.curve_day`,
    { signal },
  )
  const [users, curveRows, userPowerRows] = (rows[0] ?? []).map(Number)
  return { database, from, to: date, buckets, areas, users: users ?? 0, curveRows: curveRows ?? 0, userPowerRows: userPowerRows ?? 0 }
}

/** The calendar months of a period, cut to it. */
function* months(from: string, to: string): Generator<readonly [string, string]> {
  for (let first = from; first <= to; ) {
    const month = first.slice(0, 7)
    let last = first
    while (last < to && addDays(last, 1).startsWith(month)) last = addDays(last, 1)
    yield [first, last]
    first = addDays(last, 1)
  }
}
