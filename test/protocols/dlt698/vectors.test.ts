import { describe, expect, it } from 'vitest'
import { dlt698Codec } from '../../../src/protocols/dlt698/codec.ts'
import { differences, vectorsOf } from '../vector-files.ts'

describe.each(['dlt698', 'dlt698-constructed'])('public vectors %s', (file) => {
  it.each(vectorsOf(file).map((vector) => [vector.id, vector] as const))('%s agrees', (_, vector) => {
    const { expect: wanted, ...input } = vector
    const actual = JSON.parse(JSON.stringify(dlt698Codec.judgeVector(input))) as unknown
    expect(differences(wanted, actual)).toEqual([])
  })
})

describe('a vector that is told not to be valid', () => {
  it.each([...vectorsOf('dlt698'), ...vectorsOf('dlt698-constructed')].filter((vector) => vector.valid === false).map((vector) => [vector.id, vector] as const))('%s is refused by decode', (_, vector) => {
    expect(JSON.parse(JSON.stringify(dlt698Codec.judgeVector(vector)))).toHaveProperty('error', true)
  })
})
