import type { Profile } from '../core/config.ts'
import type { Context } from '../core/context.ts'
import { StationError } from '../core/errors.ts'
import type { SparkSession } from '../gateways/spark/spark-session.ts'
import { answerRequest, type ConnectionRequest, type FeederRoom, type FitAnswer } from './fits.ts'
import { readAreaIndicators, type AreaResult } from './read-results.ts'
import { readAreaShapes, type AreaShape } from './read-shapes.ts'
import { usingCapacitySession } from './using-capacity-session.ts'

export interface AreaAnswerOptions {
  readonly profile: Profile
  readonly database: string
  readonly areaId: string
  readonly keep?: boolean
}

export interface AreaView {
  readonly area: AreaResult
  readonly shape: AreaShape
}

/** `station capacity area`: the area's indicators of the published run and the shapes of its load. Throws DATABASE_UNKNOWN, AREA_UNKNOWN. */
export function describeArea(options: AreaAnswerOptions, context: Context): Promise<AreaView> {
  return usingCapacitySession({ ...options, name: `area ${options.areaId}` }, context, async (session) => {
    const area = await readArea(session, options, context)
    const shapes = await readAreaShapes(session, { database: options.database, areaIds: [area.areaId], windowFrom: area.windowFrom, windowTo: area.windowTo, signal: context.signal }, context)
    return { area, shape: shapes[0]! }
  })
}

/** `station capacity fits`: the answer to a request for connection by the published run. Throws DATABASE_UNKNOWN, AREA_UNKNOWN. */
export function answerConnection(request: ConnectionRequest, options: AreaAnswerOptions & { readonly feeder?: FeederRoom }, context: Context): Promise<FitAnswer> {
  return usingCapacitySession({ ...options, name: `request in ${options.areaId}` }, context, async (session) => answerRequest(request, await readArea(session, options, context), options.feeder))
}

async function readArea(session: SparkSession, { database, areaId }: AreaAnswerOptions, { signal }: Context): Promise<AreaResult> {
  const found = (await readAreaIndicators(session, { database, areaIds: [areaId], signal }))[0]
  if (found === undefined) throw new StationError('AREA_UNKNOWN', `the published run has no area '${areaId}'`, { hint: `Run 'station run capacity' first, or look for its name in ${database}.area_indicator_current.`, facts: { area: areaId, database } })
  return found
}
