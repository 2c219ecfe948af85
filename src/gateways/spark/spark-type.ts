import { StationError } from '../../core/errors.ts'

const plainTypeNames = [
  'void', 'boolean', 'tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'binary',
  'date', 'timestamp', 'timestamp_ntz', 'interval', 'variant',
] as const
export type PlainTypeName = (typeof plainTypeNames)[number]

export type SparkType =
  | { readonly kind: PlainTypeName }
  /** char and varchar too. Without a collation: by bytes. */
  | { readonly kind: 'string'; readonly collation?: string }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'time'; readonly precision: number }
  /** `unit` is the text after `interval`, for example `year to month`. */
  | { readonly kind: 'yearMonth' | 'dayTime'; readonly unit: string }
  | { readonly kind: 'array'; readonly element: SparkType }
  | { readonly kind: 'map'; readonly key: SparkType; readonly value: SparkType }
  | { readonly kind: 'struct'; readonly fields: readonly SparkField[] }
  /** A type of a newer or extended Spark that values cannot be read of. */
  | { readonly kind: 'other'; readonly text: string }

export interface SparkField {
  readonly name: string
  readonly type: SparkType
}

/** The type as Spark SQL writes it; field names in backticks where they need them. */
export function formatSparkType(type: SparkType): string {
  switch (type.kind) {
    case 'string':
      return type.collation === undefined ? 'string' : `string collate ${type.collation}`
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`
    case 'time':
      return `time(${type.precision})`
    case 'yearMonth':
    case 'dayTime':
      return `interval ${type.unit}`
    case 'array':
      return `array<${formatSparkType(type.element)}>`
    case 'map':
      return `map<${formatSparkType(type.key)},${formatSparkType(type.value)}>`
    case 'struct':
      return `struct<${type.fields.map((field) => `${quotedWhereNeeded(field.name)}:${formatSparkType(field.type)}`).join(',')}>`
    case 'other':
      return type.text
    default:
      return type.kind
  }
}

function quotedWhereNeeded(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``
}

/** Types that no result can carry are refused alike on both transports. Throws SQL_REJECTED. */
export function assertReadable(columns: readonly SparkField[]): void {
  for (const { name, type } of columns) {
    const bad = firstUnreadable(type)
    if (bad === null) continue
    throw new StationError('SQL_REJECTED', `column ${name} is or holds a ${formatSparkType(bad).toUpperCase()}, which results do not carry`, {
      hint: bad.kind === 'variant' ? 'Select to_json(…) of it, or cast it to a type.' : 'Cast it to a type of standard SQL.',
      facts: { engine: 'spark', column: name },
    })
  }
}

function firstUnreadable(type: SparkType): SparkType | null {
  switch (type.kind) {
    case 'variant':
    case 'other':
      return type
    case 'array':
      return firstUnreadable(type.element)
    case 'map':
      return firstUnreadable(type.key) ?? firstUnreadable(type.value)
    case 'struct':
      return type.fields.map((field) => firstUnreadable(field.type)).find((found) => found !== null) ?? null
    default:
      return null
  }
}

/** String of a collation; bytewise comparison is none. */
export function stringType(collation: string | undefined): SparkType {
  return collation === undefined || collation === 'UTF8_BINARY' ? { kind: 'string' } : { kind: 'string', collation }
}

const dayTimeUnits = ['day', 'hour', 'minute', 'second']

/** Interval type from the names of its first and last unit. */
export function intervalType(first: string, last: string): SparkType {
  return { kind: dayTimeUnits.includes(first) ? 'dayTime' : 'yearMonth', unit: first === last ? first : `${first} to ${last}` }
}

/**
 * Reads the type text of DESCRIBE and typeof. Field names stand there without quotes, so a name with `:`, `,` or brackets
 * can make the text unreadable. Returns null then, never a wrong tree that anybody would trust without a check.
 */
export function parseSparkType(text: string): SparkType | null {
  const reader = { text, at: 0 }
  const type = readType(reader)
  return type !== null && reader.at === text.length ? type : null
}

interface TypeReader {
  readonly text: string
  at: number
}

const synonyms: Readonly<Record<string, PlainTypeName>> = {
  byte: 'tinyint', short: 'smallint', integer: 'int', long: 'bigint', real: 'float', timestamp_ltz: 'timestamp', null: 'void',
}

function readType(reader: TypeReader): SparkType | null {
  const word = /[a-z_]+/iy
  word.lastIndex = reader.at
  const name = word.exec(reader.text)?.[0]?.toLowerCase()
  if (name === undefined) return null
  reader.at += name.length
  switch (name) {
    case 'array': {
      const element = take(reader, '<') ? readType(reader) : null
      return element !== null && take(reader, '>') ? { kind: 'array', element } : null
    }
    case 'map': {
      const key = take(reader, '<') ? readType(reader) : null
      const value = key !== null && take(reader, ',') ? readType(reader) : null
      return key !== null && value !== null && take(reader, '>') ? { kind: 'map', key, value } : null
    }
    case 'struct':
      return readStruct(reader)
    case 'decimal': {
      const [precision, scale] = readNumbers(reader)
      return { kind: 'decimal', precision: precision ?? 10, scale: scale ?? 0 }
    }
    case 'time': {
      const [precision] = readNumbers(reader)
      return { kind: 'time', precision: precision ?? 6 }
    }
    case 'interval': {
      const units = / (year|month|day|hour|minute|second)(?: to (month|hour|minute|second))?/iy
      units.lastIndex = reader.at
      const match = units.exec(reader.text)
      if (match === null) return { kind: 'interval' }
      reader.at += match[0].length
      const first = (match[1] ?? '').toLowerCase()
      return intervalType(first, (match[2] ?? first).toLowerCase())
    }
    case 'string':
    case 'char':
    case 'varchar': {
      readNumbers(reader)
      const collation = / collate ([A-Za-z0-9_]+)/iy
      collation.lastIndex = reader.at
      const match = collation.exec(reader.text)
      reader.at += match?.[0].length ?? 0
      return stringType(match?.[1])
    }
    default: {
      const plain = synonyms[name] ?? plainTypeNames.find((known) => known === name)
      if (plain !== undefined) return { kind: plain }
      const rest = readNumbers(reader)
      return { kind: 'other', text: rest.length === 0 ? name : `${name}(${rest.join(',')})` }
    }
  }
}

function readStruct(reader: TypeReader): SparkType | null {
  if (!take(reader, '<')) return null
  const fields: SparkField[] = []
  if (take(reader, '>')) return { kind: 'struct', fields }
  do {
    const end = reader.text.indexOf(':', reader.at)
    if (end < 0) return null
    const name = reader.text.slice(reader.at, end)
    reader.at = end + 1
    const type = readType(reader)
    if (type === null) return null
    fields.push({ name: /^`.*`$/s.test(name) ? name.slice(1, -1).replaceAll('``', '`') : name, type })
  } while (take(reader, ','))
  return take(reader, '>') ? { kind: 'struct', fields } : null
}

function take(reader: TypeReader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false
  reader.at++
  return true
}

function readNumbers(reader: TypeReader): number[] {
  const list = /\(([\d, ]+)\)/y
  list.lastIndex = reader.at
  const match = list.exec(reader.text)
  if (match === null) return []
  reader.at += match[0].length
  return (match[1] ?? '').split(',').map(Number)
}
