import { engineNames, engineStatus, localEngineNames, startEngines, type EngineStatus } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { chosenEngines } from '../engines.ts'
import { engineTable } from '../views/engines.ts'

export const enginesUp = defineCommand<{ readonly engines: readonly EngineStatus[] }>({
  name: 'engines up',
  summary: "Start this profile's engines and leave them running",
  description: 'Installs what is missing, adopts what already runs, and waits until every engine is well. They run until `station engines down`.',
  examples: [
    ['station engines up', 'all engines of the profile'],
    ['station engines up kafka flink', 'only those'],
  ],
  configure: (command) => command.argument('[engines...]', `engines (${engineNames.join(', ')}); default: all of the profile`),
  async run(input, context) {
    const { profile } = input.config()
    const chosen = chosenEngines(input.args)
    if (localEngineNames(profile).length === 0) return { result: { engines: await engineStatus(profile, context) }, warnings: ['this profile names existing clusters: nothing was started'] }
    await startEngines(profile, chosen.filter((name) => localEngineNames(profile).includes(name)), { context })
    return { result: { engines: (await engineStatus(profile, context)).filter(({ engine }) => chosen.includes(engine)) } }
  },
  view: ({ engines }, terminal) => engineTable(engines, terminal),
})
