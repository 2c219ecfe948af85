import { answerConnection, describeArea, indicators, requestCategories, requestPhases, StationError, type AreaView, type FigureKind, type FigureValue, type FitAnswer, type RequestCategory, type RequestPhases } from '../../src/index.ts'
import { Option } from 'commander'
import { defineCommand } from '../command.ts'
import { firstArgument, positiveNumber } from '../options.ts'
import { columnPlot } from '../views/line-plot.ts'
import { table } from '../views/terminal.ts'

export const capacityArea = defineCommand<AreaView>({
  name: 'capacity area',
  summary: 'Show the indicators of an area and how its load is spread over the year',
  examples: [['station capacity area T1', 'the area T1 in the published run']],
  configure: (command) => void command.argument('<area>', 'id of the area').option('--database <name>', 'database of the tables', 'station'),
  async run(input, context) {
    const { profile } = input.config()
    return { result: await describeArea({ profile, database: String(input.options['database']), areaId: firstArgument(input.args, 'area'), keep: context.env['KEEP'] === '1' }, context) }
  },
  view({ area, shape }, terminal) {
    const rows = indicators.flatMap(({ id, title, figures }) => figures.map(({ name, column, kind, unit }, index) => [index === 0 ? id : '', index === 0 ? title : '', name, figureText(area.figures[column] ?? null, kind).padStart(valueWidth), unit]))
    const users = area.users.map(({ indicator, userId, value }) => (indicator === 'I10' ? `I10 ${userId}: below its voltage limit for up to ${value} h` : `I11 ${userId}: up to ${value.toFixed(2)} times its contract`))
    const source = `load from the gateway on ${area.gatewayDays} days, from the users on ${area.sumDays}, unknown on ${area.emptyDays}`
    const plot = columnPlot(shape.loadDurationKw, { height: 10, unit: 'kW' })
    return [
      terminal.color.bold(`${area.areaId}, ${area.windowFrom} to ${area.windowTo}`),
      table(['', 'indicator', 'figure', 'value'.padStart(valueWidth), 'unit'], rows, terminal),
      ...(users.length === 0 ? [] : ['', ...users.slice(0, 20), ...(users.length > 20 ? [`and ${users.length - 20} more users`] : [])]),
      '',
      terminal.color.bold('load duration: largest load on the left, smallest on the right'),
      plot,
      source,
    ].join('\n')
  },
})

/** An instant is the longest value. */
const valueWidth = '2025-12-31 23:45'.length

/** As many decimals as the figure has, so that the points stand below each other; an instant without its zone, which is always that of the curves. */
function figureText(value: FigureValue, kind: FigureKind): string {
  if (value === null) return '–'
  if (typeof value === 'string') return kind === 'instant' ? value.slice(0, 16).replace('T', ' ') : value
  return kind === 'measure' ? value.toFixed(2) : kind === 'ratio' ? value.toFixed(4) : String(value)
}

export const capacityFits = defineCommand<FitAnswer>({
  name: 'capacity fits',
  summary: 'Answer whether a new connection fits into an area',
  description: 'By the openable capacity of the area and of the phase in the published run. What the archive does not know of the feeder is given here, or stays open in the answer. Exit 0 when it fits, 3 when not.',
  examples: [['station capacity fits --area T1 --kva 10 --category RES --phase B', 'ten kVA for a household on phase B']],
  configure: (command) =>
    void command
      .requiredOption('--area <id>', 'area of the new connection')
      .requiredOption('--kva <n>', 'capacity asked for', positiveNumber)
      .addOption(new Option('--category <category>', 'kind of customer').choices(requestCategories).makeOptionMandatory())
      .addOption(new Option('--phase <phase>', 'phase of the connection').choices(requestPhases).default('ABC'))
      .option('--feeder-load-rate <percent>', 'load rate of the feeder', positiveNumber)
      .option('--feeder-openable <kva>', 'openable capacity of the feeder', positiveNumber)
      .option('--transformer-openable <kva>', 'openable capacity of the main transformer', positiveNumber)
      .option('--database <name>', 'database of the tables', 'station'),
  async run(input, context) {
    const { profile } = input.config()
    const { area, kva, category, phase, feederLoadRate, feederOpenable, transformerOpenable, database } = input.options as {
      area: string; kva: number; category: RequestCategory; phase: RequestPhases; feederLoadRate?: number; feederOpenable?: number; transformerOpenable?: number; database: string
    }
    const feeder = {
      ...(feederLoadRate === undefined ? {} : { loadRatePct: feederLoadRate }),
      ...(feederOpenable === undefined ? {} : { openableKva: feederOpenable }),
      ...(transformerOpenable === undefined ? {} : { mainTransformerOpenableKva: transformerOpenable }),
    }
    const answer = await answerConnection({ kva, category, phases: phase }, { profile, database, areaId: area, feeder, keep: context.env['KEEP'] === '1' }, context)
    if (answer.fits) return { result: answer }
    return { result: answer, failure: new StationError('CHECK_FAILED', `the request does not fit into area ${area}`) }
  },
  view(answer, terminal) {
    const { color } = terminal
    const lines = answer.reasons.map(({ holds, text }) => `${holds === null ? color.dim('?') : holds ? color.green('✓') : color.red('✗')} ${text}`)
    const largest = answer.largestKva === null ? '' : ` (up to ${answer.largestKva} kVA would)`
    return [...lines, color.bold(answer.fits ? `fits${largest}` : `does not fit${largest}`)].join('\n')
  },
})
