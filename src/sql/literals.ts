import { StationError } from '../core/errors.ts'
import { epochDay } from '../core/time.ts'
import type { Dialect } from './scan.ts'

export type LiteralValue =
  | { readonly type: 'string' | 'decimal' | 'date' | 'timestamp' | 'duration'; readonly value: string }
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'bigint'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'bytes'; readonly value: Uint8Array }

/**
 * SQL text of a value, safe wherever a literal may stand: no value can end its own quotes.
 * `formatLiteral('flink', { type: 'string', value: "it's" })` → `'it''s'`.
 * Throws INPUT_INVALID for a value that its type does not have, such as 30 February.
 */
export function formatLiteral(dialect: Dialect, literal: LiteralValue): string {
  switch (literal.type) {
    case 'string':
      return `'${escapeInQuotes(dialect, literal.value, "'")}'`
    case 'int':
      if (!Number.isInteger(literal.value) || literal.value !== (literal.value | 0)) throw notA('32-bit integer', literal.value)
      return String(literal.value)
    case 'bigint':
      return formatBigint(dialect, literal.value)
    case 'decimal':
      return formatDecimal(dialect, literal.value)
    case 'double':
      return formatDouble(dialect, literal.value)
    case 'boolean':
      return literal.value ? 'TRUE' : 'FALSE'
    case 'date':
      if (epochDay(literal.value) === null) throw notA('date of the form 2026-03-05', literal.value)
      return `DATE '${literal.value}'`
    case 'timestamp':
      return formatTimestamp(dialect, literal.value)
    case 'duration':
      return formatDuration(dialect, literal.value)
    case 'bytes':
      return `X'${Buffer.from(literal.value).toString('hex').toUpperCase()}'`
  }
}

/** A quoted name of one part: `formatIdentifier('flink', 'a`b')` → `` `a``b` ``. */
export function formatIdentifier(dialect: Dialect, name: string): string {
  if (name === '') throw notA('name', name)
  return `\`${escapeInQuotes(dialect, name, '`')}\``
}

/** A quoted name of several parts: catalog, database, table. */
export function formatQualifiedIdentifier(dialect: Dialect, parts: readonly string[]): string {
  return parts.map((part) => formatIdentifier(dialect, part)).join('.')
}

/**
 * Text as it stands between quotes of a kind. In Spark a backslash escapes, and `${name}` is replaced by Spark even inside quotes before it parses:
 * both are written as escapes, or refused in a back-ticked name where no escape exists.
 */
export function escapeInQuotes(dialect: Dialect, text: string, quote: "'" | '"' | '`'): string {
  if (text.includes('\0')) throw notA('text (it holds a zero character)', text)
  if (/\p{Surrogate}/u.test(text)) throw notA('text (it holds half a character)', text)
  if (quote === '`') {
    if (/[\r\n]/.test(text)) throw notA('name (it holds a line break)', text)
    if (dialect === 'spark' && /\$\{/.test(text)) throw notA('name in Spark (it replaces ${…} even inside quotes)', text)
    return text.replaceAll('`', '``')
  }
  if (dialect === 'flink') return text.replaceAll(quote, quote + quote)
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('${', '\\u0024{')
}

function formatBigint(dialect: Dialect, value: bigint): string {
  if (BigInt.asIntN(64, value) !== value) throw notA('64-bit integer', value)
  return dialect === 'spark' ? `${value}L` : String(value)
}

function formatDecimal(dialect: Dialect, text: string): string {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(text)
  const digits = match === null ? '' : `${match[1]!.replace(/^0+/, '')}${match[2] ?? ''}`
  if (match === null || digits.length > 38) throw notA('decimal number of at most 38 digits', text)
  if (dialect === 'spark') return `${text}BD`
  // Calcite refuses a number whose digits exceed 64 bits; text it reads
  return digits.length > 18 ? `CAST('${text}' AS DECIMAL(${digits.length}, ${match[2]?.length ?? 0}))` : text
}

function formatDouble(dialect: Dialect, value: number): string {
  if (!Number.isFinite(value)) throw notA('finite number', value)
  const text = value.toExponential().replace('e+', 'e').toUpperCase()
  return dialect === 'spark' ? `${text}D` : text
}

const timestampForm = /^(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/

/** Without an offset a wall-clock TIMESTAMP; with one an instant (TIMESTAMP_LTZ). */
function formatTimestamp(dialect: Dialect, text: string): string {
  const match = timestampForm.exec(text)
  if (match === null || epochDay(match[1]!) === null) throw notA('timestamp of the form 2026-03-05T08:30:00 or 2026-03-05T08:30:00+08:00', text)
  const [, date, hour, minute, second = '00', fraction = '', offset] = match
  const wall = `${date} ${hour}:${minute}:${second}${fraction}`
  if (offset === undefined) return dialect === 'flink' ? `TIMESTAMP '${wall}'` : `TIMESTAMP_NTZ '${wall}'`
  if (dialect === 'spark') return `TIMESTAMP_LTZ '${wall}${offset}'`
  if (fraction.length > 4) throw notA('instant of at most milliseconds', text)
  return `TO_TIMESTAMP_LTZ(${Date.parse(`${date}T${hour}:${minute}:${second}${fraction}${offset}`)}, 3)`
}

const durationUnits = { ms: ['SECOND', 1], s: ['SECOND', 1_000], m: ['MINUTE', 60_000], min: ['MINUTE', 60_000], h: ['HOUR', 3_600_000], d: ['DAY', 86_400_000] } as const

/** `10s` → `INTERVAL '10' SECOND`; units ms, s, m (min), h, d. */
function formatDuration(dialect: Dialect, text: string): string {
  const match = /^(\d{1,9})\s*(ms|s|min|m|h|d)$/.exec(text)
  if (match === null) throw notA('duration such as 250ms, 10s, 15m, 2h or 1d', text)
  const [name, sizeMs] = durationUnits[match[2] as keyof typeof durationUnits]
  const amount = Number(match[1])
  const lengthMs = amount * sizeMs
  // one field holds two digits in Flink; a longer time is spread over days, hours, minutes and seconds
  if (match[2] !== 'ms' && (amount < 100 || dialect === 'spark')) return `INTERVAL '${amount}' ${name}`
  const pad = (value: number, width = 2): string => String(Math.trunc(value)).padStart(width, '0')
  const days = Math.trunc(lengthMs / 86_400_000)
  if (days > 999_999) throw notA('duration below a million days', text)
  const clock = `${pad((lengthMs / 3_600_000) % 24)}:${pad((lengthMs / 60_000) % 60)}:${pad((lengthMs / 1_000) % 60)}.${pad(lengthMs % 1_000, 3)}`
  const precision = dialect === 'flink' && days > 99 ? `(${String(days).length})` : ''
  return `INTERVAL '${days} ${clock}' DAY${precision} TO SECOND${dialect === 'flink' ? '(3)' : ''}`
}

function notA(what: string, value: string | number | bigint): StationError {
  return new StationError('INPUT_INVALID', `${JSON.stringify(String(value).slice(0, 80))} is not a ${what}`)
}
