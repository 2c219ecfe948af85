import type { NormalCurve, NormalEvent, NormalLink, NormalReading, NormalRecord } from '../codec.ts'
import { normalizeDlt645 } from '../dlt645/normalize.ts'
import { items, tariffItem, type ItemName } from '../items.ts'
import type { LayoutRecord, LayoutValue } from '../layout/layout.ts'
import { isoTime } from '../layout/time.ts'
import { densityMinutes } from './formats.ts'
import { eventKinds } from './afn-events.ts'
import { directAnswer, innerDlt645 } from './inner.ts'
import { isUp, terminalOf, type Gdw1376Message, type Gdw1376Unit } from './message.ts'

/**
 * Readings, curves, events and link events of an uplink frame. A frame names points, not meters: `meter` is `TERMINAL/pN` (`9612 3456` without the blank, then `/p5`);
 * the services place it by the terminal's archive (AFN 0A F10). Forwarded DL/T 645 frames name their meter themselves.
 */
export function normalizeGdw1376(message: Gdw1376Message): readonly NormalRecord[] {
  if (!isUp(message.control)) return []
  return message.units.flatMap((unit) => normalizeUnit(message, unit))
}

function normalizeUnit(message: Gdw1376Message, unit: Gdw1376Unit): readonly NormalRecord[] {
  const fn = unit.fn[0] ?? 0
  const { data } = unit
  const meter = meterOf(message, unit)
  switch (message.afn) {
    case 0x02:
      return linkEvents(message, unit.fn)
    case 0x0c:
      return data === undefined ? [] : fn === 25 ? presentValues(meter, data) : registersOf(currentRegisters[fn], meter, data, readTimeOf(data))
    case 0x0d:
      return data === undefined ? [] : normalizeHistory(meter, fn, data)
    case 0x0e:
      return data === undefined ? [] : ((data['records'] ?? []) as readonly LayoutRecord[]).map((event) => normalizeEvent(message, event))
    case 0x10: {
      if (data === undefined) return []
      const inner = innerDlt645(message, unit)
      return inner !== null ? normalizeDlt645(inner.message) : normalizeDirect(fn, data)
    }
    default:
      return []
  }
}

function meterOf(message: Gdw1376Message, unit: Gdw1376Unit): string {
  return `${terminalOf(message)}/${typeof unit.pn === 'string' ? unit.pn : `p${unit.pn[0] ?? 0}`}`
}

function linkEvents(message: Gdw1376Message, fns: readonly number[]): readonly NormalLink[] {
  const names = { 1: 'LOGIN', 2: 'LOGOUT', 3: 'HEARTBEAT' } as const
  return fns.flatMap((fn) => (fn === 1 || fn === 2 || fn === 3 ? [{ kind: 'link', terminal: terminalOf(message), event: names[fn] } as const] : []))
}

const readTimeOf = (data: LayoutRecord): string | null => isoTime((data['readTime'] ?? null) as string | null)

function reading(meter: string, item: string, value: number | null, parts: { readonly base: ItemName; readonly decimals: number; readonly time: string | null }): NormalReading {
  return { kind: 'reading', meter, item, unit: items[parts.base].unit, value: value === null ? null : value.toFixed(parts.decimals), time: parts.time, quality: value === null ? 'MISSING' : 'GOOD' }
}

/** Where registers lie in a unit's data: field, item, decimals of its format (A.14 has four, A.11 two). */
type RegisterField = readonly [field: string, item: ItemName, decimals: number]

const forwardFour: readonly RegisterField[] = [['active', 'forwardActiveEnergy', 4], ['reactive', 'forwardReactiveEnergy', 2], ['quadrant1', 'quadrant1ReactiveEnergy', 2], ['quadrant4', 'quadrant4ReactiveEnergy', 2]]
const reverseFour: readonly RegisterField[] = [['active', 'reverseActiveEnergy', 4], ['reactive', 'reverseReactiveEnergy', 2], ['quadrant2', 'quadrant2ReactiveEnergy', 2], ['quadrant3', 'quadrant3ReactiveEnergy', 2]]
const eight: readonly RegisterField[] = [
  ['values', 'forwardActiveEnergy', 4], ['values', 'forwardReactiveEnergy', 2], ['values', 'reverseActiveEnergy', 4], ['values', 'reverseReactiveEnergy', 2],
  ['values', 'quadrant1ReactiveEnergy', 2], ['values', 'quadrant2ReactiveEnergy', 2], ['values', 'quadrant3ReactiveEnergy', 2], ['values', 'quadrant4ReactiveEnergy', 2],
]
const from = (first: number): Readonly<Record<number, readonly RegisterField[]>> => Object.fromEntries(eight.map((each, index) => [first + index, [each]]))

