import { readOctets, writeOctets } from '../../axdr.ts'
import type { Input } from '../../input.ts'
import type { Reader } from '../../reader.ts'
import type { Writer } from '../../writer.ts'
import { readComdcb, readOad, readOads, readTsa, writeComdcb, writeOad, writeOads, writeTsa } from '../descriptors.ts'
import type { ProxyRequest, ProxyResponse, ProxyTarget } from '../message.ts'
import { readClientTail, readNormal, readPiid, readPiidAcd, readRecord, readRecordRequest, readSequence, readServerTail, writeClientTail, writeNormal, writePiid, writeRecord, writeRecordRequest, writeResult, writeSequence, writeServerTail } from '../results.ts'
import { readActionGetResult, readActionItem, readActionResult, readActionThenGet, readSetGetResult, readSetItem, readSetResult, readSetThenGet, writeActionGetResult, writeActionItem, writeActionResult, writeActionThenGet, writeSetGetResult, writeSetItem, writeSetResult, writeSetThenGet } from './set-action.ts'

type Read<Item> = (reader: Reader) => Item
type Write = (writer: Writer, item: Input) => void

/** Item readers of choices 3 to 6, by choice. */
const requestReaders = { 3: readSetItem, 4: readSetThenGet, 5: readActionItem, 6: readActionThenGet } as const
const responseReaders = { 3: readSetResult, 4: readSetGetResult, 5: readActionResult, 6: readActionGetResult } as const
const requestWriters: Readonly<Record<number, Write>> = { 3: writeSetItem, 4: writeSetThenGet, 5: writeActionItem, 6: writeActionThenGet }
const responseWriters: Readonly<Record<number, Write>> = { 1: writeNormal, 3: writeSetResult, 4: writeSetGetResult, 5: writeActionResult, 6: writeActionGetResult }

/*
 * PROXY-Request (chapter 5.6): 09 | choice | PIID | overall time-out u16 s (not in choice 7) | content | TimeTag
 *   1 SEQUENCE OF {TSA, time-out u16, SEQUENCE OF OAD} | 2 TSA, OAD, RSD, RCSD
 *   3 set, 4 set then get, 5 action, 6 action then get: SEQUENCE OF {TSA, time-out u16, SEQUENCE OF item}
 *   7 OAD port | COMDCB | frame time-out u16 s | byte time-out u16 ms | octet-string
 */
export function readProxyRequest(reader: Reader): ProxyRequest {
  const at = reader.offset
  const choice = reader.u8('PROXY choice')
  const head = { tag: '0x09', choice, service: 'PROXY-Request', piid: readPiid(reader) } as const
  if (choice === 7) {
    const port = readOad(reader, 'port')
    const comdcb = readComdcb(reader)
    const waitFrameS = reader.u16be('frame time-out')
    const waitByteMs = reader.u16be('byte time-out')
    const command = readOctets(reader, 'transparent command')
    return { ...head, port, comdcb, waitFrameS, waitByteMs, command, timeTag: readClientTail(reader) }
  }
  const timeoutS = reader.u16be('overall time-out')
  switch (choice) {
    case 1: {
      const targets = readTargets(reader, true, (inner) => readOads(inner, 'OADs'))
      return { ...head, timeoutS, targets, timeTag: readClientTail(reader) }
    }
    case 2: {
      const tsa = readTsa(reader)
      const record = readRecordRequest(reader)
      return { ...head, timeoutS, tsa, record, timeTag: readClientTail(reader) }
    }
    case 3:
    case 4:
    case 5:
    case 6: {
      const item: Read<ReturnType<(typeof requestReaders)[typeof choice]>> = requestReaders[choice]
      const targets = readTargets(reader, true, (inner) => readSequence(inner, 'items', 5, item))
      return { ...head, timeoutS, targets, timeTag: readClientTail(reader) }
    }
    default:
      reader.fail('FIELD_INVALID', `PROXY-Request choice ${choice} is not 1 to 7`, at)
      return { ...head, timeTag: null }
  }
}

function readTargets<Item>(reader: Reader, request: boolean, readItems: Read<readonly Item[]>): readonly ProxyTarget<Item>[] {
  return readSequence(reader, 'targets', request ? 5 : 3, (inner) => {
    const tsa = readTsa(inner)
    const timeoutS = request ? { timeoutS: inner.u16be('target time-out') } : {}
    return { tsa, ...timeoutS, items: readItems(inner) }
  })
}

