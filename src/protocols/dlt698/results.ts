import { readCount, readOptional, writeLength } from '../axdr.ts'
import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { writeData } from './data-write.ts'
import { readData } from './data.ts'
import { readOad, readRcsd, readTi, writeOad, writeRcsd, writeTi } from './descriptors.ts'
import type { Data, FollowReport, NormalResult, Piid, PiidAcd, RecordRequest, RecordResult, TimeTag } from './message.ts'
import { readRowSelector, writeRowSelector } from './selectors.ts'
import { readDateTimeS, writeDateTimeS } from './time.ts'

/*
 * PIID       bit 7 priority | bit 6 reserved (1 is tolerated) | bits 0-5 service number        requests, REPORT- and LINK-Response
 * PIID-ACD   bit 7 priority | bit 6 ACD, events are waiting  | bits 0-5 service number        server APDUs and LINK-Request
 */
export function readPiid(reader: Reader): Piid {
  const raw = reader.u8('PIID')
  return { raw, priority: raw >> 7, seq: raw & 0x3f }
}

export function readPiidAcd(reader: Reader): PiidAcd {
  const raw = reader.u8('PIID-ACD')
  return { raw, priority: raw >> 7, acd: (raw >> 6) & 1, seq: raw & 0x3f }
}

/** From `raw`, or from the parts; where both are given they must agree. */
export function writePiid(writer: Writer, input: Input): void {
  const part = (name: string, max: number, shift: number, mask: number): number => {
    const given = input.get(name)
    if (given.absent) return input.has('raw') ? (input.get('raw').int(0, 255) >> shift) & mask : name === 'seq' ? given.int(0, max) : 0
    const value = given.int(0, max)
    if (input.has('raw') && ((input.get('raw').int(0, 255) >> shift) & mask) !== value) given.fail(`does not agree with raw ${input.get('raw').int(0, 255)}`)
    return value
  }
  const seq = part('seq', 63, 0, 0x3f)
  const priority = part('priority', 1, 7, 1)
  const acd = part('acd', 1, 6, 1)
  writer.u8(input.has('raw') ? input.get('raw').int(0, 255) : (priority << 7) | (acd << 6) | seq)
}

/*
 * Tail of a client APDU      TimeTag OPTIONAL
 * Tail of a server APDU      FollowReport OPTIONAL | TimeTag OPTIONAL
 */
export function readClientTail(reader: Reader): TimeTag | null {
  return readOptional(reader, 'time tag') ? readTimeTag(reader) : null
}

export interface ServerTail {
  readonly followReport: FollowReport | null
  readonly timeTag: TimeTag | null
}
export function readServerTail(reader: Reader): ServerTail {
  const followReport = readOptional(reader, 'follow report') ? readFollowReport(reader) : null
  return { followReport, timeTag: readClientTail(reader) }
}

export function writeClientTail(writer: Writer, input: Input): void {
  const timeTag = input.get('timeTag')
  writer.u8(timeTag.absent ? 0 : 1)
  if (!timeTag.absent) writeTimeTag(writer, timeTag)
}

export function writeServerTail(writer: Writer, input: Input): void {
  const followReport = input.get('followReport')
  writer.u8(followReport.absent ? 0 : 1)
  if (!followReport.absent) writeFollowReport(writer, followReport)
  writeClientTail(writer, input)
}

/*
 * TimeTag   send time date_time_s | allowed delay TI
 */
function readTimeTag(reader: Reader): TimeTag {
  const sent = readDateTimeS(reader, 'time tag sent')
  return { sent, delay: readTi(reader, 'time tag delay') }
}

function writeTimeTag(writer: Writer, input: Input): void {
  writeDateTimeS(writer, input.get('sent'))
  writeTi(writer, input.get('delay'))
}

/*
 * FollowReport   1 SEQUENCE OF A-ResultNormal | 2 SEQUENCE OF A-ResultRecord
 */
function readFollowReport(reader: Reader): FollowReport {
  const at = reader.offset
  const choice = reader.u8('follow report choice')
  if (choice === 1) return { normals: readReported(reader, readNormals) }
  if (choice === 2) return { records: readReported(reader, readRecords) }
  reader.fail('FIELD_INVALID', `follow report choice ${choice} is neither 1 nor 2`, at)
  return { normals: [] }
}

function writeFollowReport(writer: Writer, input: Input): void {
  const normals = input.has('normals')
  writer.u8(normals ? 1 : 2)
  if (normals) writeNormals(writer, nonEmpty(input.get('normals')))
  else writeRecords(writer, nonEmpty(input.get('records')))
}

