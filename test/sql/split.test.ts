import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainSql, type SqlFile } from '../../src/sql/source-map.ts'
import { splitStatements } from '../../src/sql/split.ts'
import type { Dialect } from '../../src/sql/scan.ts'

const split = (text: string, dialect: Dialect = 'flink') => splitStatements(plainSql({ path: 'job.sql', text } satisfies SqlFile), dialect)
const texts = (text: string, dialect: Dialect = 'flink') => split(text, dialect).map((statement) => statement.text)

describe('splitting SQL into statements', () => {
  it('cuts at semicolons and leaves out empty statements and comments around', () => {
    expect(texts('-- first\nSELECT 1;;\n ; /* b; */ SELECT 2 -- end;\n;\n')).toEqual(['SELECT 1', 'SELECT 2'])
    expect(texts('')).toEqual([])
    expect(texts('-- only ; a comment')).toEqual([])
  })

  it.each<[Dialect, string, readonly string[]]>([
    ['flink', "SELECT 'a;''b;'; SELECT 2", ["SELECT 'a;''b;'", 'SELECT 2']],
    ['flink', "SELECT '\\'; SELECT 2", ["SELECT '\\'", 'SELECT 2']],
    ['flink', "SELECT E'\\';'; SELECT 2", ["SELECT E'\\';'", 'SELECT 2']],
    ['flink', "SELECT nameE'x;'; SELECT 2", ["SELECT nameE'x;'", 'SELECT 2']],
    ['flink', "SELECT U&'\\00e9;', X'ab', 1", ["SELECT U&'\\00e9;', X'ab', 1"]],
    ['flink', 'SELECT `a;``b;` FROM t; SELECT 2', ['SELECT `a;``b;` FROM t', 'SELECT 2']],
    ['flink', 'SELECT "a;""b" ; SELECT 2', ['SELECT "a;""b"', 'SELECT 2']],
    ['flink', 'SELECT 1 // c;\n+ 1; SELECT 2', ['SELECT 1 // c;\n+ 1', 'SELECT 2']],
    ['flink', 'SELECT /* a /* b */ 1; SELECT 2', ['SELECT /* a /* b */ 1', 'SELECT 2']],
    ['flink', "SELECT * FROM t /*+ OPTIONS('a'='b*/;') */; SELECT 2", ["SELECT * FROM t /*+ OPTIONS('a'='b*/;') */", 'SELECT 2']],
    ['spark', "SELECT 'a\\';b'; SELECT 2", ["SELECT 'a\\';b'", 'SELECT 2']],
    ['spark', "SELECT 'a'';b'; SELECT 2", ["SELECT 'a'';b'", 'SELECT 2']],
    ['spark', 'SELECT "a\\";b"; SELECT 2', ['SELECT "a\\";b"', 'SELECT 2']],
    ['spark', "SELECT r'a\\'; SELECT 2", ["SELECT r'a\\'", 'SELECT 2']],
    ['spark', "SELECT R\"a\\\"; SELECT 2", ["SELECT R\"a\\\"", 'SELECT 2']],
    ['spark', 'SELECT 1 /* a /* b; */ c; */; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ['spark', 'SELECT 1 -- one \\\n still; \n; SELECT 2', ['SELECT 1', 'SELECT 2']],
    ['spark', 'SELECT $x$ a; \' $x$; SELECT 2', ['SELECT $x$ a; \' $x$', 'SELECT 2']],
    ['spark', 'SELECT 1 // 2; SELECT 2', ['SELECT 1 // 2', 'SELECT 2']],
  ])('%s: %s', (dialect, text, expected) => {
    expect(texts(text, dialect)).toEqual(expected)
  })

  it('takes a statement set as one statement, CASE … END inside included', () => {
    const set = 'EXECUTE STATEMENT SET\nBEGIN\n  INSERT INTO a SELECT CASE WHEN x THEN 1 ELSE 2 END FROM t;\n  INSERT INTO b SELECT 1;\nEND'
    const found = split(`SELECT 1; ${set}; SELECT 2`)
    expect(found.map((statement) => statement.text)).toEqual(['SELECT 1', set, 'SELECT 2'])
    expect(found[1]!.kind).toBe('EXECUTE STATEMENT SET')
    expect(texts(`COMPILE PLAN 'f' FOR STATEMENT SET BEGIN INSERT INTO a SELECT 1; END; EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT 1; END`)).toHaveLength(2)
  })

  it("sends Flink's older statement set in the newer form and still finds its places", () => {
    const [statement, next, ...rest] = split('\nBEGIN STATEMENT SET; INSERT INTO a\nSELECT 1;\nEND; SELECT 2')
    expect(statement!.text).toBe('EXECUTE STATEMENT SET BEGIN INSERT INTO a\nSELECT 1;\nEND')
    expect(statement!.kind).toBe('EXECUTE STATEMENT SET')
    expect(next!.text).toBe('SELECT 2')
    expect(rest).toEqual([])
    const column = statement!.text.indexOf('INSERT') + 1
    expect(statement!.locate(1, column)).toMatchObject({ file: 'job.sql', line: 2, column: 22 })
    expect(statement!.locate(2, 8)).toMatchObject({ line: 3, column: 8 })
    expect(statement!.locate(1, 3)).toMatchObject({ line: 2, column: 1 })
  })

  it("takes Spark's scripts as one statement", () => {
    const script = 'BEGIN\n  DECLARE x INT = 1;\n  IF x > 0 THEN SELECT CASE WHEN x = 1 THEN 2 END; END IF;\n  WHILE x < 3 DO SET x = x + 1; END WHILE;\n  BEGIN SELECT 1; END;\n  CASE WHEN x = 1 THEN SELECT 5; END CASE;\nEND'
    expect(texts(`${script}; SELECT 2`, 'spark')).toEqual([script, 'SELECT 2'])
    expect(texts(`outer: BEGIN SELECT 1; END outer; SELECT 2`, 'spark')).toEqual(['outer: BEGIN SELECT 1; END outer', 'SELECT 2'])
  })

  it.each<[string, string, { line: number; column: number }]>([
    ["SELECT 1;\nSELECT 'abc; SELECT 2", 'a string never ends', { line: 2, column: 8 }],
    ['SELECT 1;\n /* SELECT 2', 'a comment never ends', { line: 2, column: 2 }],
    ['SELECT `a', 'a quoted name never ends', { line: 1, column: 8 }],
    ['SELECT 1; EXECUTE STATEMENT SET\n BEGIN INSERT INTO a SELECT 1;', 'a block of statements has no END', { line: 2, column: 2 }],
  ])('reports the place of what never ends in %j', (text, message, where) => {
    expect(() => split(text)).toThrowError(expect.objectContaining({ code: 'JOB_INVALID', message, where: expect.objectContaining({ file: 'job.sql', ...where }) }))
  })

  it('knows where each statement lies and maps the positions of messages', () => {
    const [, second] = split('SELECT 1;\r\n  SELECT a,\r\n\tb FROM t')
    expect(second!.where).toMatchObject({ file: 'job.sql', line: 2, column: 3 })
    expect(second!.locate(1, 8)).toMatchObject({ line: 2, column: 10 })
    expect(second!.locate(2, 2)).toMatchObject({ line: 3, column: 2 })
    expect(second!.locate(99, 99)).toMatchObject({ line: 3, column: 10 })
  })

  it('counts columns of Spark in code points and those of Flink in UTF-16 units', () => {
    const text = "SELECT '😀', x"
    expect(split(text, 'spark')[0]!.locate(1, 13)).toMatchObject({ column: 14 })
    expect(split(text, 'flink')[0]!.locate(1, 13)).toMatchObject({ column: 13 })
  })

  it.each([
    ['create or replace temporary view v AS SELECT 1', 'CREATE OR REPLACE TEMPORARY VIEW'],
    ['CREATE TABLE IF NOT EXISTS t (a INT)', 'CREATE TABLE'],
    ['INSERT INTO `t` SELECT 1', 'INSERT INTO'],
    ['INSERT OVERWRITE t SELECT 1', 'INSERT OVERWRITE'],
    ['WITH x AS (SELECT 1) SELECT * FROM x', 'WITH'],
    ["SET 'a' = 'b'", 'SET'],
    ['SELECT table_name FROM t', 'SELECT'],
    ["EXECUTE PLAN 'x'", 'EXECUTE PLAN'],
    ["COMPILE AND EXECUTE PLAN 'x' FOR INSERT INTO a SELECT 1", 'COMPILE AND EXECUTE PLAN'],
    ["STOP JOB 'x' WITH SAVEPOINT", 'STOP JOB'],
    ['SHOW TABLES', 'SHOW TABLES'],
    ['(SELECT 1)', ''],
  ])('names the kind of %j', (text, kind) => {
    expect(split(text)[0]!.kind).toBe(kind)
  })

  it('never throws anything but JOB_INVALID, and loses no code', () => {
    const pieces = fc.constantFrom("'", '"', '`', '--', '/*', '*/', '//', ';', '\\', '\n', ' ', 'a', 'BEGIN', 'STATEMENT SET', 'END', 'CASE', 'E', 'r', '$', '$x$', '😀', '1e5')
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), fc.constantFrom<Dialect>('flink', 'spark'), (parts, dialect) => {
        const text = parts.join('')
        try {
          for (const statement of split(text, dialect)) {
            expect(text.slice(statement.start, statement.end).trim()).toBe(text.slice(statement.start, statement.end))
            expect(statement.end).toBeGreaterThan(statement.start)
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'JOB_INVALID' })
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
