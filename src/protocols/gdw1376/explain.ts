import type { ExplainedField } from '../codec.ts'
import { explainDlt645 } from '../dlt645/explain.ts'
import { FieldTable } from '../explain-table.ts'
import { byteHex } from '../hex.ts'
import { explainLayout } from '../layout/explain.ts'
import { Reader } from '../reader.ts'
import { dataOffset, ecBytes, linkHeaderBytes, readFrame, tpBytes, type ReadFrame } from './frame.ts'
import { innerDlt645 } from './inner.ts'
import { afnName, findUnit } from './lookup.ts'
import { isUp, type Gdw1376Message } from './message.ts'
import { unitIdBytes, unitIdWords } from './unit-id.ts'

/** Field table of a frame that decodes. */
export function explainGdw1376(message: Gdw1376Message, bytes: Uint8Array): readonly ExplainedField[] {
  const read = readFrame(bytes, message.aux?.pw?.length === 4 ? { passwordBytes: 2 } : {})
  if ('ok' in read) return []
  const table = new FieldTable(bytes)
  const start = message.preamble
  if (start > 0) table.row(0, start, 'preamble', `${start} bytes FE`)
  table.row(start, start + 1, 'start', '68')
  table.row(start + 1, start + 3, 'length', `${read.checkAt - start - linkHeaderBytes} bytes, protocol ${message.protocolId === 1 ? 'Q/GDW 130-2005' : 'Q/GDW 376.1'}`)
  table.row(start + 3, start + 5, 'length', 'the same')
  table.row(start + 5, start + 6, 'start', '68')
  table.row(start + 6, start + 7, 'control', controlWords(message.control))
  table.row(start + 7, start + 9, 'A1', `division ${message.a1}`)
  table.row(start + 9, start + 11, 'A2', `terminal ${message.a2} (${message.a2.toString(16).padStart(4, '0')})`)
  table.row(start + 11, start + 12, 'A3', `${(message.a3 & 1) === 1 ? 'group address, ' : ''}master station ${message.a3 >> 1}`)
  table.row(start + 12, start + 13, 'AFN', `${byteHex(message.afn)}: ${afnName(message.afn)}`)
  table.row(start + 13, start + 14, 'SEQ', seqWords(message))
  explainUnits(table, message, bytes, read, start + dataOffset)
  if (read.auxStart > read.unitsEnd) table.row(read.unitsEnd, read.auxStart, 'not interpreted', message.unparsed ?? '')
  explainAux(table, message, read)
  table.row(read.checkAt, read.checkAt + 1, 'checksum', 'right')
  table.row(read.checkAt + 1, read.checkAt + 2, 'end', '16')
  return table.rows
}

const functionsInitiated: Readonly<Record<number, string>> = { 1: 'reset', 4: 'user data, no reply', 9: 'link test', 10: 'request of class 1', 11: 'request of class 2' }
const functionsReplied: Readonly<Record<number, string>> = { 0: 'confirmed', 8: 'user data', 9: 'negative, no data', 11: 'link status' }

function controlWords(control: number): string {
  const initiated = (control & 0x40) !== 0
  const code = control & 0x0f
  return [
    byteHex(control),
    isUp(control) ? 'from the terminal' : 'from the master',
    initiated ? 'initiated' : 'reply',
    ...(isUp(control) ? ((control & 0x20) === 0 ? [] : ['important event waits']) : (control & 0x10) === 0 ? [] : [`frame count bit ${(control >> 5) & 1}`]),
    `function ${code}${(initiated ? functionsInitiated : functionsReplied)[code] === undefined ? '' : ` ${(initiated ? functionsInitiated : functionsReplied)[code] as string}`}`,
  ].join(', ')
}

function seqWords(message: Gdw1376Message): string {
  const { seq } = message
  const place = seq.fir ? (seq.fin ? 'single frame' : 'first frame') : seq.fin ? 'last frame' : 'middle frame'
  return [place, ...(seq.con ? ['confirmation wanted'] : []), ...(seq.tpv ? ['time tag'] : []), `number ${seq.no}`].join(', ')
}

function explainUnits(table: FieldTable, message: Gdw1376Message, bytes: Uint8Array, read: ReadFrame, first: number): void {
  const direction = isUp(message.control) ? 'up' : 'down'
  message.units.forEach((unit, index) => {
    const span = read.spans[index]
    if (span === undefined) return
    const start = Math.max(span.start, first)
    const found = findUnit(message.afn, direction, unit.fn[0] ?? 0)
    if (span.dataStart >= start + unitIdBytes) table.row(start, start + unitIdBytes, 'identifier', `${unitIdWords(unit)} ${found?.words ?? ''}`.trim())
    else table.row(span.dataStart, span.dataStart, 'unit', `${unitIdWords(unit)} ${found?.words ?? ''} (same identifier)`.trim())
    if (unit.data === undefined || found === undefined || found.layout === null) return
    table.nest(() => {
      explainLayout(found.layout as NonNullable<typeof found.layout>, new Reader(bytes, span.dataStart, span.end), table, 'data')
      const inner = innerDlt645(message, unit)
      if (inner === null) return
      const shift = span.end - inner.bytes.length
      table.nest(() => {
        for (const each of explainDlt645(inner.message, inner.bytes)) table.rows.push({ ...each, offset: each.offset + shift, level: each.level + table.level })
      })
    })
  })
}

function explainAux(table: FieldTable, message: Gdw1376Message, read: ReadFrame): void {
  const { aux } = message
  let at = read.auxStart
  if (aux?.pw !== undefined) {
    table.row(at, at + aux.pw.length / 2, 'PW', 'message authentication')
    at += aux.pw.length / 2
  }
  if (aux?.ec !== undefined) {
    table.row(at, at + ecBytes, 'EC', `${aux.ec[0]} important events, ${aux.ec[1]} general events`)
    at += ecBytes
  }
  if (aux?.tp !== undefined) table.row(at, at + tpBytes, 'Tp', `frame counter ${aux.tp.pfc}, sent ${sentWords(aux.tp.sent)}, allowed delay ${aux.tp.delayMin} min`)
}

/** Send times that cannot be are unknown, never a reason to refuse. */
function sentWords(sent: string | null): string {
  const match = sent === null ? null : /^day (\d\d) (\d\d):(\d\d):(\d\d)$/.exec(sent)
  if (match === null) return 'unknown'
  const [day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, number]
  return day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59 ? `unknown (${sent as string})` : (sent as string)
}
