import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { createLineWriter, writeLines } from '../../core/line-writer.ts'
import { type Progress, silentProgress, withStep } from '../../core/progress.ts'
import { readGridArchive } from '../../grid/archive/read-archive.ts'
import { writeGridArchive } from '../../grid/archive/write-archive.ts'
import { createEventFormatter } from '../../records/event.ts'
import { createInstantFormatter, defaultZone } from '../../records/instants.ts'
import { createTruthFormatter, type TruthRecord } from '../../records/truth.ts'
import { createRandomStreams } from '../random.ts'
import { answerLines } from './answer-file.ts'
import { createArchiveErrors } from './archive-errors.ts'
import { createArchiveGrid, type ArchiveGrid } from './archive-grid.ts'
import { type Arrival, readArrivals } from './arrivals.ts'
import { reportAlive } from './alive.ts'
import { copyArchive } from './copy-archive.ts'
import { createWorld, type World } from './channel.ts'
import { Darkness } from './darkness.ts'
import { kindMask, simEventKinds } from './event-buckets.ts'
import { toEventRecord } from './event-records.ts'
import { reportFalsely } from './false-reports.ts'
import { darkAreas, type Incident, planIncidents } from './incidents.ts'
import { addSilence, type ModuleChange, planModuleChanges, reportModuleChange } from './module-changes.ts'
import { createParameters, type NoiseFactors, type NoiseLevel, type Parameters } from './parameters.ts'
import { type IncidentReports, reportCutOff, reportIncident } from './reports.ts'
import { at, idOf, metersOf, type SimGrid } from './sim-grid.ts'
import { reportTrip } from './switches.ts'
import { createSyntheticGrid, syntheticRows } from './synthetic-grid.ts'
import { truthOf } from './truth-of.ts'

export interface SimulateOptions {
  readonly seed: string
  /** Size of the made grid; left out with `grid`. */
  readonly areas: number
  readonly hours: number
  readonly out: string
  readonly noise: NoiseLevel
  /** Multiple of the ordinary 0.013 faults per area and day. Default 1. */
  readonly density?: number
  readonly storm?: boolean
  /** An existing grid archive to be used as the truth instead of a made one. */
  readonly grid?: string
  /** A pattern of arrivals, sizes and lengths of a real day. */
  readonly arrivals?: string
  /** A fixed number of faults instead of the density. */
  readonly faults?: number
  readonly mix?: Parameters['mix']
  /** Multiplies the delay of every report. Default 1. */
  readonly delayFactor?: number
  /** Multiply false reports, missing delivery and errors of the archive on top of the noise. Default 1 each. */
  readonly factors?: Partial<NoiseFactors>
  /** Share 0…1 of the openings of feeder breakers that come as TRIP. Default 0. */
  readonly trips?: number
  /** Carrier modules changed on site, per meter and year. Default 0. */
  readonly moduleChanges?: number
  /** Put in front of all ids of a made grid. */
  readonly prefix?: string
  /** Without signs of life: OFF and ON only. */
  readonly alive?: boolean
  /** Epoch milliseconds; default 2026-03-05T00:00+08:00. */
  readonly startAtMs?: number
  readonly zone?: string
}

export interface SimulationSummary {
  readonly out: string
  readonly areas: number
  readonly meters: number
  readonly faults: number
  readonly nested: number
  readonly planned: number
  readonly controlled: number
  readonly momentary: number
  readonly offEvents: number
  readonly onEvents: number
  readonly aliveEvents: number
  readonly tripEvents: number
  readonly moduleChangedEvents: number
  readonly reportedFaults: number
  readonly faultsByLevel: Readonly<Record<string, number>>
}

export interface SimulateRun {
  readonly signal?: AbortSignal
  readonly progress?: Progress
}

export const defaultStartAtMs = Date.UTC(2026, 2, 4, 16)

/**
 * Simulates outages on a grid, made or given, and writes into `out`: the grid archive with its errors, `events.ndjson`, `truth.ndjson`
 * and `answers.ndjson` (what answers calls). The same options always write the same bytes.
 */
