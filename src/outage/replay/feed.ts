import { createPlaceLookup, type GridArchive, type PlaceLookup } from '../../grid/archive/archive.ts'
import { buildTopologyRecords } from '../../grid/topology.ts'
import type { DevicePlace, EventRecord, ValidEvent } from '../../records/event.ts'
import type { TopologyRecord } from '../../records/topology.ts'
import { readEventFile } from '../event-file.ts'

export interface ReplayFeed {
  readonly topology: Iterable<TopologyRecord>
  /** Instant of the first event, of the topology too; null for a file without events. */
  readonly firstAtMs: number | null
  /** Events in order of arrival with the place of their device, in batches. */
  events(): AsyncGenerator<readonly ValidEvent[]>
}

export interface FeedOptions {
  readonly signal: AbortSignal
  readonly zone: string
}

/** What a replay sends: the archive as topology records, and the events of a file as storage would have published them. Throws INPUT_INVALID, FILE_MISSING. */
export async function openReplayFeed(archive: GridArchive, eventsFile: string, options: FeedOptions): Promise<ReplayFeed> {
  const version = 1
  const batches = readEventFile(eventsFile, options)
  const first = await batches.next()
  const firstAtMs = first.done === true ? null : (first.value[0]?.receivedAtMs ?? null)
  const lookup = createPlaceLookup(archive)
  return {
    topology: buildTopologyRecords(archive, { version, effectiveAtMs: firstAtMs ?? 0 }),
    firstAtMs,
    async *events() {
      if (first.done === true) return
      yield placed(first.value, lookup, version)
      for await (const batch of batches) yield placed(batch, lookup, version)
    },
  }
}

function placed(events: readonly EventRecord[], lookup: PlaceLookup, topologyVersion: number): readonly ValidEvent[] {
  return events.map((event) => placeEvent(event, lookup, topologyVersion))
}

const nowhere: DevicePlace = { areaId: null, feederId: null, branchId: null, lineId: null, boxId: null, phase: null }

/** The event with the place that the archive knows; a device that it does not know has none, whatever the event says. */
export function placeEvent(event: EventRecord, lookup: PlaceLookup, topologyVersion: number): ValidEvent {
  const { areaId, feederId, branchId, lineId, boxId, phase } = lookup.placeOf(event.deviceId, event.deviceKind) ?? nowhere
  const { eventId, deviceKind, deviceId, kind, occurredAtMs, endedAtMs, receivedAtMs, normal, valid, source } = event
  return { eventId, deviceKind, deviceId, areaId, feederId, branchId, lineId, boxId, phase, kind, occurredAtMs, endedAtMs, receivedAtMs, normal, valid, source, topologyVersion }
}

/** A TICK: time goes on although nobody reports. */
export function tickAt(receivedAtMs: number, feederId: string | null): ValidEvent {
  return {
    eventId: 'tick', deviceKind: 'SWITCH', deviceId: 'tick', areaId: null, feederId, branchId: null, lineId: null, boxId: null, phase: null,
    kind: 'TICK', occurredAtMs: null, endedAtMs: null, receivedAtMs, normal: null, valid: null, source: 'replay', topologyVersion: 0,
  }
}
