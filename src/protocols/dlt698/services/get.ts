import type { Input } from '../../input.ts'
import type { Reader } from '../../reader.ts'
import type { Writer } from '../../writer.ts'
import { readLength, writeOctets } from '../../axdr.ts'
import { readOad, readOads, writeOad, writeOads } from '../descriptors.ts'
import type { GetRequest, GetResponse } from '../message.ts'
import { readClientTail, readNormal, readNormals, readPiid, readPiidAcd, readRecord, readRecordRequest, readRecords, readSequence, readServerTail, writeClientTail, writeNormal, writeNormals, writePiid, writeRecord, writeRecordRequest, writeRecords, writeResult, writeSequence, writeServerTail } from '../results.ts'

/*
 * GET-Request (chapter 5.3): 05 | choice | PIID | content | TimeTag
 *   1 OAD | 2 SEQUENCE OF OAD | 3 OAD RSD RCSD | 4 SEQUENCE OF {OAD RSD RCSD} | 5 last correctly received block u16 | 6 OAD (MD5)
 */
export function readGetRequest(reader: Reader): GetRequest {
  const at = reader.offset
  const choice = reader.u8('GET choice')
  const head = { tag: '0x05', service: 'GET-Request', choice, piid: readPiid(reader) } as const
  switch (choice) {
    case 1:
    case 6: {
      const oad = readOad(reader)
      return { ...head, oad, timeTag: readClientTail(reader) }
    }
    case 2: {
      const oads = readOads(reader, 'OADs')
      return { ...head, oads, timeTag: readClientTail(reader) }
    }
    case 3: {
      const record = readRecordRequest(reader)
      return { ...head, record, timeTag: readClientTail(reader) }
    }
    case 4: {
      const records = readSequence(reader, 'record requests', 6, readRecordRequest)
      return { ...head, records, timeTag: readClientTail(reader) }
    }
    case 5: {
      const lastBlock = reader.u16be('last block')
      return { ...head, lastBlock, timeTag: readClientTail(reader) }
    }
    default:
      reader.fail(choice === 23 ? 'UNSUPPORTED' : 'FIELD_INVALID', `GET-Request choice ${choice}`, at)
      return { ...head, timeTag: null }
  }
}

export function writeGetRequest(writer: Writer, input: Input): void {
  const choice = input.get('choice').int(1, 6)
  writer.u8(choice)
  writePiid(writer, input.get('piid'))
  if (choice === 2) writeOads(writer, input.get('oads'))
  else if (choice === 3) writeRecordRequest(writer, input.get('record'))
  else if (choice === 4) writeSequence(writer, input.get('records'), writeRecordRequest)
  else if (choice === 5) writer.u16be(input.get('lastBlock').int(0, 0xffff))
  else writeOad(writer, input.get('oad'))
  writeClientTail(writer, input)
}

/*
 * GET-Response (chapter 5.3): 85 | choice | PIID-ACD | content | FollowReport | TimeTag
 *   1 A-ResultNormal | 2 SEQUENCE OF A-ResultNormal | 3 A-ResultRecord | 4 SEQUENCE OF A-ResultRecord
 *   5 last bool | block u16 | 0 DAR, 1 SEQUENCE OF A-ResultNormal, 2 SEQUENCE OF A-ResultRecord
 *   6 OAD | 00 DAR, 01 octet-string (16)
 */
export function readGetResponse(reader: Reader): GetResponse {
  const at = reader.offset
  const choice = reader.u8('GET choice')
  const head = { tag: '0x85', service: 'GET-Response', choice, piid: readPiidAcd(reader) } as const
  switch (choice) {
    case 1: {
      const results = [readNormal(reader)]
      return { ...head, results, ...readServerTail(reader) }
    }
    case 2: {
      const results = readNormals(reader)
      return { ...head, results, ...readServerTail(reader) }
    }
    case 3: {
      const records = [readRecord(reader)]
      return { ...head, records, ...readServerTail(reader) }
    }
    case 4: {
      const records = readRecords(reader)
      return { ...head, records, ...readServerTail(reader) }
    }
    case 5:
      return { ...head, ...readBlock(reader), ...readServerTail(reader) }
    case 6:
      return { ...head, ...readDigest(reader), ...readServerTail(reader) }
    default:
      reader.fail(choice === 23 ? 'UNSUPPORTED' : 'FIELD_INVALID', `GET-Response choice ${choice}`, at)
      return { ...head, followReport: null, timeTag: null }
  }
}

function readBlock(reader: Reader): Pick<GetResponse, 'last' | 'block' | 'dar' | 'results' | 'records'> {
  const last = reader.u8('last block flag') !== 0
  const block = reader.u16be('block number')
  const at = reader.offset
  const content = reader.u8('block content')
  if (content === 0) return { last, block, dar: reader.u8('DAR') }
  if (content === 1) return { last, block, results: readNormals(reader) }
  if (content !== 2) reader.fail('FIELD_INVALID', `block content ${content} is not 0 to 2`, at)
  return { last, block, records: readRecords(reader) }
}

function readDigest(reader: Reader): Pick<GetResponse, 'oad' | 'dar' | 'md5'> {
  const oad = readOad(reader)
  const at = reader.offset
  const result = reader.u8('MD5 result choice')
  if (result === 0) return { oad, dar: reader.u8('DAR') }
  const length = readLength(reader, 'MD5 length')
  if (result !== 1 || length !== 16) reader.fail('FIELD_INVALID', result === 1 ? `MD5 of ${length} bytes` : `result choice ${result} is neither 0 nor 1`, at)
  return { oad, md5: reader.hex(16, 'MD5') }
}

export function writeGetResponse(writer: Writer, input: Input): void {
  const choice = input.get('choice').int(1, 6)
  writer.u8(choice)
  writePiid(writer, input.get('piid'))
  if (choice === 1) writeNormal(writer, only(input.get('results')))
  else if (choice === 2) writeNormals(writer, input.get('results'))
  else if (choice === 3) writeRecord(writer, only(input.get('records')))
  else if (choice === 4) writeRecords(writer, input.get('records'))
  else if (choice === 5) writeBlock(writer, input)
  else {
    writeOad(writer, input.get('oad'))
    writeResult(writer, input, () => {
      writeOctets(writer, input.get('md5').hex(16))
    })
  }
  writeServerTail(writer, input)
}

function writeBlock(writer: Writer, input: Input): void {
  writer.u8(input.get('last').boolean() ? 1 : 0)
  writer.u16be(input.get('block').int(0, 0xffff))
  if (input.has('dar')) {
    writer.u8(0)
    writer.u8(input.get('dar').int(0, 255))
  } else if (input.has('results')) {
    writer.u8(1)
    writeNormals(writer, input.get('results'))
  } else {
    writer.u8(2)
    writeRecords(writer, input.get('records'))
  }
}

function only(input: Input): Input {
  const items = input.list()
  if (items.length !== 1) input.fail('must have exactly one item for this choice')
  return items[0] as Input
}
