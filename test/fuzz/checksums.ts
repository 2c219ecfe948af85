import type { ProtocolName } from '../../src/protocols/codec.ts'

/** Checksums computed once more, from the standards and not from the codecs: what judges an accepted frame must not share their mistakes. */

function sumOf(bytes: Uint8Array): number {
  let total = 0
  for (const byte of bytes) total += byte
  return total % 256
}

/** CRC-16/X.25 bit by bit: reflected 0x1021, all ones in, inverted out. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1
  }
  return crc ^ 0xffff
}

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)

/** True when the frame's own checksum is right (or its layer has none). */
export function hasRightChecksum(protocol: ProtocolName, frame: Uint8Array): boolean {
  let first = 0
  if (protocol !== 'dlms') while (frame[first] === 0xfe) first++
  const bytes = frame.subarray(first)
  const end = bytes.length
  switch (protocol) {
    case 'dlt645':
      return bytes[end - 2] === sumOf(bytes.subarray(0, end - 2))
    case 'gdw1376':
      return bytes[end - 2] === sumOf(bytes.subarray(6, end - 2))
    case 'dlt698':
      return wordAt(bytes, end - 3) === crcOf(bytes.subarray(1, end - 3))
    case 'dlms': {
      // HDLC with flags, HDLC without them, or a layer without a checksum
      const inner = bytes[0] === 0x7e ? bytes.subarray(1) : bytes
      if (((inner[0] ?? 0) & 0xf0) !== 0xa0) return true
      // several segments: each is checked where its length ends
      const length = (((inner[0] ?? 0) << 8) | (inner[1] ?? 0)) & 0x07ff
      return wordAt(inner, length - 2) === crcOf(inner.subarray(0, length - 2))
    }
  }
}
