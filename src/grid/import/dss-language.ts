/*
  The language of OpenDSS scripts, as far as a line of text goes: a line is a list of words, `name=value` or bare, parted by blanks,
  commas and tabs. A value in (), [], {}, "" or '' may hold them. `!` and `//` begin a comment, except inside quotes.
*/
export interface DssWord {
  /** Null for a bare word. */
  readonly name: string | null
  /** Without its brackets or quotes. */
  readonly value: string
  readonly quoted: boolean
}

export type DssWords = { readonly ok: true; readonly words: readonly DssWord[] } | { readonly ok: false; readonly problem: string }

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '"': '"', "'": "'" }
const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === ','
const isComment = (text: string, at: number): boolean => text[at] === '!' || (text[at] === '/' && text[at + 1] === '/')

/** Words of one line; an opened bracket that nothing closes is a problem. */
export function readDssWords(text: string): DssWords {
  const words: DssWord[] = []
  let at = 0
  const skipBlanks = (): void => {
    while (at < text.length && isBlank(text[at])) at++
  }
  /** A value or name; null at the end of the line. */
  const token = (): { readonly value: string; readonly quoted: boolean } | null => {
    if (at >= text.length || isComment(text, at)) return null
    const close = closing[text[at] ?? '']
    const from = at
    if (close !== undefined) {
      const to = text.indexOf(close, at + 1)
      if (to < 0) throw new RangeError(`'${text.slice(at, at + 40)}' has no ${close}`)
      at = to + 1
      return { value: text.slice(from + 1, to).trim(), quoted: true }
    }
    while (at < text.length && !isBlank(text[at]) && text[at] !== '=' && !isComment(text, at)) at++
    return { value: text.slice(from, at), quoted: false }
  }
  try {
    for (skipBlanks(); at < text.length && !isComment(text, at); skipBlanks()) {
      const first = token() ?? { value: '', quoted: false }
      skipBlanks()
      if (text[at] !== '=') {
        words.push({ name: null, ...first })
        continue
      }
      at++
      skipBlanks()
      words.push({ name: first.value, ...(token() ?? { value: '', quoted: false }) })
    }
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, problem: error.message }
    throw error
  }
  return { ok: true, words }
}

/** Elements of an array value: `[L1.2 X1.1.0]`, `(wye, wye)`. */
export function dssList(value: string): readonly string[] {
  return value.split(/[\s,|]+/).filter((part) => part !== '')
}

/** A number, or a calculation in reverse Polish notation (`{1000 3 /}`); NaN for anything else. */
export function dssNumber(value: string): number {
  const stack: number[] = []
  for (const part of dssList(value)) {
    const number = Number(part)
    if (!Number.isNaN(number)) {
      stack.push(number)
      continue
    }
    const last = stack.pop() ?? Number.NaN
    const operator = part.toLowerCase()
    if (operator === 'sqr') stack.push(last * last)
    else if (operator === 'sqrt') stack.push(Math.sqrt(last))
    else if (operator === 'inv') stack.push(1 / last)
    else stack.push(calculate(operator, stack.pop() ?? Number.NaN, last))
  }
  return stack.length === 1 ? (stack[0] ?? Number.NaN) : Number.NaN
}

function calculate(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '^':
      return left ** right
    default:
      return Number.NaN
  }
}

/** `yes`, `true`, `y`, `t` (any case) against everything else. */
export function dssFlag(value: string): boolean {
  return /^[yt]/i.test(value)
}

/** A bus with the nodes (conductors) a terminal uses of it: `X2673305B.1.2`; none named = empty. Names are the same in any case. */
export interface DssBus {
  readonly key: string
  readonly name: string
  readonly nodes: readonly number[]
}

export function dssBus(text: string): DssBus {
  const [name = '', ...nodes] = text.trim().split('.')
  return { key: name.toLowerCase(), name, nodes: nodes.map(Number).filter((node) => Number.isInteger(node) && node >= 0) }
}
