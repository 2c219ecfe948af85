import type { NormalEvent, NormalReading, NormalRecord } from '../codec.ts'
import { items, type ItemName } from '../items.ts'
import type { Layout, LayoutRecord, LayoutValue, NumberLayout } from '../layout/layout.ts'
import { isoTime } from '../layout/time.ts'
import { errorBit, fromMeterBit } from './control.ts'
import type { FoundItem } from './data-item.ts'
import { activeReportWords } from './items-parameters.ts'
import { findDataItem } from './lookup.ts'
import type { Dlt645Message } from './message.ts'

/**
 * Readings and events of an answer. Frozen and settled registers keep a suffix that says which one: `forwardActiveEnergyDay1` is the newest daily freeze,
 * `…Hour1` hourly, `…Freeze1` any other, `…Settlement1` the last settlement day.
 */
export function normalizeDlt645(message: Dlt645Message): readonly NormalRecord[] {
  const { control, body, address } = message
  const value = body['value']
  const di = body['di']
  if ((control & fromMeterBit) === 0 || (control & errorBit) !== 0 || value === undefined || typeof di !== 'string') return []
  const found = findDataItem(di)
  if (found === null) return []
  const isEvent = /^(03|1D|1E)/.test(di) && di.length === 8
  if (isEvent && isRecord(value)) return normalizeEvent(address, di, found, value)
  if (di === '04001501') return normalizeActiveReport(address, value as LayoutRecord)
  if (di.startsWith('06') && di.length === 8) return normalizeLoad(address, di, value as LayoutRecord)
  return normalizeRegisters(address, di, found, value)
}

function isRecord(value: LayoutValue): value is LayoutRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function reading(meter: string, item: string, layout: NumberLayout, value: number | null, time: string | null = null): NormalReading {
  return { kind: 'reading', meter, item, unit: layout.unit, value: value === null ? null : value.toFixed(layout.decimals), time, quality: value === null ? 'MISSING' : 'GOOD' }
}

/** The number a register layout ends in, whether alone, in a list or with the time of a demand. */
function numberOf(layout: Layout): NumberLayout | null {
  if (layout.type === 'number') return layout
  if (layout.type === 'list') return numberOf(layout.of)
  if (layout.type === 'record') {
    const field = layout.fields.find((each) => each.name === 'value' || each.name === 'count')
    return field === undefined ? null : numberOf(field.layout)
  }
  return null
}

function normalizeRegisters(meter: string, di: string, found: FoundItem, value: LayoutValue): readonly NormalReading[] {
  const layout = numberOf(found.layout)
  if (layout === null || found.entry.item === undefined) return []
  const members = Array.isArray(value) ? (value as readonly LayoutValue[]) : [value]
  return members.flatMap((member, index) => {
    const item = itemName(di, found, Array.isArray(value) ? index : null)
    if (item === null) return []
    if (isRecord(member)) return [reading(meter, item, layout, (member['value'] ?? member['count'] ?? null) as number | null, isoTime((member['time'] ?? null) as string | null))]
    return [reading(meter, item, layout, member as number | null)]
  })
}

/** Item of the `index`-th member of a block, or of a single value. */
function itemName(di: string, found: FoundItem, index: number | null): string | null {
  const bytes = (di.match(/../g) ?? []).map((pair) => parseInt(pair, 16)).reverse()
  const isFreeze = di.startsWith('05') && di.length === 8
  if (found.block && index !== null) bytes[found.blockByte] = found.blockFirst + index
  const { item } = found.entry
  let base: ItemName | undefined
  if (typeof item === 'string') base = item
  else if (item !== undefined) base = item[bytes[found.entry.varies ?? 0] as number]
  if (base === undefined || (found.block && found.blockByte === 2)) return null
  const tariff = isFreeze ? (index ?? 0) : found.entry.tariffs === true ? (bytes[1] as number) : di.length === 4 && di.startsWith('9') ? (bytes[0] as number) & 0x0f : 0
  const name = tariff === 0 ? base : `${base}T${tariff}`
  if (isFreeze) return `${name}${bytes[2] === 0x06 ? 'Day' : bytes[2] === 0x04 ? 'Hour' : 'Freeze'}${bytes[0] as number}`
  return found.entry.tariffs === true && (bytes[0] as number) > 0 ? `${name}Settlement${bytes[0] as number}` : name
}

/** Zero times mean "never" and, at the end of an event, "still running". */
function eventTime(text: LayoutValue | undefined): string | null {
  return typeof text === 'string' ? isoTime(text) : null
}

