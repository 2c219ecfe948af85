import type { Context } from '../core/context.ts'
import type { SparkSession, SparkValue } from '../gateways/spark/spark-session.ts'
import { executeCapacitySql } from './capacity-sql.ts'

/** How an area is loaded: what plots need beside the indicators. Lists are empty where nothing was measured. */
export interface AreaShape {
  readonly areaId: string
  /** Load in kW, falling, equally spaced over the window. */
  readonly loadDurationKw: readonly number[]
  /** Mean current in A by quarter-hour of the day. */
  readonly phaseCurrentsA: Readonly<Record<'A' | 'B' | 'C', readonly (number | null)[]>>
  readonly voltage: { readonly fromV: number; readonly stepV: number; readonly counts: readonly number[] }
  readonly monthlyLoadRatePct: readonly { readonly month: string; readonly maximumPct: number | null }[]
}

export interface ReadShapesOptions {
  readonly database: string
  readonly areaIds: readonly string[]
  /** Inclusive dates. */
  readonly windowFrom: string
  readonly windowTo: string
  readonly signal: AbortSignal
}

/** Shapes of the named areas from their gateway meters (voltages: from all meters), in the order of the names. */
export async function readAreaShapes(session: SparkSession, options: ReadShapesOptions, context: Context): Promise<readonly AreaShape[]> {
  const { database, areaIds, windowFrom, windowTo, signal } = options
  const parameters = {
    database: { type: 'identifier', value: database },
    window_from: { type: 'date', value: windowFrom },
    window_to: { type: 'date', value: windowTo },
    areas: { type: 'string', value: areaIds.join('\n') },
  } as const
  const read = async (file: string): Promise<readonly (readonly SparkValue[])[]> => (await executeCapacitySql(session, `read/${file}`, { parameters, signal }, context)).rows
  const durations = await read('load-duration.sql')
  const months = await read('monthly-load-rate.sql')
  const currents = await read('phase-currents.sql')
  const voltages = await read('voltage-histogram.sql')

  const of = (rows: readonly (readonly SparkValue[])[], areaId: string): readonly (readonly SparkValue[])[] => rows.filter((row) => row[0] === areaId)
  return areaIds.map((areaId): AreaShape => {
    const phase = (kind: string): readonly (number | null)[] => (of(currents, areaId).find((row) => row[1] === kind)?.[2] as readonly (number | null)[] | undefined) ?? []
    return {
      areaId,
      loadDurationKw: (of(durations, areaId)[0]?.[1] as readonly number[] | undefined) ?? [],
      phaseCurrentsA: { A: phase('IA'), B: phase('IB'), C: phase('IC') },
      voltage: histogram(of(voltages, areaId)),
      monthlyLoadRatePct: of(months, areaId)
        .map((row) => ({ month: row[1] as string, maximumPct: row[2] as number | null }))
        .sort((left, right) => (left.month < right.month ? -1 : 1)),
    }
  })
}

/** Counts by whole volts without holes, from the lowest to the highest that occurs. */
function histogram(rows: readonly (readonly SparkValue[])[]): AreaShape['voltage'] {
  const counts = new Map(rows.map((row) => [Number(row[1]), Number(row[2])]))
  if (counts.size === 0) return { fromV: 0, stepV: 1, counts: [] }
  const fromV = Math.min(...counts.keys())
  const toV = Math.max(...counts.keys())
  return { fromV, stepV: 1, counts: Array.from({ length: toV - fromV + 1 }, (_, index) => counts.get(fromV + index) ?? 0) }
}