export async function simulateOutages(options: SimulateOptions, run: SimulateRun = {}): Promise<SimulationSummary> {
  const progress = run.progress ?? silentProgress
  const signalOption = run.signal === undefined ? {} : { signal: run.signal }
  const zone = options.zone ?? defaultZone
  const startAtMs = options.startAtMs ?? defaultStartAtMs
  const streams = createRandomStreams(options.seed)
  const parameters = createParameters({
    noise: options.noise, density: options.density ?? 1, ...(options.mix === undefined ? {} : { mix: options.mix }), delayFactor: options.delayFactor ?? 1,
    ...(options.factors === undefined ? {} : { factors: options.factors }), trips: options.trips ?? 0, moduleChanges: options.moduleChanges ?? 0,
  })
  const arrivals: readonly Arrival[] | null = options.arrivals === undefined ? null : await readArrivals(options.arrivals, signalOption)
  await mkdir(options.out, { recursive: true })

  const source = await withStep(progress, 'building the grid', async (): Promise<{ readonly grid: SimGrid; readonly existing: ArchiveGrid | null }> => {
    if (options.grid === undefined) return { grid: createSyntheticGrid(streams, { areas: options.areas, moduleOnline: parameters.moduleOnline, prefix: options.prefix ?? '' }), existing: null }
    const existing = createArchiveGrid(await readGridArchive(options.grid, { ...signalOption, zone }))
    return { grid: existing.grid, existing }
  })
  const { grid } = source
  const errors = createArchiveErrors(grid, streams, parameters)
  const incidents = planIncidents(grid, streams, parameters, { startAtMs, hours: options.hours, storm: options.storm ?? false, arrivals, faults: options.faults ?? null })
  const changes = planModuleChanges(grid, streams, parameters, { startAtMs, hours: options.hours })
  const darkness = darknessOf(grid, incidents)
  addSilence(darkness, grid, changes)
  const world = createWorld({ grid, streams, parameters, errors, darkness })

  const truths = await withStep(progress, 'reporting outages', () => Promise.resolve(reportAll(world, incidents, changes, { startAtMs, hours: options.hours, alive: options.alive ?? true, ...signalOption })))
  const counts = await withStep(progress, 'writing events', () => writeEvents(path.join(options.out, 'events.ndjson'), world, zone, signalOption))
  await writeLines(path.join(options.out, 'truth.ndjson'), mapped(truths, createTruthFormatter(zone)), signalOption)
  await writeLines(path.join(options.out, 'answers.ndjson'), answerLines(world, { seed: options.seed, zone }), signalOption)
  await withStep(progress, 'writing the archive', async () => {
    const orders = orderRows(grid, incidents, changes, zone)
    if (source.existing === null) await writeGridArchive(options.out, { ...syntheticRows(grid, errors), ...orders }, signalOption)
    else await copyArchive(options.grid ?? '', options.out, { existing: source.existing, errors, orders, ...signalOption })
  })
  return summaryOf(options.out, grid, truths, counts)
}

function darknessOf(grid: SimGrid, incidents: readonly Incident[]): Darkness {
  const darkness = new Darkness()
  for (const incident of incidents) {
    if (incident.kind === 'CONTROLLED') continue // the mains is there: only the customer is cut off
    const { feeder, phase, startAtMs, number, steps, nested } = incident
    const areas = darkAreas(grid, incident)
    const meters = metersOf(grid, incident.node)
    if (steps === null) darkness.add(feeder, { meters, areas, phase, startAtMs, endAtMs: incident.endAtMs, incident: number })
    else {
      const cut = at(grid.areaMeters, steps.fromArea)
      darkness.add(feeder, { meters: { from: meters.from, to: cut }, areas: { from: areas.from, to: steps.fromArea }, phase, startAtMs, endAtMs: steps.endAtMs, incident: number })
      darkness.add(feeder, { meters: { from: cut, to: meters.to }, areas: { from: steps.fromArea, to: areas.to }, phase, startAtMs, endAtMs: incident.endAtMs, incident: number })
    }
    if (nested !== null) darkness.add(feeder, { meters: metersOf(grid, { level: 'BOX', index: nested.box }), areas: { from: 0, to: 0 }, phase: -1, startAtMs, endAtMs: nested.endAtMs, incident: number })
  }
  return darkness
}

