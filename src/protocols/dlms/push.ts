import { decimalText } from '../items.ts'
import type { CosemData, CosemDateTime, DlmsApdu, DlmsMessage } from './message.ts'
import { readDateTime } from './date-time.ts'
import { Reader } from '../reader.ts'
import { findObis, obisOfHex, unitName } from './obis.ts'

/** One value of a push with what is known about it. */
export interface PushValue {
  readonly obis: string | null
  /** Place in a positional list; null in lists with names. */
  readonly position: number | null
  readonly data: CosemData
  /** Unit as COSEM gives it, and the exponent of ten; null where nobody told and no rule is known. */
  readonly unit: string | null
  readonly scaler: number | null
}

export interface Push {
  readonly equipmentId: string | null
  readonly values: readonly PushValue[]
}

/** The APDU inside, opened where the keys were given. */
export function plainApdu(message: DlmsMessage): DlmsApdu | null {
  const apdu = message.layer === 'wrapper' ? message.wrapper.apdu : message.layer === 'hdlc' ? (message.hdlc.apdu ?? null) : message.layer === 'dsmr4' ? null : message.apdu
  return innermost(apdu)
}
export function innermost(apdu: DlmsApdu | null): DlmsApdu | null {
  return apdu !== null && 'cipherText' in apdu && apdu.apdu !== undefined ? innermost(apdu.apdu) : apdu
}

/*
 * Bodies of pushes (chapter 5)
 *   array of structures {OBIS, value[, {scaler, unit}]}      Aidon: describes itself
 *   flat structure: list version, OBIS, value, OBIS, value   Kamstrup; without the version: Swedish Kaifa
 *   positional structure                                      Kaifa: meaning by the number of elements
 */
export function readPush(body: CosemData): Push {
  if (body.type !== 'array' && body.type !== 'structure') return { equipmentId: null, values: [] }
  const values = body.type === 'array' ? body.value.flatMap(described) : named(body.value)
  const found = values.length > 0 ? values : positional(body.value)
  return { equipmentId: equipmentOf(found), values: found }
}

function described(item: CosemData): readonly PushValue[] {
  if (item.type !== 'structure') return []
  const [name, data, scale] = item.value
  const obis = name === undefined ? null : obisOf(name)
  if (obis === null || data === undefined) return []
  const [scaler, unit] = scale?.type === 'structure' ? scale.value : []
  if (scaler?.type !== 'integer' || unit?.type !== 'enum') return [{ obis, position: null, data, unit: null, scaler: null }]
  return [{ obis, position: null, data, unit: unitName(unit.value), scaler: scaler.value }]
}

function obisOf(data: CosemData): string | null {
  return data.type === 'octet-string' ? obisOfHex(data.value) : null
}

/** Pairs of OBIS and value after an optional version string; null-data stands where a single-phase meter has nothing. */
function named(members: readonly CosemData[]): readonly PushValue[] {
  const version = members[0]?.type === 'visible-string' ? members[0].value : null
  const values: PushValue[] = []
  for (let at = version === null ? 0 : 1; at < members.length; at++) {
    const obis = obisOf(members[at] as CosemData)
    const data = members[at + 1]
    if (obis === null) {
      if (members[at]?.type !== 'null-data') return []
      continue
    }
    if (data === undefined) return []
    values.push({ obis, position: null, data, ...scaleOfList(version, obis) })
    at++
  }
  return values
}

/**
 * Lists that carry names but no scales. The exponents are those of the makers' published lists, and the frames bear them out:
 * voltage times current agrees with the power in the same frame.
 */
function scaleOfList(version: string | null, obis: string): Pick<PushValue, 'unit' | 'scaler'> {
  const entry = findObis(obis)
  if (entry === undefined || entry.item === null) return { unit: null, scaler: null }
  const kamstrup = version?.startsWith('Kamstrup_V') === true
  switch (entry.unit) {
    case 'A':
      return { unit: 'A', scaler: kamstrup ? -2 : -3 }
    case 'V':
      return { unit: 'V', scaler: kamstrup ? 0 : -1 }
    case 'Wh':
    case 'varh':
      return { unit: entry.unit, scaler: kamstrup ? 1 : 0 }
    default:
      return { unit: entry.unit, scaler: 0 }
  }
}

