export const dialects = ['flink', 'spark'] as const
export type Dialect = (typeof dialects)[number]

export type TokenKind = 'word' | 'number' | 'string' | 'identifier' | 'comment' | 'symbol'

/** How the inside of a quoted token is written: `doubled` repeats the quote, `escaped` also knows backslashes, `raw` knows neither. */
export type QuoteForm = 'doubled' | 'escaped' | 'raw'

/** A piece of SQL text, `start` inclusive and `end` exclusive; white space lies between tokens. */
export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** False when the text ends inside the token. */
  readonly closed: boolean
  readonly form?: QuoteForm
  /** Offset of the opening quote (after a prefix such as `X` or `r`). */
  readonly quoteAt?: number
}

const word = /[\p{L}_][\p{L}\p{N}_$]*/uy
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const space = /\s+/y
const dollarTag = /\$[A-Za-z]*\$/y

/**
 * Cuts SQL into tokens without understanding it: enough to know what is code, what is quoted and what is a comment.
 * Flink (Calcite): `--`, `//` and flat block comments, quotes doubled, `E'…'` with backslashes, `U&'…'`.
 * Spark: `--` continued by a backslash at the end of the line, nested block comments, backslashes in quotes, raw `r'…'`, `$tag$…$tag$`.
 * A hint `/*+` is code in both. Never throws: an unfinished token has `closed: false`.
 */
export function* scan(text: string, dialect: Dialect): Generator<Token> {
  let at = 0
  while (at < text.length) {
    const blank = matchAt(space, text, at)
    if (blank > at) {
      at = blank
      continue
    }
    const token = tokenAt(text, at, dialect)
    yield token
    at = token.end
  }
}

function tokenAt(text: string, start: number, dialect: Dialect): Token {
  return commentAt(text, start, dialect) ?? quotedAt(text, start, dialect) ?? plainAt(text, start)
}

function plainAt(text: string, start: number): Token {
  const wordEnd = matchAt(word, text, start)
  if (wordEnd > start) return { kind: 'word', start, end: wordEnd, closed: true }
  const numberEnd = matchAt(number, text, start)
  if (numberEnd > start) return { kind: 'number', start, end: numberEnd, closed: true }
  // a character beyond the basic plane is one symbol, not two halves
  const length = (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1
  return { kind: 'symbol', start, end: start + length, closed: true }
}

function commentAt(text: string, start: number, dialect: Dialect): Token | undefined {
  const opening = text.slice(start, start + 2)
  if (opening === '--' || (opening === '//' && dialect === 'flink')) return { kind: 'comment', start, end: endOfLineComment(text, start, dialect), closed: true }
  if (opening !== '/*' || text[start + 2] === '+') return undefined
  let depth = 1
  let at = start + 2
  while (at < text.length) {
    if (text.startsWith('*/', at)) {
      depth -= 1
      at += 2
      if (depth === 0) return { kind: 'comment', start, end: at, closed: true }
    } else if (dialect === 'spark' && text.startsWith('/*', at)) {
      depth += 1
      at += 2
    } else {
      at += 1
    }
  }
  return { kind: 'comment', start, end: text.length, closed: false }
}

function endOfLineComment(text: string, start: number, dialect: Dialect): number {
  let at = start
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += dialect === 'spark' && text.startsWith('\\\n', at) ? 2 : 1
  return at
}

/** Quoted text at `start`, with its prefix letters where the dialect gives them a meaning. */
function quotedAt(text: string, start: number, dialect: Dialect): Token | undefined {
  const first = text[start]!
  if (first === '`') return quoted('identifier', text, start, start, 'doubled')
  if (first === "'") return quoted('string', text, start, start, dialect === 'spark' ? 'escaped' : 'doubled')
  if (first === '"') return dialect === 'spark' ? quoted('string', text, start, start, 'escaped') : quoted('identifier', text, start, start, 'doubled')
  if (dialect === 'spark') return sparkPrefixed(text, start, first)
  if (/e/i.test(first) && text[start + 1] === "'") return quoted('string', text, start, start + 1, 'escaped')
  if (/[xn]/i.test(first) && text[start + 1] === "'") return quoted('string', text, start, start + 1, 'doubled')
  if (/u/i.test(first) && text[start + 1] === '&' && text[start + 2] === "'") return quoted('string', text, start, start + 2, 'doubled')
  return undefined
}

function sparkPrefixed(text: string, start: number, first: string): Token | undefined {
  const quote = text[start + 1]
  if (/r/i.test(first) && (quote === "'" || quote === '"')) return quoted('string', text, start, start + 1, 'raw')
  if (/x/i.test(first) && (quote === "'" || quote === '"')) return quoted('string', text, start, start + 1, 'escaped')
  const tagEnd = first === '$' ? matchAt(dollarTag, text, start) : start
  if (tagEnd === start) return undefined
  const tag = text.slice(start, tagEnd)
  const close = text.indexOf(tag, tagEnd)
  return { kind: 'string', start, end: close < 0 ? text.length : close + tag.length, closed: close >= 0, form: 'raw', quoteAt: start }
}

function quoted(kind: 'string' | 'identifier', text: string, start: number, quoteAt: number, form: QuoteForm): Token {
  const quote = text[quoteAt]!
  let at = quoteAt + 1
  while (at < text.length) {
    if (form === 'escaped' && text[at] === '\\') {
      at += 2
    } else if (text[at] !== quote) {
      at += 1
    } else if (form !== 'raw' && text[at + 1] === quote) {
      at += 2
    } else {
      return { kind, start, end: at + 1, closed: true, form, quoteAt }
    }
  }
  return { kind, start, end: text.length, closed: false, form, quoteAt }
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
