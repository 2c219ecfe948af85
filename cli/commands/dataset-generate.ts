import { addDays, dateOf, generateDatasetOn, type GeneratedDataset } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { dateArgument, positiveInteger } from '../options.ts'

export const datasetGenerate = defineCommand<GeneratedDataset>({
  name: 'dataset generate',
  summary: 'Make a synthetic grid with curves, of any size, in the tables of the nightly job',
  description: 'Archive, registers and curves with gaps, replaced meters, moved users and areas over their capacity. The same seed gives the same rows. What the tables of the database held before is gone.',
  examples: [
    ['station dataset generate --areas 180 --users-per-area 111 --database synthetic', '7.3 million user-days'],
    ['station dataset generate --areas 4 --users-per-area 10 --days 7 --seed 5 --database tiny', 'a small one'],
  ],
  configure: (command) =>
    void command
      .requiredOption('--areas <n>', 'transformer areas', positiveInteger)
      .requiredOption('--database <name>', 'database that is filled; not that of real data')
      .option('--users-per-area <n>', 'mean number of users of an area', positiveInteger, 111)
      .option('--days <n>', 'days of curves', positiveInteger, 365)
      .option('--date <date>', 'last day (default: yesterday)', dateArgument)
      .option('--seed <n>', 'seed of the random numbers', positiveInteger, 1),
  async run(input, context) {
    const { profile } = input.config()
    const { areas, usersPerArea, days, date, seed, database } = input.options as { areas: number; usersPerArea: number; days: number; date?: string; seed: number; database: string }
    const lastDay = date ?? addDays(dateOf(context.clock.now(), profile.zone), -1)
    return { result: await generateDatasetOn({ profile, database, areas, usersPerArea, days, date: lastDay, seed, keep: context.env['KEEP'] === '1' }, context) }
  },
  view: ({ database, areas, users, from, to, curveRows, userPowerRows, buckets }) =>
    `${database}: ${areas} areas, ${users} users, ${from} to ${to}: ${curveRows} curves in ${buckets} buckets, ${userPowerRows} of them P of users`,
})
