/** Binary coded decimals, least significant byte first, as DL/T 645 and Q/GDW 1376.1 send all their numbers. */

/** 0..99 for a byte of two decimal digits, -1 for any other byte. */
const decimalOf: Int8Array = Int8Array.from({ length: 256 }, (_, byte) => ((byte >> 4) > 9 || (byte & 15) > 9 ? -1 : (byte >> 4) * 10 + (byte & 15)))

export function bcdByte(byte: number): number {
  return decimalOf[byte] as number
}

/** Byte of a number 0..99. */
export function toBcdByte(value: number): number {
  return (Math.floor(value / 10) << 4) | (value % 10)
}

export const powersOfTen: readonly number[] = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`))

/**
 * Number of `count` BCD bytes from `start`; with `signed` the top bit of the last byte is the sign (1 = negative).
 * Null when any digit is not decimal: the mark of a missing value, whatever fill the device uses (EE, FF, EF).
 */
export function readBcd(bytes: Uint8Array, start: number, count: number, signed: boolean): number | null {
  let at = start + count - 1
  let top = bytes[at] as number
  const negative = signed && top > 0x7f
  if (negative) top &= 0x7f
  let value = decimalOf[top] as number
  if (value < 0) return null
  while (--at >= start) {
    const digits = decimalOf[bytes[at] as number] as number
    if (digits < 0) return null
    value = value * 100 + digits
  }
  return negative && value !== 0 ? -value : value
}

/** Bytes of a scaled integer, or null when it does not fit the digits (a signed number has three bits for its first digit). */
export function toBcd(scaled: number, count: number, signed: boolean): Uint8Array | null {
  if (!Number.isSafeInteger(scaled) || (scaled < 0 && !signed)) return null
  let rest = Math.abs(scaled)
  if (rest >= (signed ? 8 * 10 ** (2 * count - 1) : 10 ** (2 * count))) return null
  const bytes = new Uint8Array(count)
  for (let at = 0; at < count; at++) {
    bytes[at] = toBcdByte(rest % 100)
    rest = Math.floor(rest / 100)
  }
  if (scaled < 0) bytes[count - 1] = (bytes[count - 1] as number) | 0x80
  return bytes
}
