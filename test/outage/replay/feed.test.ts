import { expect, test } from 'vitest'
import type { PlaceLookup } from '../../../src/grid/archive/archive.ts'
import { placeEvent } from '../../../src/outage/replay/feed.ts'
import type { EventRecord } from '../../../src/records/event.ts'

const lookup: PlaceLookup = { placeOf: (id) => (id === 'M1' ? { feederId: 'F1', branchId: 'R1', areaId: 'A1', lineId: null, boxId: 'B1', phase: 'B' } : null) }
const event: EventRecord = { eventId: 'e', deviceKind: 'METER', deviceId: 'M1', areaId: 'wrong', feederId: 'wrong', kind: 'OFF', occurredAtMs: 1, endedAtMs: null, receivedAtMs: 2, normal: null, valid: null, source: null }

test('an event gets the place that the archive knows, not the one it claims', () => {
  expect(placeEvent(event, lookup, 17)).toMatchObject({ feederId: 'F1', branchId: 'R1', areaId: 'A1', lineId: null, boxId: 'B1', phase: 'B', topologyVersion: 17, occurredAtMs: 1, receivedAtMs: 2 })
})

test('a device that the archive does not know has no place', () => {
  expect(placeEvent({ ...event, deviceId: 'M2' }, lookup, 17)).toMatchObject({ feederId: null, areaId: null, boxId: null, phase: null })
})
