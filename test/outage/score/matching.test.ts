import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchLargest } from '../../../src/outage/score/matching.ts'

/** Largest number of pairs by trying everything. */
function bruteForce(edges: readonly (readonly number[])[], left = 0, taken: readonly number[] = []): number {
  if (left === edges.length) return taken.length
  const rest = (edges[left] ?? []).filter((right) => !taken.includes(right)).map((right) => bruteForce(edges, left + 1, [...taken, right]))
  return Math.max(bruteForce(edges, left + 1, taken), ...rest)
}

it('finds as many pairs as trying everything, each partner once and along an edge', () => {
  const graph = fc.array(fc.uniqueArray(fc.nat(5), { maxLength: 4 }), { maxLength: 6 })
  fc.assert(
    fc.property(graph, (edges) => {
      const partner = matchLargest(edges, 6, [...edges.keys()])
      const pairs = [...partner].flatMap((right, left) => (right < 0 ? [] : [[left, right] as const]))
      expect(pairs).toHaveLength(bruteForce(edges))
      expect(new Set(pairs.map(([, right]) => right)).size).toBe(pairs.length)
      for (const [left, right] of pairs) expect(edges[left]).toContain(right)
    }),
    { numRuns: 1_000 },
  )
})

it('follows long chains without recursion', () => {
  const size = 20_000
  const edges = Array.from({ length: size }, (_, left) => (left === size - 1 ? [0] : [left, left + 1]))
  expect([...matchLargest(edges, size, [...edges.keys()])].every((right) => right >= 0)).toBe(true)
})
