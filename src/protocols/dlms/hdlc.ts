import type { DecodeFailure, Decoded, DecodeOptions, FrameSearch } from '../codec.ts'
import { crcX25 } from '../crc-x25.ts'
import { toHex } from '../hex.ts'
import type { Input } from '../input.ts'
import { failure, Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import { readApdu, writeApdu } from './apdu.ts'
import { hdlcFlags, type HdlcFrame } from './message.ts'

const flag = 0x7e
const smallestLength = 7

/*
 * HDLC frame format type 3 (chapter 2)
 *   7E | format u16: 1010, S segmentation, 11 bits length from format to FCS | destination 1, 2 or 4 | source 1, 2 or 4
 *   | control | HCS u16 low byte first, only with information | information | FCS u16 low byte first | 7E
 * No byte stuffing: 7E occurs in the data, so the length and the checks decide, not the flag.
 */
export interface HdlcLayout {
  /** Offset of the format field. */
  readonly at: number
  readonly formatType: number
  readonly segmented: boolean
  readonly length: number
  readonly destination: readonly number[]
  readonly source: readonly number[]
  readonly controlAt: number
  /** Null when there is no information. */
  readonly hcsAt: number | null
  readonly fcsAt: number
}

/** Reads the header, or tells how many bytes from `at` are needed for it, or why it is none. */
function readLayout(bytes: Uint8Array, at: number, end: number): HdlcLayout | { readonly need: number } | { readonly wrong: string; readonly offset: number; readonly code: DecodeFailure['code'] } {
  if (end - at < 2) return { need: 2 }
  const format = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
  if (format >> 12 !== 0x0a) return { wrong: 'the format type is not 3', offset: at, code: 'FRAME_START' }
  const length = format & 0x07ff
  if (length < smallestLength) return { wrong: `a length of ${length} is too small`, offset: at, code: 'FRAME_LENGTH' }
  const destination = readAddress(bytes, at + 2, end)
  if (destination === 'short') return { need: end - at + 1 }
  if (destination === null) return { wrong: 'the destination address has no end', offset: at + 2, code: 'ADDRESS_INVALID' }
  const sourceAt = at + 2 + destination.length
  const source = readAddress(bytes, sourceAt, end)
  if (source === 'short') return { need: end - at + 1 }
  if (source === null) return { wrong: 'the source address has no end', offset: sourceAt, code: 'ADDRESS_INVALID' }
  const controlAt = sourceAt + source.length
  if (controlAt >= end) return { need: end - at + 1 }
  const fcsAt = at + length - 2
  const left = fcsAt - controlAt - 1
  if (left < 0 || left === 1) return { wrong: `a length of ${length} does not fit the header`, offset: at, code: 'FRAME_LENGTH' }
  return { at, formatType: format >> 12, segmented: (format & 0x0800) !== 0, length, destination, source, controlAt, hcsAt: left === 0 ? null : controlAt + 1, fcsAt }
}

/** Bits 7-1 of each byte; bit 0 marks the last one. Addresses have 1, 2 or 4 bytes. */
function readAddress(bytes: Uint8Array, at: number, end: number): readonly number[] | 'short' | null {
  const values: number[] = []
  for (let index = at; values.length < 4; index++) {
    if (index >= end) return 'short'
    const byte = bytes[index] as number
    values.push(byte >> 1)
    if ((byte & 1) === 1) return values.length === 3 ? null : values
  }
  return null
}

const checkAt = (bytes: Uint8Array, at: number): number => (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
const holds = (bytes: Uint8Array, from: number, at: number): boolean => at + 2 <= bytes.length && crcX25(bytes, from, at) === checkAt(bytes, at)

/** Every header field that could be judged, in the names of the public vectors. */
export function hdlcFacts(bytes: Uint8Array, layout: HdlcLayout): object {
  const { at, hcsAt, fcsAt } = layout
  return {
    formatType: layout.formatType,
    segmented: layout.segmented,
    length: layout.length,
    destination: layout.destination,
    source: layout.source,
    control: `0x${toHex(bytes, layout.controlAt, layout.controlAt + 1)}`,
    ...(hcsAt === null ? {} : { ...(hcsAt + 2 <= bytes.length ? { hcs: toHex(bytes, hcsAt, hcsAt + 2) } : {}), hcsOk: holds(bytes, at, hcsAt) }),
    ...(fcsAt + 2 <= bytes.length ? { fcs: toHex(bytes, fcsAt, fcsAt + 2) } : {}),
    fcsOk: holds(bytes, at, fcsAt),
  }
}

/** Offsets of an accepted frame, for those who explain it. */
export function hdlcLayout(bytes: Uint8Array): HdlcLayout | null {
  const layout = readLayout(bytes, bytes[0] === flag ? 1 : 0, bytes.length)
  return 'at' in layout ? layout : null
}

export interface HdlcDecoded {
  readonly frame: HdlcFrame
  readonly layout: HdlcLayout
}

/** Decodes one HDLC frame, with its flags or without. */
export function decodeHdlc(bytes: Uint8Array, options: DecodeOptions): Decoded<HdlcDecoded> {
  const at = bytes[0] === flag ? 1 : 0
  const layout = readLayout(bytes, at, bytes.length)
  if ('need' in layout) return failure('FRAME_TOO_SHORT', bytes.length, 'the HDLC header is cut')
  if ('wrong' in layout) return failure(layout.code, layout.offset, layout.wrong)
  const partial = (): object => ({ hdlc: hdlcFacts(bytes, layout) })
  if (layout.hcsAt !== null && layout.hcsAt + 2 <= bytes.length && !holds(bytes, at, layout.hcsAt)) return failure('FRAME_CHECKSUM', layout.hcsAt, 'header checksum HCS does not match', partial())
  const end = layout.fcsAt + 2
  if (end > bytes.length) return failure('FRAME_INCOMPLETE', bytes.length, `${end - bytes.length} bytes are missing`, partial())
  if (!holds(bytes, at, layout.fcsAt)) return failure('FRAME_CHECKSUM', layout.fcsAt, 'frame checksum FCS does not match', partial())
  const closed = at === 1 && bytes[end] === flag
  if (end + (closed ? 1 : 0) < bytes.length) return failure(at === 1 && !closed ? 'FRAME_END' : 'FIELD_TRAILING', end, 'bytes after the frame', partial())
  const head = { flags: hdlcFlags[at + (closed ? 1 : 0)] ?? 'none', segmented: layout.segmented, destination: layout.destination, source: layout.source, control: `0x${toHex(bytes, layout.controlAt, layout.controlAt + 1)}` }
  if (layout.hcsAt === null) return { ok: true, message: { frame: head, layout } }
  const infoAt = layout.hcsAt + 2
  if (layout.segmented || !isLlc(bytes, infoAt, layout.fcsAt)) return { ok: true, message: { frame: { ...head, info: toHex(bytes, infoAt, layout.fcsAt) }, layout } }
  const reader = new Reader(bytes, infoAt + llcBytes, layout.fcsAt)
  const apdu = reader.finish(readApdu(reader, options))
  if (!apdu.ok || apdu.message === null) return { ...(apdu as DecodeFailure), partial: partial() }
  return { ok: true, message: { frame: { ...head, llc: toHex(bytes, infoAt, infoAt + llcBytes), apdu: apdu.message }, layout } }
}

export const llcBytes = 3
/*
 * LLC   E6 E6 00 command, E6 E7 00 response and pushes
 */
export function isLlc(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at > llcBytes && bytes[at] === 0xe6 && (bytes[at + 1] === 0xe6 || bytes[at + 1] === 0xe7) && bytes[at + 2] === 0x00
}

export function writeLlc(writer: Writer, input: Input): void {
  const bytes = input.hex(llcBytes)
  if (!isLlc(Uint8Array.of(...bytes, 0), 0, llcBytes + 1)) input.fail('must be e6e600 or e6e700')
  writer.bytes(bytes)
}

export function encodeHdlc(input: Input): Uint8Array {
  const information = new Writer()
  const raw = input.get('info')
  if (input.has('apdu')) {
    if (!raw.absent) raw.fail('must be absent beside an APDU')
    writeLlc(information, input.get('llc'))
    writeApdu(information, input.get('apdu'))
  } else if (!raw.absent) information.bytes(raw.hex())

  const header = new Writer()
  for (const name of ['destination', 'source']) writeAddress(header, input.get(name))
  header.u8(controlByte(input.get('control')))
  const withInformation = input.has('apdu') || !raw.absent
  const length = 2 + header.length + (withInformation ? 2 + information.length : 0) + 2
  if (length > 0x7ff) input.fail(`makes a frame of ${length} bytes, the limit is ${0x7ff}: send it in segments`)
  const body = new Writer()
  body.u16be(0xa000 | (input.get('segmented').boolean() ? 0x0800 : 0) | length)
  body.bytes(header.finish())
  if (withInformation) {
    body.u16le(crcX25(body.finish()))
    body.bytes(information.finish())
  }
  body.u16le(crcX25(body.finish()))
  const flags = input.has('flags') ? input.get('flags').oneOf(hdlcFlags) : 'both'
  const whole = new Writer()
  if (flags !== 'none') whole.u8(flag)
  whole.bytes(body.finish())
  if (flags === 'both') whole.u8(flag)
  return whole.finish()
}

function writeAddress(writer: Writer, input: Input): void {
  const values = input.list()
  if (values.length !== 1 && values.length !== 2 && values.length !== 4) input.fail('must have 1, 2 or 4 values')
  values.forEach((value, index) => {
    writer.u8((value.int(0, 0x7f) << 1) | (index === values.length - 1 ? 1 : 0))
  })
}

function controlByte(input: Input): number {
  if (!/^0x[0-9a-f]{2}$/.test(input.text())) input.fail('must be 0x and two hex digits')
  return Number(input.text())
}

/** The next frame that begins with the flag at `from`. The closing flag may open the next frame, so it is left in the stream. */
export function searchHdlc(buffer: Uint8Array, from: number): FrameSearch {
  const at = from + 1
  const layout = readLayout(buffer, at, buffer.length)
  if ('need' in layout) return { found: 'partial', start: from, need: layout.need + 1 }
  if ('wrong' in layout) return { found: 'noise', skip: at, reason: buffer[at] === flag ? 'PREAMBLE' : layout.code }
  if (layout.hcsAt !== null) {
    // nothing is waited for on an unchecked length
    if (layout.hcsAt + 2 > buffer.length) return { found: 'partial', start: from, need: layout.hcsAt + 2 - from }
    if (!holds(buffer, at, layout.hcsAt)) return { found: 'noise', skip: at, reason: 'FRAME_CHECKSUM' }
  }
  const end = layout.fcsAt + 2
  if (end + 1 > buffer.length) return { found: 'partial', start: from, need: end + 1 - from }
  if (buffer[end] !== flag) return { found: 'noise', skip: at, reason: 'FRAME_END' }
  if (!holds(buffer, at, layout.fcsAt)) return { found: 'noise', skip: at, reason: 'FRAME_CHECKSUM' }
  return { found: 'frame', start: from, end }
}

/** Takes off the byte stuffing that some serial gateways add (7D 5E = 7E, 7D 5D = 7D): an option, never applied unasked. */
export function unstuff(bytes: Uint8Array): Uint8Array {
  const plain = new Uint8Array(bytes.length)
  let used = 0
  for (let at = 0; at < bytes.length; at++) {
    const escaped = bytes[at] === 0x7d && at + 1 < bytes.length
    if (escaped) at++
    plain[used++] = (bytes[at] as number) ^ (escaped ? 0x20 : 0)
  }
  return plain.subarray(0, used)
}
