import type { TruthKind } from '../../records/truth.ts'
import type { Random, RandomStreams } from '../random.ts'
import type { Arrival } from './arrivals.ts'
import { createNodePicker, type NodePicker } from './node-picker.ts'
import type { Parameters } from './parameters.ts'
import { areaOf, areasOf, at, feederOf, metersOf, type MeterRange, rangeOf, type SimGrid, simLevels, type SimLevel, type SimNode } from './sim-grid.ts'

const minuteMs = 60_000
/** Two faults of one line of ancestry keep this distance: a fault below a dark node could not be seen. */
const apartMs = 10 * minuteMs
const minFaultMs = 3 * minuteMs

/** Something that really happens to a node. */
export interface Incident {
  readonly number: number
  readonly kind: TruthKind
  readonly node: SimNode
  readonly feeder: number
  /** 0 A, 1 B, 2 C; −1 the whole node. */
  readonly phase: number
  readonly startAtMs: number
  readonly endAtMs: number
  /** Areas before `fromArea` (the upstream ones) have supply again at `endAtMs` already. */
  readonly steps: { readonly fromArea: number; readonly endAtMs: number } | null
  /** A box below that stays dark after the restoration. */
  readonly nested: { readonly box: number; readonly endAtMs: number } | null
  /** What the order or cut-off list says about it. */
  readonly order: { readonly startAtMs: number; readonly endAtMs: number } | null
}

export interface IncidentOptions {
  readonly startAtMs: number
  readonly hours: number
  /** The whole time is a storm: most faults fall into one hump. */
  readonly storm: boolean
  /** Arrivals of a real day, in order, scaled onto the simulated time; else Poisson. */
  readonly arrivals: readonly Arrival[] | null
  /** A fixed number of faults instead of the density. */
  readonly faults: number | null
}

/** End of the dark time of an area: upstream areas of a stepwise restoration have theirs earlier. */
export function endOfArea(incident: Incident, area: number): number {
  return incident.steps !== null && area < incident.steps.fromArea ? incident.steps.endAtMs : incident.endAtMs
}

/** Faults, planned work, cut-offs and reclosings of the whole time, in order of their start; `number` is the position. */
export function planIncidents(grid: SimGrid, streams: RandomStreams, parameters: Parameters, options: IncidentOptions): readonly Incident[] {
  const planner = new Planner(grid, streams, parameters, options)
  planner.faults()
  planner.planned()
  planner.controlled()
  planner.momentaries()
  return planner.incidents.sort((left, right) => left.startAtMs - right.startAtMs || left.feeder - right.feeder).map((incident, number) => ({ ...incident, number }))
}

interface Taken {
  readonly meters: MeterRange
  readonly startAtMs: number
  readonly endAtMs: number
}

class Planner {
  readonly incidents: Incident[] = []
  readonly #grid: SimGrid
  readonly #streams: RandomStreams
  readonly #parameters: Parameters
  readonly #options: IncidentOptions
  readonly #picker: NodePicker
  readonly #taken = new Map<number, Taken[]>()
  readonly #lengthMs: number
  readonly #expected: number

  constructor(grid: SimGrid, streams: RandomStreams, parameters: Parameters, options: IncidentOptions) {
    this.#grid = grid
    this.#streams = streams
    this.#parameters = parameters
    this.#options = options
    this.#picker = createNodePicker(grid)
    this.#lengthMs = options.hours * 3_600_000
    this.#expected = options.faults ?? (parameters.faultsPerAreaDay * grid.areas * options.hours) / 24
  }

  faults(): void {
    const random = this.#streams('faults')
    const count = this.#options.faults ?? random.poisson(this.#expected)
    const { arrivals } = this.#options
    if (arrivals !== null) {
      for (let index = 0; index < count; index++) {
        const arrival = arrivals[Math.min(arrivals.length - 1, Math.floor(((index + random.unit()) * arrivals.length) / count))]
        if (arrival !== undefined) this.#fault(this.#streams('fault', index), this.#options.startAtMs + arrival.at * this.#lengthMs, { arrival })
      }
      return
    }
    const clustered = this.#storms(this.#streams('storms'), count)
    for (let index = 0; index < count - clustered; index++) {
      const fault = this.#streams('fault', index)
      const share = this.#options.storm && fault.chance(0.8) ? fault.beta(2.5, 4) : fault.unit()
      this.#fault(fault, this.#options.startAtMs + share * this.#lengthMs, {})
    }
  }

