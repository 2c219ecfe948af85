import type { Where } from '../../core/errors.ts'
import { readLines } from '../../core/line-reader.ts'
import type { ProblemList } from '../archive/problem-list.ts'
import { type DssWord, dssNumber, readDssWords } from './dss-language.ts'
import { propertyName } from './dss-properties.ts'

/** `New Line.LINE1 Bus1=1 Bus2=2 …`: class and property names in lower case, values as they stand. */
export interface DssStatement {
  readonly className: string
  readonly name: string
  readonly properties: ReadonlyMap<string, string>
  readonly where: Where
}

/**
 * `New` statements of one OpenDSS file that defines nothing but elements of one class, as data sets spread over many files have them.
 * Stricter than OpenDSS, so that a damaged file shows: any other statement, a bare word and a property that occurs twice are problems
 * with their place. Whole circuits: `readDssCircuit`.
 */
export async function readDssFile(file: string, wanted: string, problems: ProblemList, options: { readonly signal?: AbortSignal } = {}): Promise<readonly DssStatement[]> {
  const statements: { readonly className: string; readonly name: string; readonly properties: Map<string, string>; readonly where: Where }[] = []
  for await (const batch of readLines(file, options)) {
    for (const [index, raw] of batch.lines.entries()) {
      const where = { file, line: batch.firstLine + index }
      const truncated = batch.unfinished ? ' (the last line has no end: the file is truncated?)' : ''
      const more = /^\s*~/.test(raw)
      const read = readDssWords(more ? raw.replace('~', ' ') : raw)
      if (!read.ok) {
        problems.add(`${read.problem}${truncated}`, where)
        continue
      }
      const [first, second, ...others] = read.words
      if (first === undefined) continue
      const last = statements.at(-1)
      const element = /^new$/i.test(first.value) && second !== undefined && (second.name === null || /^object$/i.test(second.name)) ? splitElement(second.value) : null
      if (more && last !== undefined) addProperties(read.words, last, problems, where, truncated)
      else if (/^more$/i.test(first.value) && first.name === null && last !== undefined) addProperties(read.words.slice(1), last, problems, where, truncated)
      else if (element === null) problems.add(`'${raw.trim().slice(0, 40)}' is no New statement${truncated}`, where)
      else if (element.className !== wanted) problems.add(`'New ${second?.value.split('.')[0] ?? ''}' in a file of ${wanted}s`, where)
      else {
        const statement = { ...element, properties: new Map<string, string>(), where }
        statements.push(statement)
        addProperties(others, statement, problems, where, truncated)
      }
    }
  }
  return statements
}

/** `Line.LINE1` → class in lower case and name; null when it is not of that form. A name may hold dots. */
export function splitElement(text: string): { readonly className: string; readonly name: string } | null {
  const dot = text.indexOf('.')
  return dot <= 0 || dot === text.length - 1 ? null : { className: text.slice(0, dot).toLowerCase(), name: text.slice(dot + 1) }
}

function addProperties(words: readonly DssWord[], statement: { readonly className: string; readonly properties: Map<string, string> }, problems: ProblemList, where: Where, truncated: string): void {
  for (const { name, value } of words) {
    if (name === null || value === '') {
      problems.add(`'${name === null ? value : `${name}=`}' is no name=value${truncated}`, where)
      continue
    }
    const full = propertyName(statement.className, name)
    if (statement.properties.has(full)) problems.add(`the property ${name} occurs twice`, where)
    statement.properties.set(full, value)
  }
}

/** The value of a property; '' after a problem when it is missing. */
export function requiredProperty(statement: DssStatement, name: string, problems: ProblemList): string {
  const value = statement.properties.get(name.toLowerCase())
  if (value === undefined) problems.add(`${statement.className} ${statement.name} has no ${name} (a line cut short?)`, statement.where)
  return value ?? ''
}

/** A number above zero from a property; NaN after a problem. */
export function positiveProperty(statement: DssStatement, name: string, problems: ProblemList): number {
  const text = requiredProperty(statement, name, problems)
  const value = dssNumber(text)
  if (text === '' || (Number.isFinite(value) && value > 0)) return text === '' ? Number.NaN : value
  problems.add(`${name}=${text} of ${statement.className} ${statement.name} is not a number above 0`, statement.where)
  return Number.NaN
}
