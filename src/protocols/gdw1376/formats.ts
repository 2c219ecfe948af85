import { bcdByte, powersOfTen, toBcdByte } from '../bcd.ts'
import { binary, digits, number, signed, time, type CustomLayout, type LayoutValue, type NumberLayout } from '../layout/layout.ts'
import { invalidField } from '../writer.ts'

/** Q/GDW 1376.1 appendix A: the data formats A.1 to A.27. A missing value is EE in every byte; anything that is not decimal reads as missing. */

export const missingByte = 0xee

/** Clock: ss mm hh DD, month with the weekday in D7–D5, YY. */
export const a1 = time('smhDwY')

/*
  A.2
    byte 1  tens, units
    byte 2  D7–D5 G: 0 … 7 = ×10⁴ … ×10⁻³; D4 sign; D3–D0 hundreds
*/
export const a2 = (unit: string): CustomLayout => ({
  type: 'custom',
  minimumBytes: 2,
  read(reader) {
    if (!reader.need(2)) return null
    const low = bcdByte(reader.u8())
    const high = reader.u8()
    const hundreds = high & 0x0f
    if (low < 0 || hundreds > 9) return null
    const exponent = 4 - (high >> 5)
    const unscaled = hundreds * 100 + low
    const value = exponent >= 0 ? unscaled * (powersOfTen[exponent] as number) : unscaled / (powersOfTen[-exponent] as number)
    return (high & 0x10) !== 0 && value !== 0 ? -value : value
  },
  write(writer, value, field) {
    if (value === null) return writer.fill(missingByte, 2)
    // of all scales that hold the value, the one nearest to units
    for (const exponent of [0, -1, -2, -3, 1, 2, 3, 4]) {
      const scaled = Math.abs(value as number) / 10 ** exponent
      const whole = Math.round(scaled)
      if (whole > 999 || Math.abs(scaled - whole) > 1e-9 * Math.max(1, scaled)) continue
      writer.u8(toBcdByte(whole % 100))
      writer.u8(((4 - exponent) << 5) | ((value as number) < 0 ? 0x10 : 0) | Math.floor(whole / 100))
      return
    }
    throw invalidField(field, 'has more than three digits')
  },
  describe: (value: LayoutValue) => (value === null ? 'missing' : `${value as number} ${unit}`.trim()),
})

/*
  A.3: seven digits
    bytes 1–3  six digits
    byte 4     D6 G: 0 = kWh (or 0.001 yuan), 1 = MWh (or yuan); D4 sign; D3–D0 millions
  The value is in the smaller unit.
*/
export const a3 = (unit: string): CustomLayout => ({
  type: 'custom',
  minimumBytes: 4,
  read(reader) {
    if (!reader.need(4)) return null
    const low = [reader.u8(), reader.u8(), reader.u8()].map(bcdByte)
    const high = reader.u8()
    const millions = high & 0x0f
    if (low.some((pair) => pair < 0) || millions > 9) return null
    const whole = millions * 1_000_000 + (low[2] as number) * 10_000 + (low[1] as number) * 100 + (low[0] as number)
    const value = (high & 0x40) === 0 ? whole : whole * 1000
    return (high & 0x10) !== 0 && value !== 0 ? -value : value
  },
  write(writer, value, field) {
    if (value === null) return writer.fill(missingByte, 4)
    const size = Math.abs(value as number)
    const inThousands = size > 9_999_999
    const whole = inThousands ? size / 1000 : size
    if (!Number.isInteger(whole) || whole > 9_999_999) throw invalidField(field, 'has more than seven digits')
    for (let rest = whole, index = 0; index < 3; index++, rest = Math.floor(rest / 100)) writer.u8(toBcdByte(rest % 100))
    writer.u8((inThousands ? 0x40 : 0) | ((value as number) < 0 ? 0x10 : 0) | Math.floor(whole / 1_000_000))
  },
  describe: (value: LayoutValue) => (value === null ? 'missing' : `${value as number} ${unit}`),
})

export const a4 = signed(1, 0, '%')
export const a5 = (unit: string): NumberLayout => signed(2, 1, unit)
export const a6 = (unit: string): NumberLayout => signed(2, 2, unit)
export const a7 = number(2, 1, 'V')
export const a8 = number(2, 0)
export const a9 = (unit: string): NumberLayout => signed(3, 4, unit)
export const a10 = number(3, 0)
export const a11 = (unit: string): NumberLayout => number(4, 2, unit)
export const a12 = digits(6)
export const a13 = (unit: string): NumberLayout => number(4, 4, unit)
export const a14 = number(5, 4, 'kWh')
/** The same digits hold money in the prepayment items. */
export const a14Money = number(5, 4, 'CNY')
export const a15 = time('mhDMY')
export const a16 = time('smhD')
export const a17 = time('mhDM')
export const a18 = time('mhD')
export const a19 = time('mh')
export const a20 = time('DMY')
export const a21 = time('MY')
export const a22 = number(1, 1)
export const a23 = (unit: string): NumberLayout => number(3, 4, unit)
export const a24 = time('hD')
export const a25 = signed(3, 3, 'A')
export const a26 = number(2, 3)
export const a27 = number(4, 0)

export const bin1 = binary(1)
export const bin2 = binary(2)
export const bin4 = binary(4)

/** Curve densities m: minutes between points; others are undefined. */
export const densityMinutes: Readonly<Record<number, number>> = { 1: 15, 2: 30, 3: 60, 254: 5, 255: 1 }

/** Points that an hourly freeze of density m holds; 0 for the undefined ones. */
export const pointsPerHour = (density: number): number => {
  const minutes = densityMinutes[density]
  return minutes === undefined ? 0 : 60 / minutes
}
