import { describe, expect, test } from 'vitest'
import * as formats from '../../../src/protocols/gdw1376/formats.ts'
import { fromHex, toHex } from '../../../src/protocols/hex.ts'
import type { Layout, LayoutValue } from '../../../src/protocols/layout/layout.ts'
import { readLayout } from '../../../src/protocols/layout/read.ts'
import { writeLayout } from '../../../src/protocols/layout/write.ts'
import { Reader } from '../../../src/protocols/reader.ts'
import { Writer } from '../../../src/protocols/writer.ts'

const { a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27 } = formats

/** The worked examples of appendix A: bytes as they travel, value. */
const examples: readonly (readonly [name: string, layout: Layout, hex: string, value: LayoutValue])[] = [
  ['A.1', a1, '494811155215', '2015-12-15 11:48:49 (week 2)'],
  ['A.2', a2(''), '3590', -35],
  ['A.2', a2(''), '23a1', 12.3],
  ['A.2', a2(''), '5065', 5500],
  ['A.3 in MWh', a3('kWh'), '78563452', -2_345_678_000],
  ['A.4', a4, '85', -5],
  ['A.5', a5('%'), '9909', 99.9],
  ['A.5', a5('%'), '5081', -15],
  ['A.5', a5('%'), '0010', 100],
  ['A.6', a6(''), '3492', -12.34],
  ['A.7', a7, '0122', 220.1],
  ['A.8', a8, '1200', 12],
  ['A.9', a9('kW'), '731101', 1.1173],
  ['A.9', a9('kW'), '005082', -2.5],
  ['A.10', a10, '563412', 123456],
  ['A.11', a11('kWh'), '78563412', 123456.78],
  ['A.12', a12, '111006131215', '151213061011'],
  ['A.13', a13('kWh'), '34127856', 5678.1234],
  ['A.14', a14, '0079920000', 92.79],
  ['A.15', a15, '4014310710', '2010-07-31 14:40'],
  ['A.16', a16, '28531307', 'day 07 13:53:28'],
  ['A.17', a17, '05180912', '12-09 18:05'],
  ['A.18', a18, '150821', 'day 21 08:15'],
  ['A.19', a19, '0023', '23:00'],
  ['A.20', a20, '150114', '2014-01-15'],
  ['A.21', a21, '1223', '2023-12'],
  ['A.22', a22, '15', 1.5],
  ['A.23', a23('kW'), '563412', 12.3456],
  ['A.24', a24, '0821', 'day 21 08h'],
  ['A.25', a25, '001500', 1.5],
  ['A.25', a25, '700100', 0.17],
  ['A.25', a25, '000580', -0.5],
  ['A.26', a26, '3412', 1.234],
  ['A.27', a27, '78563412', 12345678],
]

function read(layout: Layout, hex: string): LayoutValue {
  const reader = new Reader(fromHex(hex) as Uint8Array)
  const value = readLayout(layout, reader)
  expect(reader.ok && reader.remaining).toBe(0)
  return value
}

function write(layout: Layout, value: LayoutValue): string {
  const writer = new Writer()
  writeLayout(layout, writer, value, { field: 'value', fill: formats.missingByte })
  return toHex(writer.finish())
}

describe('data formats of appendix A', () => {
  test.each(examples)('%s of %s reads as it should', (_, layout, hex, value) => {
    expect(read(layout, hex)).toEqual(value)
  })

  // 550 ×10 and 5500 ×1 are the same value in A.2; this one is written in the scale that holds it in three digits
  test.each(examples)('%s of %s is written as it was read', (_, layout, hex, value) => {
    expect(write(layout, value)).toBe(hex)
  })

  test.each(examples)('%s is missing when every byte is EE, FF or EF', (_, layout, hex) => {
    for (const fill of ['ee', 'ff', 'ef']) expect(read(layout, fill.repeat(hex.length / 2))).toBeNull()
    expect(write(layout, null)).toBe('ee'.repeat(hex.length / 2))
  })

  test.each([
    ['more digits than the format has', a7, 1000],
    ['a negative value without a sign bit', a7, -1],
    ['more decimals than the format has', a7, 220.15],
    ['a sign that leaves three bits for the first digit', a5('%'), 800],
    ['four digits in A.2', a2(''), 1234],
    ['text', a7, '220'],
    ['a time of another form', a15, '2024-06-05'],
  ])('%s is refused', (_, layout, value) => {
    expect(() => write(layout, value)).toThrow(/value/)
  })
})
