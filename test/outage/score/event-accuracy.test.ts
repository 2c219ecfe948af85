import { beforeAll, describe, expect, it } from 'vitest'
import { createPlaceLookup, type GridArchive } from '../../../src/grid/archive/archive.ts'
import { EventAccuracy, type EventScore } from '../../../src/outage/score/event-accuracy.ts'
import { createNodeClasses } from '../../../src/outage/score/node-classes.ts'
import { attributeOutages } from '../../../src/outage/score/score.ts'
import type { EventRecord } from '../../../src/records/event.ts'
import type { OutageRecord } from '../../../src/records/outage.ts'
import type { TruthRecord } from '../../../src/records/truth.ts'
import { at, outage, scoreGrid, truth } from './score-fixture.ts'

let archive: GridArchive
beforeAll(async () => {
  archive = await scoreGrid()
})

function row(kind: EventRecord['kind'], deviceId: string, received: string, more: Partial<EventRecord> = {}): EventRecord {
  return { eventId: 'e', deviceKind: 'METER', deviceId, areaId: null, feederId: null, kind, occurredAtMs: null, endedAtMs: null, receivedAtMs: at(received), normal: null, valid: null, source: null, ...more }
}

function scored(truths: readonly TruthRecord[], outages: readonly OutageRecord[], rows: readonly EventRecord[]): EventScore {
  const accuracy = new EventAccuracy(truths, attributeOutages(truths, outages, createNodeClasses(archive, at('00:00:00'))), createPlaceLookup(archive))
  for (const event of rows) accuracy.add(event)
  return accuracy.result()
}

const fault = truth('g', 'BOX', 'B3', '10:00:00')
const found = outage('BOX', 'B3', '10:00:10', '10:01:00', { restoredAtMs: at('11:00:20') })

describe('the score of rows', () => {
  it('gives the rows of a fault that was found to it, by the time that they tell', () => {
    const rows = [
      row('OFF', 'B3M1', '10:00:40', { occurredAtMs: at('10:00:05') }),
      row('OFF', 'B3M2', '11:20:00', { occurredAtMs: at('10:00:00') }), // late, with its old time
      row('OFF', 'B3M2', '10:00:40', { occurredAtMs: Date.UTC(2000, 0, 1) }), // a clock that stands still: the arrival counts
      row('ON', 'B3M1', '11:01:00', { occurredAtMs: at('10:00:03'), endedAtMs: at('11:00:00') }),
      row('ON', 'B3M2', '11:10:00', { endedAtMs: at('11:00:00') }),
      row('ON', 'B3M2', '11:10:00'),
      row('ALIVE', 'B3M1', '10:00:30'),
    ]
    expect(scored([fault], [found], rows)).toMatchObject({ rows: 6, right: 6, accuracy: 100, byTruth: { FAULT: { rows: 6, right: 6 }, NOTHING: { rows: 0, accuracy: null } } })
  })

  it('counts rows of a fault that was missed, or found at another depth, as wrong', () => {
    const rows = [row('OFF', 'B3M1', '10:00:40'), row('OFF', 'B3M2', '10:00:40')]
    expect(scored([fault], [], rows)).toMatchObject({ rows: 2, right: 0 })
    expect(scored([fault], [outage('LINE', 'LN', '10:00:10', '10:01:00')], rows)).toMatchObject({ rows: 2, right: 0 })
    expect(scored([fault], [{ ...found, state: 'SUSPECT', confirmedAtMs: null, restoredAtMs: null }], rows)).toMatchObject({ rows: 2, right: 0 })
  })

  it('wants no outage for false reports, planned work, cut-offs and reclosings, and finds one wrong', () => {
    const truths = [truth('p', 'AREA', 'T8', '10:00:00', { kind: 'PLANNED' }), truth('c', 'USER', 'M9', '10:00:00', { kind: 'CONTROLLED' }), truth('m', 'FEEDER', 'F2', '10:00:00', { kind: 'MOMENTARY', endAtMs: at('10:00:20') })]
    const rows = [row('OFF', 'M8', '10:01:00'), row('OFF', 'M9', '10:01:00'), row('OFF', 'M12', '10:00:40'), row('OFF', 'M11', '10:00:40'), row('OFF', 'nobody', '10:00:40')]
    expect(scored(truths, [], rows)).toMatchObject({ rows: 5, right: 5, byTruth: { PLANNED: { rows: 1 }, CONTROLLED: { rows: 1 }, MOMENTARY: { rows: 1 }, NOTHING: { rows: 2 } } })
    expect(scored(truths, [outage('FEEDER', 'F2', '10:00:00', '10:01:00')], rows)).toMatchObject({ right: 4, byTruth: { MOMENTARY: { right: 0, accuracy: 0 } } })
    expect(scored(truths, [outage('USER', 'M11', '10:00:00', '10:01:00')], rows)).toMatchObject({ right: 4, byTruth: { NOTHING: { rows: 2, right: 1, accuracy: 50 } } })
  })

  it('tells faults of one node apart by their times', () => {
    const later = truth('h', 'BOX', 'B3', '14:00:00')
    const rows = [row('OFF', 'B3M1', '10:00:40'), row('OFF', 'B3M1', '14:00:40'), row('OFF', 'B3M1', '18:00:00')]
    expect(scored([fault, later], [found], rows)).toMatchObject({ rows: 3, right: 2, byTruth: { FAULT: { rows: 2, right: 1 }, NOTHING: { rows: 1, right: 1 } } })
  })

  it('gives a phase its own meters only, and a TRIP to the feeder of its breaker', () => {
    const phase = [truth('a', 'AREA', 'T7', '10:00:00', { phase: 'B' })]
    expect(scored(phase, [], [row('OFF', 'M9', '10:00:40')]).byTruth).toMatchObject({ NOTHING: { rows: 1, right: 1 } }) // all meters are on A
    const trip = row('TRIP', 'F1', '10:00:03', { deviceKind: 'SWITCH' })
    expect(scored([truth('f', 'FEEDER', 'F1', '10:00:00')], [outage('FEEDER', 'F1', '10:00:05', '10:04:00')], [trip])).toMatchObject({ rows: 1, right: 1, byTruth: { FAULT: { rows: 1 } } })
  })
})
