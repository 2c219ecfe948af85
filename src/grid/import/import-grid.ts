import path from 'node:path'
import { writeLines } from '../../core/line-writer.ts'
import { readGridArchive } from '../archive/read-archive.ts'
import { writeGridArchive } from '../archive/write-archive.ts'
import { gridSummary, type GridSummary } from '../summary.ts'
import { importedRows, profileRows } from './area-model.ts'
import { importEnwl } from './enwl.ts'
import { importSimbench } from './simbench.ts'

export const gridSources = ['enwl', 'simbench'] as const
export type GridSource = (typeof gridSources)[number]

export interface ImportOptions {
  readonly source: GridSource
  readonly from: string
  readonly out: string
  /** Made-up 10 kV feeders and their branches, for sources without a medium-voltage side. */
  readonly feeders?: number
  readonly branches?: number
  readonly signal?: AbortSignal
}

/** Imports a source into a grid archive, with `profile.csv` beside it, and reads it back through every check of the archive. */
export async function importGrid(options: ImportOptions): Promise<GridSummary> {
  const grid = options.source === 'enwl' ? await importEnwl(options.from, options) : await importSimbench(options.from, options)
  const writing = options.signal === undefined ? {} : { signal: options.signal }
  await writeGridArchive(options.out, importedRows(grid), writing)
  await writeLines(path.join(options.out, 'profile.csv'), profileRows(grid), writing)
  return gridSummary(await readGridArchive(options.out, writing))
}
