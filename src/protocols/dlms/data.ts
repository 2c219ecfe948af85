import { readCount, readLength } from '../axdr.ts'
import { toHex } from '../hex.ts'
import type { Reader } from '../reader.ts'
import { readDate, readDateTime, readTime } from './date-time.ts'
import type { CosemData, TypeDescription } from './message.ts'

/** Deepest nesting of one Data. */
export const maxDepth = 16

/** Type names by tag (chapter 3). */
const typeNames: Readonly<Record<number, CosemData['type']>> = {
  0x00: 'null-data', 0x01: 'array', 0x02: 'structure', 0x03: 'boolean', 0x04: 'bit-string', 0x05: 'double-long', 0x06: 'double-long-unsigned',
  0x09: 'octet-string', 0x0a: 'visible-string', 0x0c: 'utf8-string', 0x0d: 'bcd', 0x0f: 'integer', 0x10: 'long', 0x11: 'unsigned',
  0x12: 'long-unsigned', 0x13: 'compact-array', 0x14: 'long64', 0x15: 'long64-unsigned', 0x16: 'enum', 0x17: 'float32', 0x18: 'float64',
  0x19: 'date-time', 0x1a: 'date', 0x1b: 'time', 0xff: 'dont-care',
}
/** The same the other way round. */
export const tagsByName = new Map(Object.entries(typeNames).map(([tag, name]) => [name, Number(tag)]))

/*
 * Data (chapter 3): tag, then content. Any other tag ends the APDU.
 */
export function readData(reader: Reader, depth = 0): CosemData {
  const at = reader.offset
  const tag = reader.u8('data tag')
  if (tag === 0x01 || tag === 0x02) return { type: tag === 0x01 ? 'array' : 'structure', value: readMembers(reader, depth) }
  if (tag === 0x13) return readCompactArray(reader, depth)
  if (tag === 0x00) return { type: 'null-data' }
  if (tag === 0xff) return { type: 'dont-care' }
  return readScalar(reader, tag, at)
}

function readMembers(reader: Reader, depth: number): readonly CosemData[] {
  if (depth >= maxDepth) reader.fail('LIMIT_EXCEEDED', `data is nested deeper than ${maxDepth} levels`)
  const count = readCount(reader, 'member count')
  const members: CosemData[] = []
  for (let index = 0; index < count && reader.ok; index++) members.push(readData(reader, depth + 1))
  return members
}

/** Content of a type that holds no other data; compact arrays use it without the tag. */
function readScalar(reader: Reader, tag: number, at: number): CosemData {
  switch (tag) {
    case 0x03:
      return { type: 'boolean', value: reader.u8('boolean') !== 0 }
    case 0x04: {
      const bits = readLength(reader, 'bit-string length')
      return { type: 'bit-string', bits, value: reader.hex(Math.ceil(bits / 8), 'bit-string') }
    }
    case 0x05:
      return { type: 'double-long', value: reader.i32be('double-long') }
    case 0x06:
      return { type: 'double-long-unsigned', value: reader.u32be('double-long-unsigned') }
    case 0x09:
      return { type: 'octet-string', value: octets(reader) }
    case 0x0a:
      return { type: 'visible-string', value: text(reader, 'visible-string', 'latin1') }
    case 0x0c:
      return { type: 'utf8-string', value: text(reader, 'utf8-string', 'utf8') }
    case 0x0d:
      return { type: 'bcd', value: reader.i8('bcd') }
    case 0x0f:
      return { type: 'integer', value: reader.i8('integer') }
    case 0x10:
      return { type: 'long', value: reader.i16be('long') }
    case 0x11:
      return { type: 'unsigned', value: reader.u8('unsigned') }
    case 0x12:
      return { type: 'long-unsigned', value: reader.u16be('long-unsigned') }
    case 0x14:
      return { type: 'long64', value: reader.i64be('long64').toString() }
    case 0x15:
      return { type: 'long64-unsigned', value: reader.u64be('long64-unsigned').toString() }
    case 0x16:
      return { type: 'enum', value: reader.u8('enum') }
    case 0x17:
      return { type: 'float32', value: float(reader, 4, 'float32') }
    case 0x18:
      return { type: 'float64', value: float(reader, 8, 'float64') }
    case 0x19:
      return { type: 'date-time', value: readDateTime(reader) }
    case 0x1a:
      return { type: 'date', value: readDate(reader) }
    case 0x1b:
      return { type: 'time', value: readTime(reader) }
    default:
      reader.fail('FIELD_INVALID', `data type ${tag} is not known, nothing after it can be read`, at)
      return { type: 'null-data' }
  }
}

