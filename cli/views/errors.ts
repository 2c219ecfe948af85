import { codes, type StationError } from '../../src/index.ts'
import type { Terminal } from './terminal.ts'

/** The machine form of an error: one entry per problem, so that a consumer can place each. */
export interface ErrorEntry {
  readonly code: string
  readonly message: string
  readonly where: { readonly file?: string; readonly line?: number; readonly column?: number; readonly offset?: number } | null
  readonly hint: string | null
  readonly docs: string
}

export function errorEntries(error: StationError): readonly ErrorEntry[] {
  const own: ErrorEntry = { code: error.code, message: error.message, where: error.where ?? null, hint: error.hint ?? null, docs: error.docs }
  const inner = error.problems.map((problem): ErrorEntry => ({ code: error.code, message: problem.message, where: problem.where ?? null, hint: problem.hint ?? null, docs: error.docs }))
  return inner.length === 0 ? [own] : inner
}

const shownProblems = 50

/** An error for people: what happened, where, what to do. */
export function errorText(error: StationError, terminal: Terminal): string {
  const { color } = terminal
  const lines = [`${color.red('error')} ${color.bold(error.code)}: ${error.message}`]
  if (error.code !== 'UNEXPECTED') lines[0] += color.dim(`  (${codes[error.code].title})`)
  if (error.problems.length === 0 && error.where !== undefined) lines.push(`  at ${placeText(error.where)}`)
  for (const problem of error.problems.slice(0, shownProblems)) {
    const place = problem.where === undefined ? '' : `${placeText(problem.where)}: `
    lines.push(`  ${place}${problem.message}${problem.hint === undefined ? '' : color.dim(` ${problem.hint}`)}`)
  }
  if (error.problems.length > shownProblems) lines.push(`  … and ${error.problems.length - shownProblems} more (--output json has them all)`)
  const excerpt = error.facts['excerpt']
  if (typeof excerpt === 'string') lines.push(...excerpt.split('\n').map((line) => `    ${line}`))
  if (error.hint !== undefined) lines.push(`  ${color.cyan('hint')} ${error.hint}`)
  lines.push(color.dim(`  see ${error.docs}`))
  return lines.join('\n')
}

function placeText(where: NonNullable<StationError['where']>): string {
  const parts = [where.file, where.line, where.column].filter((part) => part !== undefined)
  return parts.length > 0 ? parts.join(':') : `byte ${where.offset ?? 0}`
}
