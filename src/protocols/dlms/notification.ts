import { writeOctets } from '../axdr.ts'
import { byteHex, toHex } from '../hex.ts'
import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'
import { Writer } from '../writer.ts'
import { writeData } from './data-write.ts'
import { readData } from './data.ts'
import { readDateTime, writeDateTime } from './date-time.ts'
import { dateTimeEncodings, type CosemDateTime, type DataNotification, type EventNotification } from './message.ts'
import { obisBytes, readObis } from './obis.ts'

/*
 * Data-Notification (chapter 5)
 *   0F | long invoke id and priority 4 | date-time | body Data
 *   date-time by its first byte: 00 absent | 0C 12 bytes, the form of the standard | 09 0C 12 bytes, tagged octet-string
 */
export function readDataNotification(reader: Reader): DataNotification {
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

export function writeDataNotification(writer: Writer, input: Input): void {
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
export function readEventNotification(reader: Reader): EventNotification {
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

export function writeEventNotification(writer: Writer, input: Input): void {
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
