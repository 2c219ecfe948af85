import { readLength, writeLength, writeOctets } from '../axdr.ts'
import type { Decoded, DecodeOptions, FailureCode } from '../codec.ts'
import { byteHex } from '../hex.ts'
import { Input } from '../input.ts'
import { Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import { open, securityControl } from './cipher.ts'
import { readGetRequest, readGetResponse, writeGetRequest, writeGetResponse } from './get.ts'
import type { CipheredApdu, DlmsApdu, OtherApdu } from './message.ts'
import { readDataNotification, readEventNotification, writeDataNotification, writeEventNotification } from './notification.ts'

/** Services that are recognised and kept (chapter 4). */
const otherServices: Readonly<Record<number, string>> = {
  0x0e: 'confirmed-service-error', 0x60: 'AARQ', 0x61: 'AARE', 0x62: 'RLRQ', 0x63: 'RLRE', 0xc1: 'set-request', 0xc3: 'action-request',
  0xc5: 'set-response', 0xc7: 'action-response', 0xc8: 'glo-get-request', 0xc9: 'glo-set-request', 0xca: 'glo-event-notification',
  0xcb: 'glo-action-request', 0xcc: 'glo-get-response', 0xcd: 'glo-set-response', 0xcf: 'glo-action-response', 0xd8: 'exception-response',
  0xdc: 'general-ded-ciphering', 0xdd: 'general-ciphering', 0xdf: 'general-signing', 0xe0: 'general-block-transfer',
}
/** Association services are BER: tag, length, content. */
const isBer = (tag: number): boolean => tag >= 0x60 && tag <= 0x63

export const isApduTag = (tag: number): boolean => tag === 0x0f || tag === 0xc0 || tag === 0xc2 || tag === 0xc4 || tag === 0xdb || otherServices[tag] !== undefined

/** Services whose content is read: only these are taken for an APDU without any frame, since nothing else checks such bytes. */
export const isReadTag = (tag: number): boolean => isApduTag(tag) && (otherServices[tag] === undefined || isBer(tag))

/** A ciphered APDU holds a plain one; more layers than this are an attack. */
const maxCipherLayers = 2

/** Reads the APDU that fills [reader.offset, reader.end). */
export function readApdu(reader: Reader, options: DecodeOptions = {}, layer = 0): DlmsApdu | null {
  const at = reader.offset
  const tag = reader.u8('APDU tag')
  switch (tag) {
    case 0x0f:
      return readDataNotification(reader)
    case 0xc2:
      return readEventNotification(reader)
    case 0xc0:
      return readGetRequest(reader)
    case 0xc4:
      return readGetResponse(reader)
    case 0xdb:
      return readCiphered(reader, options, layer)
    default:
      return readOther(reader, tag, at)
  }
}

/** Decodes an APDU without any frame. */
export function decodeApdu(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<DlmsApdu> {
  const reader = new Reader(bytes)
  return reader.finish(readApdu(reader, options) as DlmsApdu)
}

/*
 * General-glo-ciphering (chapter 9)
 *   DB | 08 system title 8 | length | security control | frame counter u32 | cipher text | tag 12 when authenticated
 */
function readCiphered(reader: Reader, options: DecodeOptions, layer: number): CipheredApdu {
  const at = reader.offset
  const titleLength = reader.u8('system title length')
  if (titleLength !== 8) reader.fail('FIELD_INVALID', `system title of ${titleLength} bytes`, at)
  const systemTitle = reader.hex(8, 'system title')
  const content = reader.part(readLength(reader, 'ciphered length'), 'ciphered content')
  const control = securityControl(content.u8('security control'))
  const frameCounter = content.u32be('frame counter')
  const tagLength = control.authenticated ? 12 : 0
  const cipherText = content.remaining < tagLength ? '' : content.hex(content.remaining - tagLength, 'cipher text')
  const tagAt = content.offset
  const authTag = control.authenticated ? content.hex(12, 'authentication tag') : null
  if (content.failure !== null) reader.fail(content.failure.code, content.failure.reason, content.failure.offset)
  const sealed: CipheredApdu = { tag: '0xdb', service: 'general-glo-ciphering', systemTitle, securityControl: control, frameCounter, cipherText, authTag }
  if (!reader.ok || options.keys === undefined) return sealed
  if (control.suite !== 0 || control.compressed) {
    reader.fail('UNSUPPORTED', control.compressed ? 'compressed content' : `security suite ${control.suite}`, at)
    return sealed
  }
  const opened = open(sealed, options.keys)
  if (opened.plain === undefined) {
    reader.fail('DECRYPTION_FAILED', opened.refusal ?? 'cannot be opened', tagAt)
    return sealed
  }
  const inner = new Reader(opened.plain)
  const apdu = layer >= maxCipherLayers ? null : readApdu(inner, options, layer + 1)
  const decoded = inner.finish(apdu)
  if (decoded.ok && decoded.message !== null) return { ...sealed, apdu: decoded.message }
  // without a tag only the content can tell that the key was wrong
  reader.fail('DECRYPTION_FAILED', `the opened content is no APDU${decoded.ok ? '' : `: ${decoded.reason}`}`, tagAt)
  return sealed
}

function writeCiphered(writer: Writer, input: Input): void {
  const control = input.get('securityControl').get('raw').int(0, 255)
  const content = new Writer()
  content.u8(control)
  content.u32be(input.get('frameCounter').int(0, 0xffffffff))
  content.bytes(input.get('cipherText').hex())
  const tag = input.get('authTag')
  if (((control & 0x10) !== 0) === tag.absent) tag.fail('must be there exactly when the security control says authenticated')
  if (!tag.absent) content.bytes(tag.hex(12))
  writeOctets(writer, input.get('systemTitle').hex(8))
  writeOctets(writer, content.finish())
}

/*
 * Services that a head-end does not read: kept as they are when their outer form holds
 *   60..63 association                     BER length, content
 *   C8..CF glo-ciphered                    one octet-string: security control, frame counter u32, cipher text
 *   DC general-ded-ciphering               octet-strings: system title, content
 *   DD general-ciphering, DF signing       five octet-strings, key information (DD only), content, signature (DF only)
 *   E0 general-block-transfer              control u8, block u16, acknowledged block u16, octet-string
 *   0E, D8 errors                          3 bytes; 2 bytes or more
 */
function readOther(reader: Reader, tag: number, at: number): OtherApdu {
  const service = otherServices[tag]
  if (service === undefined) reader.fail('FIELD_INVALID', `APDU tag ${byteHex(tag)} is not known`, at)
  const length = isBer(tag) ? readLength(reader, 'length') : reader.remaining
  const start = reader.offset
  const contentHex = reader.hex(length, 'content')
  const form = new Reader(reader.bytes, start, reader.offset)
  if (reader.ok) readForm(form, tag)
  if (form.failure !== null) reader.fail(form.failure.code, form.failure.reason, form.failure.offset)
  return { tag: `0x${byteHex(tag)}`, service: service ?? '', contentHex }
}

function readForm(form: Reader, tag: number): void {
  const octetStrings = (count: number): void => {
    for (let index = 0; index < count; index++) form.skip(readLength(form, 'length'), 'octet-string')
  }
  if (tag === 0x0e) form.skip(3, 'service error')
  else if (tag === 0xd8) form.skip(Math.max(2, Math.min(form.remaining, 6)), 'exception')
  else if (tag >= 0xc8 && tag <= 0xcf) {
    const length = readLength(form, 'ciphered length')
    if (length < 5) form.fail('FIELD_SHORT', 'ciphered content without a security header')
    form.skip(length, 'ciphered content')
  } else if (tag === 0xdc) octetStrings(2)
  else if (tag === 0xdf) octetStrings(7)
  else if (tag === 0xe0) {
    form.skip(5, 'block header')
    octetStrings(1)
  } else if (tag === 0xdd) {
    octetStrings(5)
    // key information has many forms
    if (form.u8('key information') !== 0) form.skip(form.remaining, 'key information')
    else octetStrings(1)
  } else return
  form.finish(null)
}

/** Services whose form nothing checks: never taken for a frame in a stream, where only the form tells a WRAPPER from noise. */
const isUnchecked = (tag: number): boolean => tag === 0xc1 || tag === 0xc3 || tag === 0xc5 || tag === 0xc7

/**
 * What the bytes [start, end) of an APDU say that is `announced` bytes long: a failure that more bytes cannot mend, or null.
 * A WRAPPER has no check of its own, so a stream asks this before it waits and before it believes.
 */
export function judgeStart(bytes: Uint8Array, start: number, end: number, announced: number): FailureCode | null {
  const tag = bytes[start]
  if (tag === undefined) return null
  if (!isApduTag(tag) || isUnchecked(tag)) return 'FRAME_START'
  if (otherServices[tag] !== undefined && end - start < announced) return null
  const reader = new Reader(bytes, start, end)
  readApdu(reader)
  if (reader.failure !== null) return reader.failure.code === 'FIELD_SHORT' && end - start < announced ? null : reader.failure.code
  return reader.offset - start === announced ? null : 'FIELD_TRAILING'
}

const writers: Readonly<Record<string, readonly [tag: number, write: (writer: Writer, input: Input) => void]>> = {
  'data-notification': [0x0f, writeDataNotification],
  'event-notification-request': [0xc2, writeEventNotification],
  'get-request': [0xc0, writeGetRequest],
  'get-response': [0xc4, writeGetResponse],
  'general-glo-ciphering': [0xdb, writeCiphered],
}

/** Inverse of readApdu. */
export function writeApdu(writer: Writer, input: Input): void {
  const service = input.get('service').text()
  const known = writers[service]
  if (known !== undefined) {
    writer.u8(known[0])
    return known[1](writer, input)
  }
  const other = Object.entries(otherServices).find(([, name]) => name === service)
  if (other === undefined) return input.get('service').fail('is no DLMS service')
  const tag = Number(other[0])
  const content = input.get('contentHex').hex()
  writer.u8(tag)
  if (isBer(tag)) writeLength(writer, content.length)
  writer.bytes(content)
}

/** Bytes of an APDU. Throws StationError INPUT_INVALID naming the field. */
export function encodeApdu(apdu: DlmsApdu): Uint8Array {
  const writer = new Writer()
  writeApdu(writer, new Input(apdu, 'apdu'))
  return writer.finish()
}

