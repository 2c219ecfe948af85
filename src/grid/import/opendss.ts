import type { Where } from '../../core/errors.ts'
import { readLines } from '../../core/line-reader.ts'
import type { ProblemList } from '../archive/problem-list.ts'

/** `New Line.LINE1 Bus1=1 Bus2=2 …`: class and property names in lower case, values as they stand. */
export interface DssStatement {
  readonly className: string
  readonly name: string
  readonly properties: ReadonlyMap<string, string>
  readonly where: Where
}

/** Values in brackets or quotes may hold blanks. */
const property = /([A-Za-z][\w%]*)\s*=\s*(\[[^\]]*\]|\([^)]*\)|"[^"]*"|'[^']*'|[^\s=]+(?=\s|$))/y

/**
 * `New` statements of one OpenDSS file. Comments (`!`, `//`), empty lines and continuations (`~`) are understood; any other
 * statement and every piece that is no `name=value` is a problem with its place.
 */
export async function readDssFile(file: string, wanted: string, problems: ProblemList, options: { readonly signal?: AbortSignal } = {}): Promise<readonly DssStatement[]> {
  const statements: { readonly className: string; readonly name: string; readonly properties: Map<string, string>; readonly where: Where }[] = []
  for await (const batch of readLines(file, options)) {
    for (const [index, raw] of batch.lines.entries()) {
      const where = { file, line: batch.firstLine + index }
      const text = raw.replace(/(!|\/\/).*$/, '').trim()
      if (text === '') continue
      const truncated = batch.unfinished ? ' (the last line has no end: the file is truncated?)' : ''
      const head = /^new\s+(?:object=)?([A-Za-z]+)\.(\S+)\s*/i.exec(text)
      if (head !== null) {
        const properties = new Map<string, string>()
        readProperties(text.slice(head[0].length), properties, where, problems, truncated)
        const className = (head[1] ?? '').toLowerCase()
        if (className !== wanted) problems.add(`'New ${head[1] ?? ''}' in a file of ${wanted}s`, where)
        else statements.push({ className, name: head[2] ?? '', properties, where })
        continue
      }
      const last = statements.at(-1)
      const more = /^(?:~|more\b)\s*/i.exec(text)
      if (more !== null && last !== undefined) readProperties(text.slice(more[0].length), last.properties, where, problems, truncated)
      else problems.add(`'${text.slice(0, 40)}' is no New statement${truncated}`, where)
    }
  }
  return statements
}

function readProperties(text: string, into: Map<string, string>, where: Where, problems: ProblemList, truncated: string): void {
  let at = 0
  while (at < text.length) {
    if (/[\s,]/.test(text[at] ?? '')) {
      at++
      continue
    }
    property.lastIndex = at
    const match = property.exec(text)
    if (match === null) {
      problems.add(`'${text.slice(at, at + 40)}' is no name=value${truncated}`, where)
      return
    }
    const [whole, name = '', value = ''] = match
    if (into.has(name.toLowerCase())) problems.add(`the property ${name} occurs twice`, where)
    into.set(name.toLowerCase(), /^[[("']/.test(value) ? value.slice(1, -1).trim() : value)
    at += whole.length
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
  const value = Number(text)
  if (text === '' || (Number.isFinite(value) && value > 0)) return text === '' ? Number.NaN : value
  problems.add(`${name}=${text} of ${statement.className} ${statement.name} is not a number above 0`, statement.where)
  return Number.NaN
}
