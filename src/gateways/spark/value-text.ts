/** Texts of dates, instants, intervals and decimals, the same whichever transport brought the value. Proleptic Gregorian, as Spark counts. */

const microsPerSecond = 1_000_000n
const microsPerDay = 86_400n * microsPerSecond

/** `YYYY-MM-DD` of days since 1970-01-01; years above 9999 with `+`, before the year 0 with `-`, as ISO 8601. */
export function formatDays(days: number): string {
  // days from 0000-03-01, so that the leap day ends the year
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${formatYear(year)}-${two(month)}-${two(day)}`
}

function formatYear(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, '0')
  if (year < 0) return `-${digits}`
  return year > 9_999 ? `+${digits}` : digits
}

/** `YYYY-MM-DDTHH:MM:SS.ffffff` of microseconds since 1970-01-01T00:00:00. */
export function formatLocalMicros(micros: bigint): string {
  const days = floorDivide(micros, microsPerDay)
  return `${formatDays(Number(days))}T${formatTimeMicros(micros - days * microsPerDay)}`
}

export function formatInstantMicros(micros: bigint): string {
  return `${formatLocalMicros(micros)}Z`
}

/** `HH:MM:SS.ffffff` of microseconds since midnight. */
export function formatTimeMicros(micros: bigint): string {
  const seconds = Number(micros / microsPerSecond)
  const fraction = String(micros % microsPerSecond).padStart(6, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`
}

/** `D HH:MM:SS.ffffff`, the sign in front of the whole. */
export function formatDayTimeMicros(micros: bigint): string {
  const size = micros < 0n ? -micros : micros
  return `${micros < 0n ? '-' : ''}${size / microsPerDay} ${formatTimeMicros(size % microsPerDay)}`
}

/** `Y-M`, the sign in front of the whole. */
export function formatMonths(months: number): string {
  const size = Math.abs(months)
  return `${months < 0 ? '-' : ''}${Math.floor(size / 12)}-${size % 12}`
}

/** The text that Spark itself gives to its old three-part interval: each part with its own sign, parts of 0 left out. */
export function formatCalendarInterval(months: number, days: number, micros: bigint): string {
  const seconds = micros % 60_000_000n
  const parts: [string, string][] = [
    [String(Math.trunc(months / 12)), 'years'],
    [String(months % 12), 'months'],
    [String(days), 'days'],
    [String(micros / 3_600_000_000n), 'hours'],
    [String((micros % 3_600_000_000n) / 60_000_000n), 'minutes'],
    [trimZeros(formatScaled(seconds, 6)), 'seconds'],
  ]
  const present = parts.filter(([amount]) => amount !== '0' && amount !== '-0')
  return present.length === 0 ? '0 seconds' : present.map((part) => part.join(' ')).join(' ')
}

/** Plain digits of an unscaled integer: `formatScaled(150n, 2)` is `1.50`. */
export function formatScaled(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale))
  const negative = unscaled < 0n
  const digits = String(negative ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Any text of a decimal, `1E-18` too, as plain digits at `scale`; null when it is none or does not fit. */
export function plainDecimal(text: string, scale: number): string | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim())
  if (match === null) return null
  const [, sign = '', whole = '', part = '', exponent = '0'] = match
  if (whole === '' && part === '') return null
  const unscaled = BigInt(`${whole}${part}`) * (sign === '-' ? -1n : 1n)
  const shift = scale - part.length + Number(exponent)
  if (shift >= 0) return formatScaled(unscaled * 10n ** BigInt(shift), scale)
  const divisor = 10n ** BigInt(-shift)
  return unscaled % divisor === 0n ? formatScaled(unscaled / divisor, scale) : null
}

/** Spark's `2024-02-29 12:34:56.5` in the form of `formatLocalMicros`; null when it is no such text. */
export function normalLocalText(text: string): string | null {
  const match = /^([+-]?\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?$/.exec(text)
  return match === null ? null : `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(6, '0')}`
}

export function normalTimeText(text: string): string | null {
  const match = /^(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?$/.exec(text)
  return match === null ? null : `${match[1]}.${(match[2] ?? '').padEnd(6, '0').slice(0, 6)}`
}

/** Day-time interval from `1 02:03:04.500000000` or `INTERVAL '1 02:03:04.5' DAY TO SECOND`. */
export function normalDayTimeText(text: string): string | null {
  const match = /(-?)(\d+) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/.exec(text)
  if (match === null) return null
  return `${match[1]}${match[2]} ${match[3]}:${match[4]}:${match[5]}.${(match[6] ?? '').padEnd(6, '0').slice(0, 6)}`
}

/** Year-month interval from `2-3` or `INTERVAL '2-3' YEAR TO MONTH`. */
export function normalMonthsText(text: string): string | null {
  return /-?\d+-\d+/.exec(text)?.[0] ?? null
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value % divisor < 0n ? quotient - 1n : quotient
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
