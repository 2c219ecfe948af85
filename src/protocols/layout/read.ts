import { powersOfTen, readBcd } from '../bcd.ts'
import { toHexReversed } from '../hex.ts'
import type { Reader } from '../reader.ts'
import { countFrom, minimumBytes, type Layout, type LayoutRecord, type LayoutValue, type ListLayout, type RecordLayout } from './layout.ts'
import { readTime } from './time.ts'

/** Reads one value of a layout. Short bytes are the reader's failure; the value returned then means nothing. */
export function readLayout(layout: Layout, reader: Reader, scope: Readonly<Record<string, LayoutValue>> = noScope): LayoutValue {
  switch (layout.type) {
    case 'number': {
      if (!reader.need(layout.bytes)) return null
      const scaled = readBcd(reader.bytes, reader.offset, layout.bytes, layout.signed)
      reader.offset += layout.bytes
      return scaled === null || layout.decimals === 0 ? scaled : scaled / (powersOfTen[layout.decimals] as number)
    }
    case 'binary':
    case 'bits':
      return reader.uintLe(layout.bytes)
    case 'time': {
      if (!reader.need(layout.order.length)) return null
      const text = readTime(reader.bytes, reader.offset, layout.order)
      reader.offset += layout.order.length
      return text
    }
    case 'hex':
      return reader.hex(layout.bytes === null ? reader.remaining : typeof layout.bytes === 'number' ? layout.bytes : countFrom(layout.bytes, scope))
    case 'digits': {
      if (!reader.need(layout.bytes)) return null
      const text = toHexReversed(reader.bytes, reader.offset, reader.offset + layout.bytes)
      reader.offset += layout.bytes
      return decimalDigits.test(text) ? text : null
    }
    case 'ascii':
      return readAscii(reader, layout.bytes, layout.reversed)
    case 'record':
      return readRecord(layout, reader)
    case 'list':
      return readList(layout, reader, scope)
    case 'mark': {
      const at = reader.offset
      if (reader.u8() !== layout.value && reader.ok) reader.fail('FIELD_INVALID', `separator ${layout.value.toString(16)} is missing`, at)
      return null
    }
    case 'choice': {
      const option = layout.options.find((each) => each.bytes === reader.remaining) ?? layout.options[0]
      return option === undefined ? null : readLayout(option.layout, reader, scope)
    }
    case 'custom':
      return layout.read(reader)
  }
}

function readRecord(layout: RecordLayout, reader: Reader): LayoutRecord {
  const value: Record<string, LayoutValue> = {}
  for (const field of layout.fields) {
    const read = readLayout(field.layout, reader, value)
    if (field.name !== '') value[field.name] = read
  }
  return value
}

function readList(layout: ListLayout, reader: Reader, scope: Readonly<Record<string, LayoutValue>>): LayoutValue {
  const values: LayoutValue[] = []
  if (layout.count === 'rest') {
    const least = Math.max(1, minimumBytes(layout.of))
    while (reader.ok && reader.remaining > 0 && reader.need(least)) values.push(readLayout(layout.of, reader, scope))
    return values
  }
  const wanted = typeof layout.count === 'number' ? layout.count : countFrom(layout.count, scope)
  const count = reader.count(wanted, Math.max(1, minimumBytes(layout.of)))
  for (let index = 0; index < count && reader.ok; index++) values.push(readLayout(layout.of, reader, scope))
  return values
}

/** Latin text without its padding (zeros at the end, and blanks). */
function readAscii(reader: Reader, length: number, reversed: boolean): string | null {
  const bytes = reader.take(length)
  let text = ''
  for (let index = 0; index < bytes.length; index++) text += String.fromCharCode(bytes[reversed ? bytes.length - 1 - index : index] as number)
  if (missingText.test(text)) return null
  return text.replace(/\0+$/, '')
}

const noScope = {}
const decimalDigits = /^\d*$/
const missingText = /^[\xee\xff]+$/
