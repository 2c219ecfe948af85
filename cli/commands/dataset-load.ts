import path from 'node:path'
import { loadDataset, type DatasetReport } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { dateArgument, positiveInteger, positiveNumber } from '../options.ts'

export const datasetLoad = defineCommand<DatasetReport>({
  name: 'dataset load',
  summary: 'Fill the tables of the nightly job from a grid archive and measured household days',
  description: 'Every household meter draws like its measured profile, between winter and summer, with noise and gaps; the gateway meters measure the sum of their users. The same seed gives the same rows.',
  examples: [['station dataset load --grid out/grid --profiles examples/enwl-lv/profiles --from 2016-01-01 --to 2016-12-31 --database demo --replace', 'a year of curves for the ENWL networks']],
  configure: (command) =>
    void command
      .requiredOption('--grid <dir>', 'grid archive (folder of CSV files)')
      .requiredOption('--profiles <dir>', 'folder with Winter_Load_Profiles.csv and Summer_Load_Profiles.csv, plain or .gz')
      .requiredOption('--from <date>', 'first day', dateArgument)
      .requiredOption('--to <date>', 'last day, inclusive', dateArgument)
      .option('--database <name>', 'database of the tables', 'station')
      .option('--seed <n>', 'decides noise, gaps and habits', positiveInteger, 1)
      .option('--factor <x>', 'multiplies the measured loads', positiveNumber, 1)
      .option('--replace', 'drop the database first', false),
  async run(input, context) {
    const options = input.options as { grid: string; profiles: string; from: string; to: string; database: string; seed: number; factor: number; replace: boolean }
    const { from, to, database, seed, factor, replace } = options
    const folder = (name: string): string => path.resolve(context.cwd, name)
    const { profile } = input.config()
    return { result: await loadDataset({ profile, gridDirectory: folder(options.grid), profilesDirectory: folder(options.profiles), from, to, database, seed, factor, replace, keep: context.env['KEEP'] === '1' }, context) }
  },
  view: (report) => `${report.curveRows.toLocaleString('en')} day curves of ${report.meters.toLocaleString('en')} meters in ${report.areas} areas, ${report.from} to ${report.to}, in database ${report.database}`,
})
