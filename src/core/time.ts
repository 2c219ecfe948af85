import { StationError } from './errors.ts'

/*
  Instants are epoch milliseconds inside and `2026-03-05T08:30:00.000+08:00` outside (always an offset, always milliseconds).
  Business dates are `2026-03-05`. The offset of a zone comes from the zone data, never from the machine's own zone.
*/

export const pointsPerDay = 96
export const quarterHourMs = 900_000
export const dayMs = 86_400_000

const instantForm = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)$/
const dateForm = /^(\d{4})-(\d\d)-(\d\d)$/

/** Epoch milliseconds of an instant with an offset, or null when the text is not one. */
export function parseInstant(text: string): number | null {
  const match = instantForm.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset] = match as unknown as [string, string, string, string, string, string, string | undefined, string | undefined, string]
  const date = epochDay(`${year}-${month}-${day}`)
  if (date === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const local = date * dayMs + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1_000 + Number(`${fraction}000`.slice(0, 3))
  const offsetMinutes = offset === 'Z' ? 0 : (offset.startsWith('-') ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6)))
  return local - offsetMinutes * 60_000
}

export function formatInstant(instantMs: number, zone: string): string {
  const offsetMs = zoneOffsetMs(instantMs, zone)
  const minutes = Math.abs(offsetMs) / 60_000
  const sign = offsetMs < 0 ? '-' : '+'
  const pad = (value: number): string => String(Math.trunc(value)).padStart(2, '0')
  return `${new Date(instantMs + offsetMs).toISOString().slice(0, 23)}${sign}${pad(minutes / 60)}:${pad(minutes % 60)}`
}

/** Days since 1970-01-01, or null when the text is no date of the calendar. */
export function epochDay(date: string): number | null {
  const match = dateForm.exec(date)
  if (match === null) return null
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return new Date(ms).toISOString().startsWith(date) ? ms / dayMs : null
}

export function formatEpochDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** A business date moved by whole days. Throws USAGE when the text is no date. */
export function addDays(date: string, days: number): string {
  const day = epochDay(date)
  if (day === null) throw new StationError('USAGE', `'${date}' is not a date`, { hint: 'Write it as YYYY-MM-DD.' })
  return formatEpochDay(day + days)
}

/** Business date of an instant in a zone. */
export function dateOf(instantMs: number, zone: string): string {
  return new Date(instantMs + zoneOffsetMs(instantMs, zone)).toISOString().slice(0, 10)
}

/** Instant of local midnight of a business date. */
export function startOfDay(date: string, zone: string): number {
  const day = epochDay(date)
  if (day === null) throw new StationError('USAGE', `'${date}' is not a date`, { hint: 'Write it as YYYY-MM-DD.' })
  const guess = day * dayMs - zoneOffsetMs(day * dayMs, zone)
  return day * dayMs - zoneOffsetMs(guess, zone)
}

const formatters = new Map<string, Intl.DateTimeFormat>()
const fixedOffsets: ReadonlyMap<string, number> = new Map([['UTC', 0]])
/** The last answer per zone: instants of a file lie close together, and offsets change at whole hours at most. */
const lastOffsets = new Map<string, { readonly hour: number; readonly offsetMs: number }>()

/** Offset of a zone from UTC at an instant, in milliseconds. */
export function zoneOffsetMs(instantMs: number, zone: string): number {
  const fixed = fixedOffsets.get(zone)
  if (fixed !== undefined) return fixed
  const hour = Math.floor(instantMs / quarterHourMs)
  const last = lastOffsets.get(zone)
  if (last?.hour === hour) return last.offsetMs
  let formatter = formatters.get(zone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
    formatters.set(zone, formatter)
  }
  const parts = Object.fromEntries(formatter.formatToParts(instantMs).map((part) => [part.type, Number(part.value)]))
  const local = Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second'])
  const offsetMs = local - Math.floor(instantMs / 1_000) * 1_000
  lastOffsets.set(zone, { hour, offsetMs })
  return offsetMs
}

export function isDate(text: string): boolean {
  return epochDay(text) !== null
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: dayMs }

/** Milliseconds of `500ms`, `90s`, `30m`, `2h`, `1d`; null when the text is none of these. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  return match === null ? null : Math.round(Number(match[1]) * unitsMs[match[2]!]!)
}
