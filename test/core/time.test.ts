import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, dateOf, epochDay, formatEpochDay, formatInstant, parseInstant, startOfDay, zoneOffsetMs } from '../../src/core/time.ts'

describe('instants', () => {
  it('are read with any offset and written with the zone of the reader', () => {
    const instant = parseInstant('2026-03-05T08:30:00.000+08:00')
    expect(instant).toBe(Date.UTC(2026, 2, 5, 0, 30))
    expect(formatInstant(instant!, 'Asia/Shanghai')).toBe('2026-03-05T08:30:00.000+08:00')
    expect(formatInstant(instant!, 'UTC')).toBe('2026-03-05T00:30:00.000+00:00')
    expect(formatInstant(instant!, 'America/St_Johns')).toBe('2026-03-04T21:00:00.000-03:30')
  })

  it('without an offset, or outside the calendar, are refused', () => {
    for (const text of ['2026-03-05T08:30:00.000', '2026-02-29T00:00:00Z', '2026-03-05T24:00:00Z', '2026-03-05 08:30:00Z', '', '2026-3-5T00:00:00Z']) expect(parseInstant(text), text).toBeNull()
  })

  it('survive a round trip in any zone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.constantFrom('Asia/Shanghai', 'Europe/London', 'America/New_York', 'Asia/Kathmandu', 'UTC'), (instant, zone) => {
        expect(parseInstant(formatInstant(instant, zone))).toBe(instant)
      }),
    )
  })
})

describe('business dates', () => {
  it('belong to the zone, not to the machine', () => {
    const instant = Date.UTC(2026, 0, 1, 16, 0)
    expect(dateOf(instant, 'Asia/Shanghai')).toBe('2026-01-02')
    expect(dateOf(instant, 'UTC')).toBe('2026-01-01')
    expect(startOfDay('2026-01-02', 'Asia/Shanghai')).toBe(instant)
  })

  it('know daylight saving', () => {
    expect(startOfDay('2026-07-01', 'Europe/Berlin')).toBe(Date.UTC(2026, 5, 30, 22))
    expect(startOfDay('2026-01-01', 'Europe/Berlin')).toBe(Date.UTC(2025, 11, 31, 23))
    expect(zoneOffsetMs(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(7_200_000)
  })

  it('move over the end of February', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2025-03-01', -1)).toBe('2025-02-28')
    expect(epochDay('2025-02-29')).toBeNull()
    expect(formatEpochDay(epochDay('1970-01-02')!)).toBe('1970-01-02')
    expect(() => addDays('yesterday', 1)).toThrow(/is not a date/)
  })
})