function reportAll(world: World, incidents: readonly Incident[], changes: readonly ModuleChange[], options: { readonly startAtMs: number; readonly hours: number; readonly alive: boolean; readonly signal?: AbortSignal }): readonly TruthRecord[] {
  const { grid } = world
  const truths: TruthRecord[] = []
  for (const incident of incidents) {
    options.signal?.throwIfAborted()
    let reports: IncidentReports | null = null
    if (incident.kind === 'CONTROLLED') reportCutOff(world, incident)
    else reports = reportIncident(world, incident)
    reportTrip(world, incident)
    truths.push(...truthOf(grid, incident, reports))
  }
  for (let area = 0; area < grid.areas; area++) reportFalsely(world, area, options)
  for (const [index, change] of changes.entries()) reportModuleChange(world, change, index)
  if (options.alive) {
    for (let feeder = 0; feeder < grid.feeders.from.length; feeder++) {
      options.signal?.throwIfAborted()
      reportAlive(world, feeder, options.startAtMs)
    }
  }
  return truths.sort((left, right) => left.startAtMs - right.startAtMs)
}

type EventCounts = Record<(typeof simEventKinds)[number], number>

async function writeEvents(file: string, world: World, zone: string, options: { readonly signal?: AbortSignal }): Promise<EventCounts> {
  const counts: EventCounts = { OFF: 0, ON: 0, ALIVE: 0, TRIP: 0, MODULE_CHANGED: 0 }
  const format = createEventFormatter(zone)
  const writer = await createLineWriter(file, options)
  let number = 0
  try {
    for (const event of world.events.sorted()) {
      const record = toEventRecord(world, event, ++number)
      counts[simEventKinds[event.flags & kindMask] ?? 'ALIVE']++
      const wait = writer.write(format(record))
      if (wait !== undefined) await wait
    }
  } catch (error) {
    await writer.abandon()
    throw error
  }
  await writer.close()
  return counts
}

function orderRows(grid: SimGrid, incidents: readonly Incident[], changes: readonly ModuleChange[], zone: string): { readonly planned: readonly (readonly string[])[]; readonly controlled: readonly (readonly string[])[] } {
  const instantOf = createInstantFormatter(zone)
  const of = (kind: Incident['kind']): readonly Incident[] => incidents.filter((incident) => incident.kind === kind && incident.order !== null)
  const span = ({ order }: Pick<Incident, 'order'>): readonly [string, string] => [instantOf(order?.startAtMs ?? 0), instantOf(order?.endAtMs ?? 0)]
  const ordered = changes.filter(({ order }) => order !== null)
  return {
    planned: [
      ...of('PLANNED').map((incident, index) => [`W${String(index + 1).padStart(5, '0')}`, idOf(grid, incident.node), ...span(incident)]),
      ...ordered.map((change, index) => [`V${String(index + 1).padStart(5, '0')}`, grid.ids.meter(change.meter), ...span(change)]),
    ],
    controlled: of('CONTROLLED').map((incident) => [idOf(grid, incident.node), ...span(incident)]),
  }
}

function* mapped<T>(values: Iterable<T>, format: (value: T) => string): Generator<string> {
  for (const value of values) yield format(value)
}

function summaryOf(out: string, grid: SimGrid, truths: readonly TruthRecord[], counts: EventCounts): SimulationSummary {
  const main = truths.filter((truth) => truth.kind === 'FAULT' && truth.nestedIn === null)
  const faultsByLevel: Record<string, number> = {}
  for (const { level } of main) faultsByLevel[level] = (faultsByLevel[level] ?? 0) + 1
  const ofKind = (kind: TruthRecord['kind']): number => truths.filter((truth) => truth.kind === kind).length
  return {
    out, areas: grid.areas, meters: grid.meters, faults: main.length, nested: ofKind('FAULT') - main.length, planned: ofKind('PLANNED'), controlled: ofKind('CONTROLLED'), momentary: ofKind('MOMENTARY'),
    offEvents: counts.OFF, onEvents: counts.ON, aliveEvents: counts.ALIVE, tripEvents: counts.TRIP, moduleChangedEvents: counts.MODULE_CHANGED, reportedFaults: main.filter((truth) => (truth.offInTime ?? 0) > 0).length, faultsByLevel,
  }
}

