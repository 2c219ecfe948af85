import type { DecodeFailure, Decoded, DecodeOptions, FrameSearch } from '../codec.ts'
import type { Input } from '../input.ts'
import { toHex } from '../hex.ts'
import { failure, Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import { isReadTag, judgeStart, readApdu, writeApdu } from './apdu.ts'
import { decodeHdlc, encodeHdlc, isLlc, llcBytes, searchHdlc, writeLlc } from './hdlc.ts'
import type { DlmsApdu, DlmsMessage, WrapperFrame } from './message.ts'
import { obisBytes, readObis } from './obis.ts'

const hdlcFlag = 0x7e
const wrapperHeader = 8
/** A WRAPPER length is not checked by anything: a stream waits for no more than this (pushes suggest 4 KiB, profiles are longer). */
const maxStreamApdu = 16_384

/** Decodes what the first bytes announce: WRAPPER, HDLC with or without flags, LLC, DSMR 4 text or a bare APDU (chapter 11). */
export function decodeMessage(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<DlmsMessage> {
  const first = bytes[0]
  if (first === undefined) return failure('FRAME_TOO_SHORT', 0, 'no frame')
  if (first === 0x00 && bytes[1] === 0x01) {
    const wrapper = decodeWrapper(bytes, options)
    return wrapper.ok ? { ok: true, message: { layer: 'wrapper', wrapper: wrapper.message } } : wrapper
  }
  if (first === hdlcFlag || first >> 4 === 0x0a) {
    const hdlc = decodeHdlc(bytes, options)
    return hdlc.ok ? { ok: true, message: { layer: 'hdlc', hdlc: hdlc.message.frame } } : hdlc
  }
  if (isLlc(bytes, 0, bytes.length)) {
    const apdu = readWhole(new Reader(bytes, llcBytes), options)
    return apdu.ok ? { ok: true, message: { layer: 'llc', llc: toHex(bytes, 0, llcBytes), apdu: apdu.message } } : apdu
  }
  const text = decodeDsmr4(bytes)
  if (text !== null) return { ok: true, message: text }
  if (!isReadTag(first)) return failure('FRAME_START', 0, 'neither WRAPPER, HDLC, LLC nor an APDU of DLMS')
  const apdu = readWhole(new Reader(bytes), options)
  return apdu.ok ? { ok: true, message: { layer: 'apdu', apdu: apdu.message } } : apdu
}

function readWhole(reader: Reader, options: DecodeOptions): Decoded<DlmsApdu> {
  return reader.finish(readApdu(reader, options) as DlmsApdu)
}

/*
 * WRAPPER (chapter 1)
 *   version 0001 | source wPort u16 | destination wPort u16 | length of the APDU u16 | APDU
 */
export function decodeWrapper(bytes: Uint8Array, options: DecodeOptions): Decoded<WrapperFrame> {
  const reader = new Reader(bytes)
  const version = reader.u16be('WRAPPER version')
  const srcWPort = reader.u16be('source wPort')
  const dstWPort = reader.u16be('destination wPort')
  const length = reader.u16be('WRAPPER length')
  if (!reader.ok) return failure('FRAME_TOO_SHORT', bytes.length, 'the WRAPPER header is cut')
  const partial = { wrapper: { version, srcWPort, dstWPort, length, extra: Math.max(0, reader.remaining - length) } }
  if (version !== 1) return failure('FRAME_START', 0, `WRAPPER version ${version} is not 1`, partial)
  if (reader.remaining < length) return failure('FRAME_INCOMPLETE', bytes.length, `${length - reader.remaining} bytes are missing`, partial)
  if (reader.remaining > length) return failure('FIELD_TRAILING', wrapperHeader + length, `${reader.remaining - length} bytes after the APDU`, partial)
  const apdu = readWhole(reader, options)
  return apdu.ok ? { ok: true, message: { version, srcWPort, dstWPort, apdu: apdu.message } } : { ...apdu, partial }
}

function encodeWrapper(input: Input): Uint8Array {
  const apdu = new Writer()
  writeApdu(apdu, input.get('apdu'))
  if (apdu.length > 0xffff) input.get('apdu').fail(`has ${apdu.length} bytes, the limit is ${0xffff}`)
  const writer = new Writer()
  writer.u16be(input.has('version') ? input.get('version').int(1, 1) : 1)
  writer.u16be(input.get('srcWPort').int(0, 0xffff))
  writer.u16be(input.get('dstWPort').int(0, 0xffff))
  writer.u16be(apdu.length)
  writer.bytes(apdu.finish())
  return writer.finish()
}

/*
 * DSMR 4 alarm (chapter 7), no APDU
 *   equipment identifier, 17 ASCII characters | 2C | alarm register u32, or OBIS 6
 */
const equipmentIdBytes = 17

function decodeDsmr4(bytes: Uint8Array): DlmsMessage | null {
  const rest = bytes.length - equipmentIdBytes - 1
  if ((rest !== 4 && rest !== 6) || bytes[equipmentIdBytes] !== 0x2c) return null
  for (let at = 0; at < equipmentIdBytes; at++) if ((bytes[at] as number) < 0x20 || (bytes[at] as number) > 0x7e) return null
  const equipmentId = Buffer.from(bytes.buffer, bytes.byteOffset, equipmentIdBytes).toString('latin1')
  const reader = new Reader(bytes, equipmentIdBytes + 1)
  return rest === 4 ? { layer: 'dsmr4', equipmentId, register: reader.u32be('alarm register') } : { layer: 'dsmr4', equipmentId, obis: readObis(reader) }
}

function encodeDsmr4(input: Input): Uint8Array {
  const id = input.get('equipmentId')
  if (!/^[\x20-\x7e]{17}$/.test(id.text())) id.fail('must be 17 printable characters')
  const writer = new Writer()
  writer.bytes(Buffer.from(id.text(), 'latin1'))
  writer.u8(0x2c)
  if (input.has('register')) writer.u32be(input.get('register').int(0, 0xffffffff))
  else writer.bytes(obisBytes(input.get('obis')))
  return writer.finish()
}

/** Builds the bytes of a message. Throws StationError INPUT_INVALID naming the field. */
export function encodeMessage(input: Input): Uint8Array {
  const writer = new Writer()
  switch (input.get('layer').oneOf(['wrapper', 'hdlc', 'llc', 'apdu', 'dsmr4'])) {
    case 'wrapper':
      return encodeWrapper(input.get('wrapper'))
    case 'hdlc':
      return encodeHdlc(input.get('hdlc'))
    case 'dsmr4':
      return encodeDsmr4(input)
    case 'llc':
      writeLlc(writer, input.get('llc'))
      break
    case 'apdu':
  }
  writeApdu(writer, input.get('apdu'))
  return writer.finish()
}

/** Looks for the next WRAPPER or HDLC frame. A WRAPPER has no check: its version, a limit and an APDU of exactly its length stand for one. */
export function searchMessage(buffer: Uint8Array, from: number): FrameSearch {
  if (from >= buffer.length) return { found: 'partial', start: from, need: 1 }
  if (buffer[from] === hdlcFlag) return searchHdlc(buffer, from)
  if (buffer[from] === 0x00) return searchWrapper(buffer, from)
  let at = from
  while (at < buffer.length && buffer[at] !== hdlcFlag && buffer[at] !== 0x00) at++
  return { found: 'noise', skip: at, reason: 'FRAME_START' }
}

function searchWrapper(buffer: Uint8Array, from: number): FrameSearch {
  const available = buffer.length - from
  const noise = (reason: DecodeFailure['code']): FrameSearch => ({ found: 'noise', skip: from + 1, reason })
  if (available < 2) return { found: 'partial', start: from, need: 2 }
  if (buffer[from + 1] !== 0x01) return noise('FRAME_START')
  if (available < wrapperHeader + 1) return { found: 'partial', start: from, need: wrapperHeader + 1 }
  const length = ((buffer[from + 6] as number) << 8) | (buffer[from + 7] as number)
  if (length === 0 || length > maxStreamApdu) return noise('FRAME_LENGTH')
  const end = from + wrapperHeader + length
  const wrong = judgeStart(buffer, from + wrapperHeader, Math.min(end, buffer.length), length)
  if (wrong !== null) return noise(wrong)
  return end > buffer.length ? { found: 'partial', start: from, need: wrapperHeader + length } : { found: 'frame', start: from, end }
}
