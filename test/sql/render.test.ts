import { describe, expect, it } from 'vitest'
import { isStationError } from '../../src/core/errors.ts'
import { renderTemplate, type RenderOptions } from '../../src/sql/render.ts'
import { splitStatements } from '../../src/sql/split.ts'
import type { SqlFile } from '../../src/sql/source-map.ts'

const file = (text: string, path = 'main.sql'): SqlFile => ({ path, text })
const options = (parts: Partial<RenderOptions> = {}): RenderOptions => ({ dialect: 'flink', parameters: {}, fragments: {}, ...parts })

function problemsOf(body: () => unknown): readonly string[] {
  try {
    body()
  } catch (error) {
    if (isStationError(error, 'JOB_INVALID')) return error.problems.map((problem) => `${problem.where?.file ?? '?'}:${problem.where?.line ?? '?'}:${problem.where?.column ?? '?'} ${problem.message}`)
    throw error
  }
  return []
}

describe('rendering a template', () => {
  it('writes each parameter by its declared type', () => {
    const parameters = {
      topic: { type: 'string', value: "it's" },
      table: { type: 'identifier', value: 'a`b' },
      n: { type: 'int', value: '5' },
      big: { type: 'bigint', value: 9007199254740993n },
      ratio: { type: 'decimal', value: 0.8 },
      day: { type: 'date', value: '2026-03-05' },
      on: { type: 'boolean', value: true },
      idle: { type: 'duration', value: '10s' },
    } as const
    const text = 'INSERT INTO {{table}} SELECT {{topic}}, {{n}}, {{ big }}, {{ratio}}, {{day}}, {{on}}, {{idle}}'
    expect(renderTemplate(file(text), options({ parameters })).text).toBe("INSERT INTO `a``b` SELECT 'it''s', 5, 9007199254740993, 0.8, DATE '2026-03-05', TRUE, INTERVAL '10' SECOND")
  })

  it('escapes a value inside quotes that the template wrote', () => {
    const parameters = { dir: { type: 'string', value: "/tmp/o'neil\\" }, table: { type: 'identifier', value: 'x`y' } } as const
    expect(renderTemplate(file("'file://{{dir}}/a' `p_{{table}}`"), options({ parameters })).text).toBe("'file:///tmp/o''neil\\/a' `p_x``y`")
    expect(renderTemplate(file("'file://{{dir}}/a' `p_{{table}}`"), options({ parameters, dialect: 'spark' })).text).toBe("'file:///tmp/o\\'neil\\\\/a' `p_x``y`")
  })

  it('leaves comments alone, so that no value can end them', () => {
    const text = '-- {{unknown}}\nSELECT /* {{> nothing}} */ {{a}}'
    expect(renderTemplate(file(text), options({ parameters: { a: { type: 'string', value: '\nDROP' } } })).text).toBe("-- {{unknown}}\nSELECT /* {{> nothing}} */ '\nDROP'")
  })

  it('does not let a negative number begin a comment', () => {
    expect(renderTemplate(file('SELECT x -{{n}}'), options({ parameters: { n: { type: 'int', value: -5 } } })).text).toBe('SELECT x - -5')
  })

  it('includes a fragment identically at every place and maps positions back into it', () => {
    const call = file('judge(\n  ev => TABLE ev,\n  n => {{n}})', 'call.sql')
    const main = file('INSERT INTO a SELECT * FROM {{> call}};\nINSERT INTO b SELECT * FROM {{> call}};\n', 'main.sql')
    const rendered = renderTemplate(main, options({ parameters: { n: { type: 'int', value: 12 } }, fragments: { call } }))
    const body = 'judge(\n  ev => TABLE ev,\n  n => 12)'
    expect(rendered.text).toBe(`INSERT INTO a SELECT * FROM ${body};\nINSERT INTO b SELECT * FROM ${body};\n`)
    expect(rendered.locate(rendered.text.lastIndexOf('TABLE'))).toMatchObject({ file: 'call.sql', line: 2, column: 9 })
    expect(rendered.locate(rendered.text.lastIndexOf('12') + 1)).toMatchObject({ file: 'call.sql', line: 3, column: 8 })
    expect(rendered.locate(rendered.text.lastIndexOf(')'))).toMatchObject({ file: 'call.sql', line: 3, column: 13 })
    expect(rendered.locate(rendered.text.indexOf('INSERT INTO b'))).toMatchObject({ file: 'main.sql', line: 2, column: 1 })
    const [, second] = splitStatements(rendered, 'flink')
    expect(second!.locate(2, 9)).toMatchObject({ file: 'call.sql', line: 2, column: 9 })
    expect(second!.locate(1, 1)).toMatchObject({ file: 'main.sql', line: 2, column: 1 })
  })

  it('keeps a comment at the end of a fragment from swallowing what follows', () => {
    const rendered = renderTemplate(file('SELECT {{> a}} FROM t'), options({ fragments: { a: file('1 -- one', 'a.sql') } }))
    expect(rendered.text).toBe('SELECT 1 -- one\n FROM t')
  })

  it('reports every problem with file, line and column', () => {
    const parameters = { count: { type: 'int', value: 'x' }, spare: { type: 'string', value: '' }, good: { type: 'int', value: 1 } } as const
    const main = file("SELECT {{cuont}},\n  {{count}}, {{> missing}}, {{}}, '{{> f}}'\n {{> f}} a{{good}} {{good}}{{good}} {{good}}'x' r {{toString}}")
    const fragments = { f: file('{{other}} {{> f}}', 'f.sql') }
    expect(problemsOf(() => renderTemplate(main, options({ parameters, fragments })))).toEqual([
      "main.sql:1:8 no parameter 'cuont'",
      `main.sql:2:3 parameter 'count': "x" is not of type int`,
      "main.sql:2:14 no fragment 'missing'",
      "main.sql:2:29 '{{}}' is not a placeholder",
      "main.sql:2:36 fragment 'f' cannot stand inside quotes",
      "f.sql:1:1 no parameter 'other'",
      "f.sql:1:11 fragment 'f' includes itself",
      'main.sql:3:11 placeholder {{good}} touches the text beside it',
      'main.sql:3:20 placeholder {{good}} touches the text beside it',
      'main.sql:3:37 placeholder {{good}} touches the text beside it',
      "main.sql:3:51 no parameter 'toString'",
      "main.sql:1:1 parameter 'spare' is not used",
    ])
  })

  it('allows unused parameters when one set serves several files, and tells which were used', () => {
    const parameters = { a: { type: 'int', value: 1 }, b: { type: 'int', value: 2 } } as const
    expect([...renderTemplate(file('SELECT {{a}}'), options({ parameters, unused: 'allow' })).usedParameters]).toEqual(['a'])
  })

  it('refuses a placeholder in quotes where escaping works otherwise', () => {
    const parameters = { a: { type: 'string', value: "'" } } as const
    expect(problemsOf(() => renderTemplate(file("SELECT r'{{a}}'"), options({ parameters, dialect: 'spark' })))).toHaveLength(1)
    expect(problemsOf(() => renderTemplate(file("SELECT E'{{a}}'"), options({ parameters })))).toHaveLength(1)
    expect(problemsOf(() => renderTemplate(file('SELECT U&{{a}}'), options({ parameters })))).toHaveLength(1)
  })
})
