import { expect, test } from 'vitest'
import { assertReadable, formatSparkType, parseSparkType } from '../../../src/gateways/spark/spark-type.ts'

test.each([
  ['int', 'int'],
  ['integer', 'int'],
  ['decimal', 'decimal(10,0)'],
  ['char(3)', 'string'],
  ['time(6)', 'time(6)'],
  ['interval', 'interval'],
  ['array<interval day to second>', 'array<interval day to second>'],
  ['map<string collate UNICODE_CI,array<struct<a:decimal(38,18),b c:void>>>', 'map<string collate UNICODE_CI,array<struct<a:decimal(38,18),`b c`:void>>>'],
  ['struct<x:int,x:string>', 'struct<x:int,x:string>'],
  ['struct<>', 'struct<>'],
  ['geometry(4326)', 'geometry(4326)'],
])('%s reads as %s', (text, expected) => {
  expect(formatSparkType(parseSparkType(text)!)).toBe(expected)
})

test.each(['struct<a:b:int>', 'array<int', 'array<>', 'struct<a int>', 'map<int>', 'int)', ''])('%j is not read at all', (text) => {
  expect(parseSparkType(text)).toBeNull()
})

test.each(['variant', 'array<variant>', 'struct<a:map<int,variant>>', 'geometry(4326)'])('%s is refused with the column that holds it', (text) => {
  expect(() => assertReadable([{ name: 'fine', type: { kind: 'int' } }, { name: 'odd', type: parseSparkType(text)! }])).toThrow(/column odd is or holds a/)
})
