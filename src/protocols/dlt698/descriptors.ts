import { readCount, readOctets, writeLength, writeOctets } from '../axdr.ts'
import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import type { Comdcb, Csd, Interval, Road, Sid, Tsa } from './message.ts'

/*
 * Composite descriptors of chapter 3.2. In service fields they stand raw; inside Data their type tag comes first (`data.ts`).
 */

/** Few descriptors make up all traffic, so their texts are shared instead of being built for each frame. */
const slots = 4096
const slotKeys = new Float64Array(slots).fill(-1)
const slotTexts = new Array<string>(slots).fill('')

/*
 * OAD   OI u16 | attribute (bits 0-4) and feature (bits 5-7) | index
 */
export function readOad(reader: Reader, field = 'OAD'): string {
  const value = reader.u32be(field)
  const slot = (value ^ (value >>> 8) ^ (value >>> 19)) & (slots - 1)
  if (slotKeys[slot] === value) return slotTexts[slot] as string
  const text = value.toString(16).toUpperCase().padStart(8, '0')
  slotKeys[slot] = value
  slotTexts[slot] = text
  return text
}

export function writeOad(writer: Writer, input: Input): void {
  writer.bytes(input.hex(4))
}

/*
 * OMD   OI u16 | method | mode
 */
export const readOmd = (reader: Reader): string => readOad(reader, 'OMD')
export const writeOmd = writeOad

/*
 * ROAD   OAD | SEQUENCE OF OAD
 */
export function readRoad(reader: Reader): Road {
  const oad = readOad(reader, 'ROAD record table')
  return { oad, oads: readOads(reader, 'ROAD columns') }
}

export function writeRoad(writer: Writer, input: Input): void {
  writeOad(writer, input.get('oad'))
  writeOads(writer, input.get('oads'))
}

/*
 * SEQUENCE OF OAD   count | OAD...
 */
export function readOads(reader: Reader, field: string): readonly string[] {
  const count = readCount(reader, `number of ${field}`, 4)
  const oads: string[] = []
  for (let index = 0; index < count; index++) oads.push(readOad(reader, field))
  return oads
}

export function writeOads(writer: Writer, input: Input): void {
  const oads = input.list()
  writeLength(writer, oads.length)
  for (const oad of oads) writeOad(writer, oad)
}

/*
 * CSD    00 OAD | 01 ROAD
 */
export function readCsd(reader: Reader): Csd {
  const at = reader.offset
  const choice = reader.u8('CSD choice')
  if (choice === 0) return readOad(reader, 'column OAD')
  if (choice === 1) return readRoad(reader)
  reader.fail('FIELD_INVALID', `CSD choice ${choice} is neither 0 nor 1`, at)
  return ''
}

export function writeCsd(writer: Writer, input: Input): void {
  if (input.isText) {
    writer.u8(0)
    writeOad(writer, input)
  } else {
    writer.u8(1)
    writeRoad(writer, input)
  }
}

/*
 * RCSD   SEQUENCE OF CSD; empty = all configured columns
 */
export function readRcsd(reader: Reader): readonly Csd[] {
  const count = readCount(reader, 'number of columns', 5)
  const columns: Csd[] = []
  for (let index = 0; index < count; index++) columns.push(readCsd(reader))
  return columns
}

export function writeRcsd(writer: Writer, input: Input): void {
  const columns = input.list()
  writeLength(writer, columns.length)
  for (const column of columns) writeCsd(writer, column)
}

/*
 * TSA   length (1..17) | AF | address, high digits first
 */
export function readTsa(reader: Reader): Tsa {
  const at = reader.offset
  const length = reader.u8('TSA length')
  if (length < 1 || length > 17) {
    reader.fail('FIELD_INVALID', `TSA length ${length} is not 1 to 17`, at)
    return { af: '', addr: '' }
  }
  const af = reader.hex(1, 'TSA address feature')
  return { af, addr: reader.hex(length - 1, 'TSA address') }
}

export function writeTsa(writer: Writer, input: Input): void {
  const af = input.get('af').hex(1)
  const address = input.get('addr').hex()
  if (address.length > 16) input.get('addr').fail('must have at most 32 digits')
  writer.u8(1 + address.length)
  writer.bytes(af)
  writer.bytes(address)
}

/*
 * TI   unit (0 s, 1 min, 2 h, 3 day, 4 month, 5 year) | interval u16
 */
export function readTi(reader: Reader, field = 'TI'): Interval {
  const at = reader.offset
  const unit = reader.u8(`${field} unit`)
  if (unit > 5) reader.fail('FIELD_INVALID', `${field} unit ${unit} is not 0 to 5`, at)
  return { unit, interval: reader.u16be(`${field} interval`) }
}

export function writeTi(writer: Writer, input: Input): void {
  writer.u8(input.get('unit').int(0, 5))
  writer.u16be(input.get('interval').int(0, 0xffff))
}

/*
 * COMDCB   baud | parity | data bits | stop bits | flow control
 */
export function readComdcb(reader: Reader): Comdcb {
  const baud = reader.u8('COMDCB baud')
  const parity = reader.u8('COMDCB parity')
  const dataBits = reader.u8('COMDCB data bits')
  const stopBits = reader.u8('COMDCB stop bits')
  return { baud, parity, dataBits, stopBits, flow: reader.u8('COMDCB flow control') }
}

export function writeComdcb(writer: Writer, input: Input): void {
  for (const name of ['baud', 'parity', 'dataBits', 'stopBits', 'flow']) writer.u8(input.get(name).int(0, 255))
}

/*
 * SID   identity u32 | octet-string extra data
 */
export function readSid(reader: Reader): Sid {
  const id = reader.hex(4, 'SID identity')
  return { id, attach: readOctets(reader, 'SID extra data') }
}

export function writeSid(writer: Writer, input: Input): void {
  writer.bytes(input.get('id').hex(4))
  writeOctets(writer, input.get('attach').hex())
}

