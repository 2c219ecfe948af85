import { formatIdentifier } from '../sql/literals.ts'
import { indicators, type FigureKind } from './indicators.ts'

/*
  The tables of the nightly job (docs/tables.md): one declaration for making them, for filling them and for the tests.
*/

export interface Column {
  readonly name: string
  readonly type: string
}

export interface Table {
  readonly name: string
  /** Partition columns last. */
  readonly columns: readonly Column[]
  readonly partitionedBy?: readonly string[]
  /** Rows lie in buckets by area, so that an area's rows of all tables meet without a shuffle. */
  readonly bucketed?: boolean
}

function columns(...pairs: readonly (readonly [name: string, type: string])[]): readonly Column[] {
  return pairs.map(([name, type]) => ({ name, type }))
}

const periods = (valueType: string): readonly Column[] => columns(['id', 'STRING'], ['value', valueType], ['from', 'DATE'], ['to', 'DATE'])
const capacity = 'DECIMAL(14, 4)'

/** What `area_indicator` holds beside the figures: where the load came from, and how much of it there was. */
const qualityColumns = columns(
  ['gateway_days', 'INT'], ['sum_days', 'INT'], ['empty_days', 'INT'], ['quality', 'DOUBLE'],
  ['curve_rows', 'BIGINT'], ['user_days', 'BIGINT'], ['ignored_rows', 'BIGINT'], ['bad_rows', 'BIGINT'], ['repeated_rows', 'BIGINT'],
)

const figureTypes: Readonly<Record<FigureKind, string>> = { measure: 'DOUBLE', ratio: 'DOUBLE', count: 'BIGINT', instant: 'TIMESTAMP', date: 'DATE', phase: 'STRING' }

export const indicatorColumns: readonly Column[] = indicators.flatMap(({ figures }) => figures.map(({ column, kind }) => ({ name: column, type: figureTypes[kind] })))

const meterType = 'STRUCT<meter_id: STRING, mp_id: STRING, wiring: STRING, phase: STRING, ct: DECIMAL(14, 4), pt: DECIMAL(14, 4), from_time: TIMESTAMP_NTZ, to_time: TIMESTAMP_NTZ, start_ef: BIGINT, stop_ef: BIGINT, listed: INT>'
const capacityPeriods = 'ARRAY<STRUCT<from_date: DATE, to_date: DATE, kva: DECIMAL(14, 4)>>'

/** Archive of an area as the fold takes it; the same form stands in `station.curve.spark.ArchiveReader`. */
const archiveType = [
  'STRUCT<area_id: STRING, window_from: DATE, window_to: DATE, connection: STRING, rated_kva: DECIMAL(14, 4)',
  `rated: ${capacityPeriods}`,
  `gateways: ARRAY<${meterType}>`,
  `users: ARRAY<STRUCT<user_id: STRING, membership: ARRAY<STRUCT<from_date: DATE, to_date: DATE, area_id: STRING>>, contract: ${capacityPeriods}, meters: ARRAY<${meterType}>>>`,
  'reactive: ARRAY<STRING>',
  'registers: ARRAY<STRUCT<meter_id: STRING, date: DATE, ef: BIGINT>>>',
].join(', ')

/** Figures as `station.curve.spark.FiguresWriter` gives them. */
const figuresType = `STRUCT<${[
  ...['days', 'gateway_days', 'sum_days', 'empty_days', 'load_points', 'filled_points'].map((name) => `${name}: INT`),
  'max_kw: DOUBLE, max_kw_point: INT, mean_positive_kw: DOUBLE, max_load_rate_pct: DOUBLE, max_load_rate_point: INT, mean_load_rate_pct: DOUBLE, max_consuming_kva: DOUBLE',
  'valley_days: INT, mean_valley_pct: DOUBLE, max_valley_kw: DOUBLE, max_valley_day: INT, energy_kwh: DOUBLE, energy_days: INT',
  ...['heavy', 'overload', 'imbalance'].map((name) => `${name}_days: INT, ${name}_points: INT, ${name}_longest: INT, ${name}_runs: INT`),
  'max_imbalance_pct: DOUBLE, max_imbalance_point: INT, voltage_points: BIGINT, voltage_over: BIGINT, voltage_under: BIGINT',
  'factor_kw: DOUBLE, factor_kvar: DOUBLE, factor_points: INT, coincident_kw: DOUBLE, sum_of_maxima_kw: DOUBLE, users_with_data: INT',
  'max_phase_a_kva: DOUBLE, max_phase_b_kva: DOUBLE, max_phase_c_kva: DOUBLE, rated_kva: DOUBLE',
  'curve_rows: BIGINT, ignored_rows: BIGINT, bad_rows: BIGINT, repeated_rows: BIGINT, user_days: BIGINT',
  'users: ARRAY<STRUCT<indicator: STRING, user_id: STRING, value: DOUBLE>>',
].join(', ')}>`

