import { describe, expect, it } from 'vitest'
import { createRandomStreams, type Random } from '../../src/simulation/random.ts'

const take = (random: Random, count = 8): number[] => Array.from({ length: count }, () => random.uint32())
const draws = (count: number, draw: (random: Random) => number): number[] => {
  const random = createRandomStreams('draws')('test')
  return Array.from({ length: count }, () => draw(random))
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: readonly number[]): number => {
  const center = mean(values)
  return mean(values.map((value) => (value - center) ** 2))
}

describe('random streams', () => {
  it('give the same numbers for the same seed, purpose and number', () => {
    expect(take(createRandomStreams('1')('faults', 3))).toEqual(take(createRandomStreams('1')('faults', 3)))
    expect(take(createRandomStreams('1')('faults', 3)), 'the numbers are part of the contract: a seed means the same everywhere').toEqual([2822310569, 2308195882, 1180373899, 1430344132, 462284304, 1700879388, 3269042344, 1666649666])
  })

  it('differ in seed, purpose and number', () => {
    const streams = createRandomStreams('1')
    const sequences = [streams('faults'), streams('faults', 1), streams('clock'), createRandomStreams('2')('faults'), streams('faults', 65_536)].map((random) => take(random).join())
    expect(new Set(sequences).size).toBe(sequences.length)
  })

  it('of neighbouring numbers are not alike', () => {
    const firsts = Array.from({ length: 20_000 }, (_, number) => createRandomStreams('1')('meter clock', number).unit())
    expect(mean(firsts)).toBeCloseTo(0.5, 1)
    expect(firsts.filter((first) => first < 0.01).length / firsts.length).toBeCloseTo(0.01, 2)
    const pairs = firsts.slice(1).map((first, index) => (first - 0.5) * ((firsts[index] ?? 0) - 0.5))
    expect(Math.abs(mean(pairs))).toBeLessThan(0.003)
  })
})

describe('distributions', () => {
  it('have their means and variances', () => {
    const count = 40_000
    const normal = draws(count, (random) => random.normal())
    expect(mean(normal)).toBeCloseTo(0, 1)
    expect(variance(normal)).toBeCloseTo(1, 1)
    const beta = draws(count, (random) => random.beta(6.8, 1.2))
    expect(mean(beta)).toBeCloseTo(0.85, 2)
    expect(variance(beta)).toBeCloseTo((0.85 * 0.15) / 9, 3)
    expect(mean(draws(count, (random) => random.beta(0.3, 0.9)))).toBeCloseTo(0.25, 2)
    for (const expected of [0.2, 7, 250]) {
      const poisson = draws(8_000, (random) => random.poisson(expected))
      expect(mean(poisson) / expected).toBeCloseTo(1, 1)
      expect(variance(poisson) / expected).toBeCloseTo(1, 0)
    }
    const logNormal = draws(count, (random) => random.logNormal(Math.log(75), 0.9)).sort((left, right) => left - right)
    expect((logNormal[count / 2] ?? 0) / 75).toBeCloseTo(1, 1)
    expect(mean(draws(count, (random) => random.exponential()))).toBeCloseTo(1, 1)
    expect(mean(draws(count, (random) => random.binomial(8, 3 / 8)))).toBeCloseTo(3, 1)
  })
})
