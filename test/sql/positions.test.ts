import { describe, expect, it } from 'vitest'
import { excerpt, offsetOf, positionAt } from '../../src/sql/positions.ts'

describe('positions in text', () => {
  it('finds line and column of an offset and back, with every line end', () => {
    const text = 'ab\r\ncd\ne\rf'
    expect(positionAt(text, 4)).toEqual({ line: 2, column: 1 })
    expect(positionAt(text, 7)).toEqual({ line: 3, column: 1 })
    expect(positionAt(text, 9)).toEqual({ line: 4, column: 1 })
    expect(positionAt(text, 99)).toEqual({ line: 4, column: 2 })
    for (let offset = 0; offset <= text.length; offset++) expect(offsetOf(text, positionAt(text, offset), 'flink')).toBe(offset)
  })

  it('shows the line with a caret that tabs do not move', () => {
    expect(excerpt('SELECT a,\n\tb frm t', { line: 2, column: 4 })).toBe('  1 | SELECT a,\n  2 | \tb frm t\n    | \t  ^')
    expect(excerpt('x', { line: 7, column: 1 })).toBe('  1 | x\n    | ^')
  })
})
