import type { AreaResult } from './read-results.ts'

/*
  Answer to a request for connection (docs/domain.md, indicators, 4.3): what the request will really take must fit into the openable capacity of the
  area, of its phase when it is single-phase, and the feeder must have room.
*/

export const requestCategories = ['RES', 'COM', 'IND', 'EV', 'AGR', 'OTHER'] as const
export type RequestCategory = (typeof requestCategories)[number]
export const requestPhases = ['A', 'B', 'C', 'ABC'] as const
export type RequestPhases = (typeof requestPhases)[number]

const coincidence: Readonly<Record<RequestCategory, number>> = { RES: 0.4, COM: 0.7, IND: 0.8, EV: 0.8, AGR: 0.6, OTHER: 1 }
const feederLimitPct = 80

export interface ConnectionRequest {
  readonly kva: number
  readonly category: RequestCategory
  readonly phases: RequestPhases
}

/** What is known above the area; the grid archive holds no ratings of feeders. */
export interface FeederRoom {
  readonly loadRatePct?: number
  readonly openableKva?: number
  readonly mainTransformerOpenableKva?: number
}

export interface FitReason {
  readonly rule: 'area' | 'phase' | 'feeder load' | 'feeder' | 'main transformer'
  readonly holds: boolean | null
  readonly text: string
}

export interface FitAnswer {
  readonly areaId: string
  readonly demandKva: number
  /** Every rule that could be checked holds. */
  readonly fits: boolean
  readonly reasons: readonly FitReason[]
  /** Largest single request of this kind that would fit, kVA; null when nothing was measured. */
  readonly largestKva: number | null
}

/** Pure: all that decides is in its arguments. A rule whose figure is missing in the area does not hold; one whose figure the caller does not know is left open. */
export function answerRequest(request: ConnectionRequest, area: AreaResult, feeder: FeederRoom = {}): FitAnswer {
  const factor = coincidence[request.category]
  const demandKva = round(request.kva * factor)
  const openable = number(area, 'i14_kva')
  const reasons: FitReason[] = [room('area', openable, demandKva, 'the area')]
  const single = request.phases !== 'ABC'
  const phaseRoom = single ? number(area, `i15_${request.phases.toLowerCase()}`) : null
  if (single) {
    const best = area.figures['i15_recommend']
    const better = typeof best === 'string' && best !== request.phases ? `; phase ${best} has most room` : ''
    const reason = room('phase', phaseRoom, demandKva, `phase ${request.phases}`)
    reasons.push({ ...reason, text: reason.text + better })
  }
  reasons.push(
    feeder.loadRatePct === undefined
      ? { rule: 'feeder load', holds: null, text: 'load rate of the feeder not given: not checked' }
      : { rule: 'feeder load', holds: feeder.loadRatePct < feederLimitPct, text: `the feeder is loaded to ${feeder.loadRatePct} %, the limit is below ${feederLimitPct} %` },
    above('feeder', feeder.openableKva, request.kva),
    above('main transformer', feeder.mainTransformerOpenableKva, request.kva),
  )
  const bound = single && openable !== null && phaseRoom !== null ? Math.min(openable, phaseRoom) : single ? null : openable
  return { areaId: area.areaId, demandKva, fits: reasons.every(({ holds }) => holds !== false), reasons, largestKva: bound === null ? null : round(bound / factor) }
}

function room(rule: 'area' | 'phase', openableKva: number | null, demandKva: number, name: string): FitReason {
  if (openableKva === null) return { rule, holds: false, text: `${name}: no load was measured, so that nothing can be promised` }
  const holds = demandKva <= openableKva
  return { rule, holds, text: `${name} has ${openableKva} kVA open, the request will take ${demandKva} kVA` }
}

function above(rule: 'feeder' | 'main transformer', openableKva: number | undefined, kva: number): FitReason {
  if (openableKva === undefined) return { rule, holds: null, text: `openable capacity of the ${rule} not given: not checked` }
  return { rule, holds: openableKva > kva, text: `the ${rule} has ${openableKva} kVA open, the request is for ${kva} kVA` }
}

function number(area: AreaResult, column: string): number | null {
  const value = area.figures[column]
  return typeof value === 'number' ? value : null
}

function round(value: number): number {
  return Math.round(value * 100 + 1e-9) / 100
}