export const tables = {
  curveDay: {
    name: 'curve_day',
    columns: columns(['meter_id', 'STRING'], ['area_id', 'STRING'], ['date', 'DATE'], ['points', 'BINARY'], ['valid_points', 'INT'], ['quality', 'INT'], ['month', 'STRING'], ['kind', 'STRING']),
    partitionedBy: ['month', 'kind'],
    bucketed: true,
  },
  registerDay: { name: 'register_day', columns: columns(['meter_id', 'STRING'], ['date', 'DATE'], ['ef', 'BIGINT'], ['er', 'BIGINT']) },
  gridArea: { name: 'grid_area', columns: columns(['area_id', 'STRING'], ['feeder_id', 'STRING'], ['branch_id', 'STRING'], ['org_id', 'STRING'], ['rated_kva', capacity], ['connection', 'STRING'], ['public', 'STRING'], ['terminal_id', 'STRING']) },
  gridUser: { name: 'grid_user', columns: columns(['user_id', 'STRING'], ['category', 'STRING'], ['contract_kva', capacity], ['priority', 'STRING'], ['second_area_id', 'STRING']) },
  gridMeter: {
    name: 'grid_meter',
    columns: columns(
      ['meter_id', 'STRING'], ['address', 'STRING'], ['mp_id', 'STRING'], ['role', 'STRING'], ['user_id', 'STRING'], ['area_id', 'STRING'], ['box_id', 'STRING'], ['phase', 'STRING'], ['wiring', 'STRING'],
      ['ct', capacity], ['pt', capacity], ['online', 'INT'], ['from', 'TIMESTAMP_NTZ'], ['to', 'TIMESTAMP_NTZ'],
      // registers when put in and taken out, 0.01 kWh; place in the archive's list: the first gateway metering point gives the voltage of I15
      ['start_ef', 'BIGINT'], ['stop_ef', 'BIGINT'], ['listed', 'INT'],
    ),
  },
  gridRated: { name: 'grid_rated', columns: periods(capacity) },
  gridMembership: { name: 'grid_membership', columns: periods('STRING') },
  gridContract: { name: 'grid_contract', columns: periods(capacity) },
  gridApplication: { name: 'grid_application', columns: columns(['application_id', 'STRING'], ['area_id', 'STRING'], ['kva', capacity], ['category', 'STRING'], ['phases', 'STRING'], ['status', 'STRING']) },
  areaToCompute: { name: 'area_to_compute', columns: columns(['area_id', 'STRING'], ['window_from', 'DATE'], ['window_to', 'DATE'], ['run_id', 'STRING']), partitionedBy: ['run_id'] },
  /** The empty curve columns let the job read it side by side with curves: only a plain scan at the head of a UNION keeps its buckets (Spark 4.1). */
  areaArchive: { name: 'area_archive', columns: columns(['area_id', 'STRING'], ['archive', archiveType], ['meter_id', 'STRING'], ['kind', 'STRING'], ['date', 'DATE'], ['points', 'BINARY']), bucketed: true },
  strayMeter: { name: 'stray_meter', columns: columns(['area_id', 'STRING'], ['meter_id', 'STRING'], ['month', 'STRING'], ['history', 'ARRAY<STRUCT<from_date: DATE, to_date: DATE, area_id: STRING>>'], ['row_count', 'BIGINT']) },
  strayCurve: { name: 'stray_curve', columns: columns(['area_id', 'STRING'], ['meter_id', 'STRING'], ['kind', 'STRING'], ['date', 'DATE'], ['points', 'BINARY']), bucketed: true },
  reactiveMeter: { name: 'reactive_meter', columns: columns(['area_id', 'STRING'], ['meter_id', 'STRING']) },
  gatewayRegister: { name: 'gateway_register', columns: columns(['area_id', 'STRING'], ['meter_id', 'STRING'], ['date', 'DATE'], ['ef', 'BIGINT']) },
  areaFigures: { name: 'area_figures', columns: columns(['area_id', 'STRING'], ['figures', figuresType], ['run_id', 'STRING']), partitionedBy: ['run_id'] },
  areaIndicator: {
    name: 'area_indicator',
    columns: [...columns(['window_from', 'DATE'], ['window_to', 'DATE'], ['area_id', 'STRING']), ...indicatorColumns, ...qualityColumns, { name: 'run_id', type: 'STRING' }],
    partitionedBy: ['run_id'],
  },
  areaIndicatorUser: { name: 'area_indicator_user', columns: columns(['window_to', 'DATE'], ['area_id', 'STRING'], ['indicator', 'STRING'], ['user_id', 'STRING'], ['value', 'DOUBLE'], ['run_id', 'STRING']), partitionedBy: ['run_id'] },
  publishedRun: { name: 'published_run', columns: columns(['run_id', 'STRING'], ['run_key', 'STRING'], ['window_from', 'DATE'], ['window_to', 'DATE'], ['published_at', 'TIMESTAMP']) },
} as const satisfies Record<string, Table>

