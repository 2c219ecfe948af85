import type { EventRecord } from '../../records/event.ts'
import type { World } from './channel.ts'
import { kindMask, normalFlag, type SimEvent, simEventKinds, unknownFlag, validFlag } from './event-buckets.ts'
import { at } from './sim-grid.ts'

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** The event as the file holds it: area and feeder as the archive says, which is not always the truth. */
export function toEventRecord(world: World, event: SimEvent, number: number): EventRecord {
  const { ids, areaFeeder } = world.grid
  const isMeter = event.device >= 0
  const area = isMeter ? world.errors.areaOf(event.device) : -1 - event.device
  const isKnown = (event.flags & unknownFlag) === 0
  const kind = simEventKinds[event.flags & kindMask] ?? 'ALIVE'
  const flagged = !isMeter && kind !== 'ALIVE'
  const deviceId = isMeter ? ids.meter(event.device) : ids.terminal(area)
  return {
    eventId: `e-${String(number).padStart(8, '0')}`,
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
