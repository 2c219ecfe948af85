import { submitJob, type SubmitReport } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { addSetOption, durationArgument, firstArgument } from '../options.ts'

const defaultTimeoutMs = 300_000

export const submit = defineCommand<SubmitReport>({
  name: 'submit',
  summary: 'Submit a streaming job and wait until all its tasks run',
  description: 'Idempotent: when this very job already runs, nothing is done. When another version of it runs, the command refuses with exit 6. Local engines that it starts stay up with the job.',
  examples: [
    ['station submit outage', 'start the outage analysis'],
    ['station submit outage --from-savepoint PATH', 'go on with the state of an earlier one'],
  ],
  configure(command) {
    addSetOption(
      command
        .argument('<job>', 'name of the job')
        .option('--from-savepoint <path>', 'state to start from')
        .option('--timeout <duration>', 'give up waiting after this time (default: 5m)', durationArgument),
    )
  },
  async run(input, context) {
    const { profile } = input.config()
    const { fromSavepoint, timeout = defaultTimeoutMs, set } = input.options as { fromSavepoint?: string; timeout?: number; set?: Record<string, string> }
    const report = await submitJob(firstArgument(input.args, 'job'), { profile, deadlineAtMs: context.clock.now() + timeout, values: set ?? {}, ...(fromSavepoint === undefined ? {} : { savepoint: fromSavepoint }) }, context)
    return { result: report }
  },
  view: (report) => (report.outcome === 'unchanged' ? `${report.clusterName} already runs as ${report.jobId}, nothing to do` : `${report.clusterName} runs as ${report.jobId}\nstop it with: station stop ${report.job} --savepoint`),
})
