import type { Where } from '../core/errors.ts'
import type { Dialect } from './scan.ts'

/** Lines and columns count from 1; a column is a UTF-16 unit, as in editors. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Position of an offset; offsets beyond the end give the end. `\n`, `\r\n` and a lone `\r` end a line. */
export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text)
  return positionFrom(starts, Math.max(0, Math.min(offset, text.length)))
}

/** Offsets at which the lines of a text begin. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length)
  return starts
}

/** Position of an offset among known line starts. */
export function positionFrom(starts: readonly number[], offset: number): Position {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - starts[low]! + 1 }
}

/**
 * Offset of a position as an engine counts it: Flink (JavaCC) in UTF-16 units with every kind of line end,
 * Spark (ANTLR) in code points with `\n` only. Positions outside the text give the nearest place in it.
 */
export function offsetOf(text: string, position: Position, dialect: Dialect): number {
  const starts = dialect === 'flink' ? lineStarts(text) : [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)]
  const line = Math.max(1, Math.min(position.line, starts.length))
  const start = starts[line - 1]!
  const end = starts[line] ?? text.length
  if (dialect === 'flink') return Math.min(start + Math.max(0, position.column - 1), end)
  let offset = start
  for (let column = 1; column < position.column && offset < end; column++) offset += text.codePointAt(offset)! > 0xffff ? 2 : 1
  return offset
}

/**
 * The line of an error with a caret under it, for people:
 * ```
 *   2 | FROM evnt
 *     |      ^
 * ```
 */
export function excerpt(text: string, where: Pick<Where, 'line' | 'column'>, options: { readonly linesBefore?: number } = {}): string {
  const lines = text.split(/\r\n|\r|\n/)
  const line = Math.max(1, Math.min(where.line ?? 1, lines.length))
  const first = Math.max(1, line - (options.linesBefore ?? 1))
  const width = String(line).length
  const shown = lines.slice(first - 1, line).map((content, index) => `  ${String(first + index).padStart(width)} | ${content}`)
  if (where.column === undefined) return shown.join('\n')
  // tabs are repeated so that the caret stands under its character whatever a tab's width is
  const indent = lines[line - 1]!.slice(0, where.column - 1).replace(/[^\t]/gu, ' ')
  return [...shown, `  ${' '.repeat(width)} | ${indent}^`].join('\n')
}
