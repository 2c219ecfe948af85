import path from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import { noiseLevels, parseInstant, parseMix, simulateOutages, StationError, type NoiseLevel, type SimulationSummary } from '../../src/index.ts'
import { defineCommand } from '../command.ts'
import { table } from '../views/terminal.ts'

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.')
  return value
}

function factor(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('It must be a number of 0 or more.')
  return value
}

function share(text: string): number {
  const value = factor(text)
  if (value > 1) throw new InvalidArgumentError('It must be a share from 0 to 1.')
  return value
}

function whole(text: string): number {
  const value = positive(text)
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

interface Options {
  readonly seed: string
  readonly areas?: number
  readonly hours: number
  readonly out: string
  readonly noise: NoiseLevel
  readonly density: number
  readonly storm: boolean
  readonly grid?: string
  readonly arrivals?: string
  readonly faults?: number
  readonly mix?: string
  readonly delayFactor: number
  readonly missingFactor: number
  readonly falseFactor: number
  readonly errorFactor: number
  readonly trips: number
  readonly moduleChanges: number
  readonly prefix: string
  readonly alive: boolean
  readonly start?: string
}

export const simulateOutage = defineCommand<SimulationSummary>({
  name: 'simulate outage',
  summary: 'Simulate outages with known truth: grid archive, events, truth, answers to calls',
  description: 'The same options always write the same bytes. What is drawn how: docs/domain.md, simulator.',
  examples: [
    ['station simulate outage --seed 1 --areas 2000 --hours 24 --out out/sim', 'two thousand areas for a day'],
    ['station simulate outage --seed 1 --areas 2000 --hours 24 --mix user=0.5,box=0.3,area=0.2 --delay-factor 2 --missing-factor 1.5 --out out/shifted', 'another mix, slower and less complete'],
    ['station simulate outage --seed 1 --areas 60000 --hours 24 --density 6 --out out/storm', 'five million events'],
    ['station simulate outage --seed 1 --grid out/enwl --hours 24 --faults 40 --arrivals examples/pge-storm/2020-02-09.csv --out out/demo', 'a real storm day on a real grid'],
  ],
  configure: (command) =>
    void command
      .requiredOption('--seed <seed>', 'any text; decides everything that is drawn')
      .option('--areas <number>', 'areas of the made grid', whole)
      .requiredOption('--hours <number>', 'simulated time', positive)
      .requiredOption('--out <dir>', 'folder to write to')
      .addOption(new Option('--noise <level>', 'false reports, missing delivery and errors of the archive').choices([...noiseLevels]).default('default'))
      .option('--density <factor>', 'multiple of 0.013 faults per area and day', positive, 1)
      .option('--storm', 'most faults in one hump of the time', false)
      .option('--grid <dir>', 'an existing grid archive instead of a made one')
      .option('--arrivals <file>', 'times, sizes and lengths of a real day (offset_s,customers,length_min)')
      .option('--faults <number>', 'this many faults instead of the density', whole)
      .option('--mix <shares>', 'shares of the levels, such as feeder=4,branch=6,area=30,line=12,box=25,user=23')
      .option('--delay-factor <factor>', 'multiplies the delay of every report', positive, 1)
      .option('--missing-factor <factor>', 'multiplies the share of reports that never come (1 − mean), on top of the noise', factor, 1)
      .option('--false-factor <factor>', 'multiplies the rates of false reports, on top of the noise', factor, 1)
      .option('--error-factor <factor>', 'multiplies the errors of the archive, on top of the noise', factor, 1)
      .option('--trips <share>', 'share of the openings of feeder breakers that come as TRIP', share, 0)
      .option('--module-changes <rate>', 'carrier modules changed on site, per meter and year', factor, 0)
      .option('--prefix <text>', 'put in front of all ids of a made grid', '')
      .option('--no-alive', 'leave out signs of life')
      .option('--start <instant>', 'begin of the simulated time, such as 2026-03-05T00:00:00.000+08:00'),
  async run(input, context) {
    const options = input.options as unknown as Options
    if ((options.areas === undefined) === (options.grid === undefined)) throw new StationError('USAGE', 'give either --areas or --grid', { hint: '--areas makes a grid, --grid takes an existing archive.' })
    const startAtMs = options.start === undefined ? undefined : parseInstant(options.start)
    if (startAtMs === null) throw new StationError('USAGE', `'${options.start}' is not an instant`, { hint: 'Write it as 2026-03-05T00:00:00.000+08:00.' })
    const file = (name: string): string => path.resolve(context.cwd, name)
    const result = await simulateOutages(
      {
        seed: options.seed, areas: options.areas ?? 0, hours: options.hours, out: file(options.out), noise: options.noise, density: options.density, storm: options.storm,
        delayFactor: options.delayFactor, factors: { missing: options.missingFactor, falseReports: options.falseFactor, archiveErrors: options.errorFactor },
        trips: options.trips, moduleChanges: options.moduleChanges, prefix: options.prefix, alive: options.alive,
        ...(options.grid === undefined ? {} : { grid: file(options.grid) }),
        ...(options.arrivals === undefined ? {} : { arrivals: file(options.arrivals) }),
        ...(options.faults === undefined ? {} : { faults: options.faults }),
        ...(options.mix === undefined ? {} : { mix: parseMix(options.mix) }),
        ...(startAtMs === undefined ? {} : { startAtMs }),
      },
      { signal: context.signal, progress: context.progress },
    )
    return { result }
  },
  view: (result, terminal) =>
    table(['what', 'number'], [...Object.entries(result).filter((entry): entry is [string, number] => typeof entry[1] === 'number'), ...Object.entries(result.faultsByLevel).map(([level, count]): [string, number] => [`faults ${level}`, count])], terminal) + `\nwritten to ${result.out}`,
})
