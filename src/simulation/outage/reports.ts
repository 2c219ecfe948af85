import type { Random } from '../random.ts'
import { isFastVendor, isTerminalOnline, send, type World } from './channel.ts'
import { isMeterDark, isTerminalDark } from './darkness.ts'
import { normalFlag, validFlag } from './event-buckets.ts'
import { darkAreas, endOfArea, type Incident } from './incidents.ts'
import type { DeliveryColumn } from './parameters.ts'
import { areasOf, at, metersOf, type SimGrid } from './sim-grid.ts'

const secondMs = 1_000
const minuteMs = 60_000
const off = 0
const on = 1
/** Reports older than this when they arrive open no outage. */
const tooOldMs = 300_000
const inTimeMs = 300_000
/** A terminal needs this long without supply before it says OFF. */
const debounceMs = 5_000

/** What reached the master station of one incident in time: the scorer's "reported". */
export interface IncidentReports {
  offInTime: number
  terminalOff: boolean
}

/** A dark time of one area's share of an incident. */
interface Share {
  readonly incident: Incident
  readonly area: number
  readonly from: number
  readonly to: number
  readonly startAtMs: number
  readonly endAtMs: number
  readonly column: DeliveryColumn
}

/** OFF and ON reports of all devices that an incident darkens (docs/domain.md, simulator). */
export function reportIncident(world: World, incident: Incident): IncidentReports {
  const { grid } = world
  const random = world.streams('delivery', incident.number)
  const reports: IncidentReports = { offInTime: 0, terminalOff: false }
  const meters = metersOf(grid, incident.node)
  const areas = areasOf(grid, incident.node)
  const terminals = darkAreas(grid, incident)
  const column: DeliveryColumn = terminals.from === terminals.to ? 'local' : incident.node.level === 'AREA' ? 'area' : 'feeder'
  const localShare = drawShare(world, random, 'local')
  for (let area = areas.from; area < areas.to; area++) {
    const share: Share = {
      incident, area, column,
      from: Math.max(meters.from, at(grid.areaMeters, area)),
      to: Math.min(meters.to, at(grid.areaMeters, area + 1)),
      startAtMs: incident.startAtMs,
      endAtMs: endOfArea(incident, area),
    }
    if (!isTerminalOnline(world, area)) continue
    if (column === 'local') reportLocally(world, random, share, localShare, reports)
    else reportDarkArea(world, random, share, drawShare(world, random, column), reports)
  }
  if (incident.nested !== null) restoreNested(world, random, incident)
  return reports
}

function drawShare(world: World, random: Random, column: DeliveryColumn): number {
  const { a, b } = world.parameters.meterOff[column]
  return random.beta(a, b)
}

/** The concentrator lives: last gasps reach it through powered neighbours, it collects them for 30 s. */
function reportLocally(world: World, random: Random, share: Share, delivered: number, reports: IncidentReports): void {
  const { grid } = world
  const gasps: Gasp[] = []
  const fast = isFastVendor(world, share.area)
  const intervals = world.darkness.of(share.incident.feeder)
  for (let meter = share.from; meter < share.to; meter++) {
    if (!isAffected(grid, share.incident, meter)) continue
    const phase = at(grid.meterPhase, meter)
    if (isMeterDark(intervals, meter, phase, share.startAtMs, share.incident.number)) continue
    const got = random.chance(delivered)
    if (got) gasps.push({ meter, atMs: share.startAtMs + gaspDelay(random, fast) })
    const restored = !isMeterDark(intervals, meter, phase, share.endAtMs, share.incident.number)
    if (restored) reportMeterOn(world, random, { meter, share, got, delayMs: () => random.between(30, 90) * secondMs })
  }
  sendBatches(world, random, share, gasps, reports)
}

interface Gasp {
  readonly meter: number
  readonly atMs: number
}

/** From the loss of supply to the concentrator: detection, start of the gasp, collecting neighbours. */
export function gaspDelay(random: Random, fast: boolean): number {
  return 2 * secondMs + random.between(0, 200) + (fast ? random.between(10, 15) : 30) * secondMs
}

/** Reports collected for 30 s from the first one and then sent together. */
export function sendBatches(world: World, random: Random, share: { readonly area: number; readonly startAtMs: number }, gasps: readonly Gasp[], reports: IncidentReports | null): void {
  let batchAtMs = Number.NEGATIVE_INFINITY
  let uplinkMs = 0
  for (const gasp of [...gasps].sort((left, right) => left.atMs - right.atMs)) {
    if (gasp.atMs > batchAtMs) {
      batchAtMs = gasp.atMs + 30 * secondMs
      uplinkMs = random.logNormal(Math.log(1_500), 0.6)
    }
    sendMeterOff(world, random, gasp.meter, { startAtMs: share.startAtMs, heardAtMs: gasp.atMs, receivedAtMs: batchAtMs + uplinkMs }, reports)
  }
}