const currentRegisters: Readonly<Record<number, readonly RegisterField[]>> = { 33: forwardFour, 34: reverseFour, ...from(129) }
/** Daily, reading-day and monthly columns. */
const frozenRegisters: Readonly<Record<number, readonly RegisterField[]>> = {
  1: forwardFour, 2: reverseFour, 9: forwardFour, 10: reverseFour, 17: forwardFour, 18: reverseFour, ...from(161), ...from(169), ...from(177),
}

function registersOf(fields: readonly RegisterField[] | undefined, meter: string, data: LayoutRecord, time: string | null): readonly NormalReading[] {
  return (fields ?? []).flatMap(([field, item, decimals]) =>
    ((data[field] ?? []) as readonly (number | null)[]).map((value, tariff) => reading(meter, tariffItem(item, tariff), value, { base: item, decimals, time })),
  )
}

const presentFields: readonly (readonly [field: string, decimals: number, names: readonly ItemName[]])[] = [
  ['p', 4, ['activePower', 'activePowerA', 'activePowerB', 'activePowerC']],
  ['q', 4, ['reactivePower', 'reactivePowerA', 'reactivePowerB', 'reactivePowerC']],
  ['u', 1, ['voltageA', 'voltageB', 'voltageC']],
  ['i', 3, ['currentA', 'currentB', 'currentC']],
  ['s', 4, ['apparentPower', 'apparentPowerA', 'apparentPowerB', 'apparentPowerC']],
]
const factorNames: readonly ItemName[] = ['powerFactor', 'powerFactorA', 'powerFactorB', 'powerFactorC']

function presentValues(meter: string, data: LayoutRecord): readonly NormalReading[] {
  const time = readTimeOf(data)
  const plain = presentFields.flatMap(([field, decimals, names]) =>
    ((data[field] ?? []) as readonly (number | null)[]).map((value, index) => reading(meter, names[index] as ItemName, value, { base: names[index] as ItemName, decimals, time })),
  )
  const factors = ((data['pf'] ?? []) as readonly (number | null)[]).map((percent, index) => reading(meter, factorNames[index] as ItemName, fraction(percent), { base: 'powerFactor', decimals: 3, time }))
  return [...plain, reading(meter, 'neutralCurrent', data['i0'] as number | null, { base: 'neutralCurrent', decimals: 3, time }), ...factors]
}

/** The standard sends power factors in per cent with one decimal. */
const fraction = (percent: number | null): number | null => (percent === null ? null : Math.round(percent * 10) / 1000)

type CurveItem = readonly [item: ItemName, decimals: number]
const sequence = (first: number, decimals: number, names: readonly ItemName[]): readonly (readonly [number, CurveItem])[] => names.map((name, index) => [first + index, [name, decimals]])

const curveItems = new Map<number, CurveItem>([
  ...sequence(81, 4, ['activePower', 'activePowerA', 'activePowerB', 'activePowerC', 'reactivePower', 'reactivePowerA', 'reactivePowerB', 'reactivePowerC']),
  ...sequence(89, 1, ['voltageA', 'voltageB', 'voltageC']),
  ...sequence(92, 3, ['currentA', 'currentB', 'currentC', 'neutralCurrent']),
  ...sequence(101, 2, ['forwardActiveEnergy', 'forwardReactiveEnergy', 'reverseActiveEnergy', 'reverseReactiveEnergy']),
  ...sequence(105, 3, ['powerFactor', 'powerFactorA', 'powerFactorB', 'powerFactorC']),
  ...sequence(145, 2, ['quadrant1ReactiveEnergy', 'quadrant4ReactiveEnergy', 'quadrant2ReactiveEnergy', 'quadrant3ReactiveEnergy']),
])

function normalizeHistory(meter: string, fn: number, data: LayoutRecord): readonly NormalRecord[] {
  const curve = curveItems.get(fn)
  if (curve !== undefined) return normalizeCurve(meter, fn, data, curve)
  if (fn === 246) return powerOffs(meter, data)
  return registersOf(frozenRegisters[fn], meter, data, frozenTime(data))
}

