import type { Dialect, Token } from './scan.ts'

/** The code of a text, comments left out, with words in upper case for comparison (empty for anything that is no word). */
export interface Code {
  readonly tokens: readonly Token[]
  readonly words: readonly string[]
}

/** Keywords whose block ends with `END <keyword>` without a BEGIN of its own. */
const ownEnd = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT', 'FOR'])

/**
 * How many blocks are open after token `index`, given the number before it. A block hides semicolons.
 * `statementStart` is the index of the first token of the statement.
 */
export function blockDepth(code: Code, index: number, statementStart: number, depth: number, dialect: Dialect): number {
  const word = code.words[index]!
  if (depth === 0) return opensBlock(code, index, statementStart, dialect) ? 1 : 0
  const [before, after] = [code.words[index - 1], code.words[index + 1]]
  if (word === 'BEGIN') return depth + 1
  if (word === 'CASE') return before === 'END' ? depth : depth + 1
  if (word !== 'END') return depth
  return dialect === 'spark' && after !== undefined && ownEnd.has(after) ? depth : depth - 1
}

function opensBlock({ tokens, words }: Code, index: number, statementStart: number, dialect: Dialect): boolean {
  const place = index - statementStart
  if (dialect === 'spark') {
    const labelled = place === 2 && tokens[index - 1]?.kind === 'symbol' // label: BEGIN
    return words[index] === 'BEGIN' && (place === 0 || labelled)
  }
  if (words[index] === 'BEGIN') return place >= 2 && words[index - 1] === 'SET' && words[index - 2] === 'STATEMENT'
  return isOldStatementSet(words, statementStart) && place === 2
}

/** Flink's older form `BEGIN STATEMENT SET; …; END`. */
export function isOldStatementSet(words: readonly string[], statementStart: number): boolean {
  return words[statementStart] === 'BEGIN' && words[statementStart + 1] === 'STATEMENT' && words[statementStart + 2] === 'SET'
}
