import { z } from 'zod'
import type { MeterPhase } from './levels.ts'
import { instant, lenientInstant, nullableText, text } from './fields.ts'
import { createInstantFormatter, defaultZone, type InstantFormatter, parseInstantFast } from './instants.ts'
import { type LineResult, parseObject, problemsOf } from './lines.ts'

export const deviceKinds = ['METER', 'TERMINAL', 'SWITCH'] as const
export type DeviceKind = (typeof deviceKinds)[number]

export const eventKinds = ['OFF', 'ON', 'ALIVE', 'TRIP', 'PING_OK', 'PING_FAIL', 'MODULE_CHANGED'] as const
export type EventKind = (typeof eventKinds)[number]

/** One event of a device as files hold it (`events.ndjson`), instants as epoch milliseconds. */
export interface EventRecord {
  readonly eventId: string
  readonly deviceKind: DeviceKind
  readonly deviceId: string
  /** Null: the device is not in the archive. */
  readonly areaId: string | null
  readonly feederId: string | null
  readonly kind: EventKind
  /** The device's own time of power off (of an ON too); null when unknown. Never trusted blindly. */
  readonly occurredAtMs: number | null
  /** Time of power on, of ON events only. */
  readonly endedAtMs: number | null
  /** Arrival at the communication service: the event time of all streams. */
  readonly receivedAtMs: number
  /** The two flags of a terminal's record, null elsewhere. */
  readonly normal: boolean | null
  readonly valid: boolean | null
  readonly source: string | null
}

/** Where the archive says a device hangs. */
export interface DevicePlace {
  readonly areaId: string | null
  readonly feederId: string | null
  readonly branchId: string | null
  readonly lineId: string | null
  readonly boxId: string | null
  readonly phase: MeterPhase | null
}

/** Value of the topic `event.valid`: the event with the place of its device, looked up when it arrived. `TICK` only moves time. */
export interface ValidEvent extends Omit<EventRecord, 'kind'>, DevicePlace {
  readonly kind: EventKind | 'TICK'
  readonly topologyVersion: number
}

/** The form of one line of `events.ndjson`; `parseEventLine` decides the same, faster. */
export const eventLineSchema = z.object({
  eventId: text,
  deviceKind: z.enum(deviceKinds),
  deviceId: text,
  areaId: nullableText,
  feederId: nullableText,
  kind: z.enum(eventKinds),
  occurredAt: lenientInstant,
  endedAt: lenientInstant,
  receivedAt: instant,
  normal: z.boolean().nullish(),
  valid: z.boolean().nullish(),
  source: z.string().nullish(),
})

const knownDeviceKinds: ReadonlySet<unknown> = new Set(deviceKinds)
const knownEventKinds: ReadonlySet<unknown> = new Set(eventKinds)
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isNullish = (value: unknown): value is null | undefined => value === null || value === undefined
const isFlag = (value: unknown): value is boolean | null | undefined => isNullish(value) || typeof value === 'boolean'

/** One line of `events.ndjson`, or what is wrong with it. */
export function parseEventLine(line: string): LineResult<EventRecord> {
  const object = parseObject(line)
  if (!object.ok) return object
  const { eventId, deviceKind, deviceId, areaId, feederId, kind, occurredAt, endedAt, receivedAt, normal, valid, source } = object.value
  const receivedAtMs = typeof receivedAt === 'string' ? parseInstantFast(receivedAt) : null
  const good =
    isText(eventId) && isText(deviceId) && knownDeviceKinds.has(deviceKind) && knownEventKinds.has(kind) && receivedAtMs !== null &&
    (isNullish(areaId) || isText(areaId)) && (isNullish(feederId) || isText(feederId)) && isFlag(normal) && isFlag(valid) &&
    (isNullish(occurredAt) || isText(occurredAt)) && (isNullish(endedAt) || isText(endedAt)) && (isNullish(source) || typeof source === 'string')
  if (!good) return problemsOf(eventLineSchema, object.value)
  const occurredAtMs = isNullish(occurredAt) ? null : parseInstantFast(occurredAt)
  const endedAtMs = isNullish(endedAt) ? null : parseInstantFast(endedAt)
  // a text that is no instant at all is a wrong file; an impossible date of a confused clock is only an unknown time
  if ((occurredAtMs === null && !isNullish(occurredAt)) || (endedAtMs === null && !isNullish(endedAt))) {
    const checked = problemsOf(eventLineSchema, object.value)
    if (checked.problems.length > 0) return checked
  }
  return {
    ok: true,
    value: {
      eventId, deviceKind: deviceKind as DeviceKind, deviceId, areaId: areaId ?? null, feederId: feederId ?? null, kind: kind as EventKind,
      occurredAtMs, endedAtMs, receivedAtMs, normal: normal ?? null, valid: valid ?? null, source: source ?? null,
    },
  }
}

/** A text as JSON; the usual identifiers need no escapes. */
function quoted(value: string | null): string {
  if (value === null) return 'null'
  for (let at = 0; at < value.length; at++) {
    const char = value.charCodeAt(at)
    if (char < 32 || char === 34 || char === 92 || char > 126) return JSON.stringify(value)
  }
  return `"${value}"`
}

/** Writes events as lines of `events.ndjson` (without the line end), instants in `zone`. */
export function createEventFormatter(zone: string = defaultZone): (event: EventRecord) => string {
  const instantOf = createInstantFormatter(zone)
  return (event) =>
    `{"eventId":${quoted(event.eventId)},"deviceKind":"${event.deviceKind}","deviceId":${quoted(event.deviceId)},"areaId":${quoted(event.areaId)},"feederId":${quoted(event.feederId)},` +
    `"kind":"${event.kind}","occurredAt":${formatted(event.occurredAtMs, instantOf)},"endedAt":${formatted(event.endedAtMs, instantOf)},` +
    `"receivedAt":"${instantOf(event.receivedAtMs)}","normal":${String(event.normal)},"valid":${String(event.valid)},"source":${quoted(event.source)}}`
}

function formatted(instantMs: number | null, instantOf: InstantFormatter): string {
  return instantMs === null ? 'null' : `"${instantOf(instantMs)}"`
}

/**
 * The event as JSON value of the topic `event.valid`: instants as epoch milliseconds in names that end in `Ms`, fields in the order the
 * event has them. One call into the engine is more than twice as fast as putting pieces together, and there are millions.
 */
export function formatEventValue(event: ValidEvent): string {
  return JSON.stringify(event)
}
