import fc from 'fast-check'
import { expect, it } from 'vitest'
import { StringTable } from '../../src/grid/string-table.ts'

it('behaves as a map from text to the order of arrival', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('M1', 'M2', 'Ä1', '台区', '')), { maxLength: 600 }), (texts) => {
      const table = new StringTable()
      const oracle = new Map<string, number>()
      for (const text of texts) {
        expect(table.add(text)).toBe(oracle.has(text) ? -1 : oracle.size)
        if (!oracle.has(text)) oracle.set(text, oracle.size)
      }
      expect(table.size).toBe(oracle.size)
      for (const [text, index] of oracle) {
        expect(table.find(text)).toBe(index)
        expect(table.get(index)).toBe(text)
      }
      expect(table.find('never added')).toBe(-1)
    }),
    { numRuns: 200 },
  )
})

it('keeps a hundred thousand entries apart', () => {
  const table = new StringTable()
  const added = Array.from({ length: 100_000 }, (_, index) => table.add(`M${String(index).padStart(8, '0')}`))
  expect(added.every((number, index) => number === index)).toBe(true)
  expect(table.find('M00099999')).toBe(99_999)
  expect(table.find('M00100000')).toBe(-1)
})
