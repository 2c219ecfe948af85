import path from 'node:path'
import { gridSummary, readGridArchive, type GridSummary } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { shortened } from '../views/warnings.ts'
import { summaryTable } from '../views/grid-summary.ts'

export const gridCheck = defineCommand<GridSummary>({
  name: 'grid check',
  summary: 'Check a grid archive and print what it holds',
  description: 'Reads all files of the archive and reports every problem at once, with file and line.',
  examples: [['station grid check out/enwl', 'check an imported archive']],
  configure: (command) => void command.argument('<dir>', 'grid archive (folder of CSV files)'),
  async run({ args }, context) {
    const archive = await readGridArchive(path.resolve(context.cwd, args[0] ?? ''), { signal: context.signal })
    const summary = gridSummary(archive)
    const warnings = archive.warnings.map(({ message, where }) => `${where === undefined ? '' : `${where.file ?? ''}:${where.line ?? ''} `}${message}`)
    return { result: summary, warnings: shortened(warnings) }
  },
  view: summaryTable,
})
