import { addDays, dateOf, runJob, type BatchRunReport } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { addSetOption, dateArgument, durationArgument, firstArgument, positiveInteger } from '../options.ts'

export const run = defineCommand<BatchRunReport>({
  name: 'run',
  summary: 'Run a batch job over the window that ends with a date',
  description: 'Idempotent: a run that is already published is not repeated. Refuses with exit 11 while the input is not complete, with exit 6 while another process runs the job.',
  examples: [
    ['station run capacity', 'the window that ends yesterday'],
    ['station run capacity --date 2016-12-31 --days 30', 'thirty days that end with a date'],
    ['station run capacity --timeout 2h --output json', 'for a scheduler'],
  ],
  configure(command) {
    addSetOption(
      command
        .argument('<job>', 'name of the job')
        .option('--date <date>', 'last day of the window, inclusive (default: yesterday)', dateArgument)
        .option('--days <n>', 'length of the window (default: of the job)', positiveInteger)
        .option('--timeout <duration>', 'give up after this time', durationArgument)
        .option('--force', 'compute again although the run is already published', false),
    )
  },
  async run(input, context) {
    const { profile } = input.config()
    const { date, days, timeout, force, set } = input.options as { date?: string; days?: number; timeout?: number; force: boolean; set?: Record<string, string> }
    const report = await runJob(
      firstArgument(input.args, 'job'),
      {
        profile,
        date: date ?? addDays(dateOf(context.clock.now(), profile.zone), -1),
        ...(days === undefined ? {} : { windowDays: days }),
        ...(timeout === undefined ? {} : { deadlineAtMs: context.clock.now() + timeout }),
        values: set ?? {},
        force,
        keep: context.env['KEEP'] === '1',
      },
      context,
    )
    return { result: report }
  },
  view(report) {
    if (report.outcome === 'unchanged') return `${report.job}: ${report.windowFrom} to ${report.windowTo} is already published, nothing to do (--force computes it again)`
    const seconds = report.statements.reduce((sum, statement) => sum + statement.durationMs, 0) / 1_000
    return `${report.job}: ${report.windowFrom} to ${report.windowTo} published as run ${report.runId} in ${seconds.toFixed(1)} s`
  },
})
