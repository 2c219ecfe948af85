import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Where } from '../../core/errors.ts'
import { readLines } from '../../core/line-reader.ts'
import type { ProblemList } from '../archive/problem-list.ts'

export interface SimbenchRow {
  readonly where: Where
  /** Value of a column that `readSimbenchTable` was asked for; '' for NULL. */
  value(column: string): string
}

/** Rows of one SimBench file (`NAME.csv` or `NAME.csv.gz`, separated by `;`). Missing files, columns and short rows are problems. */
export async function readSimbenchTable(directory: string, name: string, columns: readonly string[], problems: ProblemList, options: { readonly signal?: AbortSignal } = {}): Promise<readonly SimbenchRow[]> {
  const plain = path.join(directory, `${name}.csv`)
  for (const file of [plain, `${plain}.gz`]) {
    if ((await stat(file).catch(() => null)) === null) continue
    const rows: SimbenchRow[] = []
    let header: readonly string[] | null = null
    for await (const batch of readLines(file, options)) {
      for (const [index, text] of batch.lines.entries()) {
        const where = { file, line: batch.firstLine + index }
        if (text === '') continue
        const fields = text.split(';')
        if (header === null) {
          header = fields
          for (const column of columns) if (!fields.includes(column)) problems.add(`the column ${column} is missing`, where)
          continue
        }
        if (fields.length !== header.length) {
          problems.add(`the row has ${fields.length} fields, the header has ${header.length}${batch.unfinished ? ': the file is truncated' : ''}`, where)
          continue
        }
        const names = header
        rows.push({ where, value: (column) => { const field = fields[names.indexOf(column)] ?? ''; return field === 'NULL' ? '' : field } })
      }
    }
    if (header === null) problems.add('the file is empty', { file, line: 1 })
    return rows
  }
  problems.add(`there is no file ${name}.csv (nor ${name}.csv.gz)`, { file: plain })
  return []
}

/** `LV1.101 Bus 10_1` is the end of a line behind a switch on bus `LV1.101 Bus 10`. */
export function busOfNode(node: string): string {
  return node.replace(/_\d+$/, '')
}
