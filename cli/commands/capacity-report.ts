import { readCapacityReport } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { dateArgument } from '../options.ts'
import { writeReport, writtenReport, type WrittenReport } from '../written-report.ts'

export const capacityReport = defineCommand<WrittenReport>({
  name: 'capacity report',
  summary: 'Write a self-contained HTML report of a published run of the nightly job',
  description: 'Ranking and heat map of the areas, load duration, phase balance and voltages of the tightest ones: one file, no script, nothing loaded from anywhere.',
  examples: [
    ['station capacity report --date 2016-12-31 --out out/capacity.html', 'the run for that date'],
    ['station capacity report --database demo --out out/capacity.html', 'the run that readers see now'],
  ],
  configure: (command) =>
    void command
      .requiredOption('--out <file>', 'the HTML file')
      .option('--date <date>', 'last day of the window (default: the run published last)', dateArgument)
      .option('--database <name>', 'database of the tables', 'station')
      .option('--title <text>', 'title of the page', 'Capacity of the transformer areas'),
  async run(input, context) {
    const { profile } = input.config()
    const { out, date, database, title } = input.options as { out: string; date?: string; database: string; title: string }
    const capacity = await readCapacityReport({ profile, database, keep: context.env['KEEP'] === '1', ...(date === undefined ? {} : { date }) }, context)
    return { result: await writeReport({ out, title, outages: null, capacity, zone: profile.zone }, context) }
  },
  view: writtenReport,
})
