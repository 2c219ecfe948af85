import { describe, expect, test } from 'vitest'
import { readArrowRows } from '../../../src/gateways/spark/connect/arrow-rows.ts'
import { readConnectFields } from '../../../src/gateways/spark/connect/connect-schema.ts'
import { formatSparkType, parseSparkType, type SparkField } from '../../../src/gateways/spark/spark-type.ts'
import { readThriftRows } from '../../../src/gateways/spark/thrift/thrift-rows.ts'
import { connectRecording, thriftColumns, thriftDescription } from './recordings.ts'
import { everyCase } from './type-table.ts'

const arrowBytes = Buffer.from(connectRecording.arrow, 'base64')
const connectFields = readConnectFields(connectRecording.schema)
const thriftFields = thriftDescription.map(({ name, type }): SparkField => ({ name, type: parseSparkType(type)! }))
const arrowRow = readArrowRows(arrowBytes, connectFields)[0]!
const thriftRow = readThriftRows(thriftColumns, thriftFields)[0]!

describe.each([
  ['Arrow of Spark Connect', connectFields, arrowRow],
  ['columns of Thrift', thriftFields, thriftRow],
] as const)('recorded %s', (_, fields, row) => {
  test.each(everyCase.map((each, index) => ({ ...each, index })))('$sql is exact', ({ index, type, value }) => {
    expect(formatSparkType(fields[index]!.type)).toBe(type)
    expect(row[index]).toStrictEqual(value)
  })
})

test('NULLs of a Thrift column stand in a bit field that may be shorter than the rows', () => {
  const values = Array.from({ length: 20 }, (_, index) => index)
  const nullRows = [0, 3, 7, 8, 9]
  const nulls = Uint8Array.of(0b1000_1001, 0b0000_0011)
  const rows = readThriftRows([{ i32Val: { values, nulls } }], [{ name: 'a', type: { kind: 'int' } }])
  expect(rows.map(([value]) => value)).toEqual(values.map((value) => (nullRows.includes(value) ? null : value)))
})

describe('pages that are not of their schema', () => {
  test('an Arrow page with another number of columns is refused', () => {
    expect(() => readArrowRows(arrowBytes, connectFields.slice(1))).toThrow(/columns came for a schema/)
  })

  test('an Arrow column of another type is refused instead of read wrongly', () => {
    const swapped = connectFields.map((field, index) => (index === 2 ? { name: field.name, type: { kind: 'bigint' } as const } : field))
    expect(() => readArrowRows(arrowBytes, swapped)).toThrow(/not a BigInt64Array/)
  })

  test('a Thrift page with another number of columns is refused', () => {
    expect(() => readThriftRows(thriftColumns, thriftFields.slice(1))).toThrow(/columns came for a schema/)
  })

  test('a Thrift text that is no value of its type is refused', () => {
    const column = { stringVal: { values: ['12a'], nulls: new Uint8Array() } }
    expect(() => readThriftRows([column], [{ name: 'd', type: { kind: 'decimal', precision: 5, scale: 2 } }])).toThrow(/column d is not of its type decimal/)
  })

  test('an empty page has no rows', () => {
    expect(readThriftRows([{ i32Val: { values: [], nulls: new Uint8Array() } }], [{ name: 'a', type: { kind: 'int' } }])).toEqual([])
  })
})
