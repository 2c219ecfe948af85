import { toHex } from '../hex.ts'
import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import type { DateTime } from './message.ts'

const two = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))
const pad = (value: number): string => two[value] as string
const pad4 = (value: number): string => String(value).padStart(4, '0')

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Real devices send all-zero dates and impossible months: those stay raw and never fail a frame (chapter 3.1). */
function isDate(year: number, month: number, day: number): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}
const isTime = (hour: number, minute: number, second: number): boolean => hour < 24 && minute < 60 && second < 60

function allOnes(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0xff) return false
  return true
}
function odd(bytes: Uint8Array, start: number, end: number): string {
  return allOnes(bytes, start, end) ? 'unspecified' : `raw:${toHex(bytes, start, end)}`
}

/*
 * date_time_s (type 28), 7 bytes, no weekday
 *   year u16 | month | day | hour | minute | second
 */
export function readDateTimeS(reader: Reader, field: string): string {
  const at = reader.offset
  const high = reader.u32be(field)
  const low = (reader.u8(field) << 16) | reader.u16be(field)
  const year = high >>> 16
  const month = (high >>> 8) & 0xff
  const day = high & 0xff
  const hour = low >>> 16
  const minute = (low >>> 8) & 0xff
  const second = low & 0xff
  if (!isDate(year, month, day) || !isTime(hour, minute, second)) return reader.ok ? odd(reader.bytes, at, at + 7) : ''
  return `${pad4(year)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`
}

export function writeDateTimeS(writer: Writer, input: Input): void {
  const text = input.text()
  if (writeOdd(writer, input, text, 7)) return
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? []).slice(1).map(Number)
  if (match === null || !isDate(year, month, day) || !isTime(hour, minute, second)) input.fail('must be YYYY-MM-DDThh:mm:ss, unspecified or raw:<14 hex digits>')
  writer.u16be(year)
  for (const part of [month, day, hour, minute, second]) writer.u8(part)
}

/*
 * date_time (type 25), 10 bytes
 *   year u16 | month | day | weekday (0 = Sunday) | hour | minute | second | milliseconds u16
 */
export function readDateTime(reader: Reader, field: string): DateTime {
  const at = reader.offset
  const year = reader.u16be(field)
  const month = reader.u8(field)
  const day = reader.u8(field)
  const dayOfWeek = reader.u8(field)
  const hour = reader.u8(field)
  const minute = reader.u8(field)
  const second = reader.u8(field)
  const milliseconds = reader.u16be(field)
  if (!isDate(year, month, day) || !isTime(hour, minute, second) || milliseconds > 999) {
    return { iso: reader.ok ? odd(reader.bytes, at, at + 10) : '', dayOfWeek }
  }
  return { iso: `${pad4(year)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}.${String(milliseconds).padStart(3, '0')}`, dayOfWeek }
}

export function writeDateTime(writer: Writer, input: Input): void {
  const iso = input.get('iso')
  const text = iso.text()
  if (writeOdd(writer, iso, text, 10)) return
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})$/.exec(text)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milliseconds = 0] = (match ?? []).slice(1).map(Number)
  if (match === null || !isDate(year, month, day) || !isTime(hour, minute, second)) iso.fail('must be YYYY-MM-DDThh:mm:ss.mmm, unspecified or raw:<20 hex digits>')
  writer.u16be(year)
  for (const part of [month, day, input.get('dayOfWeek').int(0, 255), hour, minute, second]) writer.u8(part)
  writer.u16be(milliseconds)
}

/*
 * date (type 26), 5 bytes
 *   year u16 | month | day | weekday
 */
export function readDate(reader: Reader, field: string): DateTime {
  const at = reader.offset
  const year = reader.u16be(field)
  const month = reader.u8(field)
  const day = reader.u8(field)
  const dayOfWeek = reader.u8(field)
  if (!isDate(year, month, day)) return { iso: reader.ok ? odd(reader.bytes, at, at + 5) : '', dayOfWeek }
  return { iso: `${pad4(year)}-${pad(month)}-${pad(day)}`, dayOfWeek }
}

export function writeDate(writer: Writer, input: Input): void {
  const iso = input.get('iso')
  const text = iso.text()
  if (writeOdd(writer, iso, text, 5)) return
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  const [year = 0, month = 0, day = 0] = (match ?? []).slice(1).map(Number)
  if (match === null || !isDate(year, month, day)) iso.fail('must be YYYY-MM-DD, unspecified or raw:<10 hex digits>')
  writer.u16be(year)
  for (const part of [month, day, input.get('dayOfWeek').int(0, 255)]) writer.u8(part)
}

/*
 * time (type 27), 3 bytes
 *   hour | minute | second
 */
export function readTime(reader: Reader, field: string): string {
  const at = reader.offset
  const hour = reader.u8(field)
  const minute = reader.u8(field)
  const second = reader.u8(field)
  if (!isTime(hour, minute, second)) return reader.ok ? odd(reader.bytes, at, at + 3) : ''
  return `${pad(hour)}:${pad(minute)}:${pad(second)}`
}

export function writeTime(writer: Writer, input: Input): void {
  const text = input.text()
  if (writeOdd(writer, input, text, 3)) return
  const match = /^(\d\d):(\d\d):(\d\d)$/.exec(text)
  const [hour = 99, minute = 0, second = 0] = (match ?? []).slice(1).map(Number)
  if (!isTime(hour, minute, second)) input.fail('must be hh:mm:ss, unspecified or raw:<6 hex digits>')
  for (const part of [hour, minute, second]) writer.u8(part)
}

function writeOdd(writer: Writer, input: Input, text: string, bytes: number): boolean {
  if (text === 'unspecified') {
    writer.fill(0xff, bytes)
    return true
  }
  if (!text.startsWith('raw:')) return false
  const hex = text.slice(4)
  if (hex.length !== bytes * 2 || !/^[0-9a-f]*$/.test(hex)) input.fail(`must have ${bytes * 2} lower-case hex digits after raw:`)
  writer.bytes(Buffer.from(hex, 'hex'))
  return true
}
