import { toHexReversed } from '../hex.ts'
import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { addressTypes, type ServerAddress } from './message.ts'

/*
 * Server address (chapter 1.4)
 *   AF   bits 0-3 bytes of SA minus 1 | bits 4-5 logical address | bits 6-7 type: 0 single, 1 wildcard, 2 group, 3 broadcast
 *   SA   compressed BCD, low byte first
 * Later revision: AF bit 5 = 1 puts an extended logical address before the digits; it counts as an SA byte. No ordinary device
 * has a 7-byte address, so the bit is read in that sense.
 */
export function readServerAddress(reader: Reader): ServerAddress {
  const feature = reader.u8('address feature')
  const len = (feature & 0x0f) + 1
  const at = reader.offset
  if (!reader.need(len, 'server address')) return { type: 'single', len, address: '' }
  reader.skip(len, 'server address')
  const type = addressTypes[feature >> 6] ?? 'single'
  if ((feature & 0x20) !== 0) return { type, len, address: toHexReversed(reader.bytes, at + 1, at + len), extLogical: reader.bytes[at] as number }
  return { type, len, logical: (feature >> 4) & 1, address: toHexReversed(reader.bytes, at, at + len) }
}

export function writeServerAddress(writer: Writer, input: Input): void {
  const type = addressTypes.indexOf(input.get('type').oneOf(addressTypes))
  const digits = Buffer.from(input.get('address').hex()).reverse()
  const extended = input.has('extLogical')
  const len = digits.length + (extended ? 1 : 0)
  if (len < 1 || len > 16) input.get('address').fail('must have 2 to 32 digits, in pairs')
  const told = input.get('len')
  if (!told.absent && told.int(1, 16) !== len) told.fail(`does not fit the address, which has ${len} bytes`)
  writer.u8((type << 6) | (extended ? 0x20 : input.has('logical') ? input.get('logical').int(0, 1) << 4 : 0) | (len - 1))
  if (extended) writer.u8(input.get('extLogical').int(0, 255))
  writer.bytes(digits)
}

