import { writeLength, writeOctets } from '../axdr.ts'
import type { Input } from '../input.ts'
import type { Writer } from '../writer.ts'
import { maxDepth } from './data.ts'
import { writeComdcb, writeCsd, writeOad, writeOmd, writeRcsd, writeRoad, writeSid, writeTi, writeTsa } from './descriptors.ts'
import { writeMeterSet, writeRegion, writeRowSelector } from './selectors.ts'
import { writeDate, writeDateTime, writeDateTimeS, writeTime } from './time.ts'

/** Inverse of readData. */
export function writeData(writer: Writer, input: Input, depth = 0): void {
  if (depth > maxDepth) input.fail(`is nested deeper than ${maxDepth} levels`)
  const type = input.get('type').text()
  const value = input.get('value')
  switch (type) {
    case 'NULL':
      return writer.u8(0)
    case 'array':
    case 'structure': {
      const members = value.list()
      writer.u8(type === 'array' ? 1 : 2)
      writeLength(writer, members.length)
      for (const member of members) writeData(writer, member, depth + 1)
      return
    }
    case 'bool':
      writer.u8(3)
      return writer.u8(value.boolean() ? 1 : 0)
    case 'bit-string': {
      const bits = input.get('bits').int(0, 0xffff)
      writer.u8(4)
      writeLength(writer, bits)
      return writer.bytes(value.hex(Math.ceil(bits / 8)))
    }
    case 'double-long':
      writer.u8(5)
      return writer.u32be(value.int(-0x80000000, 0x7fffffff) >>> 0)
    case 'double-long-unsigned':
      writer.u8(6)
      return writer.u32be(value.int(0, 0xffffffff))
    case 'octet-string':
      writer.u8(9)
      return writeOctets(writer, value.hex())
    case 'visible-string':
      writer.u8(10)
      return writeOctets(writer, latin1Bytes(value))
    case 'UTF8-string': {
      const text = value.text()
      writer.u8(12)
      return writeOctets(writer, text.startsWith('raw:') ? rawBytes(value, null) : Buffer.from(text, 'utf8'))
    }
    case 'integer':
      writer.u8(15)
      return writer.u8(value.int(-128, 127) & 0xff)
    case 'long':
      writer.u8(16)
      return writer.u16be(value.int(-32768, 32767) & 0xffff)
    case 'unsigned':
      writer.u8(17)
      return writer.u8(value.int(0, 255))
    case 'long-unsigned':
      writer.u8(18)
      return writer.u16be(value.int(0, 0xffff))
    case 'long64':
      writer.u8(20)
      return writer.u64be(BigInt.asUintN(64, value.bigint(-(2n ** 63n), 2n ** 63n - 1n)))
    case 'long64-unsigned':
      writer.u8(21)
      return writer.u64be(value.bigint(0n, 2n ** 64n - 1n))
    case 'enum':
      writer.u8(22)
      return writer.u8(value.int(0, 255))
    case 'float32':
    case 'float64':
      writer.u8(type === 'float32' ? 23 : 24)
      return writeFloat(writer, value, type === 'float32' ? 4 : 8)
    case 'date_time':
      writer.u8(25)
      return writeDateTime(writer, value)
    case 'date':
      writer.u8(26)
      return writeDate(writer, value)
    case 'time':
      writer.u8(27)
      return writeTime(writer, value)
    case 'date_time_s':
      writer.u8(28)
      return writeDateTimeS(writer, value)
    case 'OI':
      writer.u8(80)
      return writer.bytes(value.hex(2))
    case 'OAD':
      writer.u8(81)
      return writeOad(writer, value)
    case 'ROAD':
      writer.u8(82)
      return writeRoad(writer, value)
    case 'OMD':
      writer.u8(83)
      return writeOmd(writer, value)
    case 'TI':
      writer.u8(84)
      return writeTi(writer, value)
    case 'TSA':
      writer.u8(85)
      return writeTsa(writer, value)
    case 'MAC':
    case 'RN':
      writer.u8(type === 'MAC' ? 86 : 87)
      return writeOctets(writer, value.hex())
    case 'Region':
      writer.u8(88)
      return writeRegion(writer, value, writeData, depth + 1)
    case 'Scaler_Unit':
      writer.u8(89)
      writer.u8(value.get('exponent').int(-128, 127) & 0xff)
      return writer.u8(value.get('unit').int(0, 255))
    case 'RSD':
      writer.u8(90)
      return writeRowSelector(writer, value, writeData, depth + 1)
    case 'CSD':
      writer.u8(91)
      return writeCsd(writer, value)
    case 'MS':
      writer.u8(92)
      return writeMeterSet(writer, value, writeData, depth + 1)
    case 'SID':
      writer.u8(93)
      return writeSid(writer, value)
    case 'SID_MAC':
      writer.u8(94)
      writeSid(writer, value.get('sid'))
      return writeOctets(writer, value.get('mac').hex())
    case 'COMDCB':
      writer.u8(95)
      return writeComdcb(writer, value)
    case 'RCSD':
      writer.u8(96)
      return writeRcsd(writer, value)
    default:
      input.get('type').fail('is no data type of DL/T 698.45')
  }
}

export function latin1Bytes(input: Input): Buffer {
  const text = input.text()
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) input.fail('must hold one-byte characters only')
  return Buffer.from(text, 'latin1')
}

function rawBytes(input: Input, length: number | null): Buffer {
  const hex = input.text().slice(4)
  if (!/^(?:[0-9a-f]{2})*$/.test(hex) || (length !== null && hex.length !== length * 2)) input.fail('must be lower-case hex digits after raw:')
  return Buffer.from(hex, 'hex')
}

function writeFloat(writer: Writer, input: Input, length: 4 | 8): void {
  if (input.isText) return writer.bytes(rawBytes(input, length))
  const bytes = Buffer.alloc(length)
  if (length === 4) bytes.writeFloatBE(input.number(), 0)
  else bytes.writeDoubleBE(input.number(), 0)
  writer.bytes(bytes)
}
