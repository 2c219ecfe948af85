import type { ExplainedField } from '../codec.ts'
import { FieldTable } from '../explain-table.ts'
import { byteHex } from '../hex.ts'
import type { LayoutRecord } from '../layout/layout.ts'
import { minimumBytes } from '../layout/layout.ts'
import { explainLayout } from '../layout/explain.ts'
import { Reader } from '../reader.ts'
import { commandOf, errorBit, fromMeterBit, functionMask, moreBit } from './control.ts'
import { findDataItem } from './lookup.ts'
import { countPreamble, headerBytes, unshift } from './frame.ts'
import type { Dlt645Message } from './message.ts'

/** Field table of a frame that decodes: bytes as on the wire, meanings after the 33H are taken off. */
export function explainDlt645(message: Dlt645Message, bytes: Uint8Array): readonly ExplainedField[] {
  const table = new FieldTable(bytes)
  const start = countPreamble(bytes)
  const length = bytes[start + 9] ?? 0
  const dataAt = start + headerBytes
  if (start > 0) table.row(0, start, 'preamble', `${start} bytes FE`)
  table.row(start, start + 1, 'start', '68')
  table.row(start + 1, start + 7, 'address', addressWords(message.address))
  table.row(start + 7, start + 8, 'start', '68')
  table.row(start + 8, start + 9, 'control', controlWords(message))
  table.row(start + 9, start + 10, 'length', `${length} bytes of data`)
  explainBody(table, message, unshift(bytes, start), dataAt, dataAt + length)
  table.row(dataAt + length, dataAt + length + 1, 'checksum', 'right')
  table.row(dataAt + length + 1, dataAt + length + 2, 'end', '16')
  return table.rows
}

export function addressWords(address: string): string {
  if (/^A{12}$/.test(address)) return `${address} (any one meter)`
  if (address === '999999999999') return `${address} (all meters)`
  return address
}

function controlWords(message: Dlt645Message): string {
  const { control } = message
  const parts = [
    `${byteHex(control)}: ${message.fn}`,
    (control & fromMeterBit) === 0 ? 'from the master' : 'from the meter',
    ...((control & errorBit) === 0 ? [] : ['error answer']),
    ...((control & moreBit) === 0 ? [] : ['more data follow']),
    `function ${byteHex(control & functionMask)}`,
  ]
  return parts.join(', ')
}

function explainBody(table: FieldTable, message: Dlt645Message, plain: Uint8Array, start: number, end: number): void {
  if (start === end) return
  const row = table.open(start, 'data')
  const { body } = commandOf(message.control, message.edition)
  table.nest(() => {
    const reader = new Reader(plain, start, end)
    const isRaw = message.body['data'] !== undefined && (body.di === 0 || message.body['di'] === undefined)
    if (isRaw) {
      table.row(start, end, 'data', `${end - start} bytes without a layout: ${message.body['data'] as string}`)
      return
    }
    if (body.di > 0) {
      const found = findDataItem(message.body['di'] as string)
      table.row(reader.offset, reader.offset + body.di, 'identifier', `${message.body['di'] as string} ${found?.entry.words ?? 'not in the tables'}${found?.block === true ? ', block' : ''}`)
      reader.skip(body.di)
    }
    for (const field of body.before) explainLayout(field.layout, reader, table, field.name)
    explainValue(table, message.body, reader, end - body.after.reduce((sum, field) => sum + minimumBytes(field.layout), 0))
    for (const field of body.after) explainLayout(field.layout, reader, table, field.name)
    for (const field of body.optional) if (reader.remaining > 0) explainLayout(field.layout, reader, table, field.name)
  })
  table.close(row, end, 'each byte is its value + 33')
}

function explainValue(table: FieldTable, body: LayoutRecord, reader: Reader, end: number): void {
  if (body['value'] !== undefined) {
    const found = findDataItem(body['di'] as string)
    const valueEnd = body['blockEnd'] === true ? end - 1 : end
    if (found !== null) explainLayout(found.layout, reader.part(valueEnd - reader.offset), table, 'value')
    if (body['blockEnd'] === true) {
      table.row(valueEnd, end, 'end of block', 'AA')
      reader.skip(1)
    }
  } else if (body['data'] !== undefined && end > reader.offset) {
    table.row(reader.offset, end, 'value', `${body['data'] as string} (not interpreted)`)
    reader.skip(end - reader.offset)
  }
}
