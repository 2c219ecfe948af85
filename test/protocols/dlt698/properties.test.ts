import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeApdu, encodeApdu } from '../../../src/protocols/dlt698/apdu.ts'
import { dlt698Codec } from '../../../src/protocols/dlt698/codec.ts'
import { isStationError } from '../../../src/core/errors.ts'
import { Random } from '../random.ts'
import { vectorsOf } from '../vector-files.ts'
import { drawDlt698 } from './messages.ts'

/** The long runs are those of `make fuzz`. */
const numRuns = 1500
const frames = [...vectorsOf('dlt698'), ...vectorsOf('dlt698-constructed')].filter((vector) => vector.layer === 'frame' && vector.valid !== false)
/** The one device that writes a length in more bytes than needed; an encoder does not. */
const notMinimal = 'nuc-factory-get-longlen'

function useAll(bytes: Uint8Array): void {
  const decoded = dlt698Codec.decode(bytes)
  dlt698Codec.search(bytes, 0)
  if (!decoded.ok) return
  dlt698Codec.explain(decoded.message, bytes)
  dlt698Codec.normalize(decoded.message)
}

describe('messages and bytes', () => {
  it('every message comes back from its bytes, and its field table covers the frame without a gap', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const message = drawDlt698(new Random(seed))
        let bytes: Uint8Array
        try {
          bytes = dlt698Codec.encode(message)
        } catch (error) {
          fc.pre(!isStationError(error, 'INPUT_INVALID') || !error.message.includes('the limit is'))
          throw error
        }
        expect(dlt698Codec.decode(bytes)).toEqual({ ok: true, message })
        expect(dlt698Codec.encode(JSON.parse(JSON.stringify(message)) as typeof message)).toEqual(bytes)
        expect(dlt698Codec.search(bytes, 0)).toEqual({ found: 'frame', start: 0, end: bytes.length })
        const links = dlt698Codec.explain(message, bytes).filter((row) => row.level === 0)
        expect(links.reduce((at, row) => (row.offset === at ? at + row.length : -1), 0)).toBe(bytes.length)
        dlt698Codec.normalize(message)
      }),
      { numRuns },
    )
  })

  it.each(frames.filter(({ id }) => id !== notMinimal).map(({ id, hex }) => [id, hex]))('%s is encoded to the same bytes', (_, hex) => {
    const decoded = dlt698Codec.decode(Buffer.from(hex, 'hex'))
    if (!decoded.ok) throw new Error(decoded.reason)
    expect(Buffer.from(dlt698Codec.encode(decoded.message)).toString('hex')).toBe(hex)
  })
})

describe('bytes that nobody promised', () => {
  it('never make it throw, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => { useAll(bytes) }), { numRuns })
  })

  it('as an APDU either fail or come back the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(0x01, 0x02, 0x05, 0x06, 0x07, 0x08, 0x09, 0x10, 0x6e, 0x81, 0x82, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x90, 0xee), fc.array(fc.oneof(fc.nat(3), fc.constantFrom(0x51, 0x52, 0x5a, 0x5b, 0x5c, 0x60, 0x55, 0x1c, 0xff), fc.nat(255)), { maxLength: 60 }), (tag, rest) => {
        const decoded = decodeApdu(Uint8Array.of(tag, ...rest))
        if (!decoded.ok) return
        expect(decodeApdu(encodeApdu(decoded.message))).toEqual(decoded)
      }),
      { numRuns: numRuns * 4 },
    )
  })

  it('as every prefix of a good frame are incomplete or too short, never a frame', () => {
    const wrong: string[] = []
    for (const { id, hex } of frames) {
      const bytes = Buffer.from(hex, 'hex')
      for (let length = 0; length < bytes.length; length++) {
        const decoded = dlt698Codec.decode(bytes.subarray(0, length))
        const search = dlt698Codec.search(bytes.subarray(0, length), 0)
        const waits = search.found === 'partial' && search.need > length
        if (decoded.ok || (decoded.code !== 'FRAME_TOO_SHORT' && decoded.code !== 'FRAME_INCOMPLETE') || !waits) wrong.push(`${id} cut at ${length}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('with one bit turned are refused: both checks cover the whole frame', () => {
    const accepted: string[] = []
    for (const { id, hex } of frames) {
      const bytes = Buffer.from(hex, 'hex')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const turned = Buffer.from(bytes)
        turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7))
        if (dlt698Codec.decode(turned).ok) accepted.push(`${id} bit ${bit}`)
      }
    }
    expect(accepted).toEqual([])
  })

  it('nested deeper than the limit are refused instead of overflowing the stack', () => {
    const deep = Uint8Array.of(0x85, 1, 0, 0x20, 0, 2, 0, 1, ...Array.from({ length: 5000 }, () => [1, 1]).flat())
    expect(decodeApdu(deep)).toMatchObject({ ok: false, code: 'LIMIT_EXCEEDED' })
  })

  it('with counts larger than the bytes left are refused before anything is allocated', () => {
    expect(decodeApdu(Uint8Array.of(0x05, 2, 0, 0x84, 0xff, 0xff, 0xff, 0xff))).toMatchObject({ ok: false })
    expect(decodeApdu(Buffer.from('850300500402000001827fff0000', 'hex'))).toMatchObject({ ok: false })
  })
})
