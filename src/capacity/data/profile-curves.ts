import type { Context } from '../../core/context.ts'
import { withStep } from '../../core/progress.ts'
import type { SparkSession } from '../../gateways/spark/spark-session.ts'
import type { Parameter } from '../../sql/parameters.ts'
import { formatIdentifier } from '../../sql/literals.ts'
import { insertRows } from '../insert-rows.ts'
import type { Table } from '../tables.ts'
import { executeCapacitySql } from '../capacity-sql.ts'
import { withoutSortingWrites } from './without-sorting-writes.ts'

/** A measured day in two seasons: 96 values each, kW. */
export interface ProfileShape {
  readonly profileId: string
  readonly winter: readonly number[]
  readonly summer: readonly number[]
}

/** Which meter behaves like which profile, and how strongly. */
export interface ProfileUse {
  readonly meterId: string
  readonly areaId: string
  readonly profileId: string
  readonly factor: number
}

export interface ProfileCurveOptions {
  readonly database: string
  /** First and last day, inclusive. */
  readonly from: string
  readonly to: string
  readonly shapes: readonly ProfileShape[]
  readonly uses: readonly ProfileUse[]
  readonly seed: number
  readonly signal: AbortSignal
  /** Deviation of a point from its shape; default 0.15. */
  readonly noise?: number
  /** Share of the days that miss points; default 0.02. */
  readonly gapRate?: number
  /** Share of the user meters that have voltage curves; default 0.1. */
  readonly voltageShare?: number
}

const shapeTable: Table = { name: 'profile_shape', columns: [{ name: 'profile_id', type: 'STRING' }, { name: 'winter', type: 'ARRAY<DOUBLE>' }, { name: 'summer', type: 'ARRAY<DOUBLE>' }] }
const useTable: Table = { name: 'profile_use', columns: [{ name: 'meter_id', type: 'STRING' }, { name: 'area_id', type: 'STRING' }, { name: 'profile_id', type: 'STRING' }, { name: 'factor', type: 'DOUBLE' }] }

/**
 * Fills `curve_day` and `register_day` from measured shapes: P of every listed meter, voltages of some, and for every area with a gateway meter
 * what that meter would have measured, with its registers. Needs the grid tables. The same seed gives the same rows.
 */
export async function loadProfileCurves(session: SparkSession, options: ProfileCurveOptions, context: Context): Promise<void> {
  const { database, from, to, shapes, uses, seed, signal, noise = 0.15, gapRate = 0.02, voltageShare = 0.1 } = options
  const parameters: Readonly<Record<string, Parameter>> = {
    database: { type: 'identifier', value: database },
    first_day: { type: 'date', value: from },
    last_day: { type: 'date', value: to },
    seed: { type: 'bigint', value: BigInt(seed) },
    noise: { type: 'decimal', value: String(noise) },
    gap_rate: { type: 'decimal', value: String(gapRate) },
    voltage_share: { type: 'decimal', value: String(voltageShare) },
  }
  const temporary = [shapeTable, useTable]
  const name = (table: Table): string => `${formatIdentifier('spark', database)}.${table.name}`
  const drop = async (): Promise<void> => {
    for (const table of temporary) await session.execute(`DROP TABLE IF EXISTS ${name(table)}`, { signal })
  }
  await drop()
  for (const table of temporary) await session.execute(`CREATE TABLE ${name(table)} (${table.columns.map((column) => `${column.name} ${column.type}`).join(', ')}) USING parquet`, { signal })
  await insertRows(session, shapeTable, shapes.map(({ profileId, winter, summer }) => ({ profile_id: profileId, winter, summer })), { database, signal })
  await insertRows(session, useTable, uses.map(({ meterId, areaId, profileId, factor }) => ({ meter_id: meterId, area_id: areaId, profile_id: profileId, factor })), { database, signal })
  const steps: readonly (readonly [title: string, file: string])[] = [
    ['curves from profiles', 'profile-curves.sql'],
    ['voltages of some meters', 'profile-voltages.sql'],
    ['curves of the gateways', 'gateway-curves.sql'],
    ['registers of the gateways', 'gateway-registers.sql'],
  ]
  await withoutSortingWrites(session, signal, async () => {
    for (const [title, file] of steps) await withStep(context.progress, title, () => executeCapacitySql(session, `data/${file}`, { parameters, signal }, context))
  })
  await drop()
}
