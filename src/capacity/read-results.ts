import { StationError } from '../core/errors.ts'
import { formatIdentifier, formatLiteral } from '../sql/literals.ts'
import { rowsIfPresent } from '../gateways/spark/rows-if-present.ts'
import type { SparkSession, SparkValue } from '../gateways/spark/spark-session.ts'
import { formatInstant, parseInstant } from '../core/time.ts'
import { indicators, type FigureKind, type FigureValue } from './indicators.ts'
import { qualifiedName, tables } from './tables.ts'

/** Business zone of all curves: fixed, without daylight saving. */
const curveZone = 'Asia/Shanghai'

export interface FoundUser {
  readonly indicator: 'I10' | 'I11'
  readonly userId: string
  /** I10: hours of the longest run; I11: largest ratio of load to contract. */
  readonly value: number
}

export interface AreaResult {
  readonly areaId: string
  readonly windowFrom: string
  readonly windowTo: string
  /** By column of `area_indicator`. */
  readonly figures: Readonly<Record<string, FigureValue>>
  readonly gatewayDays: number
  readonly sumDays: number
  readonly emptyDays: number
  /** Percent of the window's points that were measured. */
  readonly quality: number | null
  readonly users: readonly FoundUser[]
}

export interface ReadOptions {
  readonly database: string
  readonly signal: AbortSignal
  /** Default: the published run. */
  readonly runId?: string
  readonly areaIds?: readonly string[]
}

/** Rows of a statement on tables that a database without the nightly job's does not have. Throws DATABASE_UNKNOWN. */
async function rowsOf(session: SparkSession, sql: string, { database, signal }: { readonly database: string; readonly signal: AbortSignal }): Promise<readonly (readonly SparkValue[])[]> {
  const rows = await rowsIfPresent(session, sql, { signal })
  if (rows !== null) return rows
  throw new StationError('DATABASE_UNKNOWN', `database '${database}' has no tables of the nightly job`, { hint: "Check --database, or fill it: 'station dataset generate' or 'station dataset load'.", facts: { database } })
}

/** The run published last for a window that ends with `date`, null when there is none. Throws DATABASE_UNKNOWN. */
export async function readPublishedRun(session: SparkSession, options: { readonly database: string; readonly date: string; readonly signal: AbortSignal }): Promise<string | null> {
  const rows = await rowsOf(session, `SELECT max_by(run_id, published_at) FROM ${qualifiedName(options.database, tables.publishedRun)} WHERE window_to = ${formatLiteral('spark', { type: 'date', value: options.date })}`, options)
  return (rows[0]?.[0] ?? null) as string | null
}

/** Indicators of the areas of a run, ordered by area. Throws DATABASE_UNKNOWN. */
export async function readAreaIndicators(session: SparkSession, options: ReadOptions): Promise<readonly AreaResult[]> {
  const { database, runId, areaIds } = options
  const figures = indicators.flatMap((indicator) => indicator.figures)
  const fixed = ['area_id', 'window_from', 'window_to', 'run_id', 'gateway_days', 'sum_days', 'empty_days', 'quality']
  const source = runId === undefined ? `${formatIdentifier('spark', database)}.area_indicator_current` : qualifiedName(database, tables.areaIndicator)
  const conditions = [
    ...(runId === undefined ? [] : [`run_id = ${text(runId)}`]),
    ...(areaIds === undefined ? [] : [areaIds.length === 0 ? 'FALSE' : `area_id IN (${areaIds.map(text).join(', ')})`]),
  ]
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const names = [...fixed, ...figures.map(({ column }) => column)].map((name) => formatIdentifier('spark', name)).join(', ')
  const rows = await rowsOf(session, `SELECT ${names} FROM ${source}${where} ORDER BY area_id`, options)
  const runs = [...new Set(rows.map((row) => row[3] as string))]
  const users = await readUsers(session, options, runs)
  return rows.map((row): AreaResult => {
    const areaId = row[0] as string
    return {
      areaId,
      windowFrom: row[1] as string,
      windowTo: row[2] as string,
      gatewayDays: Number(row[4]),
      sumDays: Number(row[5]),
      emptyDays: Number(row[6]),
      quality: row[7] as number | null,
      figures: Object.fromEntries(figures.map(({ column, kind }, index) => [column, toFigure(kind, row[fixed.length + index] ?? null)])),
      users: users.get(areaId) ?? [],
    }
  })
}

async function readUsers(session: SparkSession, { database, signal, areaIds }: ReadOptions, runs: readonly string[]): Promise<ReadonlyMap<string, readonly FoundUser[]>> {
  const users = new Map<string, FoundUser[]>()
  if (runs.length === 0) return users
  const areas = areaIds === undefined ? '' : ` AND area_id IN (${areaIds.map(text).join(', ')})`
  const { rows } = await session.execute(
    `SELECT area_id, indicator, user_id, value FROM ${qualifiedName(database, tables.areaIndicatorUser)} WHERE run_id IN (${runs.map(text).join(', ')})${areas} ORDER BY area_id, indicator, user_id`,
    { signal },
  )
  for (const [areaId, indicator, userId, value] of rows as readonly (readonly [string, 'I10' | 'I11', string, number])[]) {
    const list = users.get(areaId)
    if (list === undefined) users.set(areaId, [{ indicator, userId, value }])
    else list.push({ indicator, userId, value })
  }
  return users
}

function toFigure(kind: FigureKind, value: SparkValue): FigureValue {
  if (value === null) return null
  if (kind === 'instant') {
    const instantMs = parseInstant(value as string)
    return instantMs === null ? null : formatInstant(instantMs, curveZone).replace('.000', '')
  }
  return typeof value === 'bigint' ? Number(value) : (value as FigureValue)
}

function text(value: string): string {
  return formatLiteral('spark', { type: 'string', value })
}
