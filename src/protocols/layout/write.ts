import { powersOfTen, toBcd } from '../bcd.ts'
import { fromHexReversed } from '../hex.ts'
import { invalidField, type Writer } from '../writer.ts'
import { countFrom, type Layout, type LayoutRecord, type LayoutValue } from './layout.ts'
import { timeBytes } from './time.ts'

/**
 * Writes a value of a layout, the inverse of readLayout.
 * @param fill byte that stands for a missing value: EE in Q/GDW 1376.1, FF in DL/T 645.
 * @throws StationError INPUT_INVALID naming the field that does not fit.
 */
export function writeLayout(layout: Layout, writer: Writer, value: LayoutValue | undefined, at: { readonly field: string; readonly fill: number; readonly scope?: LayoutRecord }): void {
  const { field, fill } = at
  switch (layout.type) {
    case 'number': {
      if (value === null) return writer.fill(fill, layout.bytes)
      const scale = powersOfTen[layout.decimals] as number
      const scaled = typeof value === 'number' ? Math.round(value * scale) : NaN
      const bytes = toBcd(scaled, layout.bytes, layout.signed)
      if (bytes === null || Math.abs(scaled / scale - (value as number)) > 1e-9) throw invalidField(field, `is no number of ${2 * layout.bytes} digits, ${layout.decimals} of them decimals`)
      return writer.bytes(bytes)
    }
    case 'binary':
    case 'bits':
      return writer.uintLe(value as number, layout.bytes, field)
    case 'time': {
      if (value === null) return writer.fill(fill, layout.order.length)
      const bytes = typeof value === 'string' ? timeBytes(value, layout.order) : null
      if (bytes === null) throw invalidField(field, `is no time of the parts ${layout.order}`)
      return writer.bytes(bytes)
    }
    case 'hex':
      return writer.hex(value as string, typeof layout.bytes === 'object' && layout.bytes !== null ? countFrom(layout.bytes, at.scope ?? {}) : layout.bytes, field)
    case 'digits': {
      if (value === null) return writer.fill(fill, layout.bytes)
      const bytes = typeof value === 'string' && /^\d*$/.test(value) ? fromHexReversed(value.padStart(2 * layout.bytes, '0')) : null
      if (bytes === null || bytes.length !== layout.bytes) throw invalidField(field, `must have ${2 * layout.bytes} decimal digits`)
      return writer.bytes(bytes)
    }
    case 'ascii': {
      if (value === null) return writer.fill(fill, layout.bytes)
      if (typeof value !== 'string' || value.length > layout.bytes || /[^\0-\xff]/.test(value)) throw invalidField(field, `must be Latin text of at most ${layout.bytes} characters`)
      const bytes = new Uint8Array(layout.bytes)
      for (let index = 0; index < value.length; index++) bytes[layout.reversed ? layout.bytes - 1 - index : index] = value.charCodeAt(index)
      return writer.bytes(bytes)
    }
    case 'record': {
      const fields = asRecord(value, field)
      for (const each of layout.fields) {
        if (each.layout.type !== 'mark' && fields[each.name] === undefined) throw invalidField(`${field}.${each.name}`, 'is missing')
        writeLayout(each.layout, writer, fields[each.name], { field: `${field}.${each.name}`, fill, scope: fields })
      }
      return
    }
    case 'list': {
      if (!Array.isArray(value)) throw invalidField(field, 'must be a list')
      const values = value as readonly LayoutValue[]
      const wanted = layout.count === 'rest' ? values.length : typeof layout.count === 'number' ? layout.count : countFrom(layout.count, at.scope ?? {})
      if (values.length !== wanted) throw invalidField(field, `must have ${wanted} items, has ${values.length}`)
      values.forEach((each, index) => writeLayout(layout.of, writer, each, { field: `${field}[${index}]`, fill, ...(at.scope === undefined ? {} : { scope: at.scope }) }))
      return
    }
    case 'mark':
      return writer.u8(layout.value)
    case 'choice': {
      const fields = asRecord(value, field)
      const option = layout.options.find((each) => fields[each.key] !== undefined)
      if (option === undefined) throw invalidField(field, `needs one of ${layout.options.map((each) => each.key).join(', ')}`)
      return writeLayout(option.layout, writer, value, at)
    }
    case 'custom':
      return layout.write(writer, value ?? null, field)
  }
}

export function asRecord(value: unknown, field: string): LayoutRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidField(field, 'must be an object')
  return value as LayoutRecord
}
