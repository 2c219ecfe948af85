import type { Profile } from '../core/config.ts'
import type { Context } from '../core/context.ts'
import { StationError } from '../core/errors.ts'
import { readAreaIndicators, readPublishedRun, type AreaResult } from '../capacity/read-results.ts'
import { readAreaShapes } from '../capacity/read-shapes.ts'
import { usingCapacitySession } from '../capacity/using-capacity-session.ts'
import { tightestFirst, type AreaIndicators, type CapacityReportData } from './capacity-section.ts'

/** Shapes are read for at most so many areas, the tightest: the heat map of a whole province would not be read by anybody. */
const mostShapes = 60
/** docs/domain.md 4.3, I14: the allowed load is this share of the rated capacity. */
const allowedShare = 0.8

export interface CapacityReportOptions {
  readonly profile: Profile
  readonly database: string
  /** The last run published for a window that ends with this date; default: the run that readers see. */
  readonly date?: string
  readonly keep?: boolean
}

/** Indicators of a published run and the shapes of its tightest areas. Throws DATABASE_UNKNOWN, NOT_READY when nothing is published. */
export async function readCapacityReport(options: CapacityReportOptions, context: Context): Promise<CapacityReportData> {
  const { profile, database, date, keep } = options
  const { signal } = context
  return usingCapacitySession({ profile, name: 'report', ...(keep === undefined ? {} : { keep }) }, context, async (session) => {
    const runId = date === undefined ? undefined : await readPublishedRun(session, { database, date, signal })
    const results = runId === null ? [] : await readAreaIndicators(session, { database, signal, ...(runId === undefined ? {} : { runId }) })
    const [first] = results
    if (first === undefined) throw new StationError('NOT_READY', `no run of the capacity job${date === undefined ? '' : ` for ${date}`} is published in database ${database}`, { hint: "Run 'station run capacity --date DATE' first.", retry: 'later' })
    const { windowFrom, windowTo } = first
    const areas = results.map(toIndicators)
    const areaIds = tightestFirst(areas).slice(0, mostShapes).map((area) => area.areaId)
    return { windowFrom, windowTo, areas, shapes: await readAreaShapes(session, { database, areaIds, windowFrom, windowTo, signal }, context) }
  })
}

function toIndicators({ areaId, figures }: AreaResult): AreaIndicators {
  const allowedKva = figures['i14_allowed_kva']
  return { areaId, figures, ratedKva: typeof allowedKva === 'number' ? allowedKva / allowedShare : 0 }
}
