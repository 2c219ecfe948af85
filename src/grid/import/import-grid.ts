import path from 'node:path'
import type { Problem } from '../../core/errors.ts'
import { writeLines } from '../../core/line-writer.ts'
import { readGridArchive } from '../archive/read-archive.ts'
import { writeGridArchive } from '../archive/write-archive.ts'
import { gridSummary, type GridSummary } from '../summary.ts'
import { type ImportedGrid, importedRows, profileRows } from './area-model.ts'
import { importEnwl } from './enwl.ts'
import { importOpendss } from './opendss.ts'
import { importSimbench } from './simbench.ts'

export const gridSources = ['enwl', 'simbench', 'opendss'] as const
export type GridSource = (typeof gridSources)[number]

export interface ImportOptions {
  readonly source: GridSource
  /** Folder of the raw files; for `opendss` also the main file itself. */
  readonly from: string
  readonly out: string
  /** Made-up 10 kV feeders and their branches, for sources without a medium-voltage side. */
  readonly feeders?: number
  readonly branches?: number
  /** Hears of everything that was left out. */
  readonly onWarning?: (warning: Problem) => void
  readonly signal?: AbortSignal
}

/** Imports a source into a grid archive, with `profile.csv` beside it, and reads it back through every check of the archive. */
export async function importGrid(options: ImportOptions): Promise<GridSummary> {
  const grid = await readSource(options)
  const writing = options.signal === undefined ? {} : { signal: options.signal }
  await writeGridArchive(options.out, importedRows(grid), writing)
  await writeLines(path.join(options.out, 'profile.csv'), profileRows(grid), writing)
  return gridSummary(await readGridArchive(options.out, writing))
}

async function readSource(options: ImportOptions): Promise<ImportedGrid> {
  switch (options.source) {
    case 'enwl':
      return importEnwl(options.from, options)
    case 'simbench':
      return importSimbench(options.from, options)
    case 'opendss': {
      const { grid, warnings } = await importOpendss(options.from, options)
      warnings.all().forEach((warning) => options.onWarning?.(warning))
      return grid
    }
  }
}
