import { readCount, readLength, readOctets } from '../axdr.ts'
import { toHex } from '../hex.ts'
import type { Reader } from '../reader.ts'
import { readComdcb, readCsd, readOad, readOmd, readRcsd, readRoad, readSid, readTi, readTsa } from './descriptors.ts'
import type { Data } from './message.ts'
import { readMeterSet, readRegion, readRowSelector } from './selectors.ts'
import { readDate, readDateTime, readDateTimeS, readTime } from './time.ts'

/** Deepest nesting of one Data; real ones need about six levels (chapter 3.1). */
export const maxDepth = 16

const nothing: Data = { type: 'NULL' }

/*
 * Data (chapter 3.1): tag, then content
 *   0 NULL | 1 array, 2 structure: count, Data... | 3 bool u8 | 4 bit-string: length in bits, bytes | 5 i32 | 6 u32
 *   9 octet-string | 10 visible-string | 12 UTF8-string | 15 i8 | 16 i16 | 17 u8 | 18 u16 | 20 i64 | 21 u64 | 22 enum
 *   23 float32 | 24 float64 | 25 date_time | 26 date | 27 time | 28 date_time_s | 80 OI | 81 OAD | 82 ROAD | 83 OMD | 84 TI
 *   85 TSA | 86 MAC | 87 RN | 88 Region | 89 Scaler_Unit | 90 RSD | 91 CSD | 92 MS | 93 SID | 94 SID_MAC | 95 COMDCB | 96 RCSD
 * Any other tag ends the APDU: there is no length to skip by.
 */
export function readData(reader: Reader, depth = 0): Data {
  const at = reader.offset
  const tag = reader.u8('data tag')
  switch (tag) {
    case 0:
      return nothing
    case 1:
      return { type: 'array', value: readMembers(reader, 'array count', depth) }
    case 2:
      return { type: 'structure', value: readMembers(reader, 'structure count', depth) }
    case 3:
      return { type: 'bool', value: reader.u8('bool') !== 0 }
    case 4: {
      const bits = readLength(reader, 'bit-string length')
      return { type: 'bit-string', bits, value: reader.hex(Math.ceil(bits / 8), 'bit-string') }
    }
    case 5:
      return { type: 'double-long', value: reader.i32be('double-long') }
    case 6:
      return { type: 'double-long-unsigned', value: reader.u32be('double-long-unsigned') }
    case 9:
      return { type: 'octet-string', value: readOctets(reader, 'octet-string') }
    case 10:
      return { type: 'visible-string', value: latin1(reader, readLength(reader, 'visible-string length'), 'visible-string') }
    case 12:
      return { type: 'UTF8-string', value: utf8(reader) }
    case 15:
      return { type: 'integer', value: reader.i8('integer') }
    case 16:
      return { type: 'long', value: reader.i16be('long') }
    case 17:
      return { type: 'unsigned', value: reader.u8('unsigned') }
    case 18:
      return { type: 'long-unsigned', value: reader.u16be('long-unsigned') }
    case 20:
      return { type: 'long64', value: reader.i64be('long64').toString() }
    case 21:
      return { type: 'long64-unsigned', value: reader.u64be('long64-unsigned').toString() }
    case 22:
      return { type: 'enum', value: reader.u8('enum') }
    case 23:
      return { type: 'float32', value: float(reader, 4, 'float32') }
    case 24:
      return { type: 'float64', value: float(reader, 8, 'float64') }
    case 25:
      return { type: 'date_time', value: readDateTime(reader, 'date_time') }
    case 26:
      return { type: 'date', value: readDate(reader, 'date') }
    case 27:
      return { type: 'time', value: readTime(reader, 'time') }
    case 28:
      return { type: 'date_time_s', value: readDateTimeS(reader, 'date_time_s') }
    case 80:
      return { type: 'OI', value: reader.hex(2, 'OI').toUpperCase() }
    case 81:
      return { type: 'OAD', value: readOad(reader) }
    case 82:
      return { type: 'ROAD', value: readRoad(reader) }
    case 83:
      return { type: 'OMD', value: readOmd(reader) }
    case 84:
      return { type: 'TI', value: readTi(reader) }
    case 85:
      return { type: 'TSA', value: readTsa(reader) }
    case 86:
      return { type: 'MAC', value: readOctets(reader, 'MAC') }
    case 87:
      return { type: 'RN', value: readOctets(reader, 'RN') }
    case 88:
      return { type: 'Region', value: readRegion(reader, readData, deeper(reader, depth)) }
    case 89: {
      const exponent = reader.i8('Scaler_Unit exponent')
      return { type: 'Scaler_Unit', value: { exponent, unit: reader.u8('Scaler_Unit unit') } }
    }
    case 90:
      return { type: 'RSD', value: readRowSelector(reader, readData, deeper(reader, depth)) }
    case 91:
      return { type: 'CSD', value: readCsd(reader) }
    case 92:
      return { type: 'MS', value: readMeterSet(reader, readData, deeper(reader, depth)) }
    case 93:
      return { type: 'SID', value: readSid(reader) }
    case 94: {
      const sid = readSid(reader)
      return { type: 'SID_MAC', value: { sid, mac: readOctets(reader, 'MAC') } }
    }
    case 95:
      return { type: 'COMDCB', value: readComdcb(reader) }
    case 96:
      return { type: 'RCSD', value: readRcsd(reader) }
    default:
      reader.fail('FIELD_INVALID', `data type ${tag} is not known, nothing after it can be read`, at)
      return nothing
  }
}

function readMembers(reader: Reader, field: string, depth: number): readonly Data[] {
  const inner = deeper(reader, depth)
  const count = readCount(reader, field)
  const members: Data[] = []
  for (let index = 0; index < count && reader.ok; index++) members.push(readData(reader, inner))
  return members
}

function deeper(reader: Reader, depth: number): number {
  if (depth >= maxDepth) reader.fail('LIMIT_EXCEEDED', `data is nested deeper than ${maxDepth} levels`)
  return depth + 1
}

/** Every byte stays one character, so that text from the field goes back unchanged. */
export function latin1(reader: Reader, length: number, field: string): string {
  const { bytes, offset } = reader
  if (!reader.need(length, field)) return ''
  reader.skip(length, field)
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString('latin1')
}

function utf8(reader: Reader): string {
  const octets = reader.take(readLength(reader, 'UTF8-string length'), 'UTF8-string')
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8')
  const intact = !text.startsWith('raw:') && Buffer.from(text, 'utf8').equals(octets)
  return intact ? text : `raw:${toHex(octets)}`
}

function float(reader: Reader, length: 4 | 8, field: string): number | string {
  const octets = reader.take(length, field)
  if (octets.length < length) return 0
  const view = Buffer.from(octets.buffer, octets.byteOffset, length)
  const value = length === 4 ? view.readFloatBE(0) : view.readDoubleBE(0)
  return Number.isFinite(value) ? value : `raw:${toHex(octets)}`
}
