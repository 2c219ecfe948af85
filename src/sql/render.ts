import { isStationError, problemsError, type Problem } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import { formatParameter, formatParameterInQuotes, type Parameter } from './parameters.ts'
import { lineStarts, positionFrom } from './positions.ts'
import { scan, type Dialect, type Token } from './scan.ts'
import { createSourceMap, type RenderedSql, type SourceMapBuilder, type SqlFile } from './source-map.ts'

export interface RenderOptions {
  readonly dialect: Dialect
  readonly parameters: Readonly<Record<string, Parameter>>
  /** Files that `{{> name}}` includes, by name. */
  readonly fragments: Readonly<Record<string, SqlFile>>
  /** `allow` when one set of parameters serves several files; the caller then compares `usedParameters`. Default: an unused parameter is an error. */
  readonly unused?: 'error' | 'allow'
}

interface Rendering {
  readonly options: RenderOptions
  readonly map: SourceMapBuilder
  readonly problems: Problem[]
  readonly used: Set<string>
}

const placeholder = /\{\{(.*?)\}\}/gs
const parameterForm = /^\s*([A-Za-z_][\w.-]*)\s*$/
const fragmentForm = /^>\s*([A-Za-z_][\w./-]*)\s*$/

/**
 * Fills a SQL template. `{{name}}` becomes the parameter as a literal or quoted name of its type (inside quotes of the template: its escaped text);
 * `{{> fragment}}` becomes another file's text, character by character the same at every place. Comments are left as they are.
 *
 * `SELECT {{n}} FROM {{table}}` with `n` = int 5 and `table` = identifier `area` → ``SELECT 5 FROM `area` ``.
 * Throws JOB_INVALID with every problem found: unknown or unused names, values not of their type, placeholders at places where no value can stand.
 */
export function renderTemplate(file: SqlFile, options: RenderOptions): RenderedSql {
  const rendering: Rendering = { options, map: createSourceMap(), problems: [], used: new Set() }
  renderFile(file, rendering, [])
  if (options.unused !== 'allow') {
    for (const name of Object.keys(options.parameters)) {
      if (!rendering.used.has(name)) rendering.problems.push({ message: `parameter '${name}' is not used`, where: { file: file.path, line: 1, column: 1 }, hint: `Use {{${name}}} or remove the parameter.` })
    }
  }
  if (rendering.problems.length > 0) throw problemsError('JOB_INVALID', `${file.path} cannot be rendered`, rendering.problems)
  return rendering.map.finish(rendering.used)
}

function renderFile(file: SqlFile, rendering: Rendering, includedBy: readonly SqlFile[]): void {
  const tokens = [...scan(file.text, rendering.options.dialect)]
  const starts = lineStarts(file.text)
  let done = 0
  let index = 0
  for (const match of file.text.matchAll(placeholder)) {
    while (index < tokens.length - 1 && tokens[index]!.end <= match.index) index++
    const token = tokens[index]!
    if (token.kind === 'comment') continue
    const report = (message: string, hint?: string): void => {
      rendering.problems.push({ message, where: { file: file.path, ...positionFrom(starts, match.index), offset: match.index }, ...(hint === undefined ? {} : { hint }) })
    }
    rendering.map.append(file.text.slice(done, match.index), file, done, true)
    done = match.index + match[0].length
    const site: Site = { file, token, start: match.index, end: done, report, includedBy }
    const parameter = parameterForm.exec(match[1]!)?.[1]
    const fragment = fragmentForm.exec(match[1]!)?.[1]
    if (parameter !== undefined) renderParameter(parameter, site, rendering)
    else if (fragment !== undefined) renderFragment(fragment, site, rendering)
    else report(`'${match[0].slice(0, 40)}' is not a placeholder`, 'Write {{name}} or {{> fragment}}.')
  }
  rendering.map.append(file.text.slice(done), file, done, true)
  const last = tokens.at(-1)
  if (includedBy.length === 0 || last === undefined) return
  if (!last.closed) rendering.problems.push({ message: `a ${last.kind} never ends in this fragment`, where: { file: file.path, ...positionFrom(starts, last.start), offset: last.start } })
  // a line comment at the end must not swallow what follows the fragment
  if (last.kind === 'comment' && !file.text.endsWith('\n') && !file.text.startsWith('/*', last.start)) rendering.map.append('\n', file, file.text.length, false)
}

interface Site {
  readonly file: SqlFile
  /** The token in which the placeholder begins. */
  readonly token: Token
  readonly start: number
  readonly end: number
  readonly report: (message: string, hint?: string) => void
  readonly includedBy: readonly SqlFile[]
}

function renderParameter(name: string, site: Site, rendering: Rendering): void {
  const { dialect, parameters } = rendering.options
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (parameter === undefined) {
    const near = nearest(name, Object.keys(parameters))
    site.report(`no parameter '${name}'`, near === undefined ? 'Declare it in job.yaml.' : `Did you mean {{${near}}}?`)
    return
  }
  rendering.used.add(name)
  const text = tryFormat(() => (isQuoted(site.token) ? inQuotes(name, parameter, site, rendering) : formatParameter(dialect, parameter)), name, site)
  if (text === undefined) return
  if (isQuoted(site.token)) {
    rendering.map.append(text, site.file, site.start, false)
    return
  }
  const before = rendering.map.lastCharacter()
  const after = site.file.text[site.end] ?? ''
  if (joins(before) || joins(after) || after === '{' || (before === '&' && text.startsWith("'"))) {
    site.report(`placeholder {{${name}}} touches the text beside it`, 'Put a space between them, or write quotes around the whole.')
    return
  }
  // x -{{n}} with a negative n would begin a comment
  rendering.map.append(before === '-' && text.startsWith('-') ? ` ${text}` : text, site.file, site.start, false)
}

function inQuotes(name: string, parameter: Parameter, site: Site, rendering: Rendering): string | undefined {
  const { token, file } = site
  const plain = token.quoteAt === token.start && token.form !== 'raw'
  if (!plain || site.end > token.end) {
    site.report(`placeholder {{${name}}} cannot stand inside this kind of quotes`, 'Let the placeholder bring its own quotes.')
    return undefined
  }
  return formatParameterInQuotes(rendering.options.dialect, parameter, file.text[token.start] as "'" | '"' | '`')
}

function tryFormat(format: () => string | undefined, name: string, site: Site): string | undefined {
  try {
    return format()
  } catch (error) {
    if (!isStationError(error, 'INPUT_INVALID')) throw error
    site.report(`parameter '${name}': ${error.message}`)
    return undefined
  }
}

function renderFragment(name: string, site: Site, rendering: Rendering): void {
  const { fragments } = rendering.options
  const fragment = Object.hasOwn(fragments, name) ? fragments[name] : undefined
  const chain = [...site.includedBy, site.file]
  if (fragment === undefined) {
    const near = nearest(name, Object.keys(fragments))
    site.report(`no fragment '${name}'`, near === undefined ? undefined : `Did you mean {{> ${near}}}?`)
  } else if (isQuoted(site.token)) {
    site.report(`fragment '${name}' cannot stand inside quotes`)
  } else if (chain.includes(fragment)) {
    site.report(`fragment '${name}' includes itself`)
  } else {
    renderFile(fragment, rendering, chain)
  }
}

function isQuoted(token: Token): boolean {
  return token.kind === 'string' || token.kind === 'identifier'
}

function joins(character: string): boolean {
  return /^[\p{L}\p{N}_$@'"`]/u.test(character)
}
