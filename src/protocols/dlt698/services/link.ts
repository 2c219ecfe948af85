import { readLength, readOctets, writeLength, writeOctets } from '../../axdr.ts'
import type { Input } from '../../input.ts'
import type { Reader } from '../../reader.ts'
import type { Writer } from '../../writer.ts'
import { latin1Bytes } from '../data-write.ts'
import { latin1 } from '../data.ts'
import type { ConnectRequest, ConnectResponse, ConnectSizes, ErrorResponse, LinkRequest, LinkResponse, ReleaseNotification, ReleaseRequest, ReleaseResponse, Vendor } from '../message.ts'
import { readClientTail, readPiid, readPiidAcd, readServerTail, writeClientTail, writePiid, writeServerTail } from '../results.ts'
import { readDateTime, readDateTimeS, writeDateTime, writeDateTimeS } from '../time.ts'

/*
 * LINK-Request (chapter 5.1), sent by the server, no tail
 *   01 | PIID-ACD | type: 0 login, 1 heartbeat, 2 logout | heartbeat period u16 s | request time date_time
 */
export function readLinkRequest(reader: Reader): LinkRequest {
  const piid = readPiidAcd(reader)
  const at = reader.offset
  const requestType = reader.u8('link request type')
  if (requestType > 2) reader.fail('FIELD_INVALID', `link request type ${requestType} is not 0 to 2`, at)
  const heartbeat = reader.u16be('heartbeat period')
  return { tag: '0x01', service: 'LINK-Request', piid, requestType, heartbeat, requestTime: readDateTime(reader, 'request time') }
}

export function writeLinkRequest(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  writer.u8(input.get('requestType').int(0, 2))
  writer.u16be(input.get('heartbeat').int(0, 0xffff))
  writeDateTime(writer, input.get('requestTime'))
}

/*
 * LINK-Response (chapter 5.1), sent by the client, no tail
 *   81 | PIID | result: bit 7 clock trusted, bits 3-6 zero, bits 2-0 code | request time | receive time | response time, date_time each
 */
export function readLinkResponse(reader: Reader): LinkResponse {
  const piid = readPiid(reader)
  const at = reader.offset
  const result = reader.u8('link result')
  if ((result & 0x78) !== 0) reader.fail('FIELD_INVALID', `link result ${result} has reserved bits set`, at)
  const requestTime = readDateTime(reader, 'request time')
  const receiveTime = readDateTime(reader, 'receive time')
  return { tag: '0x81', service: 'LINK-Response', piid, result, clockTrusted: result >= 0x80, code: result & 0x07, requestTime, receiveTime, responseTime: readDateTime(reader, 'response time') }
}

export function writeLinkResponse(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  const parts = input.has('clockTrusted') || input.has('code') ? (input.get('clockTrusted').boolean() ? 0x80 : 0) | input.get('code').int(0, 7) : null
  const result = input.has('result') ? input.get('result').int(0, 255) : (parts ?? 0)
  if ((result & 0x78) !== 0 || (parts !== null && parts !== result)) input.get('result').fail('does not agree with clockTrusted and code')
  writer.u8(result)
  writeDateTime(writer, input.get('requestTime'))
  writeDateTime(writer, input.get('receiveTime'))
  writeDateTime(writer, input.get('responseTime'))
}

/*
 * Sizes of an association (chapter 5.2)
 *   version u16 | protocol conformance 8 | function conformance 16
 *   max send frame u16 | max receive frame u16 | window u8 | max APDU u16 | association time-out u32 s
 */
function readSizes(reader: Reader): ConnectSizes {
  const version = reader.u16be('version')
  const protocolConformance = reader.hex(8, 'protocol conformance')
  const functionConformance = reader.hex(16, 'function conformance')
  const maxSend = reader.u16be('max send frame')
  const maxRecv = reader.u16be('max receive frame')
  const window = reader.u8('window')
  const maxApdu = reader.u16be('max APDU')
  return { version, protocolConformance, functionConformance, maxSend, maxRecv, window, maxApdu, timeoutS: reader.u32be('association time-out') }
}

function writeSizes(writer: Writer, input: Input): void {
  writer.u16be(input.get('version').int(0, 0xffff))
  writer.bytes(input.get('protocolConformance').hex(8))
  writer.bytes(input.get('functionConformance').hex(16))
  writer.u16be(input.get('maxSend').int(0, 0xffff))
  writer.u16be(input.get('maxRecv').int(0, 0xffff))
  writer.u8(input.get('window').int(0, 255))
  writer.u16be(input.get('maxApdu').int(0, 0xffff))
  writer.u32be(input.get('timeoutS').int(0, 0xffffffff))
}

/*
 * CONNECT-Request (chapter 5.2)
 *   02 | PIID | sizes | mechanism: 0 none, 1 visible-string password, 2 symmetric and 3 signature: octet-string, octet-string | TimeTag
 */
export function readConnectRequest(reader: Reader): ConnectRequest {
  const piid = readPiid(reader)
  const sizes = readSizes(reader)
  const at = reader.offset
  const mechanism = reader.u8('connect mechanism')
  if (mechanism > 3) reader.fail('FIELD_INVALID', `connect mechanism ${mechanism} is not 0 to 3`, at)
  const proof: { password?: string; cipher?: string; signature?: string } = {}
  if (mechanism === 1) proof.password = latin1(reader, readLength(reader, 'password length'), 'password')
  if (mechanism >= 2) {
    proof.cipher = readOctets(reader, 'cipher text')
    proof.signature = readOctets(reader, 'signature')
  }
  return { tag: '0x02', service: 'CONNECT-Request', piid, ...sizes, mechanism, ...proof, timeTag: readClientTail(reader) }
}

