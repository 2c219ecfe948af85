import { beforeAll, describe, expect, it } from 'vitest'
import { createNodeClasses } from '../../../src/outage/score/node-classes.ts'
import { type OutageScore, scoreOutages } from '../../../src/outage/score/score.ts'
import type { OutageRecord } from '../../../src/records/outage.ts'
import type { TruthRecord } from '../../../src/records/truth.ts'
import { at, outage, scoreGrid, truth } from './score-fixture.ts'

let score: (truths: readonly TruthRecord[], outages: readonly OutageRecord[]) => OutageScore
beforeAll(async () => {
  const classes = createNodeClasses(await scoreGrid(), at('00:00:00'))
  score = (truths, outages) => scoreOutages(truths, outages, classes)
})

const exampleTruth = [
  truth('F1', 'FEEDER', 'F1', '10:00:00'), truth('F2', 'AREA', 'T7', '10:20:00'), truth('F3', 'BOX', 'B3', '10:40:00'),
  truth('F4', 'USER', 'M9', '11:00:00'), truth('P1', 'AREA', 'T8', '11:10:00', { kind: 'PLANNED' }),
]
const exampleOutages = (areaConfirmed: string): OutageRecord[] => [
  outage('FEEDER', 'F1', '10:00:05', '10:00:50'), outage('AREA', 'T7', '10:20:10', areaConfirmed), outage('LINE', 'LN', '10:40:05', '10:41:00'),
  outage('AREA', 'T8', '11:10:05', null, { state: 'PLANNED' }), outage('USER', 'M11', '11:30:00', '11:30:40'),
]