interface OffTimes {
  readonly startAtMs: number
  /** When the concentrator heard it: the time that meters without a clock of their own get. */
  readonly heardAtMs: number
  readonly receivedAtMs: number
}

export function sendMeterOff(world: World, random: Random, meter: number, times: OffTimes, reports: IncidentReports | null): void {
  const occurredAtMs = meterTime(world, meter, times.startAtMs, times.heardAtMs)
  const receivedAtMs = send(world, random, { device: meter, flags: off, occurredAtMs, endedAtMs: Number.NaN, sinceMs: times.startAtMs, receivedAtMs: times.receivedAtMs })
  countInTime(reports, times.startAtMs, receivedAtMs, occurredAtMs)
}

/** Own clock, or the concentrator's clock at the moment of hearing. */
function meterTime(world: World, meter: number, ownMs: number, heardAtMs: number): number {
  const clock = world.clocks('meter', meter)
  return clock.stampedOnReceipt ? world.clocks('terminal', at(world.grid.meterArea, meter)).read(heardAtMs) : clock.read(ownMs)
}

function countInTime(reports: IncidentReports | null, startAtMs: number, receivedAtMs: number, occurredAtMs: number): void {
  if (reports === null || !(receivedAtMs <= startAtMs + inTimeMs)) return
  // a clock stuck in the year 2000 is absurd and makes the start estimated; one that is merely slow makes the report look old
  const ageMs = receivedAtMs - occurredAtMs
  if (ageMs > tooOldMs && ageMs < 180 * 24 * 3_600_000) return
  reports.offInTime++
}

/** Terminal, concentrator and neighbours are dark: few gasps get through, the terminal speaks for itself while its supply holds. */
function reportDarkArea(world: World, random: Random, share: Share, delivered: number, reports: IncidentReports): void {
  const { grid } = world
  const column = share.column === 'area' ? 'area' : 'feeder'
  const intervals = world.darkness.of(share.incident.feeder)
  if (share.endAtMs - share.startAtMs >= debounceMs && !isTerminalDark(intervals, share.area, share.startAtMs, share.incident.number)) reportTerminal(world, random, share, column, reports)
  const holdUpMs = random.between(60, 90) * secondMs
  for (let meter = share.from; meter < share.to; meter++) {
    if (!isAffected(grid, share.incident, meter)) continue
    const phase = at(grid.meterPhase, meter)
    if (isMeterDark(intervals, meter, phase, share.startAtMs, share.incident.number)) continue
    const heardMs = 2 * secondMs + random.between(1, 20) * secondMs
    const delayMs = heardMs + random.logNormal(Math.log(1_500), 0.6)
    const got = random.chance(delivered) && delayMs < holdUpMs
    if (got) sendMeterOff(world, random, meter, { startAtMs: share.startAtMs, heardAtMs: share.startAtMs + heardMs, receivedAtMs: share.startAtMs + delayMs }, reports)
    if (isMeterDark(intervals, meter, phase, share.endAtMs, share.incident.number) || isNested(grid, share.incident, meter)) continue
    reportMeterOn(world, random, { meter, share, got, delayMs: () => networkFormingMs(random) })
  }
}

function networkFormingMs(random: Random): number {
  return (random.between(60, 480) + 20 + random.between(0, 6)) * secondMs
}

function reportTerminal(world: World, random: Random, share: Share, column: 'area' | 'feeder', reports: IncidentReports): void {
  const { parameters } = world
  const clock = world.clocks('terminal', share.area)
  const occurredAtMs = clock.read(share.startAtMs)
  const delayMs = debounceMs + (column === 'area' ? random.logNormal(Math.log(3_000), 0.7) : random.logNormal(Math.log(4_000), 0.8))
  const got = random.chance(parameters.terminalOff[column])
  const sendOff = (sinceMs: number, receivedAtMs: number): number =>
    send(world, random, { device: -1 - share.area, flags: off | normalFlag, occurredAtMs, endedAtMs: Number.NaN, sinceMs, receivedAtMs })
  if (got) {
    const receivedAtMs = sendOff(share.startAtMs, share.startAtMs + delayMs)
    const before = reports.offInTime
    countInTime(reports, share.startAtMs, receivedAtMs, occurredAtMs)
    if (reports.offInTime > before) reports.terminalOff = true
  }
  if (isTerminalDark(world.darkness.of(share.incident.feeder), share.area, share.endAtMs, share.incident.number)) return
  const onAtMs = share.endAtMs + (20 + random.between(20, 130)) * secondMs
  if (!got && random.chance(parameters.lateOff[column])) sendOff(share.endAtMs, onAtMs)
  if (!random.chance(parameters.terminalOn)) return
  const lengthMs = share.endAtMs - share.startAtMs
  const isNormal = lengthMs >= minuteMs && lengthMs <= 4_320 * minuteMs
  const flags = on | (isNormal ? normalFlag : 0) | (isNormal && random.chance(0.9) ? validFlag : 0)
  send(world, random, { device: -1 - share.area, flags, occurredAtMs, endedAtMs: clock.read(share.endAtMs), sinceMs: share.endAtMs, receivedAtMs: onAtMs })
}

