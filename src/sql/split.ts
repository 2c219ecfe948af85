import { StationError, type Where } from '../core/errors.ts'
import { blockDepth, isOldStatementSet, type Code } from './blocks.ts'
import { offsetOf } from './positions.ts'
import { scan, type Dialect, type Token } from './scan.ts'
import type { RenderedSql } from './source-map.ts'
import { statementKind } from './statement-kind.ts'

/** One statement as it is sent to an engine: without its semicolon and without comments around it. */
export interface SqlStatement {
  readonly text: string
  /** First keywords in upper case: `CREATE TABLE`, `INSERT INTO`, `EXECUTE STATEMENT SET`, … */
  readonly kind: string
  /** Offsets in the rendered text. */
  readonly start: number
  readonly end: number
  /** Where the statement begins in its file. */
  readonly where: Where
  /** Where a line and column of an engine's message (counted from 1 within `text`) lie in the file. */
  locate(line: number, column: number): Where
}

const statementSetHead = 'EXECUTE STATEMENT SET BEGIN'

/**
 * Cuts rendered SQL into statements at semicolons that are code. `EXECUTE STATEMENT SET BEGIN … END` (also behind EXPLAIN and COMPILE PLAN),
 * Flink's older `BEGIN STATEMENT SET; … END` (sent in the newer form, the only one that is a single statement for the gateway)
 * and Spark's scripts `BEGIN … END` are one statement each. Empty statements are left out.
 *
 * `splitStatements(plainSql({ path: 'a.sql', text: "SELECT ';'; SELECT 2" }), 'flink')` → statements `SELECT ';'` and `SELECT 2`.
 * Throws JOB_INVALID with the place of a quote, a comment or a block that never ends.
 */
export function splitStatements(rendered: RenderedSql, dialect: Dialect): readonly SqlStatement[] {
  const code = readCode(rendered, dialect)
  const statements: SqlStatement[] = []
  let first = 0
  let depth = 0
  let blockAt = 0
  for (const [index, token] of code.tokens.entries()) {
    const next = blockDepth(code, index, first, depth, dialect)
    if (depth === 0 && next > 0) blockAt = index
    depth = next
    if (depth > 0 || rendered.text[token.start] !== ';' || token.kind !== 'symbol') continue
    if (index > first) statements.push(createStatement(rendered, dialect, code, first, index - 1))
    first = index + 1
  }
  if (depth > 0) {
    throw new StationError('JOB_INVALID', 'a block of statements has no END', { where: rendered.locate(code.tokens[blockAt]!.start), hint: 'Close the block with END;' })
  }
  if (first < code.tokens.length) statements.push(createStatement(rendered, dialect, code, first, code.tokens.length - 1))
  return statements
}

function readCode(rendered: RenderedSql, dialect: Dialect): Code {
  const tokens: Token[] = []
  for (const token of scan(rendered.text, dialect)) {
    if (!token.closed) throw unfinished(rendered, token)
    if (token.kind !== 'comment') tokens.push(token)
  }
  return { tokens, words: tokens.map((token) => (token.kind === 'word' ? rendered.text.slice(token.start, token.end).toUpperCase() : '')) }
}

const unfinishedNames = { string: 'a string', identifier: 'a quoted name', comment: 'a comment' } as const

function unfinished(rendered: RenderedSql, token: Token): StationError {
  const name = unfinishedNames[token.kind as keyof typeof unfinishedNames]
  return new StationError('JOB_INVALID', `${name} never ends`, { where: rendered.locate(token.start), hint: 'Everything after this place would be read as part of it.' })
}

function createStatement(rendered: RenderedSql, dialect: Dialect, code: Code, first: number, last: number): SqlStatement {
  const { tokens, words } = code
  const start = tokens[first]!.start
  const end = tokens[last]!.end
  const oldForm = dialect === 'flink' && isOldStatementSet(words, first)
  // the older form is sent as the newer one: its head up to the semicolon is replaced
  const bodyStart = oldForm ? (tokens[first + 3]?.end ?? end) : start
  const head = oldForm ? statementSetHead : ''
  const text = head + rendered.text.slice(bodyStart, end)
  return {
    text,
    kind: oldForm ? 'EXECUTE STATEMENT SET' : statementKind(leadingWords(words, first)),
    start,
    end,
    where: rendered.locate(start),
    locate(line, column) {
      const offset = offsetOf(text, { line, column }, dialect)
      return rendered.locate(offset < head.length ? start : bodyStart + offset - head.length)
    },
  }
}

function leadingWords(words: readonly string[], first: number): readonly string[] {
  const leading: string[] = []
  for (let index = first; words[index] !== undefined && words[index] !== ''; index++) leading.push(words[index]!)
  return leading
}
