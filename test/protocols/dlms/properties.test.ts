import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeApdu, encodeApdu } from '../../../src/protocols/dlms/apdu.ts'
import { dlmsCodec } from '../../../src/protocols/dlms/codec.ts'
import { isStationError } from '../../../src/core/errors.ts'
import { Random } from '../random.ts'
import { vectorsOf } from '../vector-files.ts'
import { drawDlms } from './messages.ts'

/** The long runs are those of `make fuzz`. */
const numRuns = 1500
const vectors = vectorsOf('dlms').filter((vector) => vector.valid !== false)

describe('messages and bytes', () => {
  it('every message comes back from its bytes', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const message = drawDlms(new Random(seed))
        let bytes: Uint8Array
        try {
          bytes = dlmsCodec.encode(message)
        } catch (error) {
          fc.pre(!isStationError(error, 'INPUT_INVALID') || !error.message.includes('the limit is'))
          throw error
        }
        expect(dlmsCodec.decode(bytes)).toEqual({ ok: true, message })
        dlmsCodec.normalize(message)
        expect(dlmsCodec.explain(message, bytes).length).toBeGreaterThan(0)
      }),
      { numRuns },
    )
  })
})

describe('bytes that nobody promised', () => {
  it('never make it throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.constantFrom([], [0x7e, 0xa0], [0x00, 0x01], [0xe6, 0xe7, 0x00, 0x0f]), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const bytes = Uint8Array.of(...start, ...rest)
        const decoded = dlmsCodec.decode(bytes)
        dlmsCodec.search(bytes, 0)
        if (!decoded.ok) return
        dlmsCodec.explain(decoded.message, bytes)
        dlmsCodec.normalize(decoded.message)
      }),
      { numRuns },
    )
  })

  it('as an APDU either fail or come back the same', () => {
    fc.assert(
      fc.property(fc.constantFrom([0x0f, 0, 0, 0, 0, 0], [0xc2, 0, 0, 1, 0, 0, 1, 0, 0, 255, 2], [0xc0], [0xc4], [0xdb, 8]), fc.array(fc.oneof(fc.nat(3), fc.nat(0x1b), fc.nat(255)), { maxLength: 60 }), (start, rest) => {
        const decoded = decodeApdu(Uint8Array.of(...start, ...rest))
        if (decoded.ok) expect(decodeApdu(encodeApdu(decoded.message))).toEqual(decoded)
      }),
      { numRuns: numRuns * 4 },
    )
  })

  it('as every prefix of a good frame are never a frame', () => {
    for (const { hex, layer } of vectors) {
      if (layer !== 'hdlc' && layer !== 'wrapper') continue
      const bytes = Buffer.from(hex, 'hex')
      for (let length = 0; length < bytes.length; length++) expect(dlmsCodec.decode(bytes.subarray(0, length))).toMatchObject({ ok: false })
    }
  })

  it('with one bit of an HDLC frame turned are refused', () => {
    const accepted: string[] = []
    for (const { id, hex, layer } of vectors) {
      if (layer !== 'hdlc') continue
      const bytes = Buffer.from(hex, 'hex')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const turned = Buffer.from(bytes)
        turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7))
        if (dlmsCodec.decode(turned).ok) accepted.push(`${id} bit ${bit}`)
      }
    }
    expect(accepted).toEqual([])
  })

  it('nested deeper than the limit are refused instead of overflowing the stack', () => {
    expect(decodeApdu(Uint8Array.of(0x0f, 0, 0, 0, 0, 0, ...Array.from({ length: 5000 }, () => [1, 1]).flat()))).toMatchObject({ ok: false, code: 'LIMIT_EXCEEDED' })
  })

  it('that pack many values without content into a compact array are refused', () => {
    expect(decodeApdu(Buffer.from('0f0000000000130100ffff0001ff', 'hex'))).toMatchObject({ ok: false })
    expect(decodeApdu(Buffer.from('0f00000000001301ffff0004ffffffff', 'hex'))).toMatchObject({ ok: false, code: 'FIELD_INVALID' })
  })
})
