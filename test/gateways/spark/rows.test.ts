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
