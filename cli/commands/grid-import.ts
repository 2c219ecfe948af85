import path from 'node:path'
import { Argument, InvalidArgumentError } from 'commander'
import { gridSources, importGrid, type GridSource, type GridSummary } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { shortened } from '../views/warnings.ts'
import { summaryTable } from '../views/grid-summary.ts'

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

export const gridImport = defineCommand<GridSummary>({
  name: 'grid import',
  summary: 'Turn a public data set of real networks into a grid archive',
  description: 'enwl: OpenDSS files of the Low Voltage Network Solutions project. simbench: CSV files of a SimBench grid. opendss: a whole OpenDSS circuit, such as IEEE 8500 or those of EPRI; --from names its main file, or a folder with one Master….dss. Plain or .gz. Every problem is reported at once, with file and line.',
  examples: [
    ['station grid import enwl --from examples/enwl-lv --out out/enwl', '15 networks on three made-up 10 kV feeders'],
    ['station grid import simbench --from simbench-mixed --out out/simbench', 'a whole SimBench grid'],
    ['station grid import opendss --from test/fixtures/opendss/ieee-8500-part --out out/ieee-8500', 'a feeder with its branches, transformers, services and loads'],
  ],
  configure: (command) =>
    void command
      .addArgument(new Argument('<source>', 'what the data is').choices([...gridSources]))
      .requiredOption('--from <dir>', 'folder of the raw files, or the main file of a circuit')
      .requiredOption('--out <dir>', 'folder of the archive')
      .option('--feeders <number>', 'enwl: 10 kV feeders to give the networks to (default: one for five networks)', count)
      .option('--branches <number>', 'enwl: branches of each feeder (default: 2)', count),
  async run({ args, options }, context) {
    const { feeders, branches } = options as { readonly feeders?: number; readonly branches?: number }
    const warnings: string[] = []
    const result = await importGrid({
      source: args[0] as GridSource,
      from: path.resolve(context.cwd, String(options['from'])),
      out: path.resolve(context.cwd, String(options['out'])),
      ...(feeders === undefined ? {} : { feeders }),
      ...(branches === undefined ? {} : { branches }),
      onWarning: ({ message, where }) => warnings.push(`${where?.file === undefined ? '' : `${path.relative(context.cwd, where.file)}:${where.line ?? ''} `}${message}`),
      signal: context.signal,
    })
    return { result, warnings: shortened(warnings) }
  },
  view: summaryTable,
})
