import type { DecodeFailure, Decoded, DecodeOptions, FrameSearch } from '../codec.ts'
import { crcX25 } from '../crc-x25.ts'
import { toHex } from '../hex.ts'
import type { Input } from '../input.ts'
import { failure, Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import { readServerAddress, writeServerAddress } from './address.ts'
import { decodeApdu, readApdu, writeApdu } from './apdu.ts'
import { readFragment, writeFragment } from './fragment.ts'
import type { Control, Dlt698Message, Link } from './message.ts'

const start = 0x68
const end = 0x16
const wakeUp = 0xfe
const scramble = 0x33

/*
 * Frame (chapter 1), header little-endian
 *   68 | L u16: bytes from L to FCS, bits 14-15 zero | C | AF | SA 1..16 | CA | HCS u16 | user data | FCS u16 | 16
 *   HCS over L .. CA, FCS over L .. last byte of user data
 * `at` is the offset of 68; all offsets below count from there.
 */
interface Layout {
  readonly at: number
  /** Value of L. */
  readonly length: number
  readonly hcsAt: number
  readonly fcsAt: number
}

/** Bytes before the user data for a server address of `len` bytes. */
const headerBytes = (len: number): number => 8 + len

function layoutAt(bytes: Uint8Array, at: number): Layout {
  const length = (bytes[at + 1] as number) | ((bytes[at + 2] as number) << 8)
  const len = ((bytes[at + 4] as number) & 0x0f) + 1
  return { at, length, hcsAt: at + 6 + len, fcsAt: at + length - 1 }
}

/** L counts itself, C, AF, SA, CA and both checks. Bits 14 (kilobytes, later revision) and 15 are not sent by anybody. */
const lengthFits = (length: number, hcsAt: number, at: number): boolean => length <= 0x3fff && length >= hcsAt - at + 3

const checkAt = (bytes: Uint8Array, at: number): number => (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
const hcsHolds = (bytes: Uint8Array, layout: Layout): boolean => crcX25(bytes, layout.at + 1, layout.hcsAt) === checkAt(bytes, layout.hcsAt)
const fcsHolds = (bytes: Uint8Array, layout: Layout): boolean => crcX25(bytes, layout.at + 1, layout.fcsAt) === checkAt(bytes, layout.fcsAt)

/** Skips wake-up bytes; they are no part of a frame. */
function skipWakeUp(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length && bytes[at] === wakeUp) at++
  return at
}

/**
 * Decodes one frame that fills `bytes` (wake-up bytes before it are allowed).
 * A failure tells in `partial` every link field that could be judged; `apdu` there is the hex of an APDU that could not be read.
 */
export function decodeFrame(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<Dlt698Message> {
  const at = skipWakeUp(bytes)
  const available = bytes.length - at
  if (available < 1) return failure('FRAME_TOO_SHORT', bytes.length, 'no frame')
  if (bytes[at] !== start) return failure('FRAME_START', at, 'a frame starts with 68')
  if (available < 5) return failure('FRAME_TOO_SHORT', bytes.length, `${available} bytes are no frame header`)
  const layout = layoutAt(bytes, at)
  if (!lengthFits(layout.length, layout.hcsAt, at)) return refuse(bytes, layout, 'FRAME_LENGTH', at + 1, `length ${layout.length} fits no frame with this address`)
  if (layout.hcsAt + 2 > bytes.length) return refuse(bytes, layout, 'FRAME_TOO_SHORT', bytes.length, 'the header is cut')
  if (!hcsHolds(bytes, layout)) return refuse(bytes, layout, 'FRAME_CHECKSUM', layout.hcsAt, 'header checksum HCS does not match')
  const frameEnd = at + layout.length + 2
  if (frameEnd > bytes.length) return refuse(bytes, layout, 'FRAME_INCOMPLETE', bytes.length, `${frameEnd - bytes.length} bytes are missing`)
  if (!fcsHolds(bytes, layout)) return refuse(bytes, layout, 'FRAME_CHECKSUM', layout.fcsAt, 'frame checksum FCS does not match')
  if (bytes[frameEnd - 1] !== end) return refuse(bytes, layout, 'FRAME_END', frameEnd - 1, 'a frame ends with 16')
  if (frameEnd < bytes.length) return refuse(bytes, layout, 'FIELD_TRAILING', frameEnd, `${bytes.length - frameEnd} bytes after the frame`)
  const link = readLink(bytes, layout)
  const clear = link.control.scrambled === 1 ? unscramble(bytes, layout) : bytes
  const reader = new Reader(clear, layout.hcsAt + 2, layout.fcsAt)
  if (link.control.split === 1) {
    const fragment = readFragment(reader)
    return reader.failure === null ? { ok: true, message: { frame: { ...link, fragment }, apdu: null } } : { ...reader.failure, partial: partialOf(bytes, layout) }
  }
  if (reader.remaining === 0) return { ok: true, message: { frame: link, apdu: null } }
  let apdu = readApdu(reader)
  if (!apdu.ok && options.lenient === true) apdu = shift(decodeApdu(clear.subarray(layout.hcsAt + 2, layout.fcsAt), options), layout.hcsAt + 2)
  if (apdu.ok) return { ok: true, message: { frame: link, apdu: apdu.message } }
  return { ...apdu, partial: { ...partialOf(bytes, layout), apdu: toHex(clear, layout.hcsAt + 2, layout.fcsAt) } }
}

function shift<Message>(decoded: Decoded<Message>, by: number): Decoded<Message> {
  return decoded.ok ? decoded : { ...decoded, offset: decoded.offset + by }
}

function refuse(bytes: Uint8Array, layout: Layout, code: DecodeFailure['code'], offset: number, reason: string): DecodeFailure {
  return failure(code, offset, reason, partialOf(bytes, layout))
}

/** Field names as in the public vectors. A check whose bytes are missing does not hold, nor does an FCS that is not the last thing before the last byte. */
export interface PartialLink extends Partial<Link> {
  readonly length: number
  readonly hcs?: string
  readonly hcsOk: boolean
  readonly fcs?: string
  readonly fcsOk: boolean
}

function partialOf(bytes: Uint8Array, layout: Layout): { readonly frame: PartialLink } {
  const { length, hcsAt, fcsAt } = layout
  const header = hcsAt <= bytes.length
  const hcs = hcsAt + 2 <= bytes.length
  const fcs = fcsAt >= hcsAt + 2 && fcsAt + 3 === bytes.length
  return {
    frame: {
      length,
      ...(header ? readLink(bytes, layout) : {}),
      ...(hcs ? { hcs: toHex(bytes, hcsAt, hcsAt + 2) } : {}),
      hcsOk: hcs && hcsHolds(bytes, layout),
      ...(fcs ? { fcs: toHex(bytes, fcsAt, fcsAt + 2) } : {}),
      fcsOk: fcs && fcsHolds(bytes, layout),
    },
  }
}

/** The checked header in the names of the public vectors, for frames that were accepted. */
export function linkFacts(bytes: Uint8Array): PartialLink {
  const at = skipWakeUp(bytes)
  return partialOf(bytes, layoutAt(bytes, at)).frame
}

function readLink(bytes: Uint8Array, layout: Layout): Link {
  const reader = new Reader(bytes, layout.at + 4, layout.hcsAt)
  const control = readControl(bytes[layout.at + 3] as number)
  const sa = readServerAddress(reader)
  return { control, sa, ca: reader.u8('client address') }
}

/*
 * C   bit 7 DIR | bit 6 PRM | bit 5 fragment | bit 4 reserved | bit 3 SC, user data + 33H | bits 2-0 function: 1 link, 3 user data
 */
export function readControl(raw: number): Control {
  return { raw, dir: raw >> 7, prm: (raw >> 6) & 1, split: (raw >> 5) & 1, scrambled: (raw >> 3) & 1, func: raw & 7 }
}

function writeControl(input: Input): number {
  const parts = [['dir', 7, 1], ['prm', 6, 1], ['split', 5, 1], ['scrambled', 3, 1], ['func', 0, 7]] as const
  const raw = input.has('raw') ? input.get('raw').int(0, 255) : null
  let value = raw ?? 0
  for (const [name, shift, mask] of parts) {
    const part = input.get(name)
    if (part.absent && (raw !== null || name === 'split' || name === 'scrambled')) continue
    const bits = part.int(0, mask)
    if (raw !== null && ((raw >> shift) & mask) !== bits) part.fail(`does not agree with raw ${raw}`)
    value |= bits << shift
  }
  return value
}

/** The same bytes with the user data in the clear, so that offsets stay those of the frame. */
function unscramble(bytes: Uint8Array, layout: Layout): Uint8Array {
  const clear = Uint8Array.from(bytes)
  for (let at = layout.hcsAt + 2; at < layout.fcsAt; at++) clear[at] = (clear[at] as number) - scramble
  return clear
}

/** Offsets and clear bytes of an accepted frame, for those who explain it; null when the bytes are none. */
export function clearFrame(bytes: Uint8Array): { readonly at: number; readonly hcsAt: number; readonly fcsAt: number; readonly clear: Uint8Array } | null {
  const at = skipWakeUp(bytes)
  if (bytes.length - at < 5 || bytes[at] !== start) return null
  const layout = layoutAt(bytes, at)
  if (!lengthFits(layout.length, layout.hcsAt, at) || layout.fcsAt + 2 > bytes.length) return null
  const scrambled = ((bytes[at + 3] as number) & 0x08) !== 0
  return { at, hcsAt: layout.hcsAt, fcsAt: layout.fcsAt, clear: scrambled ? unscramble(bytes, layout) : bytes }
}

/** Builds the frame of a message. Throws StationError INPUT_INVALID naming the field. */
export function encodeFrame(input: Input): Uint8Array {
  const frame = input.get('frame')
  const fragment = frame.get('fragment')
  const control = writeControl(frame.get('control'))
  if (((control & 0x20) !== 0) !== !fragment.absent) frame.get('control').fail('must have its fragment bit set exactly when the frame has a fragment')
  const user = new Writer()
  const apdu = input.get('apdu')
  if (!fragment.absent) {
    if (!apdu.absent) apdu.fail('must be null beside a fragment')
    writeFragment(user, fragment)
  } else if (!apdu.absent) writeApdu(user, apdu)

  const address = new Writer()
  writeServerAddress(address, frame.get('sa'))
  const length = address.length + user.length + 8
  if (length > 0x3fff) input.fail(`makes a frame of ${length + 2} bytes, the limit is ${0x3fff + 2}`)
  const header = new Writer()
  header.u16le(length)
  header.u8(control)
  header.bytes(address.finish())
  header.u8(frame.get('ca').int(0, 255))
  header.u16le(crcX25(header.finish()))
  const data = user.finish()
  header.bytes((control & 0x08) === 0 ? data : data.map((byte) => byte + scramble))
  header.u16le(crcX25(header.finish()))
  const whole = new Writer()
  whole.u8(start)
  whole.bytes(header.finish())
  whole.u8(end)
  return whole.finish()
}

/** Looks for the next checked frame (chapter 1.1): a wrong start costs one byte, and nobody waits for a length whose HCS was not checked. */
export function searchFrame(buffer: Uint8Array, from: number): FrameSearch {
  if (from >= buffer.length) return { found: 'partial', start: from, need: 1 }
  if (buffer[from] !== start) return skipTo(buffer, from)
  const available = buffer.length - from
  if (available < 5) return { found: 'partial', start: from, need: 5 }
  const layout = layoutAt(buffer, from)
  if (!lengthFits(layout.length, layout.hcsAt, from)) return { found: 'noise', skip: from + 1, reason: 'FRAME_LENGTH' }
  const header = headerBytes(layout.hcsAt - from - 6)
  if (available < header) return { found: 'partial', start: from, need: header }
  if (!hcsHolds(buffer, layout)) return { found: 'noise', skip: from + 1, reason: 'FRAME_CHECKSUM' }
  const whole = layout.length + 2
  if (available < whole) return { found: 'partial', start: from, need: whole }
  if (buffer[from + whole - 1] !== end) return { found: 'noise', skip: from + 1, reason: 'FRAME_END' }
  if (!fcsHolds(buffer, layout)) return { found: 'noise', skip: from + 1, reason: 'FRAME_CHECKSUM' }
  return { found: 'frame', start: from, end: from + whole }
}

function skipTo(buffer: Uint8Array, from: number): FrameSearch {
  if (buffer[from] === wakeUp) {
    let at = from
    while (at < buffer.length && buffer[at] === wakeUp) at++
    return { found: 'noise', skip: at, reason: 'PREAMBLE' }
  }
  let at = from
  while (at < buffer.length && buffer[at] !== start && buffer[at] !== wakeUp) at++
  return { found: 'noise', skip: at, reason: 'FRAME_START' }
}

