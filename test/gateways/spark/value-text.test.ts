import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCalendarInterval, formatDays, formatDayTimeMicros, formatInstantMicros, formatMonths, formatScaled, normalDayTimeText, normalLocalText, plainDecimal } from '../../../src/gateways/spark/value-text.ts'

test('days agree with the calendar of JavaScript for the years 1 to 9999', () => {
  fc.assert(fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
    expect(formatDays(days)).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10))
  }))
})

test.each([[-719_163, '0000-12-31'], [-719_529, '-0001-12-31'], [2_932_897, '+10000-01-01'], [11_016, '2000-02-29']])('day %i is %s', (days, text) => {
  expect(formatDays(days)).toBe(text)
})

test('instants keep their microseconds, before 1970 too', () => {
  expect(formatInstantMicros(-1n)).toBe('1969-12-31T23:59:59.999999Z')
  expect(formatInstantMicros(1_709_210_096_123_456n)).toBe('2024-02-29T12:34:56.123456Z')
})

test('intervals carry one sign in front', () => {
  expect(formatMonths(-27)).toBe('-2-3')
  expect(formatDayTimeMicros(-9_223_372_036_854_775_808n)).toBe('-106751991 04:00:54.775808')
})

test.each([
  [0, 0, 0n, '0 seconds'],
  [10, -25, 0n, '10 months -25 days'],
  [-13, 0, -500_000n, '-1 years -1 months -0.5 seconds'],
  [0, 0, 3_600_000_000n, '1 hours'],
  [0, 0, 10_000_000n, '10 seconds'],
])('the old interval of %i months, %i days and %i µs is %s', (months, days, micros, text) => {
  expect(formatCalendarInterval(months, days, micros)).toBe(text)
})

test('a decimal text keeps its value at any scale that fits', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), fc.integer({ min: 0, max: 38 }), (unscaled, scale) => {
    const text = formatScaled(unscaled, scale)
    expect(plainDecimal(text, scale)).toBe(text)
    expect(BigInt(text.replace('.', ''))).toBe(unscaled)
  }))
})

test.each([['1E-18', 18, '0.000000000000000001'], ['1.5', 2, '1.50'], ['-12E3', 0, '-12000'], ['1.25', 1, null], ['', 1, null], ['.', 1, null], ['NaN', 1, null]])('%j at scale %i is %j', (text, scale, expected) => {
  expect(plainDecimal(text, scale)).toBe(expected)
})

test('texts of the engine are brought to one form', () => {
  expect(normalLocalText('2024-02-29 12:34:56.5')).toBe('2024-02-29T12:34:56.500000')
  expect(normalLocalText('2024-02-29')).toBeNull()
  expect(normalDayTimeText("INTERVAL '-1 02:03:04.5' DAY TO SECOND")).toBe('-1 02:03:04.500000')
})
