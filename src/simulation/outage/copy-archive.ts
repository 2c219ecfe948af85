import path from 'node:path'
import { writeLines } from '../../core/line-writer.ts'
import { ProblemList } from '../../grid/archive/problem-list.ts'
import { readTableRows } from '../../grid/archive/rows.ts'
import { gridTableNames, gridTables, type GridTable } from '../../grid/archive/tables.ts'
import { formatCsvRow } from '../../grid/archive/write-archive.ts'
import { meterPhases } from '../../records/levels.ts'
import type { ArchiveErrors } from './archive-errors.ts'
import type { ArchiveGrid } from './archive-grid.ts'

export interface CopyOptions {
  readonly existing: ArchiveGrid
  readonly errors: ArchiveErrors
  readonly orders: { readonly planned: readonly (readonly string[])[]; readonly controlled: readonly (readonly string[])[] }
  readonly signal?: AbortSignal
}

/** The given archive with the errors of the simulation typed into its meters, and with the simulation's orders and cut-offs. */
export async function copyArchive(from: string, to: string, options: CopyOptions): Promise<void> {
  for (const name of gridTableNames) await writeLines(path.join(to, gridTables[name].file), linesOf(from, name, options), options)
}

async function* linesOf(from: string, name: GridTable, options: CopyOptions): AsyncGenerator<string> {
  yield gridTables[name].columns.join(',')
  if (name === 'planned' || name === 'controlled') {
    for (const row of options.orders[name]) yield formatCsvRow(row)
    return
  }
  let meter = 0
  for await (const rows of readTableRows(from, name, new ProblemList(), options)) {
    for (const { values } of rows) yield formatCsvRow(name === 'meter' ? misplaced(values, meter++, options) : values)
  }
}

/** Rows of meter.csv come in the order in which the archive numbers them. */
function misplaced(values: readonly string[], meter: number, { existing, errors }: CopyOptions): readonly string[] {
  const sim = existing.simMeterOf[meter] ?? -1
  if (sim < 0) return values
  const { ids } = existing.grid
  const place = errors.placeOf(sim)
  const changed = [...values]
  changed[columnOf('area_id')] = ids.area(place.area)
  changed[columnOf('box_id')] = place.box < 0 ? '' : ids.box(place.box)
  changed[columnOf('phase')] = meterPhases[place.phase] ?? 'A'
  return changed
}

function columnOf(column: string): number {
  return gridTables.meter.columns.indexOf(column)
}
