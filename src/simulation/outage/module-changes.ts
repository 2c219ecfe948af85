import type { RandomStreams } from '../random.ts'
import { isFastVendor, isTerminalOnline, send, type World } from './channel.ts'
import { type Darkness, isMeterDark } from './darkness.ts'
import { moduleChangedKind } from './event-buckets.ts'
import type { Parameters } from './parameters.ts'
import { gaspDelay, sendBatches } from './reports.ts'
import { at, type SimGrid } from './sim-grid.ts'

const secondMs = 1_000
const yearHours = 8_760

/** Somebody takes the carrier module out of a meter and puts another one in: the mains stays, but the meter is silent between. */
export interface ModuleChange {
  readonly meter: number
  readonly pulledAtMs: number
  readonly joinedAtMs: number
  /** Most changes are work that somebody ordered: a row of planned.csv for the meter; the others show afterwards only. */
  readonly order: { readonly startAtMs: number; readonly endAtMs: number } | null
}

const orderedShare = 0.8

/** Changes of the whole time, each area in a stream of its own. None at the default rate. */
export function planModuleChanges(grid: SimGrid, streams: RandomStreams, parameters: Parameters, options: { readonly startAtMs: number; readonly hours: number }): readonly ModuleChange[] {
  const changes: ModuleChange[] = []
  if (parameters.moduleChangesPerMeterYear === 0) return changes
  for (let area = 0; area < grid.areas; area++) {
    const from = at(grid.areaMeters, area)
    const size = at(grid.areaMeters, area + 1) - from
    const random = streams('module changes', area)
    for (let left = random.poisson((size * parameters.moduleChangesPerMeterYear * options.hours) / yearHours); left > 0; left--) {
      const meter = from + random.below(size)
      const pulledAtMs = Math.round(options.startAtMs + random.unit() * options.hours * 3_600_000)
      // a few minutes of work, then network forming as after an outage (docs/domain.md 3.9)
      const joinedAtMs = Math.round(pulledAtMs + (random.between(120, 900) + random.between(60, 480)) * secondMs)
      const beginsAtMs = Math.round(pulledAtMs - random.between(0, 60) * 60 * secondMs)
      const order = random.chance(orderedShare) ? { startAtMs: beginsAtMs, endAtMs: joinedAtMs + Math.round(random.between(0, 60) * 60 * secondMs) } : null
      if (at(grid.meterOnline, meter) === 1) changes.push({ meter, pulledAtMs, joinedAtMs, order })
    }
  }
  return changes
}

/** An incident that nobody leaves out when asking what is dark. */
const noIncident = -2

/** While no module is in, the meter neither reports nor answers: kept beside the real darkness, of no incident. */
export function addSilence(darkness: Darkness, grid: SimGrid, changes: readonly ModuleChange[]): void {
  for (const { meter, pulledAtMs, joinedAtMs } of changes) {
    darkness.add(at(grid.areaFeeder, at(grid.meterArea, meter)), { meters: { from: meter, to: meter + 1 }, areas: { from: 0, to: 0 }, phase: -1, startAtMs: pulledAtMs, endAtMs: joinedAtMs, incident: noIncident })
  }
}

/** The false OFF of the pulled module, and MODULE_CHANGED once the new one has joined (OI 3030, ERC43). */
export function reportModuleChange(world: World, change: ModuleChange, number: number): void {
  const { grid, parameters } = world
  const { meter, pulledAtMs, joinedAtMs } = change
  const area = at(grid.meterArea, meter)
  const intervals = world.darkness.of(at(grid.areaFeeder, area))
  const isDark = (atMs: number): boolean => isMeterDark(intervals, meter, at(grid.meterPhase, meter), atMs)
  if (!isTerminalOnline(world, area) || isDark(pulledAtMs - 1)) return
  const random = world.streams('module change', number)
  // capacitors of modules that are taken out speak as those of dark meters do; the row for local faults
  if (random.chance(parameters.meterOff.local.a / (parameters.meterOff.local.a + parameters.meterOff.local.b))) {
    sendBatches(world, random, { area, startAtMs: pulledAtMs }, [{ meter, atMs: pulledAtMs + gaspDelay(random, isFastVendor(world, area)) }], null)
  }
  if (isDark(joinedAtMs) || !random.chance(parameters.meterOn)) return
  send(world, random, { device: meter, flags: moduleChangedKind, occurredAtMs: joinedAtMs, endedAtMs: Number.NaN, sinceMs: joinedAtMs, receivedAtMs: joinedAtMs + random.between(5, 60) * secondMs })
}
