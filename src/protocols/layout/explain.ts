import type { FieldTable } from '../explain-table.ts'
import type { Reader } from '../reader.ts'
import { countFrom, type Layout, type LayoutRecord, type LayoutValue } from './layout.ts'
import { readLayout } from './read.ts'
import { isoTime } from './time.ts'

/** Adds the rows of a value of `layout` that begins at the reader's offset, and steps over it. */
export function explainLayout(layout: Layout, reader: Reader, table: FieldTable, name: string, scope: LayoutRecord = {}): LayoutValue {
  const start = reader.offset
  if (layout.type === 'record') {
    const value: Record<string, LayoutValue> = {}
    const row = table.open(start, name)
    table.nest(() => {
      for (const field of layout.fields) {
        if (!reader.ok) return
        const read = explainLayout(field.layout, reader, table, field.name === '' ? 'separator' : field.name, value)
        if (field.name !== '') value[field.name] = read
      }
    })
    table.close(row, reader.offset, `${layout.fields.length} fields`)
    return value
  }
  if (layout.type === 'list') {
    const values: LayoutValue[] = []
    const wanted = layout.count === 'rest' ? Infinity : typeof layout.count === 'number' ? layout.count : countFrom(layout.count, scope)
    const row = table.open(start, name)
    table.nest(() => {
      for (let index = 0; index < wanted && reader.ok && reader.remaining > 0; index++) {
        values.push(explainLayout(layout.of, reader, table, layout.labels[index] ?? `[${index}]`, scope))
      }
    })
    table.close(row, reader.offset, `${values.length} items`)
    return values
  }
  if (layout.type === 'choice') {
    const option = layout.options.find((each) => each.bytes === reader.remaining) ?? layout.options[0]
    return option === undefined ? null : explainLayout(option.layout, reader, table, name, scope)
  }
  const value = readLayout(layout, reader, scope)
  if (reader.ok) table.row(start, reader.offset, name, describeValue(layout, value))
  return value
}

/** A value in words with its unit; times that cannot be are said to be unknown. */
export function describeValue(layout: Layout, value: LayoutValue): string {
  if (layout.type === 'custom') return layout.describe(value)
  if (value === null) return layout.type === 'mark' ? 'separator' : 'missing'
  switch (layout.type) {
    case 'number':
      return withUnit((value as number).toFixed(layout.decimals), layout.unit)
    case 'binary':
      return withUnit((value as number).toString(), layout.unit)
    case 'bits':
      return bitWords(value as number, layout.names)
    case 'time':
      return layout.order.includes('Y') && layout.order.includes('D') && isoTime(value as string) === null ? `unknown (${value as string} is no time)` : (value as string)
    default:
      return typeof value === 'string' ? value : JSON.stringify(value)
  }
}

function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text} ${unit}`
}

/** Names of the bits that are set. */
export function bitWords(value: number, names: readonly (string | null)[]): string {
  const set: string[] = []
  for (let bit = 0; bit < 32; bit++) if (((value >>> bit) & 1) === 1) set.push(names[bit] ?? `D${bit}`)
  return set.length === 0 ? 'none set' : set.join('; ')
}
