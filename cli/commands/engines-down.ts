import { stopEngines } from '../../src/index.ts'
import { defineCommand } from '../command.ts'

export const enginesDown = defineCommand<{ readonly stopped: readonly string[] }>({
  name: 'engines down',
  summary: "Stop this profile's engines",
  description: 'Ends exactly the processes that this tool started (TERM, then KILL). Data and logs stay in the state folder.',
  examples: [
    ['station engines down', 'everything of the profile'],
    ['station engines down --force', 'also while a command uses them'],
  ],
  configure: (command) => command.option('--force', 'also while another command uses them', false),
  async run(input, context) {
    const stopped = await stopEngines(input.config().profile, { context, force: input.options['force'] === true })
    return { result: { stopped } }
  },
  view: ({ stopped }) => (stopped.length === 0 ? 'nothing was running' : `stopped ${stopped.join(', ')}`),
})