  /** Clusters of 5–50 faults in one city (a run of neighbouring feeders) within 20 minutes; returns how many faults they hold. */
  #storms(random: Random, count: number): number {
    const { grid, feeders } = { grid: this.#grid, feeders: this.#grid.feeders.from.length }
    const clusters = random.poisson((this.#parameters.stormShare * count) / 27.5)
    let total = 0
    for (let cluster = 0; cluster < clusters; cluster++) {
      const size = Math.min(5 + random.below(46), count - total)
      const width = Math.max(1, Math.min(feeders, Math.max(10, Math.round(feeders * 0.05))))
      const first = random.below(feeders - width + 1)
      const city = { from: at(grid.feeders.from, first), to: at(grid.feeders.to, first + width - 1) }
      const startAtMs = this.#options.startAtMs + random.unit() * Math.max(0, this.#lengthMs - 20 * minuteMs)
      for (let index = 0; index < size; index++) this.#fault(this.#streams('storm fault', cluster * 64 + index), startAtMs + random.unit() * 20 * minuteMs, { city })
      total += size
    }
    return total
  }

  #fault(random: Random, startAtMs: number, how: { readonly arrival?: Arrival; readonly city?: MeterRange }): void {
    for (let attempt = 0; attempt < 30; attempt++) {
      const node = how.arrival === undefined ? this.#picker.pick(this.#drawLevel(random), random, how.city) : this.#picker.pickBySize(how.arrival.customers, random)
      const medianMs = { FEEDER: 60, USER: 120, BRANCH: 75, AREA: 75, LINE: 75, BOX: 75 }[node.level] * minuteMs
      const lengthMs = Math.max(minFaultMs, how.arrival?.lengthMs ?? random.logNormal(Math.log(medianMs), 0.9))
      const endAtMs = startAtMs + lengthMs
      const feeder = feederOf(this.#grid, node)
      if (!this.#free(feeder, node, startAtMs, endAtMs)) continue
      const phase = this.#drawPhase(node, random)
      const steps = this.#drawSteps(node, random, startAtMs, endAtMs)
      const incident: Incident = { number: 0, kind: 'FAULT', node, feeder, phase, startAtMs: Math.round(startAtMs), endAtMs: Math.round(endAtMs), steps, nested: null, order: null }
      const nested = phase < 0 && (node.level === 'FEEDER' || node.level === 'AREA') && random.chance(this.#parameters.nestedShare) ? this.#drawNested(incident, random) : null
      this.#add({ ...incident, nested }, Math.max(endAtMs, nested?.endAtMs ?? 0))
      return
    }
  }

  planned(): void {
    const random = this.#streams('planned')
    for (let left = random.poisson(this.#expected * this.#parameters.plannedShare); left > 0; left--) {
      const draw = random.unit()
      const level: SimLevel = draw < 0.1 ? 'BRANCH' : draw < 0.6 ? 'AREA' : draw < 0.8 ? 'LINE' : 'BOX'
      const node = this.#picker.pick(level, random)
      const orderMs = this.#options.startAtMs + random.unit() * this.#lengthMs
      const lengthMs = Math.max(20 * minuteMs, random.logNormal(Math.log(120 * minuteMs), 0.5))
      const startAtMs = Math.round(orderMs + random.between(-10, 20) * minuteMs)
      const endAtMs = Math.round(Math.max(startAtMs + 5 * minuteMs, orderMs + lengthMs + random.between(-30, 15) * minuteMs))
      const feeder = feederOf(this.#grid, node)
      if (!this.#free(feeder, node, startAtMs, endAtMs)) continue
      this.#add({ number: 0, kind: 'PLANNED', node, feeder, phase: -1, startAtMs, endAtMs, steps: null, nested: null, order: { startAtMs: Math.round(orderMs), endAtMs: Math.round(orderMs + lengthMs) } }, endAtMs)
    }
  }

  controlled(): void {
    const random = this.#streams('controlled')
    for (let left = random.poisson(this.#expected * this.#parameters.controlledShare); left > 0; left--) {
      const node = this.#picker.pick('USER', random)
      const startAtMs = Math.round(this.#options.startAtMs + random.unit() * this.#lengthMs)
      const endAtMs = Math.round(startAtMs + Math.max(minFaultMs, random.logNormal(Math.log(120 * minuteMs), 0.9)))
      const orderStartMs = startAtMs - Math.round(random.unit() * minuteMs)
      this.incidents.push({ number: 0, kind: 'CONTROLLED', node, feeder: feederOf(this.#grid, node), phase: -1, startAtMs, endAtMs, steps: null, nested: null, order: { startAtMs: orderStartMs, endAtMs } })
    }
  }

  momentaries(): void {
    const random = this.#streams('momentary')
    const before = new Map<number, number[]>()
    for (let left = random.poisson(this.#expected * this.#parameters.momentaryShare); left > 0; left--) {
      const feeder = random.below(this.#grid.feeders.from.length)
      const node: SimNode = { level: 'FEEDER', index: feeder }
      const startAtMs = Math.round(this.#options.startAtMs + random.unit() * this.#lengthMs)
      const endAtMs = startAtMs + Math.round(random.between(2_000, 30_000))
      const meters = metersOf(this.#grid, node)
      const whole = (this.#taken.get(feeder) ?? []).some((taken) => taken.meters.to - taken.meters.from === meters.to - meters.from && startAtMs < taken.endAtMs + apartMs && taken.startAtMs < endAtMs + apartMs)
      const others = before.get(feeder) ?? []
      if (whole || others.some((otherMs) => Math.abs(otherMs - startAtMs) < apartMs)) continue
      before.set(feeder, [...others, startAtMs])
      this.incidents.push({ number: 0, kind: 'MOMENTARY', node, feeder, phase: -1, startAtMs, endAtMs, steps: null, nested: null, order: null })
    }
  }

  #add(incident: Incident, darkUntilMs: number): void {
    this.incidents.push(incident)
    const taken = { meters: metersOf(this.#grid, incident.node), startAtMs: incident.startAtMs, endAtMs: darkUntilMs }
    const list = this.#taken.get(incident.feeder)
    if (list === undefined) this.#taken.set(incident.feeder, [taken])
    else list.push(taken)
  }

  /** In a tree two nodes are one above the other exactly when their ranges of meters touch. */
  #free(feeder: number, node: SimNode, startAtMs: number, endAtMs: number): boolean {
    const meters = metersOf(this.#grid, node)
    if (meters.from === meters.to) return false
    return !(this.#taken.get(feeder) ?? []).some(
      (taken) => meters.from < taken.meters.to && taken.meters.from < meters.to && startAtMs < taken.endAtMs + apartMs && taken.startAtMs < endAtMs + apartMs,
    )
  }

  #drawLevel(random: Random): SimLevel {
    let draw = random.unit() * simLevels.reduce((sum, level) => sum + this.#parameters.mix[level], 0)
    for (const level of simLevels) {
      draw -= this.#parameters.mix[level]
      if (draw < 0) return level
    }
    return 'USER'
  }

  /** A fifth of the area faults and a tenth of the faults of three-phase boxes take one phase only, of those that single-phase meters are on. */
  #drawPhase(node: SimNode, random: Random): number {
    const share = node.level === 'AREA' ? this.#parameters.onePhaseAreaShare : node.level === 'BOX' && this.#isThreePhaseBox(node) ? this.#parameters.onePhaseBoxShare : 0
    if (!random.chance(share)) return -1
    const phases = this.#phasesOf(node).filter((phase) => phase < 3)
    return phases[random.below(phases.length)] ?? -1
  }

  #isThreePhaseBox(node: SimNode): boolean {
    const phases = this.#phasesOf(node)
    return phases.includes(3) || phases.length === 3
  }

  #phasesOf(node: SimNode): readonly number[] {
    const { from, to } = metersOf(this.#grid, node)
    return [...new Set(this.#grid.meterPhase.subarray(from, to))].sort((left, right) => left - right)
  }

  #drawSteps(node: SimNode, random: Random, startAtMs: number, endAtMs: number): Incident['steps'] {
    if (node.level !== 'FEEDER' || !random.chance(this.#parameters.steppedShare)) return null
    const { from, to } = rangeOf(this.#grid.feeders, node.index)
    const fromArea = from + Math.ceil((to - from) * 0.6)
    return fromArea >= to ? null : { fromArea, endAtMs: Math.round(startAtMs + (endAtMs - startAtMs) * random.between(0.4, 0.8)) }
  }

  #drawNested(incident: Incident, random: Random): Incident['nested'] {
    const meters = metersOf(this.#grid, incident.node)
    const box = at(this.#grid.meterBox, meters.from + random.below(meters.to - meters.from))
    if (box < 0) return null
    const inner = rangeOf(this.#grid.boxMeters, box)
    if (inner.to - inner.from === meters.to - meters.from) return null
    const restoredMs = endOfArea(incident, areaOf(this.#grid, { level: 'BOX', index: box }))
    return { box, endAtMs: Math.round(restoredMs + Math.max(minFaultMs, random.logNormal(Math.log(75 * minuteMs), 0.9))) }
  }
}

/** Areas whose terminals an incident darkens: none below the area, none on one phase. */
export function darkAreas(grid: SimGrid, incident: Incident): MeterRange {
  const above = incident.node.level === 'FEEDER' || incident.node.level === 'BRANCH' || incident.node.level === 'AREA'
  return above && incident.phase < 0 ? areasOf(grid, incident.node) : { from: 0, to: 0 }
}