export type TableName = keyof typeof tables

const areasPerBucket = 125
const fewestBuckets = 4

/** Buckets for a number of areas: about 125 areas each bound what a task holds; a power of two, and a few even for a small grid, so that two cores have work. */
export function bucketCount(areas: number): number {
  const wanted = Math.max(areas / areasPerBucket, Math.min(fewestBuckets, areas))
  return 2 ** Math.max(0, Math.round(Math.log2(Math.max(1, wanted))))
}

export function qualifiedName(database: string, table: Table): string {
  return `${formatIdentifier('spark', database)}.${formatIdentifier('spark', table.name)}`
}

/**
 * A dictionary of curves would only be built to be thrown away. Ids repeat, but Spark makes a new text of every row whose id it has to look up in
 * a dictionary; written out they are read in place, and the compression takes the repetition. A row group is held in memory whole while it is
 * read, and the collector copies what is held: 8 MiB instead of 128 keep that small.
 */
const curveOptions = [...['points', 'meter_id', 'area_id'].map((column) => `'parquet.enable.dictionary#${column}' 'false'`), "'compression' 'snappy'", `'parquet.block.size' '${8 * 2 ** 20}'`].join(', ')

/**
 * Raised with every change of `tables`; `jobs/sql/capacity/job.yaml` names the version that its SQL needs. A table that is new is made beside the
 * old ones; a column that is new, or has changed, also needs an ALTER TABLE in `createCapacityTables` for databases of the version before.
 */
export const tablesVersion = 2

export function versionView(database: string): string {
  return `${formatIdentifier('spark', database)}.tables_version`
}

/** Statements that make the database, its tables, the view of the published run and that of the version; tables that exist stay as they are. */
export function createStatements(database: string, buckets: number): readonly string[] {
  const statements = Object.values<Table>(tables).map((table) => {
    const list = table.columns.map(({ name, type }) => `${formatIdentifier('spark', name)} ${type}`).join(', ')
    const partitions = table.partitionedBy === undefined ? '' : ` PARTITIONED BY (${table.partitionedBy.join(', ')})`
    const clustering = table.bucketed === true ? ` CLUSTERED BY (area_id) INTO ${buckets} BUCKETS` : ''
    const options = table.columns.some(({ name }) => name === 'points') ? ` OPTIONS (${curveOptions})` : ''
    return `CREATE TABLE IF NOT EXISTS ${qualifiedName(database, table)} (${list}) USING parquet${options}${partitions}${clustering}`
  })
  return [`CREATE DATABASE IF NOT EXISTS ${formatIdentifier('spark', database)}`, ...statements, viewStatement(database), `CREATE OR REPLACE VIEW ${versionView(database)} AS SELECT ${tablesVersion} AS version`]
}

/** Readers see the run that was published last; the switch is one appended row. */
function viewStatement(database: string): string {
  const current = `${formatIdentifier('spark', database)}.area_indicator_current`
  const published = qualifiedName(database, tables.publishedRun)
  return `CREATE OR REPLACE VIEW ${current} AS SELECT * FROM ${qualifiedName(database, tables.areaIndicator)} WHERE run_id = (SELECT max_by(run_id, published_at) FROM ${published})`
}
