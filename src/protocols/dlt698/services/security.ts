import { readOctets, readOptional, writeOctets } from '../../axdr.ts'
import type { Input } from '../../input.ts'
import { Reader } from '../../reader.ts'
import type { Writer } from '../../writer.ts'
import { readSid, writeSid } from '../descriptors.ts'
import type { Apdu, SecurityRequest, SecurityResponse, Verify } from '../message.ts'

/** Reads a whole inner APDU, or gives null when the bytes are none. */
export type ReadInner = (reader: Reader) => Apdu | null
/** Gives the bytes of the inner APDU that the message holds. */
export type InnerBytes = (input: Input) => Uint8Array

/*
 * SECURITY-Request (chapter 5.8), also around a report of a terminal; verification data is carried, not checked
 *   10 | 00 plain, 01 cipher | octet-string | verification
 *   verification: 0 SID_MAC {SID, octet-string MAC} | 1 RN octet-string | 2 RN_MAC {octet-string, octet-string} | 3 SID
 */
export function readSecurityRequest(reader: Reader, readInner: ReadInner): SecurityRequest {
  const at = reader.offset
  const choice = reader.u8('security choice')
  if (choice > 1) reader.fail('FIELD_INVALID', `SECURITY-Request choice ${choice} is neither 0 nor 1`, at)
  const { inner, innerApdu } = readContent(reader, choice, readInner)
  const place = reader.offset
  const kind = reader.u8('verification choice')
  let verify: Verify
  if (kind === 0) verify = readSidMac(reader)
  else if (kind === 1) verify = { kind: 'RN', rn: readOctets(reader, 'RN') }
  else if (kind === 2) verify = { kind: 'RN_MAC', rn: readOctets(reader, 'RN'), mac: readOctets(reader, 'MAC') }
  else {
    if (kind !== 3) reader.fail('FIELD_INVALID', `verification choice ${kind} is not 0 to 3`, place)
    verify = { kind: 'SID', sid: readSid(reader) }
  }
  return { tag: '0x10', service: 'SECURITY-Request', encrypted: choice === 1, inner, verify, ...(innerApdu === null ? {} : { innerApdu }) }
}

/*
 * SECURITY-Response (chapter 5.8)
 *   90 | 00 plain, 01 cipher: octet-string, 02: DAR | OPTIONAL verification: 0 MAC octet-string, 1 SID_MAC (one source only)
 */
export function readSecurityResponse(reader: Reader, readInner: ReadInner): SecurityResponse {
  const at = reader.offset
  const choice = reader.u8('security choice')
  if (choice > 2) reader.fail('FIELD_INVALID', `SECURITY-Response choice ${choice} is not 0 to 2`, at)
  if (choice === 2) {
    const dar = reader.u8('DAR')
    return { tag: '0x90', service: 'SECURITY-Response', dar, verify: readResponseVerify(reader) }
  }
  const { inner, innerApdu } = readContent(reader, choice, readInner)
  return { tag: '0x90', service: 'SECURITY-Response', encrypted: choice === 1, inner, ...(innerApdu === null ? {} : { innerApdu }), verify: readResponseVerify(reader) }
}

function readContent(reader: Reader, choice: number, readInner: ReadInner): { readonly inner: string; readonly innerApdu: Apdu | null } {
  const inner = readOctets(reader, 'inner APDU')
  const length = inner.length / 2
  if (choice === 1 || !reader.ok) return { inner, innerApdu: null }
  return { inner, innerApdu: readInner(new Reader(reader.bytes, reader.offset - length, reader.offset)) }
}

function readSidMac(reader: Reader): Verify {
  const sid = readSid(reader)
  return { kind: 'SID_MAC', sid, mac: readOctets(reader, 'MAC') }
}

function readResponseVerify(reader: Reader): Verify | null {
  if (!readOptional(reader, 'verification')) return null
  const at = reader.offset
  const kind = reader.u8('verification choice')
  if (kind === 0) return { kind: 'MAC', mac: readOctets(reader, 'MAC') }
  if (kind !== 1) reader.fail('FIELD_INVALID', `verification choice ${kind} is neither 0 nor 1`, at)
  return readSidMac(reader)
}

export function writeSecurityRequest(writer: Writer, input: Input, innerBytes: InnerBytes): void {
  writer.u8(input.get('encrypted').boolean() ? 1 : 0)
  writeOctets(writer, innerBytes(input))
  const verify = input.get('verify')
  const kind = verify.get('kind').oneOf(['SID_MAC', 'RN', 'RN_MAC', 'SID'])
  writer.u8(['SID_MAC', 'RN', 'RN_MAC', 'SID'].indexOf(kind))
  writeVerify(writer, verify, kind)
}

export function writeSecurityResponse(writer: Writer, input: Input, innerBytes: InnerBytes): void {
  if (input.has('dar')) {
    writer.u8(2)
    writer.u8(input.get('dar').int(0, 255))
  } else {
    writer.u8(input.get('encrypted').boolean() ? 1 : 0)
    writeOctets(writer, innerBytes(input))
  }
  const verify = input.get('verify')
  writer.u8(verify.absent ? 0 : 1)
  if (verify.absent) return
  const kind = verify.get('kind').oneOf(['MAC', 'SID_MAC'])
  writer.u8(kind === 'MAC' ? 0 : 1)
  writeVerify(writer, verify, kind)
}

function writeVerify(writer: Writer, verify: Input, kind: Verify['kind']): void {
  if (kind === 'SID_MAC' || kind === 'SID') writeSid(writer, verify.get('sid'))
  if (kind === 'RN' || kind === 'RN_MAC') writeOctets(writer, verify.get('rn').hex())
  if (kind === 'SID_MAC' || kind === 'RN_MAC' || kind === 'MAC') writeOctets(writer, verify.get('mac').hex())
}
