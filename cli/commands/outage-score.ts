import path from 'node:path'
import { scoreOutageFiles, type OutageScore } from '../../src/index.ts'
import { defineCommand } from '../command.ts'

/** Prints the bare JSON object of the contract, whatever `--output` says. Needs no engine. */
export const outageScore = defineCommand<OutageScore>({
  name: 'outage score',
  summary: 'Score a file of outages against what really happened',
  description: 'Prints one JSON object: accuracy, recall and strict over all levels, by level, and the delays. Rules: docs/domain.md, scoring.',
  examples: [['station outage score --grid out/sim --truth out/sim/truth.ndjson --outages out/outages.ndjson', 'score the outages of a replay']],
  configure: (command) =>
    void command
      .requiredOption('--grid <dir>', 'grid archive (folder of CSV files)')
      .requiredOption('--truth <file>', 'truth.ndjson of the simulator')
      .requiredOption('--outages <file>', 'outages.ndjson with every version')
      .option('--events <file>', 'events.ndjson they were judged from: adds the share of rows that are told to be of the right fault, or of none'),
  async run({ options }, context) {
    const file = (name: string): string => path.resolve(context.cwd, String(options[name]))
    return { result: await scoreOutageFiles({ grid: file('grid'), truth: file('truth'), outages: file('outages'), ...(options['events'] === undefined ? {} : { events: file('events') }), signal: context.signal }) }
  },
  view: (result) => JSON.stringify(result),
  bare: true,
})
