import path from 'node:path'
import { readCapacityReport, readOutageReport, StationError } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { writeReport, writtenReport, type WrittenReport } from '../written-report.ts'

export const report = defineCommand<WrittenReport>({
  name: 'report',
  summary: 'Write a self-contained HTML report of a replayed period',
  description: 'Outages of a replayed period, the published capacity run, or both: one file, no script, nothing loaded from anywhere.',
  examples: [
    ['station report --out out/report.html --events events.ndjson --outages outages.ndjson --grid grid --truth truth.ndjson', 'outages, scored against the truth'],
    ['station report --out out/capacity.html --capacity station', 'the published run of the capacity job in a database'],
  ],
  configure: (command) =>
    void command
      .requiredOption('--out <file>', 'the HTML file')
      .option('--events <file>', 'events.ndjson')
      .option('--outages <file>', 'outages.ndjson with every version')
      .option('--grid <dir>', 'grid archive, for the score')
      .option('--truth <file>', 'truth.ndjson, for the score')
      .option('--capacity <database>', 'database of the capacity tables')
      .option('--title <text>', 'title of the page', 'Cloud Master Station'),
  async run(input, context) {
    const { profile } = input.config()
    const options = input.options as unknown as ReportOptions
    const file = (name: string): string => path.resolve(context.cwd, name)
    const files = outageFiles(options)
    if (files === null && options.capacity === undefined) throw new StationError('USAGE', 'nothing to report', { hint: 'Give --events and --outages, or --capacity, or all three.' })
    const outages = files === null ? null : await readOutageReport({ ...mapFiles(files, file), zone: profile.zone, signal: context.signal })
    const capacity = options.capacity === undefined ? null : await readCapacityReport({ profile, database: options.capacity, keep: context.env['KEEP'] === '1' }, context)
    return { result: await writeReport({ out: options.out, title: options.title, outages, capacity, zone: profile.zone }, context) }
  },
  view: writtenReport,
})

interface ReportOptions {
  readonly out: string
  readonly events?: string
  readonly outages?: string
  readonly grid?: string
  readonly truth?: string
  readonly capacity?: string
  readonly title: string
}

type OutageFileOptions = Readonly<{ events: string; outages: string; grid?: string; truth?: string }>

/** The files of the outage section, or null when none is wanted. Throws USAGE for half a pair. */
function outageFiles({ events, outages, grid, truth }: ReportOptions): OutageFileOptions | null {
  if ((grid === undefined) !== (truth === undefined)) throw new StationError('USAGE', '--grid and --truth belong together', { hint: 'A score needs both.' })
  if ((events === undefined) !== (outages === undefined)) throw new StationError('USAGE', '--events and --outages belong together')
  if (events === undefined || outages === undefined) return null
  return { events, outages, ...(grid === undefined || truth === undefined ? {} : { grid, truth }) }
}

function mapFiles(files: OutageFileOptions, resolve: (name: string) => string): OutageFileOptions {
  return Object.fromEntries(Object.entries(files).map(([key, name]) => [key, resolve(name)])) as OutageFileOptions
}
