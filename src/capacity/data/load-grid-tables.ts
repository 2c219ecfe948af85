import { createReadStream, existsSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse'
import { problemsError, StationError, type Problem } from '../../core/errors.ts'
import type { SparkSession } from '../../gateways/spark/spark-session.ts'
import { insertRows, type InsertRow } from '../insert-rows.ts'
import { qualifiedName, tables, type Table } from '../tables.ts'

const files: readonly (readonly [file: string, table: Table])[] = [
  ['area.csv', tables.gridArea],
  ['user.csv', tables.gridUser],
  ['meter.csv', tables.gridMeter],
  ['rated.csv', tables.gridRated],
  ['membership.csv', tables.gridMembership],
  ['contract.csv', tables.gridContract],
  ['application.csv', tables.gridApplication],
]

/**
 * Replaces the rows of the `grid_*` tables by those of a grid archive (docs/tables.md). Returns rows by table.
 * Throws FILE_MISSING for a missing file, INPUT_INVALID with all values that are not of their column's type.
 */
export async function loadGridTables(session: SparkSession, options: { readonly directory: string; readonly database: string; readonly signal: AbortSignal }): Promise<Readonly<Record<string, number>>> {
  const { directory, database, signal } = options
  const problems: Problem[] = []
  const loaded: (readonly [Table, readonly InsertRow[]])[] = []
  for (const [file, table] of files) {
    const full = path.join(directory, file)
    if (!existsSync(full)) throw new StationError('FILE_MISSING', `the grid archive has no ${file}`, { where: { file: full } })
    const rows: InsertRow[] = []
    const parser = createReadStream(full).pipe(parse({ columns: true, bom: true, skip_empty_lines: true, info: true }))
    for await (const { record, info } of parser as AsyncIterable<{ readonly record: Readonly<Record<string, string>>; readonly info: { readonly lines: number } }>) {
      signal.throwIfAborted()
      rows.push(toRow(record, table, rows.length, (message) => problems.push({ message: `${file}: ${message}`, where: { file: full, line: info.lines } })))
    }
    loaded.push([table, rows])
  }
  if (problems.length > 0) throw problemsError('INPUT_INVALID', 'the grid archive cannot be loaded', problems)
  for (const [table, rows] of loaded) {
    await session.execute(`TRUNCATE TABLE ${qualifiedName(database, table)}`, { signal })
    await insertRows(session, table, rows, { database, signal })
  }
  return Object.fromEntries(loaded.map(([table, rows]) => [table.name, rows.length]))
}

function toRow(record: Readonly<Record<string, string>>, table: Table, listed: number, report: (message: string) => void): InsertRow {
  const row: Record<string, string | number | null> = {}
  for (const { name, type } of table.columns) {
    if (name === 'listed') {
      row[name] = listed
      continue
    }
    const text = record[name] ?? ''
    const value = text === '' ? null : toValue(text, type)
    if (value === undefined) report(`column ${name}: '${text.slice(0, 40)}' is not of type ${type}`)
    row[name] = value ?? null
  }
  return row
}

/** Undefined when the text is no value of the type. */
function toValue(text: string, type: string): string | number | undefined {
  switch (type) {
    case 'STRING':
      return text
    case 'DATE':
      return /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/.test(text) ? text.slice(0, 10) : undefined
    case 'TIMESTAMP_NTZ':
      return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? `${text}:00` : undefined
    default:
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
  }
}