/** A report without anything reported is an error. */
export function readReported<Item>(reader: Reader, read: (reader: Reader) => readonly Item[]): readonly Item[] {
  const at = reader.offset
  const items = read(reader)
  if (items.length === 0) reader.fail('FIELD_INVALID', 'a report with an empty list', at)
  return items
}

export function nonEmpty(input: Input): Input {
  if (input.list().length === 0) input.fail('must not be empty')
  return input
}

/** One item after the other, at least `itemBytes` each. */
export function readSequence<Item>(reader: Reader, field: string, itemBytes: number, read: (reader: Reader) => Item): readonly Item[] {
  const count = readCount(reader, `number of ${field}`, itemBytes)
  const items: Item[] = []
  for (let index = 0; index < count && reader.ok; index++) items.push(read(reader))
  return items
}

export function writeSequence(writer: Writer, input: Input, write: (writer: Writer, item: Input) => void): void {
  const items = input.list()
  writeLength(writer, items.length)
  for (const item of items) write(writer, item)
}

/*
 * A-ResultNormal   OAD | Get-Result: 00 DAR, 01 Data
 */
export function readNormal(reader: Reader): NormalResult {
  const oad = readOad(reader)
  const at = reader.offset
  const choice = reader.u8('result choice')
  if (choice === 0) return { oad, dar: reader.u8('DAR') }
  if (choice !== 1) reader.fail('FIELD_INVALID', `result choice ${choice} is neither 0 (DAR) nor 1 (data)`, at)
  return { oad, data: readData(reader) }
}

export function writeNormal(writer: Writer, input: Input): void {
  writeOad(writer, input.get('oad'))
  writeResult(writer, input, () => writeData(writer, input.get('data')))
}

export const readNormals = (reader: Reader): readonly NormalResult[] => readSequence(reader, 'results', 6, readNormal)
export const writeNormals = (writer: Writer, input: Input): void => writeSequence(writer, input, writeNormal)

/*
 * A-ResultRecord   OAD | RCSD | 00 DAR, 01 SEQUENCE OF row
 * row              one Data per column of the RCSD, without a count of its own
 */
export function readRecord(reader: Reader): RecordResult {
  const oad = readOad(reader)
  const rcsd = readRcsd(reader)
  const at = reader.offset
  const choice = reader.u8('record choice')
  if (choice === 0) return { oad, rcsd, dar: reader.u8('DAR') }
  if (choice !== 1) reader.fail('FIELD_INVALID', `record choice ${choice} is neither 0 (DAR) nor 1 (rows)`, at)
  return { oad, rcsd, rows: readRows(reader, rcsd.length) }
}

function readRows(reader: Reader, columns: number): readonly (readonly Data[])[] {
  const at = reader.offset
  const count = readCount(reader, 'number of rows', columns)
  if (columns === 0 && count > 0) reader.fail('FIELD_INVALID', 'rows without columns', at)
  const rows: (readonly Data[])[] = []
  for (let index = 0; index < count && reader.ok; index++) {
    const cells: Data[] = []
    for (let column = 0; column < columns && reader.ok; column++) cells.push(readData(reader))
    rows.push(cells)
  }
  return rows
}

export function writeRecord(writer: Writer, input: Input): void {
  writeOad(writer, input.get('oad'))
  writeRcsd(writer, input.get('rcsd'))
  writeResult(writer, input, () => {
    const columns = input.get('rcsd').list().length
    if (columns === 0 && input.get('rows').list().length > 0) input.get('rows').fail('needs columns in rcsd')
    writeSequence(writer, input.get('rows'), (_, row) => {
      const cells = row.list()
      if (cells.length !== columns) row.fail(`has ${cells.length} cells for ${columns} columns`)
      for (const cell of cells) writeData(writer, cell)
    })
  })
}

export const readRecords = (reader: Reader): readonly RecordResult[] => readSequence(reader, 'records', 7, readRecord)
export const writeRecords = (writer: Writer, input: Input): void => writeSequence(writer, input, writeRecord)

/** 00 DAR or 01 content, whichever the message has. */
export function writeResult(writer: Writer, input: Input, content: () => void): void {
  const refused = input.has('dar')
  writer.u8(refused ? 0 : 1)
  if (refused) writer.u8(input.get('dar').int(0, 255))
  else content()
}

/*
 * Record request   OAD | RSD | RCSD
 */
export function readRecordRequest(reader: Reader): RecordRequest {
  const oad = readOad(reader)
  const rsd = readRowSelector(reader, readData)
  return { oad, rsd, rcsd: readRcsd(reader) }
}

export function writeRecordRequest(writer: Writer, input: Input): void {
  writeOad(writer, input.get('oad'))
  writeRowSelector(writer, input.get('rsd'), writeData)
  writeRcsd(writer, input.get('rcsd'))
}
