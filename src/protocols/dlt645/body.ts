import { toHex } from '../hex.ts'
import type { LayoutRecord, LayoutValue } from '../layout/layout.ts'
import { readLayout } from '../layout/read.ts'
import { writeLayout } from '../layout/write.ts'
import { Reader } from '../reader.ts'
import { fromHexReversed } from '../hex.ts'
import { invalidField, type Writer } from '../writer.ts'
import { minimumBytes } from '../layout/layout.ts'
import type { BodySpec, Command } from './control.ts'
import { findDataItem } from './lookup.ts'

/** Missing values are sent as FF. */
export const fillByte = 0xff
/** Some 1997 meters close a block with AA. */
const blockEnd = 0xaa

/** DATA of one frame, already without the 33H: fields in the order of the command's row in control.ts. `{data}` when it has another form. */
export function readBody(command: Command, bytes: Uint8Array, start: number, end: number): LayoutRecord {
  const reader = new Reader(bytes, start, end)
  const body: Record<string, LayoutValue> = {}
  const { body: spec } = command
  if (spec.di > 0) body['di'] = reader.hexReversed(spec.di, 'data identifier').toUpperCase()
  for (const field of spec.before) body[field.name] = readLayout(field.layout, reader)
  if (spec.value !== 'none') readValue(spec, reader, body, end - sizeOf(spec.after))
  for (const field of spec.after) body[field.name] = readLayout(field.layout, reader)
  for (const field of spec.optional) if (reader.ok && reader.remaining > 0) body[field.name] = readLayout(field.layout, reader)
  return reader.ok && reader.remaining === 0 ? body : start === end ? {} : { data: toHex(bytes, start, end) }
}

/** `value` where the table of data identifiers fits exactly, else `data`. */
function readValue(spec: BodySpec, reader: Reader, body: Record<string, LayoutValue>, end: number): void {
  const di = body['di'] as string
  const found = spec.value === 'typed' ? findDataItem(di) : null
  if (found !== null && end > reader.offset) {
    const closed = found.block && di.length === 4 && reader.bytes[end - 1] === blockEnd
    const inner = new Reader(reader.bytes, reader.offset, closed ? end - 1 : end)
    const value = readLayout(found.layout, inner)
    if (inner.ok && inner.remaining === 0) {
      body['value'] = value
      if (closed) body['blockEnd'] = true
      reader.skip(end - reader.offset)
      return
    }
  }
  if (end < reader.offset) reader.fail('FIELD_SHORT', 'the value is shorter than nothing')
  else if (end > reader.offset || spec.value === 'raw') body['data'] = reader.hex(end - reader.offset)
}

function sizeOf(fields: BodySpec['after']): number {
  return fields.reduce((sum, field) => sum + minimumBytes(field.layout), 0)
}

/** The inverse of readBody. */
export function writeBody(command: Command, writer: Writer, body: LayoutRecord): void {
  const { body: spec } = command
  const field = (name: string) => ({ field: `body.${name}`, fill: fillByte })
  const isRaw = body['data'] !== undefined && (spec.di === 0 || body['di'] === undefined)
  if (isRaw) return writer.hex(body['data'] as string, null, 'body.data')
  if (spec.di === 0 && Object.keys(body).length === 0) return
  const di = body['di']
  if (spec.di > 0) {
    const bytes = typeof di === 'string' ? fromHexReversed(di) : null
    if (bytes === null || bytes.length !== spec.di) throw invalidField('body.di', `must have ${2 * spec.di} hex digits`)
    writer.bytes(bytes)
  }
  for (const each of spec.before) writeField(each.name, each.layout)
  if (spec.value !== 'none') {
    if (body['value'] !== undefined) {
      const found = findDataItem((di as string).toUpperCase())
      if (found === null) throw invalidField('body.value', `of identifier ${di as string} has no layout: give body.data`)
      writeLayout(found.layout, writer, body['value'], field('value'))
      if (body['blockEnd'] === true) writer.u8(blockEnd)
    } else if (body['data'] !== undefined) writer.hex(body['data'] as string, null, 'body.data')
  }
  for (const each of spec.after) writeField(each.name, each.layout)
  for (const each of spec.optional) if (body[each.name] !== undefined) writeField(each.name, each.layout)

  function writeField(name: string, layout: Parameters<typeof writeLayout>[0]): void {
    if (body[name] === undefined) throw invalidField(`body.${name}`, 'is missing')
    writeLayout(layout, writer, body[name], field(name))
  }
}
