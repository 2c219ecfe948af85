import { engineNames, installEngines, localEngineNames } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { chosenEngines } from '../engines.ts'
import { table } from '../views/terminal.ts'

export const enginesInstall = defineCommand<{ readonly engines: readonly { readonly engine: string; readonly version: string; readonly home: string }[] }>({
  name: 'engines install',
  summary: "Download this profile's engines into the user's cache",
  description: 'Kafka, Flink and Spark come from PyPI and Maven Central in pinned versions; every file is checked against its digest. What is there already is left alone.',
  examples: [
    ['station engines install', 'all engines of the profile'],
    ['station engines install kafka', 'only Kafka'],
  ],
  configure: (command) => command.argument('[engines...]', `engines (${engineNames.join(', ')}); default: all of the profile`),
  async run(input, context) {
    const { profile } = input.config()
    const engines = await installEngines(profile, chosenEngines(input.args), { context })
    const skipped = localEngineNames(profile).length === 0 ? ['this profile names existing clusters: nothing to install'] : []
    return { result: { engines }, warnings: skipped }
  },
  view: ({ engines }, terminal) => table(['engine', 'version', 'home'], engines.map(({ engine, version, home }) => [engine, version, home]), terminal),
})