export function writeConnectRequest(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  writeSizes(writer, input)
  const mechanism = input.get('mechanism').int(0, 3)
  writer.u8(mechanism)
  if (mechanism === 1) {
    const password = latin1Bytes(input.get('password'))
    writeLength(writer, password.length)
    writer.bytes(password)
  } else if (mechanism >= 2) {
    writeOctets(writer, input.get('cipher').hex())
    writeOctets(writer, input.get('signature').hex())
  }
  writeClientTail(writer, input)
}

/*
 * CONNECT-Response (chapter 5.2)
 *   82 | PIID-ACD | vendor: code 4, software version 4, date 6, hardware version 4, date 6, extension 8 characters
 *   | sizes | result u8 | OPTIONAL {RN octet-string, signature octet-string} | FollowReport | TimeTag
 */
const vendorFields = [['code', 4], ['swVer', 4], ['swDate', 6], ['hwVer', 4], ['hwDate', 6], ['ext', 8]] as const

export function readConnectResponse(reader: Reader): ConnectResponse {
  const piid = readPiidAcd(reader)
  const texts = vendorFields.map(([name, length]) => [name, latin1(reader, length, `vendor ${name}`)])
  const vendor = Object.fromEntries(texts) as unknown as Vendor
  const sizes = readSizes(reader)
  const result = reader.u8('connect result')
  const present = reader.offset
  const flag = reader.u8('authentication')
  if (flag > 1) reader.fail('FIELD_INVALID', `authentication: optional flag ${flag} is neither 0 nor 1`, present)
  const auth = flag === 1 ? { rn: readOctets(reader, 'RN'), signature: readOctets(reader, 'signature') } : null
  return { tag: '0x82', service: 'CONNECT-Response', piid, vendor, ...sizes, result, auth, ...readServerTail(reader) }
}

export function writeConnectResponse(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  for (const [name, length] of vendorFields) {
    const field = input.get('vendor').get(name)
    const text = latin1Bytes(field)
    if (text.length !== length) field.fail(`must have ${length} characters`)
    writer.bytes(text)
  }
  writeSizes(writer, input)
  writer.u8(input.get('result').int(0, 255))
  const auth = input.get('auth')
  writer.u8(auth.absent ? 0 : 1)
  if (!auth.absent) {
    writeOctets(writer, auth.get('rn').hex())
    writeOctets(writer, auth.get('signature').hex())
  }
  writeServerTail(writer, input)
}

/*
 * RELEASE-Request        03 | PIID | TimeTag
 * RELEASE-Response       83 | PIID-ACD | result u8 | FollowReport | TimeTag
 * RELEASE-Notification   84 | PIID-ACD | established date_time_s | now date_time_s | FollowReport | TimeTag
 */
export function readReleaseRequest(reader: Reader): ReleaseRequest {
  const piid = readPiid(reader)
  return { tag: '0x03', service: 'RELEASE-Request', piid, timeTag: readClientTail(reader) }
}
export function writeReleaseRequest(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  writeClientTail(writer, input)
}

export function readReleaseResponse(reader: Reader): ReleaseResponse {
  const piid = readPiidAcd(reader)
  const result = reader.u8('release result')
  return { tag: '0x83', service: 'RELEASE-Response', piid, result, ...readServerTail(reader) }
}
export function writeReleaseResponse(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  writer.u8(input.get('result').int(0, 255))
  writeServerTail(writer, input)
}

export function readReleaseNotification(reader: Reader): ReleaseNotification {
  const piid = readPiidAcd(reader)
  const established = readDateTimeS(reader, 'association established')
  const now = readDateTimeS(reader, 'server time')
  return { tag: '0x84', service: 'RELEASE-Notification', piid, established, now, ...readServerTail(reader) }
}
export function writeReleaseNotification(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  writeDateTimeS(writer, input.get('established'))
  writeDateTimeS(writer, input.get('now'))
  writeServerTail(writer, input)
}

/*
 * ERROR-Response (chapter 5.7)
 *   server   EE | PIID-ACD | type u8 | FollowReport | TimeTag
 *   client   6E | PIID | type u8 | TimeTag
 */
export function readServerError(reader: Reader): ErrorResponse {
  const piid = readPiidAcd(reader)
  const errorType = reader.u8('error type')
  return { tag: '0xee', service: 'ERROR-Response', piid, errorType, ...readServerTail(reader) }
}
export function readClientError(reader: Reader): ErrorResponse {
  const piid = readPiid(reader)
  const errorType = reader.u8('error type')
  return { tag: '0x6e', service: 'ERROR-Response', piid, errorType, timeTag: readClientTail(reader) }
}
export function writeServerError(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  writer.u8(input.get('errorType').int(0, 255))
  writeServerTail(writer, input)
}
export function writeClientError(writer: Writer, input: Input): void {
  writePiid(writer, input.get('piid'))
  writer.u8(input.get('errorType').int(0, 255))
  writeClientTail(writer, input)
}
