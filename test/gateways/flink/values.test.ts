import { parse } from 'lossless-json'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLogicalType, readLogicalType, type LogicalType } from '../../../src/gateways/flink/logical-type.ts'
import { decodePlainValue, instantOfWallClock } from '../../../src/gateways/flink/plain-values.ts'
import { AmbiguousValue, decodeJsonValue, plainDecimal, type FlinkValue } from '../../../src/gateways/flink/values.ts'

const type = (root: string, parts: Partial<LogicalType> = {}): LogicalType => ({ root, nullable: true, ...parts })
const text = type('VARCHAR', { length: 2_147_483_647 })
const int = type('INTEGER', { nullable: false })
const array = (element: LogicalType): LogicalType => type('ARRAY', { element })
const map = (key: LogicalType, value: LogicalType): LogicalType => type('MAP', { key, value })
const row = (...fields: readonly (readonly [string, LogicalType])[]): LogicalType => type('ROW', { fields: fields.map(([name, inner]) => ({ name, type: inner })) })
const bytes = (...values: readonly number[]): Uint8Array => new Uint8Array(values)

/** The same value as JSON and as PLAIN_TEXT, as Flink 2.3.0 wrote them. */
const cases: readonly (readonly [string, LogicalType, string, string | null, FlinkValue])[] = [
  ['BIGINT', type('BIGINT'), '9007199254740993', '9007199254740993', 9007199254740993n],
  ['smallest BIGINT', type('BIGINT'), '-9223372036854775808', '-9223372036854775808', -9223372036854775808n],
  ['INT', int, '-2147483648', '-2147483648', -2147483648],
  ['TINYINT', type('TINYINT'), '5', '5', 5],
  ['DECIMAL in exponent form', type('DECIMAL', { precision: 38, scale: 10 }), '1E+2', '100.0000000000', '100.0000000000'],
  ['small DECIMAL', type('DECIMAL', { precision: 38, scale: 30 }), '1E-20', '0.000000000000000000010000000000', '0.000000000000000000010000000000'],
  ['large DECIMAL', type('DECIMAL', { precision: 20, scale: 0 }), '1.234567890123456789E+19', '12345678901234567890', '12345678901234567890'],
  ['negative DECIMAL', type('DECIMAL', { precision: 5, scale: 2 }), '-0.5', '-0.50', '-0.50'],
  ['FLOAT', type('FLOAT'), '0.1', '0.1', 0.1],
  ['DOUBLE', type('DOUBLE'), '1.0E300', '1.0E300', 1e300],
  ['NaN', type('DOUBLE'), '"NaN"', 'NaN', NaN],
  ['-Infinity', type('DOUBLE'), '"-Infinity"', '-Infinity', -Infinity],
  ['BOOLEAN', type('BOOLEAN'), 'true', 'TRUE', true],
  ['CHAR', type('CHAR', { length: 3 }), '"a  "', 'a  ', 'a  '],
  ['BYTES', type('VARBINARY'), '"AKs="', "x'00ab'", bytes(0, 0xab)],
  ['no BYTES', type('BINARY'), '""', "x''", bytes()],
  ['DATE', type('DATE'), '"9999-12-31"', '9999-12-31', '9999-12-31'],
  ['TIME(3)', type('TIME_WITHOUT_TIME_ZONE', { precision: 3 }), '"12:34:56.7"', '12:34:56.700', '12:34:56.700'],
  ['TIMESTAMP(0)', type('TIMESTAMP_WITHOUT_TIME_ZONE', { precision: 0 }), '"2026-01-01T00:00:00"', '2026-01-01 00:00:00', '2026-01-01T00:00:00'],
  ['TIMESTAMP(9)', type('TIMESTAMP_WITHOUT_TIME_ZONE', { precision: 9 }), '"0001-01-01T00:00:00.123456789"', '0001-01-01 00:00:00.123456789', '0001-01-01T00:00:00.123456789'],
  ['TIMESTAMP_LTZ(3)', type('TIMESTAMP_WITH_LOCAL_TIME_ZONE', { precision: 3 }), '"1970-01-01T00:00:00Z"', '1970-01-01 08:00:00.000', '1970-01-01T00:00:00.000Z'],
  ['day interval', type('INTERVAL_DAY_TIME'), '93784500', '+1 02:03:04.500', 93784500n],
  ['negative day interval', type('INTERVAL_DAY_TIME'), '-500', '-0 00:00:00.500', -500n],
  ['month interval', type('INTERVAL_YEAR_MONTH'), '14', '+1-02', 14],
  ['NULL', type('BIGINT'), 'null', null, null],
  ['ARRAY', array(text), '[null,"a"]', '[NULL, a]', [null, 'a']],
  ['empty ARRAY', array(int), '[]', '[]', []],
  ['ARRAY of BYTES', array(type('VARBINARY')), '["AP8="]', "[x'00ff']", [bytes(0, 255)]],
  ['ARRAY of NaN', array(type('DOUBLE')), '["NaN"]', '[NaN]', [NaN]],
  ['ROW', row(['id', int], ['name', type('CHAR', { nullable: false, length: 1 })]), '{"id":1,"name":"x"}', '(1, x)', { id: 1, name: 'x' }],
  ['ROW in ARRAY', array(row(['n', type('BIGINT')], ['m', map(type('CHAR', { nullable: false, length: 1 }), type('DECIMAL', { precision: 2, scale: 1 }))])), '[{"n":1,"m":{"k":1.5}}]', '[(1, {k=1.5})]', [{ n: 1n, m: new Map([['k', '1.5']]) }]],
  ['MAP with NULL', map(text, type('INTEGER')), '{"a":null}', '{a=NULL}', new Map([['a', null]])],
  ['MULTISET', type('MULTISET', { element: text }), '{"a":2,"b":1}', '{a=2, b=1}', new Map([['a', 2], ['b', 1]])],
]

