import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createPlaceLookup, type GridArchive } from '../../../src/grid/archive/archive.ts'
import { readGridArchive } from '../../../src/grid/archive/read-archive.ts'
import { readEventFile } from '../../../src/outage/event-file.ts'
import { createNodeClasses } from '../../../src/outage/score/node-classes.ts'
import { readRecords } from '../../../src/outage/score/score-files.ts'
import { scoreOutages } from '../../../src/outage/score/score.ts'
import type { EventRecord } from '../../../src/records/event.ts'
import { parseTruthLine, type TruthRecord } from '../../../src/records/truth.ts'
import { parseMix } from '../../../src/simulation/outage/parameters.ts'
import { readAnswerModel } from '../../../src/simulation/outage/answers.ts'
import { defaultStartAtMs, simulateOutages, type SimulateOptions, type SimulationSummary } from '../../../src/simulation/outage/simulate.ts'

const minuteMs = 60_000

interface Simulated {
  readonly directory: string
  readonly summary: SimulationSummary
  readonly events: readonly EventRecord[]
  readonly truths: readonly TruthRecord[]
}

async function simulate(more: Partial<SimulateOptions> = {}): Promise<Simulated> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'sim-'))
  const summary = await simulateOutages({ seed: '7', areas: 300, hours: 24, out: directory, noise: 'default', density: 8, ...more })
  const events: EventRecord[] = []
  for await (const batch of readEventFile(path.join(directory, 'events.ndjson'))) events.push(...batch)
  return { directory, summary, events, truths: await readRecords(path.join(directory, 'truth.ndjson'), parseTruthLine, (truth: TruthRecord) => truth.faultId, {}) }
}

let base: Simulated
let archive: GridArchive
beforeAll(async () => {
  base = await simulate()
  archive = await readGridArchive(base.directory)
})

const main = ({ truths }: Simulated): readonly TruthRecord[] => truths.filter((truth) => truth.kind === 'FAULT' && truth.nestedIn === null)
const ofDevice = (kind: EventRecord['kind'], deviceId: string): readonly EventRecord[] => base.events.filter((event) => event.kind === kind && event.deviceId === deviceId)

