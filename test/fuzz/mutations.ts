import type { ProtocolName } from '../../src/protocols/codec.ts'
import type { Random } from '../protocols/random.ts'

/** The fourteen classes of damage that a frame can take on its way. */
export const mutationClasses = [
  'bit flip', 'byte drop', 'byte insert', 'swap', 'truncate', 'extend', 'length too small', 'length too large', 'length zero',
  'start byte wrong', 'end byte wrong', 'checksum wrong', 'address wrong', 'splice of two',
] as const
export type MutationClass = (typeof mutationClasses)[number]

/** Where a protocol keeps what a mutation aims at, counted from the first byte of the frame itself. */
interface Places {
  readonly start: number
  readonly address: number
  /** Distance of the checksum's first byte from the end. */
  readonly check: number
  setLength(frame: Uint8Array, at: number, change: (length: number) => number): void
}

const sum = (frame: Uint8Array, from: number, to: number): number => frame.subarray(from, to).reduce((total, byte) => (total + byte) & 0xff, 0)

const places: Readonly<Record<ProtocolName, Places>> = {
  dlt645: { start: 0, address: 1, check: 2, setLength: (frame, at, change) => { frame[at + 9] = change(frame[at + 9] as number) } },
  gdw1376: {
    start: 0, address: 7, check: 2,
    setLength(frame, at, change) {
      const word = (frame[at + 1] as number) | ((frame[at + 2] as number) << 8)
      const changed = ((change(word >> 2) << 2) | (word & 3)) & 0xffff
      frame.set([changed & 0xff, changed >> 8, changed & 0xff, changed >> 8], at + 1)
    },
  },
  dlt698: {
    start: 0, address: 4, check: 3,
    setLength(frame, at, change) {
      const word = (frame[at + 1] as number) | ((frame[at + 2] as number) << 8)
      const changed = (change(word & 0x3fff) & 0x3fff) | (word & 0xc000)
      frame[at + 1] = changed & 0xff
      frame[at + 2] = changed >> 8
    },
  },
  dlms: {
    start: 0, address: 3, check: 3,
    setLength(frame, at, change) {
      const format = frame[at] === 0x7e ? at + 1 : at
      const word = (((frame[format] as number) << 8) | (frame[format + 1] as number)) & 0xffff
      const changed = (change(word & 0x07ff) & 0x07ff) | (word & 0xf800)
      frame[format] = changed >> 8
      frame[format + 1] = changed & 0xff
    },
  },
}

/** A damaged copy. The result may by chance be a right frame; who judges it computes the checksum himself. */
export function mutate(protocol: ProtocolName, kind: MutationClass, frames: readonly Uint8Array[], random: Random): Uint8Array {
  const original = random.pick(frames)
  const frame = original.slice()
  let first = 0
  while (frame[first] === 0xfe) first++
  const where = places[protocol]
  const index = random.below(frame.length)
  const put = (at: number, value: number): Uint8Array => {
    if (at < frame.length) frame[at] = value
    return frame
  }
  switch (kind) {
    case 'bit flip':
      return put(index, (frame[index] as number) ^ (1 << random.below(8)))
    case 'byte drop':
      return Uint8Array.from([...frame.subarray(0, index), ...frame.subarray(index + 1)])
    case 'byte insert':
      return Uint8Array.from([...frame.subarray(0, index), random.below(256), ...frame.subarray(index)])
    case 'swap': {
      const other = random.below(frame.length)
      const kept = frame[other] as number
      frame[other] = frame[index] as number
      return put(index, kept)
    }
    case 'truncate':
      return frame.slice(0, index)
    case 'extend':
      return Uint8Array.from([...frame, ...random.bytes(1 + random.below(40))])
    case 'length too small':
      where.setLength(frame, first, (length) => Math.max(0, length - 1 - random.below(20)))
      return repair(protocol, frame, first, random)
    case 'length too large':
      where.setLength(frame, first, (length) => length + 1 + random.below(random.flip() ? 20 : 4000))
      return repair(protocol, frame, first, random)
    case 'length zero':
      where.setLength(frame, first, () => 0)
      return repair(protocol, frame, first, random)
    case 'start byte wrong':
      return put(first + where.start, random.below(256))
    case 'end byte wrong':
      return put(frame.length - 1, random.below(256))
    case 'checksum wrong':
      return put(frame.length - where.check, ((frame[frame.length - where.check] as number) + 1 + random.below(255)) & 0xff)
    case 'address wrong':
      return put(first + where.address + random.below(4), random.below(256))
    case 'splice of two': {
      const other = random.pick(frames)
      return Uint8Array.from([...frame.subarray(0, index), ...other.subarray(random.below(other.length))])
    }
  }
}

/** Half of the wrong lengths come with a sum that fits the bytes as they are, so that the length alone is wrong. */
function repair(protocol: ProtocolName, frame: Uint8Array, first: number, random: Random): Uint8Array {
  if (random.flip()) return frame
  if (protocol === 'dlt645') frame[frame.length - 2] = sum(frame, first, frame.length - 2)
  if (protocol === 'gdw1376') frame[frame.length - 2] = sum(frame, first + 6, frame.length - 2)
  return frame
}
