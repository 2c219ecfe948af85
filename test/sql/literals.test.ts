import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIdentifier, formatLiteral, formatQualifiedIdentifier, type LiteralValue } from '../../src/sql/literals.ts'
import { scan, type Dialect } from '../../src/sql/scan.ts'

const nasty = ["'", "''", "'; DROP TABLE t; --", '\\', "\\'", "\\\\'", '`', '"', '/*', '*/', '--', '\n', '\r\n', '${env:HOME}', '$', '{', "\\u0027", '😀', 'é中', '\t', "' OR '1'='1"]
const text = fc.array(fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 8 }).map((parts) => parts.join(''))

/** What the engine reads from a string literal, by the rules of its grammar. */
function readString(dialect: Dialect, literal: string): string {
  const inner = literal.slice(1, -1)
  if (dialect === 'flink') return inner.replaceAll("''", "'")
  const named: Record<string, string> = { n: '\n', r: '\r' }
  return inner.replace(/\\(?:u([0-9a-f]{4})|([\s\S]))/gu, (_, hex: string | undefined, character: string | undefined) =>
    hex === undefined ? (named[character!] ?? character!) : String.fromCharCode(parseInt(hex, 16)),
  )
}

describe('literals', () => {
  it.each<Dialect>(['flink', 'spark'])('a string of %s is one token that reads back, whatever it holds', (dialect) => {
    fc.assert(
      fc.property(text.filter((value) => !value.includes('\0')), (value) => {
        const literal = formatLiteral(dialect, { type: 'string', value })
        const tokens = [...scan(`${literal};`, dialect)]
        expect(tokens).toHaveLength(2)
        expect(tokens[0]).toMatchObject({ kind: 'string', start: 0, end: literal.length, closed: true })
        expect(readString(dialect, literal)).toBe(value)
        if (dialect === 'spark') expect(literal).not.toContain('${')
      }),
      { numRuns: 1_000 },
    )
  })

  it.each<Dialect>(['flink', 'spark'])('a name of %s is one token, or refused', (dialect) => {
    fc.assert(
      fc.property(text, (value) => {
        let name: string
        try {
          name = formatIdentifier(dialect, value)
        } catch (error) {
          expect(error).toMatchObject({ code: 'INPUT_INVALID' })
          return
        }
        const tokens = [...scan(`${name};`, dialect)]
        expect(tokens).toHaveLength(2)
        expect(tokens[0]).toMatchObject({ kind: 'identifier', end: name.length, closed: true })
        expect(name.slice(1, -1).replaceAll('``', '`')).toBe(value)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each<[Dialect, LiteralValue, string]>([
    ['flink', { type: 'string', value: "it's" }, "'it''s'"],
    ['spark', { type: 'string', value: "it's \\ ${a}" }, "'it\\'s \\\\ \\u0024{a}'"],
    ['flink', { type: 'int', value: -5 }, '-5'],
    ['flink', { type: 'bigint', value: 9007199254740993n }, '9007199254740993'],
    ['spark', { type: 'bigint', value: 5n }, '5L'],
    ['flink', { type: 'decimal', value: '1.50' }, '1.50'],
    ['spark', { type: 'decimal', value: '5' }, '5BD'],
    ['flink', { type: 'decimal', value: '12345678901234567890' }, "CAST('12345678901234567890' AS DECIMAL(20, 0))"],
    ['flink', { type: 'double', value: 0.1 }, '1E-1'],
    ['spark', { type: 'double', value: 1e21 }, '1E21D'],
    ['flink', { type: 'boolean', value: true }, 'TRUE'],
    ['flink', { type: 'date', value: '2024-02-29' }, "DATE '2024-02-29'"],
    ['flink', { type: 'timestamp', value: '2026-03-05T08:30' }, "TIMESTAMP '2026-03-05 08:30:00'"],
    ['spark', { type: 'timestamp', value: '2026-03-05 08:30:00.5' }, "TIMESTAMP_NTZ '2026-03-05 08:30:00.5'"],
    ['flink', { type: 'timestamp', value: '1970-01-01T08:00:01.5+08:00' }, 'TO_TIMESTAMP_LTZ(1500, 3)'],
    ['spark', { type: 'timestamp', value: '1970-01-01T08:00:01+08:00' }, "TIMESTAMP_LTZ '1970-01-01 08:00:01+08:00'"],
    ['flink', { type: 'duration', value: '10s' }, "INTERVAL '10' SECOND"],
    ['flink', { type: 'duration', value: '3600s' }, "INTERVAL '0 01:00:00.000' DAY TO SECOND(3)"],
    ['flink', { type: 'duration', value: '250d' }, "INTERVAL '250 00:00:00.000' DAY(3) TO SECOND(3)"],
    ['flink', { type: 'decimal', value: '99999999999999999999.5' }, "CAST('99999999999999999999.5' AS DECIMAL(21, 1))"],
    ['spark', { type: 'duration', value: '3600s' }, "INTERVAL '3600' SECOND"],
    ['flink', { type: 'duration', value: '250ms' }, "INTERVAL '0 00:00:00.250' DAY TO SECOND(3)"],
    ['flink', { type: 'bytes', value: new Uint8Array([0, 171]) }, "X'00AB'"],
  ])('%s %o is %s', (dialect, literal, expected) => {
    expect(formatLiteral(dialect, literal)).toBe(expected)
  })

  it.each<LiteralValue>([
    { type: 'date', value: '2026-02-30' },
    { type: 'date', value: "2026-02-03' --" },
    { type: 'timestamp', value: '2026-02-30T00:00' },
    { type: 'timestamp', value: '2026-02-03T25:00' },
    { type: 'timestamp', value: "2026-02-03T00:00' --" },
    { type: 'int', value: 2 ** 31 },
    { type: 'int', value: 1.5 },
    { type: 'bigint', value: 2n ** 63n },
    { type: 'double', value: NaN },
    { type: 'decimal', value: '1e5' },
    { type: 'decimal', value: '1); DROP' },
    { type: 'decimal', value: '123456789012345678901234567890123456789' },
    { type: 'duration', value: '10 parsecs' },
    { type: 'string', value: 'a\0b' },
    { type: 'string', value: '\ud800' },
  ])('refuses %o', (literal) => {
    expect(() => formatLiteral('flink', literal)).toThrowError(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })

  it('quotes every part of a qualified name', () => {
    expect(formatQualifiedIdentifier('flink', ['c', 'd`', 't'])).toBe('`c`.`d```.`t`')
    expect(() => formatIdentifier('spark', 'a${b}')).toThrowError(/replaces/)
    expect(() => formatIdentifier('flink', '')).toThrowError()
  })
})
