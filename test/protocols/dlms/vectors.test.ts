import { describe, expect, it } from 'vitest'
import { dlmsCodec } from '../../../src/protocols/dlms/codec.ts'
import { differences, vectorsOf } from '../vector-files.ts'

describe('public vectors dlms', () => {
  it.each(vectorsOf('dlms').map((vector) => [vector.id, vector] as const))('%s agrees', (_, vector) => {
    const { expect: wanted, ...input } = vector
    const actual = JSON.parse(JSON.stringify(dlmsCodec.judgeVector(input))) as unknown
    expect(differences(wanted, actual)).toEqual([])
  })

  it.each(vectorsOf('dlms').filter((vector) => vector.valid !== false).map((vector) => [vector.id, vector.hex] as const))('%s is encoded to the same bytes', (_, hex) => {
    const decoded = dlmsCodec.decode(Buffer.from(hex, 'hex'))
    expect(decoded).toMatchObject({ ok: true })
    if (decoded.ok) expect(Buffer.from(dlmsCodec.encode(decoded.message)).toString('hex')).toBe(hex)
  })
})
