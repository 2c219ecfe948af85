import path from 'node:path'
import { replayOutages, type ReplayReport } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { positiveInteger } from '../options.ts'

export const outageReplay = defineCommand<ReplayReport>({
  name: 'outage replay',
  summary: 'Run the real outage job over a file of events',
  description:
    'Starts the engines it needs, adopts those that run, and stops what it started (KEEP=1 leaves them). Without --calls nobody answers the judge. ' +
    'With --calls the command is started once by /bin/sh; it gets one line of JSON per call and answers in any order.',
  examples: [
    ['station outage replay --grid out/sim --events out/sim/events.ndjson --out out/outages.ndjson', 'find the outages of a simulated day'],
    ["station outage replay --grid out/sim --events out/sim/events.ndjson --out out/outages.ndjson --calls 'station simulate answer --dir out/sim'", 'with devices that answer calls'],
  ],
  configure: (command) =>
    void command
      .requiredOption('--grid <dir>', 'grid archive (folder of CSV files)')
      .requiredOption('--events <file>', 'events.ndjson in order of receivedAt')
      .requiredOption('--out <file>', 'where to write outages.ndjson')
      .option('--calls <command>', 'command line of a program that answers calls')
      .option('--settings <pairs>', 'settings of the judge, name=value separated by semicolons')
      .option('--parallelism <n>', 'partitions of the events and parallel tasks of the job, without --calls', positiveInteger),
  async run(input, context) {
    const options = input.options as { grid: string; events: string; out: string; calls?: string; settings?: string; parallelism?: number }
    const file = (name: string): string => path.resolve(context.cwd, name)
    const { profile } = input.config()
    const result = await replayOutages(
      {
        profile,
        gridDirectory: file(options.grid),
        eventsFile: file(options.events),
        outFile: file(options.out),
        ...(options.calls === undefined ? {} : { callsCommand: options.calls }),
        ...(options.settings === undefined ? {} : { settings: options.settings }),
        ...(options.parallelism === undefined ? {} : { parallelism: options.parallelism }),
        keep: context.env['KEEP'] === '1',
      },
      context,
    )
    return { result }
  },
  view: (report) =>
    [
      `${report.outages} outages in ${report.versions} versions written to ${report.file}`,
      `${report.events} events (${report.reports} reports) of ${report.feeders} feeders judged in ${(report.jobMs / 1_000).toFixed(1)} s${report.calls > 0 ? `, ${report.calls} calls` : ''}`,
    ].join('\n'),
})
