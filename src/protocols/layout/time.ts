import { bcdByte, toBcdByte } from '../bcd.ts'

/**
 * Times as the devices write them: one BCD byte for each part, in an order that differs from field to field.
 * As text: `2024-06-05 14:30:00`, `2024-06-05 14:30`, `06-05 14:30`, `day 05 14:30`, `2024-06`, `14:30`, `day 05 14h`, with ` (week 3)` where a weekday travels along.
 * The text repeats what was told, possible or not; `isPossibleTime` judges it.
 */
interface Shape {
  /** Position of each part in the bytes, in the order of the text. */
  readonly parts: readonly { readonly letter: string; readonly at: number; readonly before: string; readonly after: string }[]
  readonly pattern: RegExp
}

const shapes = new Map<string, Shape>()

function shapeOf(order: string): Shape {
  const known = shapes.get(order)
  if (known !== undefined) return known
  const has = (letter: string): boolean => order.includes(letter)
  const month = has('M') ? 'M' : has('w') ? 'w' : ''
  const parts: Shape['parts'][number][] = []
  const push = (letter: string, before: string, after = ''): void => {
    parts.push({ letter, at: order.indexOf(letter), before, after })
  }
  if (has('Y')) push('Y', '20')
  if (month !== '') push(month, has('Y') ? '-' : '')
  if (has('D')) push('D', month === '' ? 'day ' : '-')
  if (has('h')) push('h', parts.length > 0 ? ' ' : '', has('m') ? '' : 'h')
  if (has('m')) push('m', ':')
  if (has('s')) push('s', ':')
  const weekday = has('w') || has('W')
  const pattern = new RegExp(`^${parts.map((part) => `${part.before}(\\d\\d)${part.after}`).join('')}${weekday ? ' \\(week (\\d)\\)' : ''}$`)
  const shape = { parts, pattern }
  shapes.set(order, shape)
  return shape
}

const two: readonly string[] = Array.from({ length: 100 }, (_, value) => value.toString().padStart(2, '0'))

/** Text of the bytes at `start`; null when one of them is not decimal. */
export function readTime(bytes: Uint8Array, start: number, order: string): string | null {
  if (order === 'mhDMY' || order === 'smhDMY') return readDateTime(bytes, start, order.length)
  if (order === 'smhD') return readDayTime(bytes, start)
  const shape = shapeOf(order)
  let text = ''
  let week = -1
  for (const part of shape.parts) {
    let byte = bytes[start + part.at] as number
    if (part.letter === 'w') {
      week = byte >> 5
      byte &= 0x1f
    }
    const value = bcdByte(byte)
    if (value < 0) return null
    text += part.before + (two[value] as string) + part.after
  }
  const weekdayAt = order.indexOf('W')
  if (weekdayAt >= 0) {
    week = bcdByte(bytes[start + weekdayAt] as number)
    if (week < 0 || week > 9) return null
  }
  return week < 0 ? text : `${text} (week ${week})`
}

/** The commonest orders without the table. */
function readDateTime(bytes: Uint8Array, start: number, length: number): string | null {
  const base = start + length - 5
  const minute = bcdByte(bytes[base] as number)
  const hour = bcdByte(bytes[base + 1] as number)
  const day = bcdByte(bytes[base + 2] as number)
  const month = bcdByte(bytes[base + 3] as number)
  const year = bcdByte(bytes[base + 4] as number)
  if (minute < 0 || hour < 0 || day < 0 || month < 0 || year < 0) return null
  const text = `20${two[year] as string}-${two[month] as string}-${two[day] as string} ${two[hour] as string}:${two[minute] as string}`
  if (length === 5) return text
  const second = bcdByte(bytes[start] as number)
  return second < 0 ? null : `${text}:${two[second] as string}`
}

function readDayTime(bytes: Uint8Array, start: number): string | null {
  const second = bcdByte(bytes[start] as number)
  const minute = bcdByte(bytes[start + 1] as number)
  const hour = bcdByte(bytes[start + 2] as number)
  const day = bcdByte(bytes[start + 3] as number)
  if (second < 0 || minute < 0 || hour < 0 || day < 0) return null
  return `day ${two[day] as string} ${two[hour] as string}:${two[minute] as string}:${two[second] as string}`
}

/** Bytes of a time text, or null when it has another form. */
export function timeBytes(text: string, order: string): Uint8Array | null {
  const shape = shapeOf(order)
  const match = shape.pattern.exec(text)
  if (match === null) return null
  const bytes = new Uint8Array(order.length)
  shape.parts.forEach((part, index) => {
    bytes[part.at] = toBcdByte(Number(match[index + 1]))
  })
  const week = match[shape.parts.length + 1]
  if (week !== undefined) {
    const monthAt = order.indexOf('w')
    if (monthAt >= 0) {
      // D4–D0 hold the month: its tens digit has one bit
      if (Number(week) > 7 || (bytes[monthAt] as number) > 0x1f) return null
      bytes[monthAt] = (bytes[monthAt] as number) | (Number(week) << 5)
    } else bytes[order.indexOf('W')] = Number(week)
  }
  return bytes
}

/** ISO form `YYYY-MM-DDThh:mm:ss` of a full date and time that exists in the calendar; null for anything else. */
export function isoTime(text: string | null): string | null {
  const match = text === null ? null : /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d)(?::(\d\d))?)?(?: \(week \d\))?$/.exec(text)
  if (match === null) return null
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = match as unknown as readonly [string, string, string, string, string?, string?, string?]
  return isPossibleTime(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)) ? `${year}-${month}-${day}T${hour}:${minute}:${second}` : null
}

export function isPossibleTime(year: number, month: number, day: number, hour: number, minute: number, second: number): boolean {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] as number
  return day <= days
}
