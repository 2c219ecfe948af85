import { describe, expect, test } from 'vitest'
import { isStationError } from '../../../src/core/errors.ts'
import { parseSparkFailure, sqlError } from '../../../src/gateways/spark/spark-error.ts'
import { errorRecording } from './recordings.ts'

const expected: Readonly<Record<string, object>> = {
  'selec 1': { condition: 'PARSE_SYNTAX_ERROR', sqlState: '42601', line: 1, column: 1, message: "syntax error at or near 'selec'", advice: null },
  'SELECT *\n FROM nope': { condition: 'TABLE_OR_VIEW_NOT_FOUND', sqlState: '42P01', line: 2, column: 7, message: 'the table or view `nope` cannot be found' },
  'SELECT 1,\n  1/0': { condition: 'DIVIDE_BY_ZERO', sqlState: '22012', line: 2, column: 3, message: 'division by zero' },
  "SELECT CAST('x' AS INT)": { condition: 'CAST_INVALID_INPUT', sqlState: '22018', line: 1, column: 8 },
  "SELECT raise_error('boom')": { condition: 'USER_RAISED_EXCEPTION', sqlState: 'P0001', line: null, column: null, message: 'boom' },
  'SELECT a FROM (SELECT 1 AS b)': { condition: 'UNRESOLVED_COLUMN.WITH_SUGGESTION', sqlState: '42703', line: 1, column: 8, advice: 'Did you mean one of the following? [`b`].' },
  '': { condition: 'PARSE_EMPTY_STATEMENT', sqlState: '42617', line: 1, column: 1 },
}

describe('recorded error texts', () => {
  test.each(errorRecording)('$transport: $sql', ({ sql, text }) => {
    const failure = parseSparkFailure(text)
    expect(failure).toMatchObject(expected[sql]!)
    expect(failure.message).not.toMatch(/\n|SQLSTATE|Exception/)
  })
})

test('a bracketed word in a message is not taken for the condition', () => {
  const failure = parseSparkFailure('org.apache.spark.SparkRuntimeException: [USER_RAISED_EXCEPTION] meter [AB_C] is unknown SQLSTATE: P0001')
  expect(failure).toMatchObject({ condition: 'USER_RAISED_EXCEPTION', message: 'meter [AB_C] is unknown' })
})

test('a text without a condition stays readable', () => {
  expect(parseSparkFailure('java.lang.IllegalStateException: no active session\n\tat a.b.C(D.java:1)')).toMatchObject({ condition: null, message: 'no active session' })
  expect(parseSparkFailure('').message).toBe('the engine gave no reason')
})

test('an error shows its place in the file of the statement', () => {
  const failure = parseSparkFailure('[X] Bad. SQLSTATE: 42000; line 1 pos 4')
  const at = (origin: { file: string; line: number; column: number }, line = 1): unknown => {
    const error = sqlError({ ...failure, line }, { origin })
    return isStationError(error, 'SQL_REJECTED') ? error.where : null
  }
  expect(at({ file: 'a.sql', line: 10, column: 3 })).toEqual({ file: 'a.sql', line: 10, column: 7 })
  expect(at({ file: 'a.sql', line: 10, column: 3 }, 2)).toEqual({ file: 'a.sql', line: 11, column: 5 })
})