/** OBIS codes make up most of a push: their texts are shared instead of being built for each frame. */
const slots = 1024
const slotHigh = new Float64Array(slots).fill(-1)
const slotLow = new Float64Array(slots).fill(-1)
const slotTexts = new Array<string>(slots).fill('')

function octets(reader: Reader): string {
  const length = readLength(reader, 'octet-string')
  if (length !== 6 || reader.remaining < 6) return reader.hex(length, 'octet-string')
  const at = reader.offset
  const high = reader.u32be('six octets')
  const low = reader.u16be('six octets')
  const slot = (high ^ (high >>> 7) ^ low ^ (low >>> 5)) & (slots - 1)
  if (slotHigh[slot] === high && slotLow[slot] === low) return slotTexts[slot] as string
  const hex = toHex(reader.bytes, at, at + 6)
  slotHigh[slot] = high
  slotLow[slot] = low
  slotTexts[slot] = hex
  return hex
}

function text(reader: Reader, field: string, encoding: 'latin1' | 'utf8'): string {
  const octets = reader.take(readLength(reader, `${field} length`), field)
  const view = Buffer.from(octets.buffer, octets.byteOffset, octets.length)
  const decoded = view.toString(encoding)
  if (encoding === 'latin1') return decoded
  return !decoded.startsWith('raw:') && Buffer.from(decoded, 'utf8').equals(view) ? decoded : `raw:${toHex(octets)}`
}

function float(reader: Reader, length: 4 | 8, field: string): number | string {
  const octets = reader.take(length, field)
  if (octets.length < length) return 0
  const view = Buffer.from(octets.buffer, octets.byteOffset, length)
  const value = length === 4 ? view.readFloatBE(0) : view.readDoubleBE(0)
  return Number.isFinite(value) ? value : `raw:${toHex(octets)}`
}

/*
 * compact-array (chapter 3)
 *   type description | length | values without tags
 *   description: a tag | 02 n descriptions (structure) | 01 count u16 description (array)
 * Types without content are refused: with them a few bytes could announce any number of values.
 */
function readCompactArray(reader: Reader, depth: number): CosemData {
  const description = readDescription(reader, depth + 1)
  const length = readLength(reader, 'compact-array length')
  const content = reader.part(length, 'compact-array content')
  const value: CosemData[] = []
  while (content.ok && content.remaining > 0) value.push(readPacked(content, description))
  if (content.failure !== null) reader.fail(content.failure.code, content.failure.reason, content.failure.offset)
  return { type: 'compact-array', description, value }
}

function readDescription(reader: Reader, depth: number): TypeDescription {
  const at = reader.offset
  if (depth >= maxDepth) reader.fail('LIMIT_EXCEEDED', `type description is nested deeper than ${maxDepth} levels`)
  const tag = reader.u8('type description')
  if (tag === 0x02) {
    const count = reader.count(reader.u8('number of members'), 1, 'type description')
    const members: TypeDescription[] = []
    for (let index = 0; index < count && reader.ok; index++) members.push(readDescription(reader, depth + 1))
    if (count === 0) reader.fail('FIELD_INVALID', 'a packed structure without members', at)
    return { type: 'structure', members }
  }
  if (tag === 0x01) {
    const count = reader.u16be('number of elements')
    if (count === 0) reader.fail('FIELD_INVALID', 'a packed array without elements', at)
    return { type: 'array', count, member: readDescription(reader, depth + 1) }
  }
  const type = typeNames[tag]
  if (type === undefined || type === 'null-data' || type === 'dont-care' || type === 'compact-array' || type === 'array' || type === 'structure') {
    reader.fail('FIELD_INVALID', `data type ${tag} cannot be packed`, at)
    return { type: 'unsigned' }
  }
  return { type }
}

function readPacked(reader: Reader, description: TypeDescription): CosemData {
  if (description.type === 'structure') return { type: 'structure', value: description.members.map((member) => readPacked(reader, member)) }
  if (description.type === 'array') {
    const value: CosemData[] = []
    for (let index = 0; index < description.count && reader.ok; index++) value.push(readPacked(reader, description.member))
    return { type: 'array', value }
  }
  return readScalar(reader, tagsByName.get(description.type) ?? 0, reader.offset)
}
