import { expect, test } from 'vitest'
import { parseSparkType } from '../../../src/gateways/spark/spark-type.ts'
import { withoutTail } from '../../../src/gateways/spark/thrift/statement-text.ts'
import { needsWrapping, wrappedLinesBefore, wrapQuery } from '../../../src/gateways/spark/thrift/wrapped-query.ts'

test.each([
  ['SELECT 1', 'SELECT 1'],
  ['SELECT 1 ;\n ; ', 'SELECT 1'],
  ['SELECT 1 -- done;', 'SELECT 1'],
  ["SELECT ';--' ;", "SELECT ';--'"],
  ["SELECT 'it\\'s' -- '", "SELECT 'it\\'s'"],
  ['SELECT `a``--` /* x /* y */ ; */', 'SELECT `a``--`'],
  ['SELECT /* a */ 1 /* b', 'SELECT /* a */ 1'],
  ['SELECT 1 /*+ HINT */', 'SELECT 1 /*+ HINT */'],
  ['SELECT "a\\"--" -- b\n', 'SELECT "a\\"--"'],
  ['-- only', ''],
])('%j in parentheses is %j', (sql, expected) => {
  expect(withoutTail(sql)).toBe(expected)
})

test('a query of exact types only needs no wrapping', () => {
  const exact = ['int', 'bigint', 'decimal(38,18)', 'string', 'binary', 'date', 'timestamp_ntz', 'double', 'void', 'interval year to month']
  expect(exact.map((text) => needsWrapping(parseSparkType(text)!))).not.toContain(true)
})

test('instants, nested values and strings of a collation are re-expressed, doubled names are avoided', () => {
  const types = ['timestamp', 'struct<x:int,x:array<bigint>>', 'map<string,date>', 'string collate UNICODE', 'int']
  const fields = types.map((text) => ({ name: 'a', type: parseSparkType(text)! }))
  expect(wrapQuery('SELECT *\nFROM t;', fields, 5)).toBe(
    [
      'SELECT unix_micros(c0), '
        + "to_json(IF(c1 IS NULL, NULL, named_struct('f0', c1.f0, 'f1', transform(c1.f1, e0 -> CAST(e0 AS STRING))))), "
        + "to_json(transform(map_entries(c2), e0 -> named_struct('k', CAST(e0.key AS STRING), 'v', CAST(e0.value AS STRING)))), "
        + 'CAST(c3 AS STRING), c4',
      'FROM (SELECT c0, CAST(c1 AS struct<f0:int,f1:array<bigint>>) AS c1, c2, c3, c4 FROM (',
      'SELECT *',
      'FROM t',
      ') AS t(c0, c1, c2, c3, c4))',
      'LIMIT 5',
    ].join('\n'),
  )
})

test('the lines in front of the query are as many as errors are moved by', () => {
  const lines = wrapQuery('HERE', [{ name: 'a', type: { kind: 'int' } }], undefined).split('\n')
  expect(lines.indexOf('HERE')).toBe(wrappedLinesBefore)
})
