import type { NormalCurve, NormalReading, NormalRecord } from '../codec.ts'
import { fromHex } from '../hex.ts'
import { decimalText } from '../items.ts'
import { decodeFrame } from './frame.ts'
import type { Apdu, Data, Dlt698Message, FollowReport, NormalResult, RecordResult, ReportNotification } from './message.ts'
import { elementSuffix, findObject, findQuantity, oadParts, type Quantity } from './objects.ts'
import { eventOf, isEventTable, recordOfUnit, timeText } from './outage.ts'
import { integerOf, memberOf, plainApdu } from './readings.ts'
import { readSimplifiedRecord } from './simplified.ts'

/** Reads a frame that a terminal passed on and that is none of this protocol, DL/T 645 most of all. */
export type NormalizeForeign = (frame: Uint8Array) => readonly NormalRecord[]

interface Place {
  readonly terminal: string
  readonly meter: string | null
  readonly foreign: NormalizeForeign
  readonly depth: number
}

/** A terminal may pass on a frame that passes on a frame; nobody does more. */
const maxForwarding = 2

/** Readings, events and link changes of a message, free of protocol. */
export function normalizeMessage(message: Dlt698Message, foreign: NormalizeForeign = () => []): readonly NormalRecord[] {
  return normalizeAt(message, foreign, 0)
}

function normalizeAt(message: Dlt698Message, foreign: NormalizeForeign, depth: number): readonly NormalRecord[] {
  if (message.apdu === null) return []
  const apdu = plainApdu(message.apdu)
  const terminal = message.frame.sa.address
  if (apdu.service === 'LINK-Request') {
    const event = (['LOGIN', 'HEARTBEAT', 'LOGOUT'] as const)[apdu.requestType]
    return event === undefined ? [] : [{ kind: 'link', terminal, event }]
  }
  return contentOf(apdu, { terminal, meter: null, foreign, depth })
}

function contentOf(apdu: Apdu, place: Place): readonly NormalRecord[] {
  switch (apdu.service) {
    case 'GET-Response':
      return [...normals(apdu.results, place), ...records(apdu.records, place), ...followed(apdu.followReport, place)]
    case 'REPORT-Notification':
      return [...reportOf(apdu, place), ...followed(apdu.followReport, place)]
    case 'SET-Response':
    case 'ACTION-Response':
      return [...apdu.items.flatMap((item) => normals(item.get === undefined ? [] : [item.get], place)), ...followed(apdu.followReport, place)]
    case 'PROXY-Response': {
      const targets = (apdu.targets ?? []).flatMap((target) => {
        const read = target.items.flatMap((item) => ('get' in item ? (item.get ?? []) : 'omd' in item ? [] : item))
        return normals(read, { ...place, meter: target.tsa.addr })
      })
      const record = apdu.record === undefined ? [] : records([apdu.record], { ...place, meter: apdu.tsa?.addr ?? null })
      const forwarded = apdu.data === undefined ? [] : forward(apdu.data, place)
      return [...targets, ...record, ...forwarded, ...followed(apdu.followReport, place)]
    }
    default:
      return 'followReport' in apdu ? followed(apdu.followReport ?? null, place) : []
  }
}

function reportOf(apdu: ReportNotification, place: Place): readonly NormalRecord[] {
  if (apdu.content !== undefined) return simplified(apdu.content)
  return [...normals(apdu.results, place), ...records(apdu.records, place), ...(apdu.frames ?? []).flatMap((frame) => forward(frame, place))]
}

function followed(follow: FollowReport | null, place: Place): readonly NormalRecord[] {
  if (follow === null) return []
  return 'normals' in follow ? normals(follow.normals, place) : records(follow.records, place)
}

/** Frames that came by a port of the terminal: of this protocol, else somebody else's. */
function forward(hex: string, place: Place): readonly NormalRecord[] {
  const bytes = fromHex(hex)
  if (bytes === null || place.depth >= maxForwarding) return []
  const decoded = decodeFrame(bytes)
  return decoded.ok ? normalizeAt(decoded.message, place.foreign, place.depth + 1) : place.foreign(bytes)
}

function normals(results: readonly NormalResult[] | undefined, place: Place): readonly NormalRecord[] {
  return (results ?? []).flatMap(({ oad, data }): readonly NormalRecord[] => {
    if (data === undefined) return []
    if (isEventTable(oad)) return eventUnits(oad, data).map((unit) => eventOf(oad, recordOfUnit(oad, unit), place))
    return readings(oad, data, place.meter ?? place.terminal, null)
  })
}

/** One record unit for an index, an array of them for the whole table. */
function eventUnits(oad: string, data: Data): readonly (readonly Data[])[] {
  if (data.type === 'structure') return [data.value]
  return data.type === 'array' ? data.value.flatMap((unit) => eventUnits(oad, unit)) : []
}

function records(results: readonly RecordResult[] | undefined, place: Place): readonly NormalRecord[] {
  return (results ?? []).flatMap((record) => (record.rows ?? []).flatMap((row) => rowOf(record, row, place)))
}

