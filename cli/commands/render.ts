import { addDays, dateOf, listJobs, loadJob, renderJob, shownValues } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { addSetOption, dateArgument, firstArgument } from '../options.ts'

interface Rendered {
  readonly job: string
  readonly engine: string
  readonly fingerprint: string
  readonly clusterName: string
  readonly settings: Readonly<Record<string, string>>
  readonly statements: readonly { readonly kind: string; readonly file: string | null; readonly line: number | null; readonly sql: string }[]
}

export const render = defineCommand<Rendered>({
  name: 'render',
  summary: 'Print the SQL of a job as it would be sent',
  description: 'Needs no engine. Values that only a running engine knows are shown in angle brackets.',
  examples: [
    ['station render outage', 'the statements of the outage job'],
    ['station render capacity --date 2016-12-31', 'for the window that ends with a date'],
  ],
  configure(command) {
    addSetOption(command.argument('<job>', 'name of the job').option('--date <date>', 'last day of the window (default: yesterday)', dateArgument))
  },
  async run(input, context) {
    const { profile } = input.config()
    const spec = loadJob(firstArgument(input.args, 'job'), context)
    const date = (input.options['date'] as string | undefined) ?? addDays(dateOf(context.clock.now(), profile.zone), -1)
    const job = renderJob(spec, {
      values: (input.options['set'] as Record<string, string> | undefined) ?? {},
      sources: shownValues(profile, { date, windowDays: spec.windowDays, runId: '<run.id>' }),
    })
    return Promise.resolve({
      result: {
        job: spec.name,
        engine: spec.engine,
        fingerprint: job.fingerprint,
        clusterName: job.clusterName,
        settings: job.settings,
        statements: job.statements.map((statement) => ({ kind: statement.kind, file: statement.where.file ?? null, line: statement.where.line ?? null, sql: statement.text })),
      },
    })
  },
  view(result, { color }) {
    const settings = Object.entries(result.settings).map(([key, value]) => `SET '${key}' = '${value.replaceAll("'", "''")}';`)
    const statements = result.statements.map((statement) => `${color.dim(`-- ${statement.file ?? ''}:${statement.line ?? ''}`)}\n${statement.sql};`)
    return [color.dim(`-- ${result.clusterName} on ${result.engine}`), ...settings, ...statements].join('\n\n')
  },
})

interface JobEntry {
  readonly name: string
  readonly engine: string
  readonly mode: string
  readonly title: string
  readonly owner: string
}

export const jobs = defineCommand<readonly JobEntry[]>({
  name: 'jobs',
  summary: 'List the jobs that can be rendered, submitted or run',
  examples: [['station jobs', 'all of them']],
  async run(_, context) {
    const entries = listJobs(context).map((name): JobEntry => {
      const { engine, mode, title, owner } = loadJob(name, context)
      return { name, engine, mode, title, owner }
    })
    return Promise.resolve({ result: entries })
  },
  view: (result) => result.map((job) => `${job.name.padEnd(12)} ${job.engine.padEnd(6)} ${job.mode.padEnd(10)} ${job.title} (${job.owner})`).join('\n'),
})
