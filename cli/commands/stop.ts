import { stopJob, type StopReport } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { durationArgument, firstArgument } from '../options.ts'

const defaultTimeoutMs = 300_000

export const stop = defineCommand<StopReport>({
  name: 'stop',
  summary: 'Stop a streaming job, with a savepoint when asked',
  examples: [
    ['station stop outage --savepoint', 'keep its state for the next start'],
    ['station stop outage', 'cancel it'],
  ],
  configure: (command) =>
    void command
      .argument('<job>', 'name of the job')
      .option('--savepoint [directory]', 'take a savepoint first (default folder: of the profile)')
      .option('--drain', 'let all windows end before the savepoint; the state can then not be continued', false)
      .option('--timeout <duration>', 'give up waiting after this time (default: 5m)', durationArgument),
  async run(input, context) {
    const { profile } = input.config()
    const { savepoint, drain, timeout = defaultTimeoutMs } = input.options as { savepoint?: boolean | string; drain: boolean; timeout?: number }
    const report = await stopJob(
      firstArgument(input.args, 'job'),
      { profile, deadlineAtMs: context.clock.now() + timeout, drain, savepoint: savepoint !== undefined, ...(typeof savepoint === 'string' ? { savepointDirectory: savepoint } : {}) },
      context,
    )
    return { result: report }
  },
  view: (report) => (report.savepoint === null ? `${report.job} is cancelled` : `${report.job} is stopped\nsavepoint: ${report.savepoint}\nstart from it with: station submit ${report.job} --from-savepoint ${report.savepoint}`),
})
