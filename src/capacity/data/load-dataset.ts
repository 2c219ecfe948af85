import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Profile } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { withStep } from '../../core/progress.ts'
import { readGridArchive } from '../../grid/archive/read-archive.ts'
import { gridSummary } from '../../grid/summary.ts'
import { formatIdentifier, formatLiteral } from '../../sql/literals.ts'
import type { SparkSession } from '../../gateways/spark/spark-session.ts'
import { qualifiedName, tables } from '../tables.ts'
import { usingCapacitySession } from '../using-capacity-session.ts'
import { createCapacityTables } from './create-tables.ts'
import { readHouseholdProfiles } from './household-profiles.ts'
import { loadGridTables } from './load-grid-tables.ts'
import { loadProfileCurves, type ProfileUse } from './profile-curves.ts'
import { readMeterProfiles, type MeterProfile } from './meter-profiles.ts'

export interface LoadDatasetOptions {
  readonly profile: Profile
  readonly gridDirectory: string
  readonly profilesDirectory: string
  readonly database: string
  /** First and last day, inclusive. */
  readonly from: string
  readonly to: string
  readonly seed: number
  /** Multiplies the measured loads: how much more a household draws than when it was measured. */
  readonly factor: number
  /** Drop the database first. Without it, days that hold curves already are refused. */
  readonly replace: boolean
  readonly keep?: boolean
}

export interface DatasetReport {
  readonly database: string
  readonly areas: number
  readonly meters: number
  readonly curveRows: number
  readonly from: string
  readonly to: string
}

/** Fills the tables of the nightly job from a grid archive and measured household days. Throws DATA_PRESENT, and what its readers throw. */
export async function loadDataset(options: LoadDatasetOptions, context: Context): Promise<DatasetReport> {
  const { profile, gridDirectory, profilesDirectory, database, from, to, seed, factor, replace, keep } = options
  const { signal } = context
  const { areas } = gridSummary(await readGridArchive(gridDirectory, { signal }))
  const shapes = await readHouseholdProfiles(profilesDirectory, signal)
  const meters = await readMeterProfiles(gridDirectory, shapes.length, signal)
  const uses = meters.map((meter): ProfileUse => ({ meterId: meter.meterId, areaId: meter.areaId, profileId: String(meter.profile), factor: factor * habit(meter, seed) }))
  return usingCapacitySession({ profile, name: `dataset ${database}`, ...(keep === undefined ? {} : { keep }) }, context, async (session) => {
    if (replace) await session.execute(`DROP DATABASE IF EXISTS ${formatIdentifier('spark', database)} CASCADE`, { signal })
    await createCapacityTables(session, { database, areas, signal })
    await refusePresentDays(session, options, signal)
    await withStep(context.progress, 'grid tables', () => loadGridTables(session, { directory: gridDirectory, database, signal }))
    await loadProfileCurves(session, { database, from, to, shapes, uses, seed, signal }, context)
    const { rows } = await session.execute(`SELECT count(*) FROM ${qualifiedName(database, tables.curveDay)}`, { signal })
    return { database, areas, meters: meters.length, curveRows: Number(rows[0]?.[0] ?? 0), from, to }
  })
}

/** Households differ: between 0.7 and 1.3 of the load of their profile, always the same for a meter and a seed. */
function habit(meter: MeterProfile, seed: number): number {
  const share = createHash('sha256').update(`${seed}/${meter.meterId}`).digest().readUInt32BE(0) / 0xffff_ffff
  return 0.7 + 0.6 * share
}

async function refusePresentDays(session: SparkSession, options: LoadDatasetOptions, signal: AbortSignal): Promise<void> {
  const { database, from, to } = options
  const date = (value: string): string => formatLiteral('spark', { type: 'date', value })
  const { rows } = await session.execute(`SELECT 1 FROM ${qualifiedName(database, tables.curveDay)} WHERE date BETWEEN ${date(from)} AND ${date(to)} LIMIT 1`, { signal })
  if (rows.length > 0) throw new StationError('DATA_PRESENT', `database ${database} already holds curves between ${from} and ${to}`, { hint: 'Add --replace to drop the database and load it again.', facts: { database, directory: path.basename(options.gridDirectory) } })
}
