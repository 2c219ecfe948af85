import { readOctets, writeLength, writeOctets } from '../../axdr.ts'
import type { Input } from '../../input.ts'
import type { Reader } from '../../reader.ts'
import type { Writer } from '../../writer.ts'
import { readOad, readOads, writeOad, writeOads } from '../descriptors.ts'
import type { ReportNotification, ReportResponse } from '../message.ts'
import { nonEmpty, readClientTail, readNormals, readPiid, readPiidAcd, readRecords, readReported, readSequence, readServerTail, writeClientTail, writeNormals, writePiid, writeRecords, writeServerTail } from '../results.ts'

/*
 * REPORT-Notification (chapter 5.5): 88 | choice | PIID-ACD | content | FollowReport | TimeTag
 *   1 SEQUENCE OF A-ResultNormal | 2 SEQUENCE OF A-ResultRecord | 3 OAD port, SEQUENCE OF octet-string | 4 octet-string (2021)
 *   6 simplified record (2021, chapter 6.6): one source only, so everything after the PIID-ACD is kept as it is
 * A report of nothing is an error.
 */
export function readReportNotification(reader: Reader): ReportNotification {
  const at = reader.offset
  const choice = reader.u8('REPORT choice')
  const head = { tag: '0x88', choice, service: 'REPORT-Notification', piid: readPiidAcd(reader) } as const
  switch (choice) {
    case 1: {
      const results = readReported(reader, readNormals)
      return { ...head, results, ...readServerTail(reader) }
    }
    case 2: {
      const records = readReported(reader, readRecords)
      return { ...head, records, ...readServerTail(reader) }
    }
    case 3: {
      const port = readOad(reader, 'port')
      const frames = readReported(reader, readFrames)
      return { ...head, port, frames, ...readServerTail(reader) }
    }
    case 4: {
      const place = reader.offset
      const data = readOctets(reader, 'report data')
      if (data === '') reader.fail('FIELD_INVALID', 'a report without data', place)
      return { ...head, data, ...readServerTail(reader) }
    }
    case 6:
      return { ...head, content: reader.hex(reader.remaining, 'simplified record'), followReport: null, timeTag: null }
    default:
      reader.fail('FIELD_INVALID', `REPORT-Notification choice ${choice}`, at)
      return { ...head, followReport: null, timeTag: null }
  }
}

const readFrames = (reader: Reader): readonly string[] => readSequence(reader, 'frames', 1, (inner) => readOctets(inner, 'frame'))

export function writeReportNotification(writer: Writer, input: Input): void {
  const choice = input.get('choice').int(1, 6)
  writer.u8(choice)
  writePiid(writer, input.get('piid'))
  if (choice === 1) writeNormals(writer, nonEmpty(input.get('results')))
  else if (choice === 2) writeRecords(writer, nonEmpty(input.get('records')))
  else if (choice === 3) {
    const frames = nonEmpty(input.get('frames')).list()
    writeOad(writer, input.get('port'))
    writeLength(writer, frames.length)
    for (const frame of frames) writeOctets(writer, frame.hex())
  } else if (choice === 4) {
    if (input.get('data').hex().length === 0) input.get('data').fail('must not be empty')
    writeOctets(writer, input.get('data').hex())
  }
  else if (choice === 6) return writer.bytes(input.get('content').hex())
  else input.get('choice').fail('must be 1, 2, 3, 4 or 6')
  writeServerTail(writer, input)
}

/*
 * REPORT-Response (chapter 5.5): 08 | choice | PIID | content | TimeTag
 *   1, 2 SEQUENCE OF the reported OADs | 3 nothing
 */
export function readReportResponse(reader: Reader): ReportResponse {
  const at = reader.offset
  const choice = reader.u8('REPORT choice')
  const head = { tag: '0x08', choice, service: 'REPORT-Response', piid: readPiid(reader) } as const
  if (choice === 1 || choice === 2) {
    const oads = readReported(reader, (inner) => readOads(inner, 'reported OADs'))
    return { ...head, oads, timeTag: readClientTail(reader) }
  }
  if (choice !== 3) reader.fail('FIELD_INVALID', `REPORT-Response choice ${choice} is not 1 to 3`, at)
  return { ...head, timeTag: readClientTail(reader) }
}

export function writeReportResponse(writer: Writer, input: Input): void {
  const choice = input.get('choice').int(1, 3)
  writer.u8(choice)
  writePiid(writer, input.get('piid'))
  if (choice < 3) writeOads(writer, nonEmpty(input.get('oads')))
  writeClientTail(writer, input)
}