describe('the score of outages', () => {
  it('of the worked example is 50.00 / 50.00 / 33.33', () => {
    const result = score(exampleTruth, exampleOutages('10:21:00'))
    expect(result).toMatchObject({ faults: 4, judged: 4, matched: 2, accuracy: 50, recall: 50, strict: 33.33, neutral: 0, reportedFaults: null, recallReported: null })
    expect(result.confusion).toEqual({ FEEDER: { FEEDER: 1 }, AREA: { AREA: 1 }, BOX: { LINE: 1 }, USER: { NONE: 1 }, NONE: { USER: 1 } })
    expect(result.wrongDepth).toBe(1)
    expect(result.areaAndAbove).toEqual({ accuracy: 100, recall: 100 })
    expect(result.byLevel['LINE']).toEqual({ faults: 0, judged: 1, matched: 0, accuracy: 0, recall: null })
    expect(result.delayMs).toEqual({ mean: 55_000, p50: 50_000, p95: 60_000, p99: 60_000 })
  })

  it('counts a confirmation 301 s after the start as wrong and the fault as missed', () => {
    expect(score(exampleTruth, exampleOutages('10:25:00'))).toMatchObject({ matched: 2 })
    expect(score(exampleTruth, exampleOutages('10:25:01'))).toMatchObject({ matched: 1, judged: 4, accuracy: 25, recall: 25, strict: 14.29 })
  })

  it('has null where nothing was judged or happened', () => {
    expect(score([], [])).toMatchObject({ accuracy: null, recall: null, strict: null, delayMs: { mean: null, p50: null } })
  })

  it('takes nodes with the same user meters for the same node, gateway meters left out', () => {
    for (const [level, nodeId] of [['AREA', 'TL'], ['LINE', 'LL'], ['BOX', 'BL'], ['FEEDER', 'F2']] as const) {
      expect(score([truth('g', 'AREA', 'TL', '10:00:00')], [outage(level, nodeId, '10:00:00', '10:01:00')]).matched, nodeId).toBe(1)
    }
    expect(score([truth('g', 'USER', 'MS', '10:00:00')], [outage('BOX', 'BS', '10:00:00', '10:01:00')]).matched).toBe(1)
    for (const meter of ['M12', 'M13']) expect(score([truth('g', 'USER', meter, '10:00:00')], [outage('BOX', 'BL', '10:00:00', '10:01:00')]).matched, meter).toBe(0)
    expect(score([truth('g', 'AREA', 'T8', '10:00:00')], [outage('USER', 'M8', '10:00:00', '10:01:00')]).matched).toBe(0)
  })

  it('takes the nodes of the true tree from sameAs', () => {
    expect(score([truth('g', 'BOX', 'BX1', '10:00:00', { sameAs: ['BX2'] })], [outage('BOX', 'BX2', '10:00:00', '10:01:00')]).matched).toBe(1)
  })

  it('asks for the same phases', () => {
    const fault = [truth('g', 'AREA', 'T7', '10:00:00', { phase: 'A' })]
    expect(score(fault, [outage('AREA', 'T7', '10:00:00', '10:01:00', { phase: 'A' })]).matched).toBe(1)
    expect(score(fault, [outage('AREA', 'T7', '10:00:00', '10:01:00')])).toMatchObject({ matched: 0, confusion: { AREA: { AREA: 1 } }, wrongDepth: 0 })
  })

  it('allows a start up to 120 s off in both directions', () => {
    const fault = [truth('g', 'AREA', 'T7', '10:10:00')]
    for (const [start, matched] of [['10:08:00', 1], ['10:07:59', 0], ['10:12:00', 1], ['10:12:01', 0]] as const) expect(score(fault, [outage('AREA', 'T7', start, '10:12:30')]).matched, start).toBe(matched)
  })

  it('ignores a judged outage that matches a fault of less than 180 s', () => {
    const short = truth('s', 'BOX', 'B3', '10:00:00', { endAtMs: at('10:02:59.999') })
    expect(score([short, truth('g', 'AREA', 'T7', '12:00:00')], [outage('BOX', 'B3', '10:00:00', '10:01:00')])).toMatchObject({ faults: 1, judged: 1, matched: 0, neutral: 1, accuracy: null, recall: 0 })
    expect(score([truth('s', 'BOX', 'B3', '10:00:00', { endAtMs: at('10:03:00') })], [outage('BOX', 'B3', '10:00:00', '10:01:00')])).toMatchObject({ faults: 1, matched: 1 })
  })

  it('counts a judged part of a momentary or of planned work as wrong', () => {
    const others = [truth('m', 'FEEDER', 'F1', '10:00:00', { kind: 'MOMENTARY', endAtMs: at('10:00:20') }), truth('p', 'AREA', 'T8', '10:00:00', { kind: 'PLANNED' })]
    expect(score(others, [outage('FEEDER', 'F1', '10:00:00', '10:01:00'), outage('AREA', 'T8', '10:00:00', '10:01:00')])).toMatchObject({ faults: 0, judged: 2, accuracy: 0, neutral: 0 })
  })

  it('scores nested faults apart and keeps them out of the main figures', () => {
    const truths = [truth('g', 'AREA', 'T7', '10:00:00'), truth('n', 'BOX', 'B3', '11:00:00', { nestedIn: 'g', darkSinceMs: at('10:00:00') })]
    expect(score(truths, [outage('BOX', 'B3', '11:00:10', '11:02:00')])).toMatchObject({ faults: 1, judged: 1, matched: 0, neutral: 1, nested: { faults: 1, matched: 1 }, accuracy: null, recall: 0 })
    // found by the round ten minutes after the restoration (R14): in time until fifteen minutes after it
    expect(score(truths, [outage('BOX', 'B3', '11:00:10', '11:15:00')])).toMatchObject({ neutral: 1, nested: { matched: 1 } })
    expect(score(truths, [outage('BOX', 'B3', '11:00:10', '11:15:01')])).toMatchObject({ neutral: 0, nested: { matched: 0 }, accuracy: 0 })
    expect(score(truths, [])).toMatchObject({ nested: { faults: 1, matched: 0 } })
  })

  it('gives recall over reported faults where the truth tells the reports', () => {
    const truths = [truth('a', 'BOX', 'B3', '10:00:00', { offInTime: 1 }), truth('b', 'BOX', 'BX1', '10:00:00', { offInTime: 0 }), truth('c', 'BOX', 'BX2', '10:00:00', { offInTime: 3 })]
    expect(score(truths, [outage('BOX', 'B3', '10:00:00', '10:01:00')])).toMatchObject({ recall: 33.33, reportedFaults: 2, recallReported: 50 })
  })

  it('counts confirmed then cancelled as judged, but not merged, planned, controlled, maintenance or momentary ends', () => {
    const confirmed = outage('BOX', 'B3', '10:00:00', '10:01:00')
    expect(score([], [confirmed, { ...confirmed, version: 2, state: 'CANCELLED' }]).judged).toBe(1)
    for (const state of ['MERGED', 'PLANNED', 'CONTROLLED', 'MAINTENANCE', 'MOMENTARY'] as const) {
      expect(score([], [confirmed, { ...confirmed, version: 2, state }, { ...confirmed, version: 3, state: 'CLOSED' }]).judged, state).toBe(0)
    }
    expect(score([], [outage('BOX', 'B3', '10:00:00', null), outage('BOX', 'B3', '10:00:00', null, { state: 'CANCELLED' })]).judged).toBe(0)
  })

  it('takes node and start from the last version before the closing, in any order of lines', () => {
    const first = outage('LINE', 'LN', '10:00:00', '10:01:00', { version: 2 })
    const versions = [{ ...first, version: 4, state: 'CLOSED' as const, nodeId: 'B3' }, { ...first, version: 3, state: 'RESTORED' as const }, first, { ...first, version: 1, state: 'SUSPECT' as const, nodeId: 'B3', confirmedAtMs: null }]
    expect(score([truth('g', 'LINE', 'LN', '10:00:00')], versions).matched).toBe(1)
  })

  it('counts the confirmation of a changed node from the version that first names it', () => {
    const line = outage('LINE', 'LN', '10:00:00', '10:01:00', { version: 2 })
    const suspect = { ...line, version: 1, state: 'SUSPECT' as const, nodeId: 'B3', level: 'BOX' as const, decidedAtMs: at('10:00:30') }
    const box = (decided: string): OutageRecord => ({ ...line, version: 3, nodeId: 'B3', level: 'BOX', decidedAtMs: at(decided) })
    const fault = [truth('g', 'BOX', 'B3', '10:00:00')]
    expect(score(fault, [suspect, line, box('10:05:00')])).toMatchObject({ matched: 1, delayMs: { p50: 300_000 } })
    expect(score(fault, [suspect, line, box('10:05:01')]).matched).toBe(0)
  })

  it('tells when and how exactly restorations of matched outages were known', () => {
    const first = outage('BOX', 'B3', '10:00:00', '10:01:00')
    const versions = [first, { ...first, version: 2, state: 'RESTORED' as const, restoredAtMs: at('11:00:20'), decidedAtMs: at('11:01:30') }, { ...first, version: 3, state: 'CLOSED' as const, restoredAtMs: at('11:00:20'), decidedAtMs: at('11:20:00') }]
    const lasting = outage('BOX', 'BX1', '10:00:00', '10:01:00')
    const faults = [truth('g', 'BOX', 'B3', '10:00:00'), truth('h', 'BOX', 'BX1', '10:00:00')]
    expect(score(faults, [...versions, lasting]).restored).toEqual({ outages: 1, delayMs: { mean: 90_000, p50: 90_000, p95: 90_000, p99: 90_000 }, errorMs: { mean: 20_000, p50: 20_000, p95: 20_000, p99: 20_000 } })
    expect(score(faults, [lasting]).restored).toEqual({ outages: 0, delayMs: { mean: null, p50: null, p95: null, p99: null }, errorMs: { mean: null, p50: null, p95: null, p99: null } })
  })

  it('pairs as many as possible', () => {
    const truths = [truth('a', 'BOX', 'B3', '10:00:00'), truth('b', 'BOX', 'B3', '10:03:30')]
    const early = outage('BOX', 'B3', '10:01:45', '10:02:00')
    const late = outage('BOX', 'B3', '09:59:00', '10:01:00')
    expect(score(truths, [early, late]).matched).toBe(2)
    expect(score(truths, [late, early]).matched).toBe(2)
    expect(score(truths, [early, { ...early, outageId: 'x' }, { ...early, outageId: 'y' }])).toMatchObject({ matched: 2, accuracy: 66.67 })
  })

  it('does not let a neutral outage take the fault of one that would be wrong without it', () => {
    const truths = [truth('g', 'BOX', 'B3', '10:00:00'), truth('s', 'BOX', 'B3', '10:02:00', { endAtMs: at('10:03:00') })]
    const both = outage('BOX', 'B3', '10:01:00', '10:02:00')
    const only = outage('BOX', 'B3', '09:58:30', '10:02:00')
    for (const order of [[both, only], [only, both]]) expect(score(truths, order)).toMatchObject({ matched: 1, neutral: 1, accuracy: 100 })
  })
})
