import { engineStatus, type EngineStatus } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { engineTable } from '../views/engines.ts'

export const enginesStatus = defineCommand<{ readonly engines: readonly EngineStatus[] }>({
  name: 'engines status',
  summary: "Show how this profile's engines are",
  examples: [
    ['station engines status', 'a table'],
    ['station engines status --output json', 'with endpoints, processes and log files'],
  ],
  async run(input, context) {
    return { result: { engines: await engineStatus(input.config().profile, context) } }
  },
  view: ({ engines }, terminal) => engineTable(engines, terminal),
})
