import { describe, expect, it } from 'vitest'
import { dssBus, dssNumber, readDssWords } from '../../../src/grid/import/dss-language.ts'
import { propertyAfter, propertyName } from '../../../src/grid/import/dss-properties.ts'

const words = (text: string): readonly (readonly [string | null, string])[] => {
  const read = readDssWords(text)
  if (!read.ok) throw new Error(read.problem)
  return read.words.map(({ name, value }) => [name, value])
}

describe('a line of OpenDSS', () => {
  it('is parted by blanks and commas, with blanks around the equals sign or without', () => {
    expect(words('New line.326 bus1=ckt7 Bus2 = 318405,\tlength= 1')).toEqual([[null, 'New'], [null, 'line.326'], ['bus1', 'ckt7'], ['Bus2', '318405'], ['length', '1']])
  })

  it('keeps what stands in brackets and quotes together', () => {
    expect(words(`a=[1 2, 3] b=(x (y) c={4 2 *} d="e ! f" g='h // i'`)).toEqual([['a', '1 2, 3'], ['b', 'x (y'], ['c', '4 2 *'], ['d', 'e ! f'], ['g', 'h // i']])
  })

  it('ends at a comment, wherever it begins', () => {
    expect(words('kW=1 !xfkVA=25')).toEqual([['kW', '1']])
    expect(words('  // Redirect x.dss')).toEqual([])
    expect(words('kW=1//x')).toEqual([['kW', '1']])
  })

  it('may name a property without a value', () => {
    expect(words('phases=')).toEqual([['phases', '']])
  })

  it('tells a bracket that nothing closes', () => {
    expect(readDssWords('kVs=[11 0.4')).toEqual({ ok: false, problem: "'[11 0.4' has no ]" })
  })

  it('has numbers that are calculated in reverse Polish notation', () => {
    expect([dssNumber('2.5'), dssNumber('1000 3 /'), dssNumber('2 sqr 1 +'), dssNumber('16 sqrt'), dssNumber('2 3 ^'), dssNumber('7 2 -')]).toEqual([2.5, 1000 / 3, 5, 4, 8, 5])
    expect([dssNumber(''), dssNumber('1 2'), dssNumber('+'), dssNumber('12 kV')]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  })

  it('names buses with the conductors that are used, in any case', () => {
    expect(dssBus('X2673305B.1.0')).toEqual({ key: 'x2673305b', name: 'X2673305B', nodes: [1, 0] })
    expect(dssBus('SourceBus')).toEqual({ key: 'sourcebus', name: 'SourceBus', nodes: [] })
  })
})

describe('properties of OpenDSS', () => {
  it('may be cut short, the first that fits wins', () => {
    expect([propertyName('load', 'bus'), propertyName('load', 'KVA'), propertyName('linecode', 'nphase'), propertyName('load', 'allo'), propertyName('load', 'colour')]).toEqual(['bus1', 'kva', 'nphases', 'allocationfactor', 'colour'])
  })

  it('follow one another for bare words', () => {
    expect([propertyAfter('line', null), propertyAfter('line', 'bus1'), propertyAfter('line', 'like'), propertyAfter('fuse', null)]).toEqual(['bus1', 'bus2', null, null])
  })
})