function rowOf(record: RecordResult, row: readonly Data[], place: Place): readonly NormalRecord[] {
  const plain = new Map<string, Data>()
  record.rcsd.forEach((column, index) => {
    const cell = row[index]
    if (typeof column === 'string' && cell !== undefined) plain.set(column, cell)
  })
  const named = meterOf(plain)
  if (isEventTable(record.oad)) return [eventOf(record.oad, plain, { terminal: place.terminal, meter: named ?? place.meter })]

  const meter = named ?? place.meter ?? place.terminal
  const stored = timeText(plain.get('60420200')) ?? timeText(plain.get('60410200'))
  const taken = timeText(plain.get('20210200')) ?? timeText(plain.get('60400200')) ?? stored
  return record.rcsd.flatMap((column, index): readonly NormalRecord[] => {
    const cell = row[index]
    if (cell === undefined) return []
    if (typeof column === 'string') return readings(column, cell, meter, taken)
    const members = new Map<string, Data>()
    column.oads.forEach((oad, member) => {
      const value = memberOf(cell, column, member)
      if (value !== undefined) members.set(oad, value)
    })
    if (isEventTable(column.oad)) return members.size === 0 ? [] : [eventOf(column.oad, members, { terminal: place.terminal, meter: named ?? place.meter })]
    // a freeze carries its own time; without it the store time stands for it (chapter 6.4)
    const frozen = timeText(members.get('20210200')) ?? stored ?? taken
    return cell.type === 'NULL' ? column.oads.flatMap((oad) => readings(oad, cell, meter, frozen)) : [...members].flatMap(([oad, data]) => readings(oad, data, meter, frozen))
  })
}

/** 202A gives the meter as TSA, 4001 as octet-string: the same digits, nothing stripped (chapter 3.2). */
function meterOf(columns: ReadonlyMap<string, Data>): string | null {
  const target = columns.get('202A0200')
  if (target?.type === 'TSA') return target.value.addr
  const address = columns.get('40010200')
  return address?.type === 'octet-string' && address.value !== '' ? address.value : null
}

/** Readings of one OAD: each element of an array is one; NULL is one that is missing. */
function readings(oad: string, data: Data, meter: string, time: string | null): readonly NormalReading[] {
  const quantity = findQuantity(oad)
  if (quantity === undefined) return others(oad, data, meter, time)
  if (isColumnOfRecord(quantity) || quantity.parts.feature !== 0) return []
  const { index } = quantity.parts
  if (data.type === 'array' && index === 0) return data.value.map((member, element) => readingOf(quantity, element, member, meter, time))
  return [readingOf(quantity, index === 0 ? 0 : index - 1, data, meter, time)]
}

/** Sequence numbers describe a record, they are no measured values. */
const isColumnOfRecord = (quantity: Quantity): boolean => quantity.parts.oi >= 0x201e && quantity.parts.oi <= 0x2025

function readingOf(quantity: Quantity, element: number, data: Data, meter: string, time: string | null): NormalReading {
  // a demand is {value, time of occurrence}
  const value = data.type === 'structure' ? (data.value[0] ?? data) : data
  const whole = integerOf(value)
  const { unit, decimals } = shownAs(quantity)
  return {
    kind: 'reading',
    meter,
    item: quantity.item + elementSuffix(quantity.elements, element),
    unit,
    value: whole === null ? null : decimalText(whole, decimals),
    time,
    quality: whole === null ? (value.type === 'NULL' ? 'MISSING' : 'INVALID') : isAbsurd(quantity, whole) ? 'INVALID' : 'GOOD',
  }
}

const isAbsurd = (quantity: Quantity, whole: bigint): boolean => quantity.item === 'powerFactor' && (whole > 1000n || whole < -1000n)

/** Powers are W on the wire and kW in the normal form. */
function shownAs(quantity: Quantity): { readonly unit: string; readonly decimals: number } {
  const large = { W: 'kW', var: 'kvar', VA: 'kVA' }[quantity.unit]
  return large === undefined ? { unit: quantity.unit, decimals: -quantity.scale } : { unit: large, decimals: 3 - quantity.scale }
}

/** Values that are no scaled numbers but that services ask for: the clock and the status words. */
function others(oad: string, data: Data, meter: string, time: string | null): readonly NormalReading[] {
  const { oi, attribute, feature } = oadParts(oad)
  if (attribute !== 2 || feature !== 0) return []
  const reading = (item: string, value: string | null): NormalReading => ({ kind: 'reading', meter, item, unit: '', value, time, quality: value === null ? (data.type === 'NULL' ? 'MISSING' : 'INVALID') : 'GOOD' })
  if (oi === 0x4000) return [reading('clock', timeText(data))]
  const entry = findObject(oi)
  if (oi !== 0x2014 || entry === undefined) return []
  if (data.type === 'array') return data.value.map((word, index) => reading(`${entry.item}${index + 1}`, word.type === 'bit-string' ? word.value : null))
  return [reading(entry.item, data.type === 'bit-string' ? data.value : null)]
}

const minutesOf: Readonly<Record<number, number>> = { 0: 1 / 60, 1: 1, 2: 60, 3: 1440 }

/** The rows of a simplified record are equally spaced: one curve per meter and column. */
function simplified(content: string): readonly NormalRecord[] {
  const record = readSimplifiedRecord(content)
  const meters = record?.ms.addresses ?? []
  if (record === null || meters.length === 0 || record.rows.length % meters.length !== 0) return []
  const points = record.rows.length / meters.length
  const intervalMinutes = (minutesOf[record.interval.unit] ?? 0) * record.interval.interval
  return meters.flatMap((meter, place) =>
    record.oads.flatMap((oad, column): readonly NormalCurve[] => {
      const quantity = findQuantity(oad)
      if (quantity === undefined) return []
      const { unit, decimals } = shownAs(quantity)
      const values = record.rows.slice(place * points, (place + 1) * points).map((row) => row[column] ?? null)
      return [
        {
          kind: 'curve',
          meter: meter.addr,
          item: quantity.item + elementSuffix(quantity.elements, quantity.parts.index === 0 ? 0 : quantity.parts.index - 1),
          unit,
          startAt: /^\d{4}-/.test(record.start) ? record.start : null,
          intervalMinutes,
          values: values.map((value) => (value === null ? null : decimalText(value, decimals))),
        },
      ]
    }),
  )
}
