import { toBcdByte } from '../../src/protocols/bcd.ts'
import { countFrom, type Layout, type LayoutRecord, type LayoutValue, type RecordLayout } from '../../src/protocols/layout/layout.ts'
import { readTime } from '../../src/protocols/layout/time.ts'
import { Reader } from '../../src/protocols/reader.ts'
import type { Random } from './random.ts'

/** A value that a layout can hold, missing ones included. `customs` makes the values of custom layouts that random bytes rarely form. */
export function generate(layout: Layout, draw: Random, customs: ReadonlyMap<Layout, (draw: Random) => LayoutValue> = new Map(), scope: LayoutRecord = {}): LayoutValue {
  const maker = customs.get(layout)
  if (maker !== undefined) return maker(draw)
  switch (layout.type) {
    case 'number': {
      if (draw.below(10) === 0) return null
      const limit = layout.signed ? 8 * 10 ** (2 * layout.bytes - 1) : 10 ** (2 * layout.bytes)
      const scaled = draw.below(4) === 0 ? draw.pick([0, 1, limit - 1]) : draw.below(limit)
      const value = scaled / 10 ** layout.decimals
      return layout.signed && scaled !== 0 && draw.flip() ? -value : value
    }
    case 'binary':
    case 'bits':
      return draw.below(2 ** Math.min(31, 8 * layout.bytes))
    case 'time': {
      const bytes = Uint8Array.from(layout.order, (letter) => (letter === 'w' ? toBcdByte(draw.below(20)) | (draw.below(8) << 5) : toBcdByte(draw.below(letter === 'W' ? 7 : 100))))
      return draw.below(10) === 0 ? null : readTime(bytes, 0, layout.order)
    }
    case 'hex': {
      const length = layout.bytes === null ? 1 + draw.below(5) : typeof layout.bytes === 'number' ? layout.bytes : countFrom(layout.bytes, scope)
      return draw.hex(length)
    }
    case 'digits':
      return draw.below(10) === 0 ? null : Array.from({ length: 2 * layout.bytes }, () => draw.below(10)).join('')
    case 'ascii':
      return Array.from({ length: draw.below(layout.bytes + 1) }, () => String.fromCharCode(0x20 + draw.below(95))).join('')
    case 'record':
      return generateRecord(layout, draw, customs)
    case 'list': {
      const count = layout.count === 'rest' ? 1 + draw.below(4) : typeof layout.count === 'number' ? layout.count : countFrom(layout.count, scope)
      return Array.from({ length: count }, () => generate(layout.of, draw, customs, scope))
    }
    case 'mark':
      return null
    case 'choice': {
      const option = layout.options[draw.below(layout.options.length)]
      return option === undefined ? null : generate(option.layout, draw, customs, scope)
    }
    case 'custom': {
      for (let attempt = 0; attempt < 1000; attempt++) {
        const reader = new Reader(draw.bytes(8 + 24 * (attempt % 2)))
        const value = layout.read(reader)
        if (reader.ok) return value
      }
      throw new Error('no bytes make a value of this custom layout')
    }
  }
}

function generateRecord(layout: RecordLayout, draw: Random, customs: ReadonlyMap<Layout, (draw: Random) => LayoutValue>): LayoutRecord {
  const value: Record<string, LayoutValue> = {}
  const counts = new Set(layout.fields.flatMap(({ layout: each }) => (each.type === 'list' && typeof each.count === 'object' ? [each.count.field] : each.type === 'hex' && typeof each.bytes === 'object' && each.bytes !== null ? [each.bytes.field] : [])))
  for (const field of layout.fields) {
    if (field.name === '') continue
    value[field.name] = counts.has(field.name) ? draw.below(4) : generate(field.layout, draw, customs, value)
  }
  return value
}

