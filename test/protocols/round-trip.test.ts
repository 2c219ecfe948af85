import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { dlt645Codec } from '../../src/protocols/dlt645/codec.ts'
import { gdw1376Codec } from '../../src/protocols/gdw1376/codec.ts'
import { isStationError } from '../../src/core/errors.ts'
import { fromHex, toHex } from '../../src/protocols/hex.ts'
import { drawDlt645 } from './dlt645/messages.ts'
import { drawGdw1376 } from './gdw1376/messages.ts'
import { Random } from './random.ts'

const fixtures = path.join(import.meta.dirname, '../fixtures/protocols')

interface Vector { readonly id: string; readonly hex: string; readonly kind?: string; readonly expect: { readonly valid?: boolean } }
const positive = (file: string): readonly Vector[] => (JSON.parse(readFileSync(path.join(fixtures, file), 'utf8')) as readonly Vector[]).filter((vector) => vector.kind !== 'stream' && vector.expect.valid === true)

/** Encodes, or undefined where a drawn value is longer than one frame may be. */
function tryEncode(encode: () => Uint8Array): Uint8Array | undefined {
  try {
    return encode()
  } catch (error) {
    if (isStationError(error, 'INPUT_INVALID') && error.message.includes('the limit is')) return undefined
    throw error
  }
}

describe('every message that can be made comes back from its bytes', () => {
  test('DL/T 645', () => {
    fc.assert(fc.property(fc.nat(), (seed) => {
      const message = drawDlt645(new Random(seed))
      const bytes = tryEncode(() => dlt645Codec.encode(message))
      fc.pre(bytes !== undefined)
      expect(dlt645Codec.decode(bytes)).toEqual({ ok: true, message })
    }), { numRuns: 3000 })
  })

  test('Q/GDW 1376.1', () => {
    fc.assert(fc.property(fc.nat(), (seed) => {
      const message = drawGdw1376(new Random(seed))
      expect(gdw1376Codec.decode(gdw1376Codec.encode(message))).toEqual({ ok: true, message })
    }), { numRuns: 3000 })
  })
})

describe('every public frame comes back from its message', () => {
  test.each(positive('dlt645.json'))('$id', ({ hex }) => {
    const decoded = dlt645Codec.decode(fromHex(hex) as Uint8Array)
    expect(decoded.ok && toHex(dlt645Codec.encode(decoded.message))).toBe(hex)
  })

  /** Missing values are EE; these terminals fill with something else, or leave bits that mean nothing. */
  const otherEncodings = new Set(['g376-085', 'g376-090', 'g376-094'])
  test.each(positive('gdw1376.json').filter(({ id }) => !otherEncodings.has(id)))('$id', ({ hex }) => {
    const decoded = gdw1376Codec.decode(fromHex(hex) as Uint8Array)
    expect(decoded.ok && toHex(gdw1376Codec.encode(decoded.message))).toBe(hex)
  })
})
