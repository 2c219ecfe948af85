/*
 * CRC-16/X-25, the frame check of HDLC and of DL/T 698.45 (HCS and FCS):
 * reflected polynomial 8408H, start FFFFH, final exclusive-or FFFFH; "123456789" gives 906EH. Sent low byte first.
 */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1
  return crc
})

/** Of the bytes [start, end). */
export function crcX25(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let crc = 0xffff
  for (let index = start; index < end; index++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[index] as number)) & 0xff] as number)
  return crc ^ 0xffff
}
