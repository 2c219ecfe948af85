import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { writeLines } from '../../core/line-writer.ts'
import { gridTableNames, gridTables, type GridTable } from './tables.ts'

export type GridValue = string | number | null

/** Rows of each table, values in the order of its columns; a table that is not given gets its header only. */
export type GridRows = Partial<Record<GridTable, Iterable<readonly GridValue[]>>>

/** Writes a grid archive: all files, each with its header. Rows may come from generators: nothing is held in memory. Returns the rows of each table. */
export async function writeGridArchive(directory: string, tables: GridRows, options: { readonly signal?: AbortSignal } = {}): Promise<Readonly<Record<GridTable, number>>> {
  await mkdir(directory, { recursive: true })
  const counts: Partial<Record<GridTable, number>> = {}
  for (const name of gridTableNames) {
    const rows = tables[name] ?? []
    counts[name] = (await writeLines(path.join(directory, gridTables[name].file), linesOf(gridTables[name].columns, rows), options)) - 1
  }
  return counts as Record<GridTable, number>
}

function* linesOf(columns: readonly string[], rows: Iterable<readonly GridValue[]>): Generator<string> {
  yield columns.join(',')
  for (const row of rows) yield formatCsvRow(row)
}

/** Values of one row, quoted where they must be. */
export function formatCsvRow(row: readonly GridValue[]): string {
  let line = ''
  for (let column = 0; column < row.length; column++) {
    const value = row[column]
    line += (column === 0 ? '' : ',') + (typeof value === 'string' ? escape(value) : (value ?? ''))
  }
  return line
}

function escape(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