describe('a simulation', () => {
  it('writes the same bytes for the same options, and others for another seed', async () => {
    const again = await simulate()
    const other = await simulate({ seed: '8' })
    for (const file of await readdir(base.directory)) expect(await readFile(path.join(again.directory, file), 'utf8'), file).toBe(await readFile(path.join(base.directory, file), 'utf8'))
    expect(await readFile(path.join(other.directory, 'events.ndjson'), 'utf8')).not.toBe(await readFile(path.join(base.directory, 'events.ndjson'), 'utf8'))
  })

  it('writes an archive that passes every check and names every node of the truth', () => {
    const lookup = createPlaceLookup(archive)
    for (const truth of base.truths) for (const nodeId of [truth.nodeId, ...truth.sameAs]) expect(lookup.placeOf(nodeId), nodeId).not.toBeNull()
    expect(archive.planned).toHaveLength(base.summary.planned)
    expect(archive.controlled).toHaveLength(base.summary.controlled)
  })

  it('writes events by arrival, numbered, with the place that the archive gives', () => {
    const lookup = createPlaceLookup(archive)
    expect(base.events.map((event) => event.eventId)).toEqual(base.events.map((_, index) => `e-${String(index + 1).padStart(8, '0')}`))
    const placed = base.events.map((event) => ({ event, place: lookup.placeOf(event.deviceId) }))
    expect(base.events.filter((event, index) => event.receivedAtMs < (base.events[index - 1]?.receivedAtMs ?? 0))).toEqual([])
    expect(placed.filter(({ event, place }) => event.areaId !== (place?.areaId ?? null) || event.feederId !== (place?.feederId ?? null))).toEqual([])
    const unknown = placed.filter(({ place }) => place === null).length
    const reports = base.events.filter((event) => event.kind !== 'ALIVE').length
    expect(unknown / reports).toBeCloseTo(0.002, 2)
    expect(unknown).toBeGreaterThan(0)
  })

  it('gives terminals their two flags and nobody else', () => {
    const isFlagged = (event: EventRecord): boolean => typeof event.normal === 'boolean' && typeof event.valid === 'boolean'
    expect(base.events.filter((event) => isFlagged(event) !== (event.deviceKind === 'TERMINAL' && event.kind !== 'ALIVE'))).toEqual([])
  })

  it('has the mix, the share of silent faults and the ends of the domain', () => {
    const faults = main(base)
    expect(faults.length / (300 * 0.013 * 8)).toBeGreaterThan(0.5)
    expect(faults.every((fault) => fault.endAtMs - fault.startAtMs >= 3 * minuteMs)).toBe(true)
    expect(faults.every((fault) => fault.startAtMs >= defaultStartAtMs && fault.startAtMs < defaultStartAtMs + 24 * 60 * minuteMs)).toBe(true)
    const momentaries = base.truths.filter((truth) => truth.kind === 'MOMENTARY')
    expect(momentaries.every(({ level, startAtMs, endAtMs }) => level === 'FEEDER' && endAtMs - startAtMs >= 2_000 && endAtMs - startAtMs <= 30_000)).toBe(true)
  })

  it('is silent about a dark device until its supply is back', () => {
    let checked = 0
    for (const fault of main(base).filter(({ level, phase }) => level === 'AREA' && phase === null)) {
      const area = archive.nodes.ids.find(fault.nodeId)
      const terminal = archive.terminals.ids.get(archive.terminalOfNode[area] ?? -1)
      for (const event of ofDevice('ALIVE', terminal)) {
        expect((event.occurredAtMs ?? 0) < fault.startAtMs || (event.occurredAtMs ?? 0) >= fault.endAtMs, event.eventId).toBe(true)
        checked++
      }
    }
    expect(checked).toBeGreaterThan(0)
  })

  it('tells how many reports came in time', () => {
    for (const fault of main(base).filter(({ level, phase }) => level === 'USER' && phase === null)) {
      const offs = ofDevice('OFF', fault.nodeId).filter(({ receivedAtMs }) => receivedAtMs >= fault.startAtMs && receivedAtMs <= fault.startAtMs + 300_000)
      expect((fault.offInTime ?? 0) > 0).toBe(offs.some(({ occurredAtMs, receivedAtMs }) => receivedAtMs - (occurredAtMs ?? 0) <= 300_000 || receivedAtMs - (occurredAtMs ?? 0) > 1e10))
    }
  })

  it('without signs of life has the same reports', async () => {
    const quiet = await simulate({ alive: false })
    const bare = (events: readonly EventRecord[]): readonly unknown[] => events.filter((event) => event.kind !== 'ALIVE').map(({ eventId: _, ...event }) => event)
    expect(quiet.summary.aliveEvents).toBe(0)
    expect(bare(quiet.events)).toEqual(bare(base.events))
  })

  it('with other delays keeps faults and grid as they were', async () => {
    const slow = await simulate({ delayFactor: 2, alive: false })
    expect(slow.truths.map(({ faultId, nodeId, startAtMs }) => [faultId, nodeId, startAtMs])).toEqual(base.truths.map(({ faultId, nodeId, startAtMs }) => [faultId, nodeId, startAtMs]))
    const first = (simulated: Simulated, truth: TruthRecord): number => (simulated.events.find((event) => event.kind === 'OFF' && event.deviceId === truth.nodeId && event.receivedAtMs >= truth.startAtMs)?.receivedAtMs ?? Number.NaN) - truth.startAtMs
    const [user] = main(base).filter((truth) => truth.level === 'USER' && (truth.offInTime ?? 0) > 0)
    expect(user).toBeDefined()
    expect(first(slow, user!) / first(base, user!)).toBeCloseTo(2, 1)
  })

  it('with harsh noise has more false reports and fewer that come in time', async () => {
    const harsh = await simulate({ noise: 'harsh', alive: false, seed: '7' })
    const share = (simulated: Simulated): number => main(simulated).reduce((sum, truth) => sum + (truth.offInTime ?? 0), 0)
    expect(share(harsh)).toBeLessThan(share(base) * 0.8)
  })

  it('takes any mix of levels', async () => {
    const boxes = await simulate({ mix: { FEEDER: 0, BRANCH: 0, AREA: 0, LINE: 0, BOX: 1, USER: 0 }, alive: false })
    expect(Object.keys(boxes.summary.faultsByLevel)).toEqual(['BOX'])
  })

  it('refuses a mix that names no level, none above 0, one twice or no number', () => {
    expect(parseMix('user=0.5,box=0.3')).toEqual({ FEEDER: 0, BRANCH: 0, AREA: 0, LINE: 0, BOX: 0.3, USER: 0.5 })
    for (const wrong of ['', 'user', 'house=1', 'user=-1', 'user=x', 'user=0', 'user=1,user=2', 'user=Infinity']) expect(() => parseMix(wrong), wrong).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })

  it('with more reports missing keeps the faults and loses reports; with none missing loses few', async () => {
    const inTime = ({ truths }: Simulated): number => truths.reduce((sum, truth) => sum + (truth.offInTime ?? 0), 0)
    const [fewer, whole] = [await simulate({ factors: { missing: 1.5 }, alive: false }), await simulate({ factors: { missing: 0 }, alive: false })]
    for (const other of [fewer, whole]) expect(other.truths.map(({ faultId, nodeId }) => [faultId, nodeId])).toEqual(base.truths.map(({ faultId, nodeId }) => [faultId, nodeId]))
    expect(inTime(fewer)).toBeLessThan(inTime(base) * 0.9)
    expect(inTime(whole)).toBeGreaterThan(inTime(base) * 1.2)
  })

  it('with no errors types a correct archive, with no false reports says nothing on a quiet day', async () => {
    const clean = await simulate({ factors: { archiveErrors: 0, falseReports: 0 }, density: 1e-9 })
    expect(clean.summary).toMatchObject({ faults: 0, offEvents: 0, onEvents: 0 })
    expect(await readFile(path.join(clean.directory, 'answers.ndjson'), 'utf8')).not.toContain('"place"')
  })

  it('tells openings of feeder breakers when asked to, of faults and reclosings alike, and changes nothing else', async () => {
    const tripping = await simulate({ trips: 1 })
    const bare = ({ events }: Simulated): readonly unknown[] => events.filter(({ kind }) => kind !== 'TRIP').map(({ eventId: _, ...event }) => event)
    expect(bare(tripping)).toEqual(bare(base))
    const trips = tripping.events.filter(({ kind }) => kind === 'TRIP')
    const opened = tripping.truths.filter(({ level, kind }) => level === 'FEEDER' && (kind === 'FAULT' || kind === 'MOMENTARY'))
    expect(trips.map(({ deviceId }) => deviceId).sort()).toEqual(opened.map(({ nodeId }) => nodeId).sort())
    expect(trips.length).toBeGreaterThan(0)
    expect(tripping.summary.tripEvents).toBe(trips.length)
    for (const trip of trips) {
      expect(trip).toMatchObject({ deviceKind: 'SWITCH', areaId: null, feederId: trip.deviceId })
      expect(opened.some(({ nodeId, startAtMs }) => nodeId === trip.deviceId && trip.receivedAtMs > startAtMs && trip.receivedAtMs <= startAtMs + 5_200)).toBe(true)
    }
  })

  it('changes modules when asked to: the meter is silent and answers no call until the new one tells, most changes are ordered', async () => {
    const working = await simulate({ moduleChanges: 4, factors: { falseReports: 0 } })
    const changed = working.events.filter(({ kind, areaId }) => kind === 'MODULE_CHANGED' && areaId !== null)
    expect(working.summary.moduleChangedEvents).toBeGreaterThan(100)
    const orders = (await readGridArchive(working.directory)).planned.length - working.summary.planned
    expect(orders / new Set(changed.map(({ deviceId }) => deviceId)).size).toBeGreaterThan(0.7)
    const model = await readAnswerModel(working.directory)
    const silentMs = 180_000 // the shortest change: two minutes of work and one of joining
    for (const { deviceId, occurredAtMs: joinedAtMs } of changed) {
      expect(model.answer({ callId: 'c', deviceId, askedAtMs: (joinedAtMs ?? 0) - silentMs }).kind).toBe('PING_FAIL')
      expect(working.events.some((event) => event.kind === 'ALIVE' && event.deviceId === deviceId && (event.occurredAtMs ?? 0) > (joinedAtMs ?? 0) - silentMs && (event.occurredAtMs ?? 0) < (joinedAtMs ?? 0))).toBe(false)
    }
    const saidOff = changed.filter(({ deviceId, occurredAtMs }) => working.events.some((event) => event.kind === 'OFF' && event.deviceId === deviceId && event.receivedAtMs < (occurredAtMs ?? 0) && event.receivedAtMs > (occurredAtMs ?? 0) - 1_500_000))
    expect(saidOff.length / changed.length).toBeGreaterThan(0.6)
  })

  it('on an existing grid keeps its files, types in the errors and places faults by size and time', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'arrivals-'))
    const arrivals = path.join(directory, 'day.csv')
    await writeFile(arrivals, 'offset_s,customers,length_min\n3600,1,30\n7200,120,60\n')
    const storm = await simulate({ grid: base.directory, areas: 0, arrivals, faults: 20, alive: false, seed: 's' })
    expect(main(storm)).toHaveLength(20)
    const early = main(storm).filter((fault) => fault.startAtMs === defaultStartAtMs + 3_600_000)
    const late = main(storm).filter((fault) => fault.startAtMs === defaultStartAtMs + 7_200_000)
    expect([early.length, late.length]).toEqual([10, 10])
    expect(early.every(({ level, startAtMs, endAtMs }) => level === 'USER' && endAtMs - startAtMs === 30 * minuteMs)).toBe(true)
    expect(late.every(({ level }) => level === 'AREA' || level === 'BRANCH' || level === 'FEEDER' || level === 'LINE')).toBe(true)
    expect(await readFile(path.join(storm.directory, 'box.csv'), 'utf8')).toBe(await readFile(path.join(base.directory, 'box.csv'), 'utf8'))
    expect((await readGridArchive(storm.directory)).meters.ids.size).toBe(archive.meters.ids.size)
    expect(await readFile(path.join(storm.directory, 'meter.csv'), 'utf8')).not.toBe(await readFile(path.join(base.directory, 'meter.csv'), 'utf8'))
  })

  it('gives full marks to a judge that repeats the truth', () => {
    const outages = base.truths.filter(({ kind }) => kind === 'FAULT').map((truth, index) => ({
      outageId: `o-${index}`, version: 1, state: 'CONFIRMED' as const, nodeId: truth.sameAs[0] ?? truth.nodeId, level: truth.level, phase: truth.phase, feederId: null, areaId: null, startAtMs: truth.startAtMs,
      confirmedAtMs: truth.startAtMs + 200_000, restoredAtMs: null, affectedUsers: 1, probability: 1, evidence: null, decidedAtMs: truth.startAtMs + 200_000, topologyVersion: 1,
    }))
    const score = scoreOutages(base.truths, outages, createNodeClasses(archive, defaultStartAtMs))
    expect(score).toMatchObject({ accuracy: 100, recall: 100, strict: 100, faults: base.summary.faults, nested: { faults: base.summary.nested, matched: base.summary.nested } })
  })
})

