import type { Random, RandomStreams } from '../random.ts'
import type { ArchiveErrors } from './archive-errors.ts'
import { createClocks, type Clocks } from './clocks.ts'
import { type Darkness } from './darkness.ts'
import { EventBuckets, unknownFlag } from './event-buckets.ts'
import type { Parameters } from './parameters.ts'
import { at, type SimGrid } from './sim-grid.ts'
import { Windows } from './windows.ts'

const watchedMs = 30 * 60_000

/** Everything that reports pass through on their way to the file. */
export interface World {
  readonly grid: SimGrid
  readonly streams: RandomStreams
  readonly parameters: Parameters
  readonly errors: ArchiveErrors
  readonly clocks: Clocks
  readonly darkness: Darkness
  readonly events: EventBuckets
  /** Areas (of the archive) near in time to an event. */
  readonly areaWindows: Windows
  /** Feeders near in time to a terminal's event. */
  readonly feederWindows: Windows
}

export function createWorld(parts: Pick<World, 'grid' | 'streams' | 'parameters' | 'errors' | 'darkness'>): World {
  return { ...parts, clocks: createClocks(parts.streams), events: new EventBuckets(), areaWindows: new Windows(watchedMs), feederWindows: new Windows(watchedMs) }
}

/** A terminal that is off line all the time: a property of the terminal. */
export function isTerminalOnline(world: World, area: number): boolean {
  return at(world.grid.areaHasTerminal, area) === 1 && !world.streams('terminal offline', area).chance(world.parameters.terminalOffline)
}

/** Seconds between the last gasp and its way to the concentrator: a property of the area's module vendor. */
export function isFastVendor(world: World, area: number): boolean {
  return world.streams('module vendor', area).chance(0.6)
}

export interface Report {
  /** A meter ≥ 0, or −1 − area for the terminal of the area. */
  readonly device: number
  readonly flags: number
  readonly occurredAtMs: number
  readonly endedAtMs: number
  /** Where its delay begins; the rest of `receivedAtMs` grows with the delay factor. */
  readonly sinceMs: number
  readonly receivedAtMs: number
}

/** Sends a report: retransmissions, duplicates, damaged device numbers. Returns its first arrival as a known device, NaN when there is none. */
export function send(world: World, random: Random, report: Report): number {
  const { grid, parameters, events } = world
  let receivedAtMs = report.sinceMs + (report.receivedAtMs - report.sinceMs) * parameters.delayFactor
  if (random.chance(parameters.delayedMessage)) receivedAtMs += random.between(10_000, 600_000)
  receivedAtMs = Math.round(receivedAtMs)
  const unknown = random.chance(parameters.unknownDevice)
  const draw = random.unit()
  const copies = draw < 0.12 ? 1 : draw < 0.15 ? 2 + random.below(4) : 0
  const flags = unknown ? report.flags | unknownFlag : report.flags
  const occurredAtMs = Math.round(report.occurredAtMs)
  const endedAtMs = Math.round(report.endedAtMs)
  events.add(report.device, flags, receivedAtMs, occurredAtMs, endedAtMs)
  for (let copy = 0; copy < copies; copy++) events.add(report.device, flags, Math.round(receivedAtMs + random.between(2_000, 90_000)), occurredAtMs, endedAtMs)
  if (unknown) return Number.NaN
  const area = report.device >= 0 ? world.errors.areaOf(report.device) : -1 - report.device
  world.areaWindows.add(area, receivedAtMs)
  if (report.device < 0) world.feederWindows.add(at(grid.areaFeeder, area), receivedAtMs)
  return receivedAtMs
}
