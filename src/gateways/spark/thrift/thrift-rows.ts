import type { SparkRow, SparkValue } from '../spark-session.ts'
import type { SparkField, SparkType } from '../spark-type.ts'
import { formatInstantMicros, normalDayTimeText, normalLocalText, normalMonthsText, normalTimeText, plainDecimal } from '../value-text.ts'
import type { ThriftColumn } from './hive-protocol.ts'
import { isNested } from './wrapped-query.ts'

/** Rows of one page, by the types that the query was described with. Throws a plain Error when a column is not of its type. */
export function readThriftRows(columns: readonly ThriftColumn[], fields: readonly SparkField[]): SparkRow[] {
  if (columns.length !== fields.length) throw new Error(`${columns.length} columns came for a schema of ${fields.length}`)
  const decoded = fields.map((field, index) => readColumn(columns[index] ?? {}, field))
  return Array.from({ length: decoded[0]?.length ?? 0 }, (_, row) => decoded.map((column) => column[row] ?? null))
}

type RawValue = boolean | number | string | Uint8Array | { readonly buffer: Uint8Array; readonly offset: number }

function readColumn(column: ThriftColumn, field: SparkField): SparkValue[] {
  const part = column.boolVal ?? column.byteVal ?? column.i16Val ?? column.i32Val ?? column.i64Val ?? column.doubleVal ?? column.stringVal ?? column.binaryVal
  if (part === null || part === undefined) throw new Error(`column ${field.name} came without values`)
  const { nulls } = part
  return (part.values as readonly RawValue[]).map((value, row) => (((nulls[row >> 3] ?? 0) >> (row & 7)) & 1) === 1 ? null : readValue(value, field))
}

function readValue(value: RawValue, field: SparkField): SparkValue {
  const { type } = field
  if (type.kind === 'void') return null
  if (type.kind === 'binary') {
    if (value instanceof Uint8Array) return Uint8Array.from(value)
    throw mismatch(field)
  }
  if (typeof value === 'object') {
    const wide = 'offset' in value && !(value instanceof Uint8Array) ? readWide(value) : null
    if (wide === null) throw mismatch(field)
    return type.kind === 'timestamp' ? formatInstantMicros(wide) : wide
  }
  if (typeof value === 'string') return isNested(type) ? readJson(JSON.parse(value), field) : readText(value, field)
  // a float travels as the double nearest to its shortest text
  return type.kind === 'float' && typeof value === 'number' ? Math.fround(value) : value
}

function readWide(value: { readonly buffer: Uint8Array; readonly offset: number }): bigint {
  return new DataView(value.buffer.buffer, value.buffer.byteOffset + value.offset, 8).getBigInt64(0)
}

/** A text column of the type, or a leaf of the JSON that `wrapQuery` makes. */
function readText(text: string, field: SparkField): SparkValue {
  const { type } = field
  const value = textValue(text, type)
  if (value === null) throw mismatch(field)
  return value
}

function textValue(text: string, type: SparkType): SparkValue {
  switch (type.kind) {
    case 'bigint':
      return /^-?\d+$/.test(text) ? BigInt(text) : null
    case 'float':
    case 'double':
      return Number(text)
    case 'decimal':
      return plainDecimal(text, type.scale)
    case 'binary':
      return Uint8Array.from(Buffer.from(text, 'hex'))
    case 'timestamp':
      return /^-?\d+$/.test(text) ? formatInstantMicros(BigInt(text)) : null
    case 'timestamp_ntz':
      return normalLocalText(text)
    case 'time':
      return normalTimeText(text)
    case 'yearMonth':
      return normalMonthsText(text)
    case 'dayTime':
      return normalDayTimeText(text)
    default:
      return text
  }
}

function readJson(value: unknown, field: SparkField): SparkValue {
  const { name, type } = field
  if (value === null || value === undefined) return null // to_json leaves fields without a value out
  const part = (inner: unknown, innerType: SparkType): SparkValue => readJson(inner, { name, type: innerType })
  switch (type.kind) {
    case 'array':
      if (!Array.isArray(value)) throw mismatch(field)
      return value.map((element) => part(element, type.element))
    case 'map':
      if (!Array.isArray(value)) throw mismatch(field)
      return { kind: 'map', entries: (value as { k?: unknown; v?: unknown }[]).map((entry) => [part(entry.k, type.key), part(entry.v, type.value)] as const) }
    case 'struct': {
      if (typeof value !== 'object') throw mismatch(field)
      const parts = value as Readonly<Record<string, unknown>>
      return { kind: 'struct', fields: type.fields.map((each, index) => [each.name, part(parts[`f${index}`], each.type)] as const) }
    }
    case 'void':
      return null
    default:
      if (typeof value === 'string') return readText(value, field)
      if (typeof value === 'number' || typeof value === 'boolean') return value
      throw mismatch(field)
  }
}

function mismatch(field: SparkField): Error {
  return new Error(`a value of column ${field.name} is not of its type ${field.type.kind}`)
}