describe('answers to calls', () => {
  it('say no for dark devices and yes for live ones, the same each time', async () => {
    const model = await readAnswerModel(base.directory)
    const ask = (deviceId: string, askedAtMs: number): ReturnType<typeof model.answer> => model.answer({ callId: 'c', deviceId, askedAtMs })
    let yes = 0
    let asked = 0
    for (const fault of main(base).filter(({ level, phase }) => level === 'AREA' && phase === null)) {
      const area = archive.nodes.ids.find(fault.nodeId)
      const terminal = archive.terminals.ids.get(archive.terminalOfNode[area] ?? -1)
      const during = Math.round((fault.startAtMs + fault.endAtMs) / 2)
      expect(ask(terminal, during).kind).toBe('PING_FAIL')
      expect(ask(terminal, during)).toEqual(ask(terminal, during))
      asked++
      if (ask(terminal, fault.startAtMs - 1).kind === 'PING_OK') yes++
    }
    expect(yes / asked).toBeGreaterThan(0.8) // a few are dark for another reason, or off line
    for (const fault of main(base).filter(({ level }) => level === 'USER')) expect(ask(fault.nodeId, fault.startAtMs).kind).toBe('PING_FAIL')
    expect(ask('nobody', defaultStartAtMs)).toEqual({ callId: 'c', kind: null, delayMs: 0 })
  })

  it('come after two to ten seconds; a live meter answers most but not all calls; a cut-off one too', async () => {
    const model = await readAnswerModel(base.directory)
    const cutOff = base.truths.find((truth) => truth.kind === 'CONTROLLED' && model.answer({ callId: 'c', deviceId: truth.nodeId, askedAtMs: truth.startAtMs + 1_000 }).kind === 'PING_OK')
    expect(cutOff).toBeDefined()
    const answers = Array.from({ length: 2_000 }, (_, index) => model.answer({ callId: 'c', deviceId: cutOff!.nodeId, askedAtMs: cutOff!.startAtMs + index }))
    expect(answers.every(({ delayMs }) => delayMs >= 2_000 && delayMs <= 10_000)).toBe(true)
    const failed = answers.filter(({ kind }) => kind === 'PING_FAIL').length / answers.length
    expect(failed).toBeGreaterThan(0.015)
    expect(failed).toBeLessThan(0.05)
  })
})
