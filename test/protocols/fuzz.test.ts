import { describe, expect, test } from 'vitest'
import { protocolNames } from '../../src/protocols/codec.ts'
import { codecOf } from '../../src/protocols/registry.ts'
import { corpusOf, fuzzMutations, fuzzRandomBytes } from '../fuzz/protocols.ts'

/** A small number of what `make fuzz` does. */
const perClass = 100

describe.each(protocolNames)('damaged frames of %s', (protocol) => {
  test(`14 classes of ${perClass}: no throw, no hang, no wrong checksum accepted, the next good frame is found`, () => {
    const report = fuzzMutations(protocol, perClass, 4711)
    console.log(`${protocol}: ${report.cases} damaged frames, ${report.accepted} still right, ${report.swallowed} swallowed by chance`)
    expect(report.faults).toEqual([])
  })

  test('random bytes never throw and never pass with a wrong checksum', () => {
    expect(fuzzRandomBytes(protocol, 200_000, 4711).faults).toEqual([])
  })

  test('every prefix of every public frame is refused or decoded, never thrown at', () => {
    const codec = codecOf(protocol)
    for (const frame of corpusOf(protocol)) {
      for (let length = 0; length <= frame.length; length++) {
        const decoded = codec.decode(frame.subarray(0, length))
        if (!decoded.ok) expect(decoded.offset).toBeLessThanOrEqual(frame.length)
      }
    }
  })

  test('what is accepted can be explained and brought to the normal form', () => {
    const codec = codecOf(protocol)
    for (const frame of corpusOf(protocol)) {
      const decoded = codec.decode(frame)
      if (!decoded.ok) continue
      const rows = codec.explain(decoded.message, frame)
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row.offset + row.length).toBeLessThanOrEqual(frame.length)
      expect(Array.isArray(codec.normalize(decoded.message))).toBe(true)
    }
  })
})
