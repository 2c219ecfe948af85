import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import type { CosemDate, CosemDateTime, CosemTime } from './message.ts'

const given = (value: number, unspecified: number): number | null => (value === unspecified ? null : value)

/*
 * date-time, 12 bytes
 *   year u16 (FFFF) | month (FF, FE/FD daylight begin/end) | day (FF, FE last, FD second last) | weekday 1 = Monday
 *   hour | minute | second | hundredths (FF) | deviation i16 min (8000H not given) | clock status
 */
export function readDateTime(reader: Reader): CosemDateTime {
  const year = given(reader.u16be('year'), 0xffff)
  const month = given(reader.u8('month'), 0xff)
  const day = given(reader.u8('day'), 0xff)
  const dayOfWeek = given(reader.u8('day of week'), 0xff)
  const hour = given(reader.u8('hour'), 0xff)
  const minute = given(reader.u8('minute'), 0xff)
  const second = given(reader.u8('second'), 0xff)
  const hundredths = given(reader.u8('hundredths'), 0xff)
  const deviationMin = given(reader.i16be('deviation'), -0x8000)
  return { year, month, day, dayOfWeek, hour, minute, second, hundredths, deviationMin, clockStatus: reader.u8('clock status') }
}

export function writeDateTime(writer: Writer, input: Input): void {
  writeDate(writer, input)
  writeTime(writer, input)
  const deviation = input.get('deviationMin')
  writer.u16be(deviation.absent ? 0x8000 : deviation.int(-0x7fff, 0x7fff) & 0xffff)
  writer.u8(input.get('clockStatus').int(0, 255))
}

/*
 * date, 5 bytes: year u16 | month | day | weekday
 */
export function readDate(reader: Reader): CosemDate {
  const year = given(reader.u16be('year'), 0xffff)
  const month = given(reader.u8('month'), 0xff)
  const day = given(reader.u8('day'), 0xff)
  return { year, month, day, dayOfWeek: given(reader.u8('day of week'), 0xff) }
}

export function writeDate(writer: Writer, input: Input): void {
  const year = input.get('year')
  writer.u16be(year.absent ? 0xffff : year.int(0, 0xfffe))
  for (const name of ['month', 'day', 'dayOfWeek']) writeByte(writer, input.get(name))
}

/*
 * time, 4 bytes: hour | minute | second | hundredths
 */
export function readTime(reader: Reader): CosemTime {
  const hour = given(reader.u8('hour'), 0xff)
  const minute = given(reader.u8('minute'), 0xff)
  const second = given(reader.u8('second'), 0xff)
  return { hour, minute, second, hundredths: given(reader.u8('hundredths'), 0xff) }
}

export function writeTime(writer: Writer, input: Input): void {
  for (const name of ['hour', 'minute', 'second', 'hundredths']) writeByte(writer, input.get(name))
}

function writeByte(writer: Writer, input: Input): void {
  writer.u8(input.absent ? 0xff : input.int(0, 0xfe))
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Local `YYYY-MM-DDThh:mm:ss`, or null when a part is missing or impossible. */
export function localText(at: CosemDateTime | null): string | null {
  if (at === null || at.year === null || at.month === null || at.day === null || at.hour === null || at.minute === null) return null
  const second = at.second ?? 0
  const date = new Date(Date.UTC(at.year, at.month - 1, at.day))
  if (at.year < 1 || date.getUTCMonth() !== at.month - 1 || date.getUTCDate() !== at.day || at.hour > 23 || at.minute > 59 || second > 59) return null
  return `${String(at.year).padStart(4, '0')}-${two(at.month)}-${two(at.day)}T${two(at.hour)}:${two(at.minute)}:${two(second)}`
}

/** The instant in UTC as `YYYY-MM-DDThh:mm:ssZ`: local + deviation; null when either is unknown. */
export function utcText(at: CosemDateTime | null): string | null {
  const local = localText(at)
  if (local === null || at === null || at.deviationMin === null) return null
  return `${new Date(Date.parse(`${local}Z`) + at.deviationMin * 60_000).toISOString().slice(0, 19)}Z`
}
