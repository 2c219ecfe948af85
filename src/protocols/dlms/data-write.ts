import { writeLength, writeOctets } from '../axdr.ts'
import type { Input } from '../input.ts'
import { Writer } from '../writer.ts'
import { maxDepth, tagsByName } from './data.ts'
import { writeDate, writeDateTime, writeTime } from './date-time.ts'
import type { CosemData } from './message.ts'

/** Inverse of readData. */
export function writeData(writer: Writer, input: Input, depth = 0): void {
  if (depth > maxDepth) input.fail(`is nested deeper than ${maxDepth} levels`)
  const type = input.get('type')
  const tag = tagsByName.get(type.text() as CosemData['type'])
  if (tag === undefined) return type.fail('is no data type of DLMS')
  writer.u8(tag)
  if (tag === 0x01 || tag === 0x02) {
    const members = input.get('value').list()
    writeLength(writer, members.length)
    for (const member of members) writeData(writer, member, depth + 1)
  } else if (tag === 0x13) {
    writeDescription(writer, input.get('description'), depth)
    const content = new Writer()
    for (const item of input.get('value').list()) writePacked(content, item, input.get('description'))
    writeOctets(writer, content.finish())
  } else if (tag !== 0x00 && tag !== 0xff) writeScalar(writer, tag, input)
}

function writeScalar(writer: Writer, tag: number, input: Input): void {
  const value = input.get('value')
  switch (tag) {
    case 0x03:
      return writer.u8(value.boolean() ? 1 : 0)
    case 0x04: {
      const bits = input.get('bits').int(0, 0xffff)
      writeLength(writer, bits)
      return writer.bytes(value.hex(Math.ceil(bits / 8)))
    }
    case 0x05:
      return writer.u32be(value.int(-0x80000000, 0x7fffffff) >>> 0)
    case 0x06:
      return writer.u32be(value.int(0, 0xffffffff))
    case 0x09:
      return writeOctets(writer, value.hex())
    case 0x0a:
      return writeOctets(writer, latin1Bytes(value))
    case 0x0c:
      return writeOctets(writer, value.text().startsWith('raw:') ? rawBytes(value, null) : Buffer.from(value.text(), 'utf8'))
    case 0x0d:
    case 0x0f:
      return writer.u8(value.int(-128, 127) & 0xff)
    case 0x10:
      return writer.u16be(value.int(-32768, 32767) & 0xffff)
    case 0x11:
    case 0x16:
      return writer.u8(value.int(0, 255))
    case 0x12:
      return writer.u16be(value.int(0, 0xffff))
    case 0x14:
      return writer.u64be(BigInt.asUintN(64, value.bigint(-(2n ** 63n), 2n ** 63n - 1n)))
    case 0x15:
      return writer.u64be(value.bigint(0n, 2n ** 64n - 1n))
    case 0x17:
      return writeFloat(writer, value, 4)
    case 0x18:
      return writeFloat(writer, value, 8)
    case 0x19:
      return writeDateTime(writer, value)
    case 0x1a:
      return writeDate(writer, value)
    default:
      return writeTime(writer, value)
  }
}

function latin1Bytes(input: Input): Buffer {
  const value = input.text()
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) > 0xff) input.fail('must hold one-byte characters only')
  return Buffer.from(value, 'latin1')
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

function writeDescription(writer: Writer, input: Input, depth: number): void {
  if (depth > maxDepth) input.fail(`is nested deeper than ${maxDepth} levels`)
  const type = input.get('type')
  const tag = tagsByName.get(type.text() as CosemData['type'])
  if (tag === undefined || tag === 0x00 || tag === 0xff || tag === 0x13) return type.fail('cannot be packed')
  writer.u8(tag)
  if (tag === 0x02) {
    const members = input.get('members').list()
    if (members.length === 0 || members.length > 255) input.get('members').fail('must have 1 to 255 members')
    writer.u8(members.length)
    for (const member of members) writeDescription(writer, member, depth + 1)
  } else if (tag === 0x01) {
    writer.u16be(input.get('count').int(1, 0xffff))
    writeDescription(writer, input.get('member'), depth + 1)
  }
}

function writePacked(writer: Writer, input: Input, description: Input): void {
  const type = description.get('type').text()
  if (input.get('type').text() !== type) input.get('type').fail(`must be ${type} as the description says`)
  if (type === 'structure') {
    const members = description.get('members').list()
    const values = input.get('value').list()
    if (values.length !== members.length) input.get('value').fail(`must have ${members.length} members`)
    values.forEach((value, index) => {
      writePacked(writer, value, members[index] as Input)
    })
  } else if (type === 'array') {
    const values = input.get('value').list()
    if (values.length !== description.get('count').int(1, 0xffff)) input.get('value').fail('must have as many elements as the description says')
    for (const value of values) writePacked(writer, value, description.get('member'))
  } else writeScalar(writer, tagsByName.get(type as CosemData['type']) ?? 0, input)
}
