import type { EventRecord } from '../../records/event.ts'
import type { World } from './channel.ts'
import { kindMask, normalFlag, type SimEvent, simEventKinds, tripKind, unknownFlag, validFlag } from './event-buckets.ts'
import { at } from './sim-grid.ts'

const eventIdOf = (number: number): string => `e-${String(number).padStart(8, '0')}`
const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** The event as the file holds it: area and feeder as the archive says, which is not always the truth. */
export function toEventRecord(world: World, event: SimEvent, number: number): EventRecord {
  const { ids, areaFeeder } = world.grid
  if ((event.flags & kindMask) === tripKind) return tripRecord(world, event, number)
  const isMeter = event.device >= 0
  const area = isMeter ? world.errors.areaOf(event.device) : -1 - event.device
  const isKnown = (event.flags & unknownFlag) === 0
  const kind = simEventKinds[event.flags & kindMask] ?? 'ALIVE'
  const flagged = !isMeter && kind !== 'ALIVE'
  const deviceId = isMeter ? ids.meter(event.device) : ids.terminal(area)
  return {
    eventId: eventIdOf(number),
    deviceKind: isMeter ? 'METER' : 'TERMINAL',
    deviceId: isKnown ? deviceId : `X${deviceId}`,
    areaId: isKnown ? ids.area(area) : null,
    feederId: isKnown ? ids.feeder(at(areaFeeder, area)) : null,
    kind,
    occurredAtMs: nullable(event.occurredAtMs),
    endedAtMs: nullable(event.endedAtMs),
    receivedAtMs: event.receivedAtMs,
    normal: flagged ? (event.flags & normalFlag) !== 0 : null,
    valid: flagged ? (event.flags & validFlag) !== 0 : null,
    source: area % 4 === 0 ? 'gdw1376' : 'dlt698',
  }
}

/** The breaker of a feeder has the id of its node; dispatch tells. */
function tripRecord({ grid }: World, event: SimEvent, number: number): EventRecord {
  const feederId = grid.ids.feeder(event.device)
  return { eventId: eventIdOf(number), deviceKind: 'SWITCH', deviceId: feederId, areaId: null, feederId, kind: 'TRIP', occurredAtMs: event.occurredAtMs, endedAtMs: null, receivedAtMs: event.receivedAtMs, normal: null, valid: null, source: 'dispatch' }
}