function normalizeEvent(meter: string, di: string, found: FoundItem, value: LayoutRecord): readonly NormalRecord[] {
  const event = (parts: Partial<NormalEvent>): NormalEvent => ({
    kind: 'event', deviceKind: 'METER', device: meter, event: 'OTHER', name: found.entry.words, occurredAt: null, endedAt: null, normal: null, valid: null, ...parts,
  })
  if (value['count'] !== undefined) return found.entry.item === undefined ? [] : normalizeRegisters(meter, di, found, value)
  if (di.startsWith('0311')) {
    const off = eventTime(value['off'])
    const on = eventTime(value['on'])
    if (off === null && on === null) return []
    return [event({ event: on === null ? 'OFF' : 'ON', name: 'power off', occurredAt: off, endedAt: on })]
  }
  const occurredAt = eventTime(value['start'] ?? value['time'] ?? value['before'])
  return occurredAt === null ? [] : [event({ occurredAt, endedAt: eventTime(value['end']) })]
}

/** Flag 69 is the power-off of the meter; its time is in the record 03110001. */
function normalizeActiveReport(meter: string, value: LayoutRecord): readonly NormalEvent[] {
  const powerOff = 69
  return (value['flags'] as readonly number[]).map((flag) => ({
    kind: 'event', deviceKind: 'METER', device: meter, event: flag === powerOff ? 'OFF' : 'OTHER', name: activeReportWords([flag]), occurredAt: null, endedAt: null, normal: null, valid: null,
  }))
}

const loadFields: readonly (readonly [group: string, field: string, names: readonly (ItemName | null)[]])[] = [
  ['class1', 'u', ['voltageA', 'voltageB', 'voltageC']],
  ['class1', 'i', ['currentA', 'currentB', 'currentC']],
  ['class1', 'frequency', ['frequency']],
  ['class2', 'p', ['activePower', 'activePowerA', 'activePowerB', 'activePowerC']],
  ['class2', 'q', ['reactivePower', 'reactivePowerA', 'reactivePowerB', 'reactivePowerC']],
  ['class3', 'pf', ['powerFactor', 'powerFactorA', 'powerFactorB', 'powerFactorC']],
  ['class4', 'forwardActive', ['forwardActiveEnergy']],
  ['class4', 'reverseActive', ['reverseActiveEnergy']],
  ['class4', 'combinedReactive1', ['combinedReactive1Energy']],
  ['class4', 'combinedReactive2', ['combinedReactive2Energy']],
  ['class5', 'quadrants', ['quadrant1ReactiveEnergy', 'quadrant2ReactiveEnergy', 'quadrant3ReactiveEnergy', 'quadrant4ReactiveEnergy']],
]

const curveItems: Readonly<Record<string, readonly (ItemName | null)[]>> = {
  '01': [null, 'voltageA', 'voltageB', 'voltageC'],
  '02': [null, 'currentA', 'currentB', 'currentC'],
  '03': ['activePower', 'activePowerA', 'activePowerB', 'activePowerC'],
  '04': ['reactivePower', 'reactivePowerA', 'reactivePowerB', 'reactivePowerC'],
  '05': ['powerFactor', 'powerFactorA', 'powerFactorB', 'powerFactorC'],
}

function normalizeLoad(meter: string, di: string, value: LayoutRecord): readonly NormalRecord[] {
  if (di.startsWith('0610')) {
    const item = curveItems[di.slice(4, 6)]?.[parseInt(di.slice(6), 16)]
    const points = value['values'] as readonly (number | null)[]
    if (item === undefined || item === null) return []
    // the interval is a parameter of the meter (04000A02…): the frame does not tell it, 0 stands for that
    return [{ kind: 'curve', meter, item, unit: items[item].unit, startAt: eventTime(value['start']), intervalMinutes: 0, values: points.map((point) => point?.toFixed(items[item].decimals) ?? null) }]
  }
  const records = (value['records'] ?? []) as readonly LayoutRecord[]
  return records.flatMap((each) => {
    const time = eventTime(each['time'])
    return loadFields.flatMap(([group, field, names]) => {
      const fields = each[group] as LayoutRecord | undefined
      const read = fields?.[field]
      if (read === undefined) return []
      const values = (Array.isArray(read) ? read : [read]) as readonly (number | null)[]
      return values.flatMap((point, index): readonly NormalReading[] => {
        const item = names[index]
        if (item === undefined || item === null) return []
        const { unit, decimals } = items[item]
        return [{ kind: 'reading', meter, item, unit, value: point?.toFixed(decimals) ?? null, time, quality: point === null ? 'MISSING' : 'GOOD' }]
      })
    })
  })
}
