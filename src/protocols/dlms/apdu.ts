import { readLength, readOctets, writeLength, writeOctets } from '../axdr.ts'
import type { Decoded, DecodeOptions, FailureCode } from '../codec.ts'
import { byteHex, toHex } from '../hex.ts'
import { Input } from '../input.ts'
import { Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import { open, securityControl } from './cipher.ts'
import { readData, writeData } from './data.ts'
import { readDateTime, writeDateTime } from './date-time.ts'
import { dateTimeEncodings, type AttributeDescriptor, type CipheredApdu, type CosemDateTime, type DataNotification, type DlmsApdu, type EventNotification, type GetRequest, type GetResponse, type GetResult, type OtherApdu } from './message.ts'
import { obisBytes, readObis } from './obis.ts'

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
 * Data-Notification (chapter 5)
 *   0F | long invoke id and priority 4 | date-time | body Data
 *   date-time by its first byte: 00 absent | 0C 12 bytes, the form of the standard | 09 0C 12 bytes, tagged octet-string
 */
function readDataNotification(reader: Reader): DataNotification {
  const longInvokeId = reader.hex(4, 'long invoke id')
  const at = reader.offset
  const first = reader.u8('date-time')
  if (first === 0) return { tag: '0x0f', service: 'data-notification', longInvokeId, dateTime: null, body: readData(reader) }
  const length = first === 0x09 ? reader.u8('date-time length') : first
  if (length !== 0x0c) reader.fail('FIELD_INVALID', `date-time begins with ${byteHex(first)}, not 00, 0c or 09 0c`, at)
  const { value, raw } = readRawDateTime(reader)
  return { tag: '0x0f', service: 'data-notification', longInvokeId, dateTimeEncoding: first === 0x09 ? 'tagged-octet-string' : 'length-prefixed', dateTime: value, dateTimeRaw: raw, body: readData(reader) }
}

function readRawDateTime(reader: Reader): { readonly value: CosemDateTime; readonly raw: string } {
  const at = reader.offset
  const value = readDateTime(reader)
  return { value, raw: reader.ok ? toHex(reader.bytes, at, at + 12) : '' }
}

function writeDataNotification(writer: Writer, input: Input): void {
  writer.bytes(input.get('longInvokeId').hex(4))
  const bytes = dateTimeBytes(input.get('dateTime'), input.get('dateTimeRaw'))
  if (bytes === null) writer.u8(0)
  else {
    if (input.get('dateTimeEncoding').oneOf(dateTimeEncodings) === 'tagged-octet-string') writer.u8(0x09)
    writeOctets(writer, bytes)
  }
  writeData(writer, input.get('body'))
}

/** From the parts or the raw bytes; where both are given they must agree. */
function dateTimeBytes(parts: Input, raw: Input): Uint8Array | null {
  if (parts.absent) return raw.absent ? null : raw.hex(12)
  const writer = new Writer()
  writeDateTime(writer, parts)
  const bytes = writer.finish()
  if (!raw.absent && !raw.hex(12).equals(bytes)) raw.fail('does not agree with the date and time beside it')
  return bytes
}

/*
 * Event-Notification (chapter 6)
 *   C2 | time | class id u16 | OBIS 6 | attribute i8 | value Data
 *   time: 00 absent | 01 or 09, length, 12 bytes | 0C, 12 bytes
 */
function readEventNotification(reader: Reader): EventNotification {
  const at = reader.offset
  const flag = reader.u8('time')
  let time: { readonly value: CosemDateTime; readonly raw: string } | null = null
  if (flag !== 0) {
    const length = flag === 0x01 || flag === 0x09 ? reader.u8('time length') : flag
    if (length !== 0x0c) reader.fail('FIELD_INVALID', `time begins with ${byteHex(flag)}, not 00, 01 0c, 09 0c or 0c`, at)
    time = readRawDateTime(reader)
  }
  const classId = reader.u16be('class id')
  const obis = readObis(reader)
  const attribute = reader.i8('attribute')
  return { tag: '0xc2', service: 'event-notification-request', timeFlag: `0x${byteHex(flag)}`, time: time?.value ?? null, ...(time === null ? {} : { timeRaw: time.raw }), classId, obis, attribute, value: readData(reader) }
}

function writeEventNotification(writer: Writer, input: Input): void {
  const flag = input.get('timeFlag').oneOf(['0x00', '0x01', '0x09', '0x0c'])
  const bytes = dateTimeBytes(input.get('time'), input.get('timeRaw'))
  if ((flag === '0x00') !== (bytes === null)) input.get('timeFlag').fail('does not agree with time')
  if (bytes === null) writer.u8(0)
  else {
    if (flag !== '0x0c') writer.u8(Number(flag))
    writeOctets(writer, bytes)
  }
  writer.u16be(input.get('classId').int(0, 0xffff))
  writer.bytes(obisBytes(input.get('obis')))
  writer.u8(input.get('attribute').int(-128, 127) & 0xff)
  writeData(writer, input.get('value'))
}

/*
 * Attribute descriptor   class id u16 | OBIS 6 | attribute i8 | selective access: 00, or 01 selector u8 parameters Data
 */
function readDescriptor(reader: Reader): AttributeDescriptor {
  const classId = reader.u16be('class id')
  const obis = readObis(reader)
  const attribute = reader.i8('attribute')
  const at = reader.offset
  const flag = reader.u8('selective access')
  if (flag > 1) reader.fail('FIELD_INVALID', `selective access flag ${flag} is neither 0 nor 1`, at)
  if (flag === 0) return { classId, obis, attribute, selectiveAccess: null }
  const selector = reader.u8('selector')
  return { classId, obis, attribute, selectiveAccess: { selector, parameters: readData(reader) } }
}

function writeDescriptor(writer: Writer, input: Input): void {
  writer.u16be(input.get('classId').int(0, 0xffff))
  writer.bytes(obisBytes(input.get('obis')))
  writer.u8(input.get('attribute').int(-128, 127) & 0xff)
  const access = input.get('selectiveAccess')
  writer.u8(access.absent ? 0 : 1)
  if (access.absent) return
  writer.u8(access.get('selector').int(0, 255))
  writeData(writer, access.get('parameters'))
}

/*
 * GET-Request   C0 | 1 normal, 2 next, 3 list | invoke id and priority | descriptor, block u32, or count and descriptors
 */
function readGetRequest(reader: Reader): GetRequest {
  const at = reader.offset
  const choice = reader.u8('GET choice')
  const head = { tag: '0xc0', service: 'get-request', choice, invokeId: reader.u8('invoke id') } as const
  if (choice === 1) return { ...head, ...readDescriptor(reader) }
  if (choice === 2) return { ...head, block: reader.u32be('block number') }
  if (choice !== 3) reader.fail('FIELD_INVALID', `get-request choice ${choice} is not 1 to 3`, at)
  const count = reader.count(readLength(reader, 'number of attributes'), 10, 'attributes')
  const list: AttributeDescriptor[] = []
  for (let index = 0; index < count && reader.ok; index++) list.push(readDescriptor(reader))
  return { ...head, list }
}

function writeGetRequest(writer: Writer, input: Input): void {
  const choice = input.get('choice').int(1, 3)
  writer.u8(choice)
  writer.u8(input.get('invokeId').int(0, 255))
  if (choice === 1) writeDescriptor(writer, input)
  else if (choice === 2) writer.u32be(input.get('block').int(0, 0xffffffff))
  else {
    const list = input.get('list').list()
    writeLength(writer, list.length)
    for (const descriptor of list) writeDescriptor(writer, descriptor)
  }
}

/*
 * GET-Response   C4 | choice | invoke id and priority
 *   1 result | 2 last bool, block u32, 00 octet-string or 01 access result | 3 count, results
 *   result: 00 Data, 01 access result u8
 */
function readGetResponse(reader: Reader): GetResponse {
  const at = reader.offset
  const choice = reader.u8('GET choice')
  const head = { tag: '0xc4', service: 'get-response', choice, invokeId: reader.u8('invoke id') } as const
  if (choice === 1) return { ...head, ...readResult(reader) }
  if (choice === 2) {
    const last = reader.u8('last block') !== 0
    const block = reader.u32be('block number')
    const result = reader.u8('block result')
    return { ...head, last, block, ...(result === 0 ? { raw: readOctets(reader, 'raw data') } : { accessResult: reader.u8('access result') }) }
  }
  if (choice !== 3) reader.fail('FIELD_INVALID', `get-response choice ${choice} is not 1 to 3`, at)
  const count = reader.count(readLength(reader, 'number of results'), 2, 'results')
  const results: GetResult[] = []
  for (let index = 0; index < count && reader.ok; index++) results.push(readResult(reader))
  return { ...head, results }
}

function readResult(reader: Reader): GetResult {
  const at = reader.offset
  const choice = reader.u8('result choice')
  if (choice === 0) return { data: readData(reader) }
  if (choice !== 1) reader.fail('FIELD_INVALID', `result choice ${choice} is neither 0 nor 1`, at)
  return { accessResult: reader.u8('access result') }
}

function writeGetResponse(writer: Writer, input: Input): void {
  const choice = input.get('choice').int(1, 3)
  writer.u8(choice)
  writer.u8(input.get('invokeId').int(0, 255))
  if (choice === 1) writeResult(writer, input)
  else if (choice === 2) {
    writer.u8(input.get('last').boolean() ? 1 : 0)
    writer.u32be(input.get('block').int(0, 0xffffffff))
    writer.u8(input.has('raw') ? 0 : 1)
    if (input.has('raw')) writeOctets(writer, input.get('raw').hex())
    else writer.u8(input.get('accessResult').int(0, 255))
  } else {
    const results = input.get('results').list()
    writeLength(writer, results.length)
    for (const result of results) writeResult(writer, result)
  }
}

function writeResult(writer: Writer, input: Input): void {
  writer.u8(input.has('data') ? 0 : 1)
  if (input.has('data')) writeData(writer, input.get('data'))
  else writer.u8(input.get('accessResult').int(0, 255))
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

