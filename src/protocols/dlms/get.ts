import { readLength, readOctets, writeLength, writeOctets } from '../axdr.ts'
import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { writeData } from './data-write.ts'
import { readData } from './data.ts'
import type { AttributeDescriptor, GetRequest, GetResponse, GetResult } from './message.ts'
import { obisBytes, readObis } from './obis.ts'

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
export function readGetRequest(reader: Reader): GetRequest {
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

export function writeGetRequest(writer: Writer, input: Input): void {
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
export function readGetResponse(reader: Reader): GetResponse {
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

export function writeGetResponse(writer: Writer, input: Input): void {
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