/** Points are told by their own start and density; an unknown density has no interval to place them by. */
function normalizeCurve(meter: string, fn: number, data: LayoutRecord, [item, decimals]: CurveItem): readonly NormalCurve[] {
  const intervalMinutes = densityMinutes[data['m'] as number]
  if (intervalMinutes === undefined) return []
  const isFactor = fn >= 105 && fn <= 108
  const values = (data['values'] as readonly (number | null)[]).map((value) => (isFactor ? fraction(value) : value)?.toFixed(decimals) ?? null)
  return [{ kind: 'curve', meter, item, unit: items[item].unit, startAt: isoTime(data['start'] as string | null), intervalMinutes, values }]
}

/** A freeze of day D (month M) is the state at 24:00 of D (of the last day of M): the first instant after it. */
function frozenTime(data: LayoutRecord): string | null {
  const date = (data['date'] ?? null) as string | null
  const month = (data['month'] ?? null) as string | null
  const day = date ?? (month === null ? null : `${month}-01`)
  if (day === null || isoTime(day) === null) return null
  const next = new Date(`${day}T00:00:00Z`)
  if (date !== null) next.setUTCDate(next.getUTCDate() + 1)
  else next.setUTCMonth(next.getUTCMonth() + 1)
  return next.toISOString().slice(0, 19)
}

function powerOffs(meter: string, data: LayoutRecord): readonly NormalEvent[] {
  return (data['outages'] as readonly LayoutRecord[]).flatMap((outage) => {
    const occurredAt = isoTime((outage['off'] ?? null) as string | null)
    const endedAt = isoTime((outage['on'] ?? null) as string | null)
    if (occurredAt === null && endedAt === null) return []
    return [{ kind: 'event', deviceKind: 'METER', device: meter, event: endedAt === null ? 'OFF' : 'ON', name: 'power off', occurredAt, endedAt, normal: null, valid: null }]
  })
}

function normalizeEvent(message: Gdw1376Message, event: LayoutRecord): NormalEvent {
  const erc = event['erc'] as number
  const time = (name: string): string | null => isoTime((event[name] ?? null) as string | null)
  const point = event['point'] as LayoutRecord | undefined
  const pn = (point?.['pn'] ?? event['pn']) as number | undefined
  const terminal = terminalOf(message)
  const base = { kind: 'event', name: eventKinds[erc]?.words ?? `vendor event ERC${erc}`, normal: null, valid: null } as const
  if (erc === 14 && event['raw'] === undefined) {
    // ERC14: an end that is missing means the outage has begun (its bytes are EE); the attribute exists in the 2013 layout
    const attribute = event['attr'] as number | undefined
    const on = time('on')
    return {
      ...base, deviceKind: 'TERMINAL', device: terminal, event: on === null ? 'OFF' : 'ON', occurredAt: time('off'), endedAt: on,
      normal: attribute === undefined ? null : (attribute & 1) === 1,
      valid: attribute === undefined ? null : (attribute & 2) === 2,
    }
  }
  // ERC13 D3: the meter's power-off counter moved; when, its own records tell
  const meterOff = erc === 13 && (((event['flags'] as number) >> 3) & 1) === 1
  return {
    ...base,
    deviceKind: pn === undefined ? 'TERMINAL' : 'METER',
    device: pn === undefined ? terminal : `${terminal}/p${pn}`,
    event: 'OTHER',
    name: meterOff ? `${base.name}: power-off count changed` : base.name,
    occurredAt: time('time') ?? time('before'),
    endedAt: point !== undefined && point['starts'] === false ? time('time') : null,
  }
}

function normalizeDirect(fn: number, data: LayoutRecord): readonly NormalRecord[] {
  const target = data['target']
  if (typeof target !== 'string') return []
  const payloads: readonly LayoutValue[] = fn === 9 ? [data['payload'] ?? null] : fn === 10 && Array.isArray(data['items']) ? (data['items'] as readonly LayoutRecord[]).map((item) => item['payload'] ?? null) : []
  return payloads.flatMap((payload) => {
    const answer = typeof payload === 'string' ? directAnswer(target, payload) : null
    return answer === null ? [] : normalizeDlt645(answer)
  })
}