type Meaning = readonly [obis: string | null, unit: string, scaler: number]
const power: readonly Meaning[] = [['1.0.1.7.0.255', 'W', 0], ['1.0.2.7.0.255', 'W', 0], ['1.0.3.7.0.255', 'var', 0], ['1.0.4.7.0.255', 'var', 0]]
const identity: readonly Meaning[] = [['1.0.0.2.129.255', '', 0], ['0.0.96.1.0.255', '', 0], ['0.0.96.1.7.255', '', 0]]
const current = (...phases: readonly number[]): readonly Meaning[] => phases.map((c) => [`1.0.${c}.7.0.255`, 'A', -3])
const voltage = (...phases: readonly number[]): readonly Meaning[] => phases.map((c) => [`1.0.${c}.7.0.255`, 'V', -1])
const energy: readonly Meaning[] = [['0.0.1.0.0.255', '', 0], ['1.0.1.8.0.255', 'Wh', 0], ['1.0.2.8.0.255', 'Wh', 0], ['1.0.3.8.0.255', 'varh', 0], ['1.0.4.8.0.255', 'varh', 0]]
const threePhase = [...identity, ...power, ...current(31, 51, 71), ...voltage(32, 52, 72)]
const singlePhase = [...identity, ...power, ...current(31), ...voltage(32)]

/** Kaifa lists by their number of elements (chapter 5). */
const kaifaLists: Readonly<Record<number, readonly Meaning[]>> = { 1: power.slice(0, 1), 9: singlePhase, 13: threePhase, 14: [...singlePhase, ...energy], 18: [...threePhase, ...energy] }

function positional(members: readonly CosemData[]): readonly PushValue[] {
  const list = kaifaLists[members.length]
  if (list === undefined) return []
  // one element is a power; longer lists begin with the name of the list
  if (members.length > 1 && !(textOf(members[0]) ?? '').startsWith('KFM_')) return []
  return members.map((data, position) => {
    const [obis, unit, scaler] = list[position] as Meaning
    return { obis, position, data, unit: unit === '' ? null : unit, scaler: unit === '' ? null : scaler }
  })
}

/** A printable text of an octet-string or visible-string. */
export function textOf(data: CosemData | undefined): string | null {
  if (data?.type === 'visible-string') return data.value
  if (data?.type !== 'octet-string' || data.value === '') return null
  const text = Buffer.from(data.value, 'hex').toString('latin1')
  return /^[\x20-\x7e]+$/.test(text) ? text : null
}

const identifiers = [['0', '96.1.0'], ['0', '96.1.1'], ['0', '42.0.0'], ['1', '0.0.5'], ['1', '96.1.0']] as const

function equipmentOf(values: readonly PushValue[]): string | null {
  for (const [a, cde] of identifiers) {
    const found = values.find(({ obis }) => obis?.startsWith(`${a}.`) === true && obis.split('.').slice(2, 5).join('.') === cde)
    const text = textOf(found?.data)
    if (text !== null) return text
  }
  return null
}

/** A whole number behind a COSEM value, or null. */
export function integerOf(data: CosemData): bigint | null {
  switch (data.type) {
    case 'double-long':
    case 'double-long-unsigned':
    case 'integer':
    case 'long':
    case 'unsigned':
    case 'long-unsigned':
    case 'enum':
    case 'bcd':
      return BigInt(data.value)
    case 'long64':
    case 'long64-unsigned':
      return BigInt(data.value)
    default:
      return null
  }
}

/** Exact decimal of a value with a known scale, else null. */
export function scaledText(value: PushValue): string | null {
  const whole = integerOf(value.data)
  return whole === null || value.scaler === null ? null : decimalText(whole, -value.scaler)
}

/** A date-time inside an octet-string of 12 bytes, as most meters send their clock. */
export function clockOf(data: CosemData | undefined): CosemDateTime | null {
  if (data?.type === 'date-time') return data.value
  return data?.type === 'octet-string' && data.value.length === 24 ? readDateTime(new Reader(Buffer.from(data.value, 'hex'))) : null
}
