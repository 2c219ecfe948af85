import type { Random } from '../random.ts'
import { isFastVendor, isTerminalOnline, send, type World } from './channel.ts'
import { isMeterDark, isTerminalDark } from './darkness.ts'
import { normalFlag } from './event-buckets.ts'
import { gaspDelay, sendBatches } from './reports.ts'
import { at } from './sim-grid.ts'

const secondMs = 1_000
const yearHours = 8_760
const off = 0
const on = 1

export interface FalseReportOptions {
  readonly startAtMs: number
  readonly hours: number
}

/** Reports without an outage of one area: single meters, the terminal, and batches after a restart of the concentrator. Each area has its own stream. */
export function reportFalsely(world: World, area: number, options: FalseReportOptions): void {
  const { grid, parameters } = world
  if (!isTerminalOnline(world, area)) return
  const random = world.streams('false', area)
  const meters = { from: at(grid.areaMeters, area), to: at(grid.areaMeters, area + 1) }
  const size = meters.to - meters.from
  const years = options.hours / yearHours
  const anyTime = (): number => Math.round(options.startAtMs + random.unit() * options.hours * 3_600_000)
  for (let left = random.poisson(size * parameters.falseOffPerMeterYear * years); left > 0; left--) falseMeter(world, random, meters.from + random.below(size), anyTime())
  for (let left = random.poisson(parameters.falseOffPerTerminalYear * years); left > 0; left--) falseTerminal(world, random, area, anyTime())
  for (let left = random.poisson(parameters.burstsPerAreaYear * years); left > 0; left--) falseBurst(world, random, area, anyTime())
}

function isSilent(world: World, meter: number, atMs: number): boolean {
  const { grid } = world
  const feeder = at(grid.areaFeeder, at(grid.meterArea, meter))
  return at(grid.meterOnline, meter) === 0 || isMeterDark(world.darkness.of(feeder), meter, at(grid.meterPhase, meter), atMs)
}

function falseMeter(world: World, random: Random, meter: number, atMs: number): void {
  if (isSilent(world, meter, atMs)) return
  const area = at(world.grid.meterArea, meter)
  sendBatches(world, random, { area, startAtMs: atMs }, [{ meter, atMs: atMs + gaspDelay(random, isFastVendor(world, area)) }], null)
  if (!random.chance(0.3)) return
  const backAtMs = atMs + random.between(5, 60) * secondMs
  const clock = world.clocks('meter', meter)
  send(world, random, { device: meter, flags: on, occurredAtMs: clock.read(atMs), endedAtMs: clock.read(backAtMs), sinceMs: backAtMs, receivedAtMs: backAtMs + random.between(30, 90) * secondMs })
}

function falseTerminal(world: World, random: Random, area: number, atMs: number): void {
  if (isTerminalDark(world.darkness.of(at(world.grid.areaFeeder, area)), area, atMs)) return
  const clock = world.clocks('terminal', area)
  const flags = random.chance(0.7) ? normalFlag : 0
  send(world, random, { device: -1 - area, flags: off | flags, occurredAtMs: clock.read(atMs), endedAtMs: Number.NaN, sinceMs: atMs, receivedAtMs: atMs + 5 * secondMs + random.logNormal(Math.log(3_000), 0.7) })
  if (!random.chance(0.3)) return
  const backAtMs = atMs + random.between(6, 60) * secondMs
  send(world, random, { device: -1 - area, flags: on, occurredAtMs: clock.read(atMs), endedAtMs: clock.read(backAtMs), sinceMs: backAtMs, receivedAtMs: backAtMs + random.logNormal(Math.log(3_000), 0.7) })
}

/** 5–40 false OFF in one batch; the terminal lives. */
function falseBurst(world: World, random: Random, area: number, atMs: number): void {
  const { grid } = world
  const from = at(grid.areaMeters, area)
  const size = at(grid.areaMeters, area + 1) - from
  const hit = new Set<number>()
  for (let left = Math.min(5 + random.below(36), size); left > 0; left--) hit.add(from + random.below(size))
  sendBatches(world, random, { area, startAtMs: atMs }, [...hit].filter((meter) => !isSilent(world, meter, atMs)).map((meter) => ({ meter, atMs: atMs + random.between(0, 2) * secondMs })), null)
}
