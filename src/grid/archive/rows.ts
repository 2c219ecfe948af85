import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { isStationError } from '../../core/errors.ts'
import { readLines } from '../../core/line-reader.ts'
import { nearest } from '../../core/nearest.ts'
import { gridTables, type GridTable, type TableForm } from './tables.ts'
import type { ProblemList } from './problem-list.ts'

/** One row: the values in the order of the table's columns; an optional column that the file lacks gives ''. */
export interface TableRow {
  readonly values: readonly string[]
  readonly line: number
}

export interface RowOptions {
  readonly signal?: AbortSignal
}

/**
 * Rows of one file of an archive, in batches. What is wrong with the file itself (missing, no header, a missing column, short or
 * overlong rows, an unclosed quote) goes to `problems`; good rows still come.
 */
export async function* readTableRows(directory: string, name: GridTable, problems: ProblemList, options: RowOptions = {}): AsyncGenerator<readonly TableRow[]> {
  const form: TableForm = gridTables[name]
  const file = path.join(directory, form.file)
  let take: readonly number[] | null = null
  let columns = 0
  let open: { text: string; line: number } | null = null
  try {
    for await (const batch of readLines(file, options)) {
      const rows: TableRow[] = []
      for (const [index, raw] of batch.lines.entries()) {
        const line = batch.firstLine + index
        const text: string = open === null ? raw : `${open.text}\n${raw}`
        const start: number = open?.line ?? line
        if (text.includes('"') && !balanced(text)) {
          open = { text, line: start }
          continue
        }
        open = null
        if (text === '') continue
        const fields = text.includes('"') ? quotedFields(text) : text.split(',')
        if (fields === null) {
          problems.add('a quoted field is not closed or has text behind it', { file, line: start })
          continue
        }
        if (take === null) {
          take = headerOf(fields, form, file, problems)
          if (take === null) return
          columns = fields.length
          continue
        }
        if (fields.length !== columns) {
          const cut = batch.unfinished && fields.length < columns
          problems.add(
            `the row has ${fields.length} fields, the header has ${columns}${cut ? ': the file is truncated' : ''}`,
            { file, line: start },
            cut ? 'The last line ends in the middle; copy the file again.' : undefined,
          )
          continue
        }
        rows.push({ values: pick(fields, take), line: start })
      }
      if (rows.length > 0) yield rows
    }
  } catch (error) {
    if (isStationError(error, 'FILE_MISSING')) {
      if (!form.mayLack) problems.add(`there is no file ${form.file}`, { file })
      return
    }
    throw error
  }
  if (open !== null) problems.add('a quoted field that begins here is not closed: the file is truncated', { file, line: open.line })
  else if (take === null) problems.add('the file is empty: it needs at least its header', { file, line: 1 })
}

/** Values of the wanted columns without blanks around them. */
function pick(fields: readonly string[], take: readonly number[]): readonly string[] {
  const values = new Array<string>(take.length)
  for (let column = 0; column < take.length; column++) {
    const field = fields[take[column] ?? -1] ?? ''
    values[column] = field.startsWith(' ') || field.endsWith(' ') ? field.trim() : field
  }
  return values
}

/** Positions of the table's columns in the file, −1 for an optional column that it lacks; null when the header cannot be used. */
function headerOf(fields: readonly string[], form: TableForm, file: string, problems: ProblemList): readonly number[] | null {
  const names = fields.map((field) => field.trim())
  const before = problems.count
  const where = { file, line: 1 }
  for (const [index, field] of names.entries()) if (names.indexOf(field) !== index) problems.add(`the column ${field} occurs twice`, where)
  for (const column of form.columns) {
    if (names.includes(column) || form.optional.includes(column)) continue
    const unknown = names.filter((field) => !form.columns.includes(field))
    const similar = nearest(column, unknown)
    problems.add(`the column ${column} is missing`, where, similar === undefined ? undefined : `Did you mean it by '${similar}'?`)
  }
  return problems.count > before ? null : form.columns.map((column) => names.indexOf(column))
}

function balanced(text: string): boolean {
  let quotes = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++
  return quotes % 2 === 0
}

function quotedFields(text: string): readonly string[] | null {
  try {
    const records: string[][] = parse(text, { relax_column_count: true, skip_empty_lines: false })
    return records[0] ?? []
  } catch {
    return null
  }
}