function writeTargets(writer: Writer, input: Input, request: boolean, writeItems: Write): void {
  writeSequence(writer, input.get('targets'), (_, target) => {
    writeTsa(writer, target.get('tsa'))
    if (request) writer.u16be(target.get('timeoutS').int(0, 0xffff))
    writeItems(writer, target.get('items'))
  })
}

export function writeProxyRequest(writer: Writer, input: Input): void {
  const choice = input.get('choice').int(1, 7)
  writer.u8(choice)
  writePiid(writer, input.get('piid'))
  if (choice !== 7) writer.u16be(input.get('timeoutS').int(0, 0xffff))
  if (choice === 1) writeTargets(writer, input, true, writeOads)
  else if (choice === 2) {
    writeTsa(writer, input.get('tsa'))
    writeRecordRequest(writer, input.get('record'))
  } else if (choice === 7) {
    writeOad(writer, input.get('port'))
    writeComdcb(writer, input.get('comdcb'))
    writer.u16be(input.get('waitFrameS').int(0, 0xffff))
    writer.u16be(input.get('waitByteMs').int(0, 0xffff))
    writeOctets(writer, input.get('command').hex())
  } else {
    writeTargets(writer, input, true, (_, items) => {
      writeSequence(writer, items, requestWriters[choice] as Write)
    })
  }
  writeClientTail(writer, input)
}

/*
 * PROXY-Response (chapter 5.6): 89 | choice | PIID-ACD | content | FollowReport | TimeTag
 *   1 SEQUENCE OF {TSA, SEQUENCE OF A-ResultNormal} | 2 TSA, A-ResultRecord
 *   3..6 SEQUENCE OF {TSA, SEQUENCE OF result} | 7 OAD port, 00 DAR or 01 octet-string
 */
export function readProxyResponse(reader: Reader): ProxyResponse {
  const at = reader.offset
  const choice = reader.u8('PROXY choice')
  const head = { tag: '0x89', choice, service: 'PROXY-Response', piid: readPiidAcd(reader) } as const
  switch (choice) {
    case 1: {
      const targets = readTargets(reader, false, (inner) => readSequence(inner, 'results', 6, readNormal))
      return { ...head, targets, ...readServerTail(reader) }
    }
    case 2: {
      const tsa = readTsa(reader)
      const record = readRecord(reader)
      return { ...head, tsa, record, ...readServerTail(reader) }
    }
    case 3:
    case 4:
    case 5:
    case 6: {
      const item: Read<ReturnType<(typeof responseReaders)[typeof choice]>> = responseReaders[choice]
      const targets = readTargets(reader, false, (inner) => readSequence(inner, 'items', 5, item))
      return { ...head, targets, ...readServerTail(reader) }
    }
    case 7: {
      const port = readOad(reader, 'port')
      const place = reader.offset
      const result = reader.u8('transparent result choice')
      if (result > 1) reader.fail('FIELD_INVALID', `transparent result choice ${result} is neither 0 nor 1`, place)
      const answer = result === 0 ? { dar: reader.u8('DAR') } : { data: readOctets(reader, 'transparent answer') }
      return { ...head, port, ...answer, ...readServerTail(reader) }
    }
    default:
      reader.fail('FIELD_INVALID', `PROXY-Response choice ${choice} is not 1 to 7`, at)
      return { ...head, followReport: null, timeTag: null }
  }
}

export function writeProxyResponse(writer: Writer, input: Input): void {
  const choice = input.get('choice').int(1, 7)
  writer.u8(choice)
  writePiid(writer, input.get('piid'))
  if (choice === 2) {
    writeTsa(writer, input.get('tsa'))
    writeRecord(writer, input.get('record'))
  } else if (choice === 7) {
    writeOad(writer, input.get('port'))
    writeResult(writer, input, () => {
      writeOctets(writer, input.get('data').hex())
    })
  } else {
    writeTargets(writer, input, false, (_, items) => {
      writeSequence(writer, items, responseWriters[choice] as Write)
    })
  }
  writeServerTail(writer, input)
}
