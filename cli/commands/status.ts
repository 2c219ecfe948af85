import { jobStatus, type JobStatus } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { table } from '../views/terminal.ts'

export const status = defineCommand<readonly JobStatus[]>({
  name: 'status',
  summary: 'Show what the cluster says of the jobs',
  examples: [
    ['station status', 'all jobs'],
    ['station status outage --output json', 'one, for a program'],
  ],
  configure: (command) => void command.argument('[jobs...]', 'names of jobs (default: all)'),
  async run(input, context) {
    return { result: await jobStatus(input.args, input.config().profile, context) }
  },
  view(result, terminal) {
    const rows = result.map(({ job, engine, mode, running }) => [
      job,
      engine,
      mode,
      running?.state.toLowerCase() ?? (mode === 'batch' ? 'batch' : 'not there'),
      running === null ? null : `${running.tasksRunning}/${running.tasks}`,
      running === null ? null : running.restarts,
      running?.lastCheckpointAtMs == null ? null : new Date(running.lastCheckpointAtMs).toISOString(),
      running?.jobId ?? null,
    ])
    const causes = result.flatMap(({ job, running }) => (running?.rootCause == null ? [] : [`${job}: latest failure: ${running.rootCause}`]))
    return [table(['job', 'engine', 'mode', 'state', 'tasks', 'restarts', 'last checkpoint', 'id'], rows, terminal), ...causes].join('\n')
  },
})
