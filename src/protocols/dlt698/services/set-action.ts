import { readOptional } from '../../axdr.ts'
import type { Input } from '../../input.ts'
import type { Reader } from '../../reader.ts'
import type { Writer } from '../../writer.ts'
import { writeData } from '../data-write.ts'
import { readData } from '../data.ts'
import { readOad, readOmd, writeOad, writeOmd } from '../descriptors.ts'
import type { ActionItem, ActionRequest, ActionResponse, ActionResult, SetItem, SetRequest, SetResponse, SetResult } from '../message.ts'
import { readClientTail, readNormal, readPiid, readPiidAcd, readSequence, readServerTail, writeClientTail, writeNormal, writePiid, writeSequence, writeServerTail } from '../results.ts'

/*
 * Items of SET, ACTION and their PROXY forms (chapters 5.4, 5.6)
 *   set               OAD | Data                         -> OAD | DAR
 *   set then get      OAD | Data | OAD | delay u8 s      -> OAD | DAR | A-ResultNormal
 *   action            OMD | Data                         -> OMD | DAR | OPTIONAL Data
 *   action then get   OMD | Data | OAD | delay u8 s      -> OMD | DAR | OPTIONAL Data | A-ResultNormal
 */
export function readSetItem(reader: Reader): SetItem {
  const oad = readOad(reader)
  return { oad, data: readData(reader) }
}
export function writeSetItem(writer: Writer, input: Input): void {
  writeOad(writer, input.get('oad'))
  writeData(writer, input.get('data'))
}

export function readSetThenGet(reader: Reader): SetItem {
  const item = readSetItem(reader)
  const getOad = readOad(reader, 'OAD to read')
  return { ...item, getOad, delay: reader.u8('delay') }
}
export function writeSetThenGet(writer: Writer, input: Input): void {
  writeSetItem(writer, input)
  writeOad(writer, input.get('getOad'))
  writer.u8(input.get('delay').int(0, 255))
}

export function readSetResult(reader: Reader): SetResult {
  const oad = readOad(reader)
  return { oad, dar: reader.u8('DAR') }
}
export function writeSetResult(writer: Writer, input: Input): void {
  writeOad(writer, input.get('oad'))
  writer.u8(input.get('dar').int(0, 255))
}

export function readSetGetResult(reader: Reader): SetResult {
  const result = readSetResult(reader)
  return { ...result, get: readNormal(reader) }
}
export function writeSetGetResult(writer: Writer, input: Input): void {
  writeSetResult(writer, input)
  writeNormal(writer, input.get('get'))
}

export function readActionItem(reader: Reader): ActionItem {
  const omd = readOmd(reader)
  return { omd, data: readData(reader) }
}
export function writeActionItem(writer: Writer, input: Input): void {
  writeOmd(writer, input.get('omd'))
  writeData(writer, input.get('data'))
}

export function readActionThenGet(reader: Reader): ActionItem {
  const item = readActionItem(reader)
  const getOad = readOad(reader, 'OAD to read')
  return { ...item, getOad, delay: reader.u8('delay') }
}
export function writeActionThenGet(writer: Writer, input: Input): void {
  writeActionItem(writer, input)
  writeOad(writer, input.get('getOad'))
  writer.u8(input.get('delay').int(0, 255))
}

export function readActionResult(reader: Reader): ActionResult {
  const omd = readOmd(reader)
  const dar = reader.u8('DAR')
  return { omd, dar, data: readOptional(reader, 'action data') ? readData(reader) : null }
}
export function writeActionResult(writer: Writer, input: Input): void {
  writeOmd(writer, input.get('omd'))
  writer.u8(input.get('dar').int(0, 255))
  const data = input.get('data')
  writer.u8(data.absent ? 0 : 1)
  if (!data.absent) writeData(writer, data)
}

export function readActionGetResult(reader: Reader): ActionResult {
  const result = readActionResult(reader)
  return { ...result, get: readNormal(reader) }
}
export function writeActionGetResult(writer: Writer, input: Input): void {
  writeActionResult(writer, input)
  writeNormal(writer, input.get('get'))
}

/*
 * 06, 07 | choice | PIID | items | TimeTag               1 one item, 2 SEQUENCE OF, 3 SEQUENCE OF then get
 * 86, 87 | choice | PIID-ACD | items | FollowReport | TimeTag
 */
function readItems<Item>(reader: Reader, choice: number, at: number, itemBytes: number, plain: (reader: Reader) => Item, thenGet: (reader: Reader) => Item): readonly Item[] {
  if (choice === 1) return [plain(reader)]
  if (choice === 2) return readSequence(reader, 'items', itemBytes, plain)
  if (choice === 3) return readSequence(reader, 'items', itemBytes, thenGet)
  reader.fail('FIELD_INVALID', `choice ${choice} is not 1 to 3`, at)
  return []
}

function writeItems(writer: Writer, input: Input, plain: (writer: Writer, item: Input) => void, thenGet: (writer: Writer, item: Input) => void): void {
  const choice = input.get('choice').int(1, 3)
  const items = input.get('items')
  writer.u8(choice)
  writePiid(writer, input.get('piid'))
  if (choice === 1) {
    const [item, ...more] = items.list()
    if (item === undefined || more.length > 0) items.fail('must have exactly one item for choice 1')
    else plain(writer, item)
  } else writeSequence(writer, items, choice === 2 ? plain : thenGet)
}

export function readSetRequest(reader: Reader): SetRequest {
  const at = reader.offset
  const choice = reader.u8('SET choice')
  const piid = readPiid(reader)
  const items = readItems(reader, choice, at, 5, readSetItem, readSetThenGet)
  return { tag: '0x06', choice, service: 'SET-Request', piid, items, timeTag: readClientTail(reader) }
}
export function writeSetRequest(writer: Writer, input: Input): void {
  writeItems(writer, input, writeSetItem, writeSetThenGet)
  writeClientTail(writer, input)
}

export function readSetResponse(reader: Reader): SetResponse {
  const at = reader.offset
  const choice = reader.u8('SET choice')
  const piid = readPiidAcd(reader)
  const items = readItems(reader, choice, at, 5, readSetResult, readSetGetResult)
  return { tag: '0x86', choice, service: 'SET-Response', piid, items, ...readServerTail(reader) }
}
export function writeSetResponse(writer: Writer, input: Input): void {
  writeItems(writer, input, writeSetResult, writeSetGetResult)
  writeServerTail(writer, input)
}

export function readActionRequest(reader: Reader): ActionRequest {
  const at = reader.offset
  const choice = reader.u8('ACTION choice')
  const piid = readPiid(reader)
  const items = readItems(reader, choice, at, 5, readActionItem, readActionThenGet)
  return { tag: '0x07', choice, service: 'ACTION-Request', piid, items, timeTag: readClientTail(reader) }
}
export function writeActionRequest(writer: Writer, input: Input): void {
  writeItems(writer, input, writeActionItem, writeActionThenGet)
  writeClientTail(writer, input)
}

export function readActionResponse(reader: Reader): ActionResponse {
  const at = reader.offset
  const choice = reader.u8('ACTION choice')
  const piid = readPiidAcd(reader)
  const items = readItems(reader, choice, at, 6, readActionResult, readActionGetResult)
  return { tag: '0x87', choice, service: 'ACTION-Response', piid, items, ...readServerTail(reader) }
}
export function writeActionResponse(writer: Writer, input: Input): void {
  writeItems(writer, input, writeActionResult, writeActionGetResult)
  writeServerTail(writer, input)
}
