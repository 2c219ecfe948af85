import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/*
 * A-XDR (IEC 61334-6) parts that DL/T 698.45 and DLMS share.
 *
 *   length / count   value < 80H: one byte; else 80H + k, then k big-endian bytes
 *   optional         00 absent, 01 present; anything else is an error
 */

/** Most items of one list; a link frame or a reassembled APDU cannot hold more useful ones. */
export const maxListItems = 65_535

/** Accepts non-minimal forms: real meters send 82 00 07 for 7. */
export function readLength(reader: Reader, field: string): number {
  const start = reader.offset
  const first = reader.u8(field)
  if (first < 0x80) return first
  const count = first & 0x7f
  if (count === 0 || count > 4) {
    reader.fail('FIELD_INVALID', `${field}: a length of ${count} length bytes`, start)
    return 0
  }
  let length = 0
  for (let index = 0; index < count; index++) length = length * 256 + reader.u8(field)
  return length
}

/** A count of items of at least `itemBytes` bytes each, checked against what is left before anybody loops by it; 0 after a failure. */
export function readCount(reader: Reader, field: string, itemBytes = 1): number {
  return reader.count(readLength(reader, field), itemBytes, field, maxListItems)
}

/** True = present. */
export function readOptional(reader: Reader, field: string): boolean {
  const start = reader.offset
  const flag = reader.u8(field)
  if (flag > 1) reader.fail('FIELD_INVALID', `${field}: optional flag ${flag} is neither 0 nor 1`, start)
  return flag === 1
}

/** Length-prefixed bytes as lower-case hex. */
export function readOctets(reader: Reader, field: string): string {
  return reader.hex(readLength(reader, field), field)
}

export function writeLength(writer: Writer, length: number): void {
  if (length < 0x80) writer.u8(length)
  else if (length < 0x100) {
    writer.u8(0x81)
    writer.u8(length)
  } else if (length < 0x10000) {
    writer.u8(0x82)
    writer.u16be(length)
  } else {
    writer.u8(0x84)
    writer.u32be(length)
  }
}

export function writeOctets(writer: Writer, octets: Uint8Array): void {
  writeLength(writer, octets.length)
  writer.bytes(octets)
}
