import { isLosslessNumber } from 'lossless-json'
import { StationError } from '../../core/errors.ts'
import type { LogicalType } from './logical-type.ts'

/**
 * A SQL value without loss: BIGINT and day intervals (milliseconds) are bigint; DECIMAL is plain digits with all places of its scale;
 * DATE, TIME and TIMESTAMP are ISO text with all places of their precision; TIMESTAMP_LTZ is an instant in UTC with Z;
 * binary values are bytes; MAP and MULTISET (element → count) are Maps; ROW is a record by field name.
 */
export type FlinkValue = null | boolean | number | bigint | string | Uint8Array | readonly FlinkValue[] | ReadonlyMap<FlinkValue, FlinkValue> | { readonly [field: string]: FlinkValue }

/** Thrown inside this room when a text form allows two readings; the caller tries the other form or gives up. */
export class AmbiguousValue extends Error {
  override readonly name = 'AmbiguousValue'
}

/** Decodes a field of `rowFormat=JSON`, read by lossless-json, of a session whose zone is UTC. Throws AmbiguousValue or GATEWAY_PROTOCOL. */
export function decodeJsonValue(type: LogicalType, json: unknown): FlinkValue {
  if (json === null) return null
  switch (type.root) {
    case 'BOOLEAN':
      return typeof json === 'boolean' ? json : unexpected(type, json)
    case 'ARRAY':
      return Array.isArray(json) && type.element !== undefined ? json.map((item) => decodeJsonValue(type.element!, item)) : unexpected(type, json)
    case 'ROW':
      return decodeRow(type, json)
    case 'MAP':
      return decodeMap(type, type.key, type.value, json)
    case 'MULTISET':
      return decodeMap(type, type.element, { root: 'INTEGER', nullable: false }, json)
    case 'BINARY':
    case 'VARBINARY':
      return typeof json === 'string' ? new Uint8Array(Buffer.from(json, 'base64')) : unexpected(type, json)
    default:
      return decodeScalar(type, typeof json === 'string' ? json : isLosslessNumber(json) ? json.value : unexpected(type, json))
  }
}

const integer = /^-?\d+$/

/** Decodes the text of a scalar as JSON and PLAIN_TEXT write it alike. */
export function decodeScalar(type: LogicalType, text: string): FlinkValue {
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return text
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'INTERVAL_YEAR_MONTH':
      return integer.test(text) ? Number(text) : unexpected(type, text)
    case 'BIGINT':
    case 'INTERVAL_DAY_TIME':
      return integer.test(text) ? BigInt(text) : unexpected(type, text)
    case 'FLOAT':
    case 'DOUBLE':
      return /^(-?(\d|Infinity)|NaN$)/.test(text) ? Number(text) : unexpected(type, text)
    case 'DECIMAL':
      return plainDecimal(text, type.scale ?? 0) ?? unexpected(type, text)
    case 'TIME_WITHOUT_TIME_ZONE':
      return padFraction(text, type.precision ?? 0)
    case 'TIMESTAMP_WITHOUT_TIME_ZONE':
      return padFraction(text.replace(' ', 'T'), type.precision ?? 6)
    case 'TIMESTAMP_WITH_LOCAL_TIME_ZONE':
      return text.endsWith('Z') ? `${padFraction(text.slice(0, -1), type.precision ?? 6)}Z` : unexpected(type, text)
    default:
      return text // DATE, and types that have no form of their own (VARIANT, RAW, …): their text
  }
}

/** `1E+2` with scale 2 → `100.00`; null when the text is no number or has more places than the scale. */
export function plainDecimal(text: string, scale: number): string | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text)
  if (match === null) return null
  const [, sign, whole, fraction = '', exponent = '0'] = match
  const point = whole!.length + Number(exponent)
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`
  const at = Math.max(0, point)
  const padded = digits.padEnd(at + scale, '0')
  if (/[1-9]/.test(padded.slice(at + scale))) return null
  const integral = padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0'
  return `${sign}${integral}${scale === 0 ? '' : `.${padded.slice(at, at + scale)}`}`
}

function padFraction(text: string, precision: number): string {
  const [whole, fraction = ''] = text.split('.') as [string, string?]
  const seconds = /T\d\d:\d\d$/.test(whole) || /^\d\d:\d\d$/.test(whole) ? `${whole}:00` : whole
  const places = fraction.replace(/0+$/, '').padEnd(precision, '0')
  return places === '' ? seconds : `${seconds}.${places}`
}

function decodeRow(type: LogicalType, json: unknown): FlinkValue {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return unexpected(type, json)
  const record = json as Readonly<Record<string, unknown>>
  // fromEntries defines even a field named __proto__ as an ordinary one
  return Object.fromEntries((type.fields ?? []).map((field) => [field.name, Object.hasOwn(record, field.name) ? decodeJsonValue(field.type, record[field.name]) : unexpected(type, json)]))
}

function decodeMap(type: LogicalType, key: LogicalType | undefined, value: LogicalType | undefined, json: unknown): FlinkValue {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || key === undefined || value === undefined) return unexpected(type, json)
  return new Map(
    Object.entries(json).map(([name, item]) => {
      // the gateway writes the key NULL as the text null
      if (name === 'null' && key.nullable) throw new AmbiguousValue('a key is either NULL or the text null')
      return [decodeScalar(key, name), decodeJsonValue(value, item)]
    }),
  )
}

function unexpected(type: LogicalType, value: unknown): never {
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  throw new StationError('GATEWAY_PROTOCOL', `the gateway gave ${shown.slice(0, 80)} for a value of type ${type.root}`)
}
