import type { NormalEvent } from '../codec.ts'
import { eventName, isEvent, isPhaseResolved } from './events.ts'
import type { Data } from './message.ts'
import { oadParts } from './objects.ts'

/** Values of one event record by column OAD. Columns come in any order (chapter 10.3): nobody may rely on positions. */
export type EventRecord = ReadonlyMap<string, Data>

/** True for the record tables of events: attribute 2 of class 7, 6 (total) to 9 (phase C) of class 24. */
export function isEventTable(oad: string): boolean {
  const { oi, attribute, feature } = oadParts(oad)
  return feature === 0 && isEvent(oi) && (attribute === 2 || (isPhaseResolved(oi) && attribute >= 6 && attribute <= 9))
}

/*
 * Standard event record unit (chapter 8.1), as a structure
 *   record sequence u32 | start | end | source | report status | event-specific...
 */
const unitColumns = ['20220200', '201E0200', '20200200', '20240200', '33000200'] as const
const specificColumns: Readonly<Record<number, readonly string[]>> = { 0x3106: ['33090206'] }

export function recordOfUnit(oad: string, unit: readonly Data[]): EventRecord {
  const columns = [...unitColumns, ...(specificColumns[oadParts(oad).oi] ?? [])]
  return new Map(columns.flatMap((column, index) => (unit[index] === undefined ? [] : [[column, unit[index]] as const])))
}

export interface EventPlace {
  /** Server address of the frame. */
  readonly terminal: string
  /** Meter the record was collected from; null when the device of the frame reports its own. */
  readonly meter: string | null
}

/** The event of chapter 10 or any other record of an event table, in the words of the services. */
export function eventOf(oad: string, record: EventRecord, place: EventPlace): NormalEvent {
  const { oi } = oadParts(oad)
  const start = timeOf(record, '201E')
  const end = timeOf(record, '2020')
  const source = find(record, '2024')
  const event = kindOf(oi, end, source)
  const { deviceKind, device } = deviceOf(oi, source, place)
  const flags = flagsOf(find(record, '3309'))
  return {
    kind: 'event',
    deviceKind,
    device,
    event,
    name: eventName(oi) ?? `event ${oi.toString(16).toUpperCase()}`,
    occurredAt: start,
    // the end of a power-off report, where a province fills it, is that of an older outage (chapter 10.2)
    endedAt: event === 'OFF' ? null : end,
    normal: oi === 0x3106 ? flags.normal : null,
    valid: oi === 0x3106 ? flags.valid : null,
  }
}

/*
 * Decision rules (chapters 10.2, 10.3, 10.5)
 *   3106   source enum: 0 off, 1 on; without it by the end time
 *   3011   end NULL: off; end present: on, ended then. The state byte is ignored
 *   3503, 3E20 protection trip; 3504, 3E21 position change without an end, 3902 box breaker opened, 301F relay: a trip
 *   3030   communication module changed: explains a false off
 */
function kindOf(oi: number, end: string | null, source: Data | undefined): NormalEvent['event'] {
  switch (oi) {
    case 0x3106:
      if (source !== undefined && (source.type === 'enum' || source.type === 'unsigned')) {
        if (source.value === 0) return 'OFF'
        if (source.value === 1) return 'ON'
      }
      return end === null ? 'OFF' : 'ON'
    case 0x3011:
      return end === null ? 'OFF' : 'ON'
    case 0x3503:
    case 0x3e20:
    case 0x3902:
    case 0x301f:
      return 'TRIP'
    case 0x3504:
    case 0x3e21:
      return end === null ? 'TRIP' : 'OTHER'
    case 0x3030:
      return 'MODULE_CHANGED'
    default:
      return 'OTHER'
  }
}

function deviceOf(oi: number, source: Data | undefined, place: EventPlace): Pick<NormalEvent, 'deviceKind' | 'device'> {
  const group = oi >> 8
  const named = source?.type === 'TSA' ? source.value.addr : null
  if (group === 0x35 || group === 0x3e || oi === 0x3901 || oi === 0x3902) return { deviceKind: 'SWITCH', device: named ?? place.meter ?? place.terminal }
  if (group === 0x30 || group === 0x39) return { deviceKind: 'METER', device: place.meter ?? named ?? place.terminal }
  // a terminal event about a meter names it as its source (310B to 310F, 3105, 311C, 311D, 311F)
  if (named !== null) return { deviceKind: 'METER', device: named }
  return { deviceKind: 'TERMINAL', device: place.terminal }
}

function find(record: EventRecord, oi: string): Data | undefined {
  for (const [column, data] of record) if (column.startsWith(oi)) return data
  return undefined
}

function timeOf(record: EventRecord, oi: string): string | null {
  return timeText(find(record, oi))
}

/** Local time of a Data; null for NULL, all FF and impossible dates. */
export function timeText(data: Data | undefined): string | null {
  const text = data?.type === 'date_time_s' ? data.value : data?.type === 'date_time' ? data.value.iso.slice(0, 19) : null
  return text === null || !/^\d{4}-/.test(text) ? null : text
}

/** Attribute flag of 3106: bit 0 (80H) interval normal, bit 1 (40H) event valid. */
function flagsOf(data: Data | undefined): { readonly normal: boolean | null; readonly valid: boolean | null } {
  if (data?.type !== 'bit-string' || data.bits < 2) return { normal: null, valid: null }
  const first = Number.parseInt(data.value.slice(0, 2), 16)
  return { normal: (first & 0x80) !== 0, valid: (first & 0x40) !== 0 }
}
