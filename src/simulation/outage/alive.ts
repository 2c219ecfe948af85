import { isTerminalOnline, type World } from './channel.ts'
import { isMeterDark, isTerminalDark } from './darkness.ts'
import { at, rangeOf } from './sim-grid.ts'
import { mergeSpans } from './windows.ts'

const alive = 2
const heartbeatMs = 300_000
/** One meter in a hundred delivers data in a minute. */
const dataPerMeterMs = 0.01 / 60_000
/** A module has to join the network again before its data come through. */
const joinedMs = 120_000

/**
 * Signs of life near events: heartbeats of the terminal every five minutes and data of one per cent of the meters a minute in areas within
 * half an hour of an event, and heartbeats of every terminal of a feeder within half an hour of a terminal's event.
 */
export function reportAlive(world: World, feeder: number, startAtMs: number): void {
  const { grid, events } = world
  const intervals = world.darkness.of(feeder)
  const areas = rangeOf(grid.feeders, feeder)
  const feederSpans = world.feederWindows.of(feeder)
  for (let area = areas.from; area < areas.to; area++) {
    const areaSpans = world.areaWindows.of(area)
    if ((areaSpans.length === 0 && feederSpans.length === 0) || !isTerminalOnline(world, area)) continue
    const random = world.streams('alive', area)
    const offsetMs = random.below(heartbeatMs)
    const uplinkMs = (): number => random.logNormal(Math.log(1_500), 0.6)
    for (const { fromMs, toMs } of mergeSpans([...areaSpans, ...feederSpans])) {
      const first = Math.ceil((Math.max(fromMs, startAtMs) - offsetMs) / heartbeatMs) * heartbeatMs + offsetMs
      for (let atMs = first; atMs < toMs; atMs += heartbeatMs) {
        if (!isTerminalDark(intervals, area, atMs)) events.add(-1 - area, alive, Math.round(atMs + uplinkMs()), atMs, Number.NaN)
      }
    }
    const from = at(grid.areaMeters, area)
    const size = at(grid.areaMeters, area + 1) - from
    if (size === 0) continue
    for (const span of areaSpans) {
      const fromMs = Math.max(span.fromMs, startAtMs)
      const meanGapMs = 1 / (dataPerMeterMs * size)
      for (let atMs = fromMs + random.exponential() * meanGapMs; atMs < span.toMs; atMs += random.exponential() * meanGapMs) {
        const meter = from + random.below(size)
        const phase = at(grid.meterPhase, meter)
        if (at(grid.meterOnline, meter) === 0 || isTerminalDark(intervals, area, atMs) || isMeterDark(intervals, meter, phase, atMs) || isMeterDark(intervals, meter, phase, atMs - joinedMs)) continue
        const occurredAtMs = Math.round(atMs)
        events.add(meter, alive, Math.round(occurredAtMs + uplinkMs()), occurredAtMs, Number.NaN)
      }
    }
  }
}