describe('values of results', () => {
  it.each(cases)('%s is exact in JSON', (_, valueType, json, __, value) => {
    expect(decodeJsonValue(valueType, parse(json))).toEqual(value)
  })

  it.each(cases)('%s is exact in PLAIN_TEXT', (_, valueType, __, plain, value) => {
    // NULL and the text NULL look alike inside nested values, and a text may hold what separates two elements
    if ((plain?.includes('NULL') === true && valueType.root === 'ARRAY') || valueType.root === 'MULTISET') expect(() => decodePlainValue(valueType, plain, 'Asia/Shanghai')).toThrow(AmbiguousValue)
    else expect(decodePlainValue(valueType, plain, 'Asia/Shanghai')).toEqual(value)
  })

  it('reads maps whose keys are no text, which JSON cannot carry', () => {
    expect(decodePlainValue(map(int, row(['a', type('CHAR', { nullable: false })], ['b', array(type('CHAR', { nullable: false }))])), '{1=(a, [b])}', 'UTC')).toEqual(new Map([[1, { a: 'a', b: ['b'] }]]))
    expect(decodePlainValue(map(type('BOOLEAN'), int), '{TRUE=1, FALSE=2}', 'UTC')).toEqual(new Map([[true, 1], [false, 2]]))
    expect(decodePlainValue(map(int, type('TIMESTAMP_WITH_LOCAL_TIME_ZONE', { precision: 3 })), '{1=2025-07-01 02:00:00.001}', 'Europe/Berlin')).toEqual(new Map([[1, '2025-07-01T00:00:00.001Z']]))
  })

  it('refuses what has two readings instead of guessing', () => {
    expect(() => decodePlainValue(map(int, text), '{1=a, 2=b}', 'UTC')).toThrow(AmbiguousValue)
    expect(() => decodeJsonValue(map(text, int), parse('{"null":1}'))).toThrow(AmbiguousValue)
    expect(() => instantOfWallClock('2025-10-26 02:30:00', 'Europe/Berlin')).toThrow(AmbiguousValue)
    expect(instantOfWallClock('2025-10-26 01:30:00', 'Europe/Berlin')).toBe('2025-10-25T23:30:00Z')
    expect(instantOfWallClock('2025-10-26 03:30:00', 'Europe/Berlin')).toBe('2025-10-26T02:30:00Z')
  })

  it('takes a long nested text as too involved rather than trying for ever', () => {
    const long = `[${Array.from({ length: 60 }, () => 'a').join(', ')}]`
    expect(() => decodePlainValue(array(text), long, 'UTC')).toThrow(AmbiguousValue)
  })

  it('keeps keys and fields with names that mean something to JavaScript', () => {
    expect(decodeJsonValue(map(type('VARCHAR', { nullable: false }), int), parse('{"__proto__":1,"2":2,"1":3}'))).toEqual(new Map([['__proto__', 1], ['2', 2], ['1', 3]]))
    expect(Object.keys(decodeJsonValue(row(['__proto__', int]), parse('{"__proto__":1}')) as object)).toEqual(['__proto__'])
  })

  it.each([
    [int, '"x"'],
    [int, '1.5'],
    [type('BIGINT'), '1E5'],
    [type('DECIMAL', { precision: 3, scale: 1 }), '1.23'],
    [array(int), '{}'],
    [row(['a', int]), '{"b":1}'],
    [type('BOOLEAN'), '"true"'],
    [type('TIMESTAMP_WITH_LOCAL_TIME_ZONE', { precision: 3 }), '"2026-01-01T00:00:00"'],
  ])('reports a value that is not of its type: %o %s', (valueType, json) => {
    expect(() => decodeJsonValue(valueType, parse(json))).toThrowError(expect.objectContaining({ code: 'GATEWAY_PROTOCOL' }))
  })

  it('writes every decimal with all places of its scale', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: 0, max: 38 }), (unscaled, scale) => {
        const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
        const plain = `${unscaled < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`}`
        expect(plainDecimal(plain, scale)).toBe(plain)
        expect(plainDecimal(`${unscaled}E-${scale}`, scale)).toBe(plain)
      }),
    )
  })
})

describe('types of columns', () => {
  it.each([
    ['{"type":"VARCHAR","nullable":true,"length":2147483647}', 'STRING'],
    ['{"type":"VARCHAR","nullable":false,"length":9}', 'VARCHAR(9) NOT NULL'],
    ['{"type":"DECIMAL","nullable":true,"precision":38,"scale":10}', 'DECIMAL(38, 10)'],
    ['{"type":"TIMESTAMP_WITH_LOCAL_TIME_ZONE","nullable":true,"precision":3}', 'TIMESTAMP_LTZ(3)'],
    ['{"type":"ROW","nullable":false,"fields":[{"name":"a`b","fieldType":{"type":"MAP","nullable":true,"keyType":{"type":"INTEGER","nullable":false},"valueType":{"type":"VARBINARY","nullable":true,"length":2147483647}}}]}', 'ROW<`a``b` MAP<INT NOT NULL, BYTES>> NOT NULL'],
    ['{"type":"MULTISET","nullable":true,"elementType":{"type":"CHAR","nullable":true,"length":1}}', 'MULTISET<CHAR(1)>'],
    ['{"type":"VARIANT","nullable":true}', 'VARIANT'],
    ['{"type":"NULL"}', 'NULL'],
  ])('%s is %s', (json, expected) => {
    expect(formatLogicalType(readLogicalType(parse(json)))).toBe(expected)
  })
})
