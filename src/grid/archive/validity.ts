import { dayMs, epochDay, zoneOffsetMs } from '../../core/time.ts'
import { parseInstantFast } from '../../records/instants.ts'

/** Minutes of a local time scale since 1970-01-01T00:00: the grain of `from` and `to` in an archive. */
export type LocalMinute = number

/** Before and after every minute that an archive names. */
export const sinceEver: LocalMinute = -2_000_000_000
export const stillValid: LocalMinute = 2_000_000_000

/** `YYYY-MM-DD` or `YYYY-MM-DDThh:mm` (a blank instead of the T and seconds are accepted); null when it is neither. */
export function parseLocalMinute(text: string): LocalMinute | null {
  if (text !== lastText) {
    lastText = text
    lastMinute = readLocalMinute(text)
  }
  return lastMinute
}

/** Rows of an archive mostly repeat one date. */
let lastText = ''
let lastMinute: LocalMinute | null = null

function readLocalMinute(text: string): LocalMinute | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?)?$/.exec(text)
  if (match === null) return null
  const day = epochDay(match[1] ?? '')
  const hour = Number(match[2] ?? 0)
  const minute = Number(match[3] ?? 0)
  if (day === null || hour > 23 || minute > 59) return null
  return day * 1_440 + hour * 60 + minute
}

export function localMinuteOf(instantMs: number, zone: string): LocalMinute {
  return Math.floor((instantMs + zoneOffsetMs(instantMs, zone)) / 60_000)
}

/** An instant with offset, or a local date or time of the zone; null when it is neither. */
export function parseInstantOrLocal(text: string, zone: string): number | null {
  const instantMs = parseInstantFast(text)
  if (instantMs !== null) return instantMs
  const minute = parseLocalMinute(text)
  if (minute === null) return null
  const guessMs = minute * 60_000 - zoneOffsetMs(minute * 60_000, zone)
  const seconds = /:\d\d:(\d\d)(?:\.\d+)?$/.exec(text)?.[1] ?? '0'
  return minute * 60_000 - zoneOffsetMs(guessMs, zone) + Number(seconds) * 1_000
}

/** `YYYY-MM-DD`, with `Thh:mm` when it is not midnight; '' for ever and still. */
export function formatLocalMinute(minute: LocalMinute): string {
  if (minute <= sinceEver || minute >= stillValid) return ''
  const text = new Date(minute * 60_000).toISOString()
  return minute % (dayMs / 60_000) === 0 ? text.slice(0, 10) : text.slice(0, 16)
}