interface Restored {
  readonly meter: number
  readonly share: Pick<Share, 'area' | 'startAtMs' | 'endAtMs' | 'column'>
  /** Its OFF had come through. */
  readonly got: boolean
  readonly delayMs: () => number
}

/** The ON of a meter, and the OFF that had not come through, late and with its old time. */
function reportMeterOn(world: World, random: Random, { meter, share, got, delayMs }: Restored): void {
  const { parameters, grid } = world
  if (at(grid.meterOnline, meter) === 0) return
  if (!got && random.chance(parameters.lateOff[share.column])) {
    const lateAtMs = share.endAtMs + delayMs()
    send(world, random, { device: meter, flags: off, occurredAtMs: meterTime(world, meter, share.startAtMs, share.startAtMs), endedAtMs: Number.NaN, sinceMs: share.endAtMs, receivedAtMs: lateAtMs })
  }
  if (!random.chance(parameters.meterOn)) return
  const receivedAtMs = share.endAtMs + delayMs()
  const knows = random.chance(parameters.onCarriesOff)
  send(world, random, {
    device: meter, flags: on, sinceMs: share.endAtMs, receivedAtMs,
    occurredAtMs: knows ? meterTime(world, meter, share.startAtMs, share.startAtMs) : Number.NaN,
    endedAtMs: meterTime(world, meter, share.endAtMs, receivedAtMs),
  })
}

/** Single-phase meters of the phase, or all; only with a working module can they say anything. */
function isAffected(grid: SimGrid, incident: Incident, meter: number): boolean {
  return at(grid.meterOnline, meter) === 1 && (incident.phase < 0 || at(grid.meterPhase, meter) === incident.phase)
}

function isNested(grid: SimGrid, incident: Incident, meter: number): boolean {
  return incident.nested !== null && at(grid.meterBox, meter) === incident.nested.box
}

/** The box that stayed dark gets its supply back later than all others, while the concentrator lives. */
function restoreNested(world: World, random: Random, incident: Incident): void {
  const { grid } = world
  if (incident.nested === null) return
  const { box, endAtMs } = incident.nested
  const area = at(grid.boxArea, box)
  if (!isTerminalOnline(world, area)) return
  const { from, to } = metersOf(grid, { level: 'BOX', index: box })
  const share = { area, startAtMs: incident.startAtMs, endAtMs, column: 'local' as const }
  const intervals = world.darkness.of(incident.feeder)
  for (let meter = from; meter < to; meter++) {
    if (!isAffected(grid, incident, meter) || isMeterDark(intervals, meter, at(grid.meterPhase, meter), endAtMs, incident.number)) continue
    reportMeterOn(world, random, { meter, share, got: true, delayMs: () => random.between(30, 90) * secondMs })
  }
}

/** A cut-off customer: the meter keeps its mains, but is reported as without power. */
export function reportCutOff(world: World, incident: Incident): void {
  const { grid } = world
  const random = world.streams('delivery', incident.number)
  const meter = incident.node.index
  const area = at(grid.meterArea, meter)
  if (at(grid.meterOnline, meter) === 0 || !isTerminalOnline(world, area)) return
  const intervals = world.darkness.of(incident.feeder)
  if (isMeterDark(intervals, meter, at(grid.meterPhase, meter), incident.startAtMs)) return
  const share = { area, startAtMs: incident.startAtMs, endAtMs: incident.endAtMs, column: 'local' as const }
  const got = random.chance(drawShare(world, random, 'local'))
  if (got) sendBatches(world, random, share, [{ meter, atMs: incident.startAtMs + gaspDelay(random, isFastVendor(world, area)) }], null)
  if (!isMeterDark(intervals, meter, at(grid.meterPhase, meter), incident.endAtMs)) reportMeterOn(world, random, { meter, share, got, delayMs: () => random.between(30, 90) * secondMs })
}
