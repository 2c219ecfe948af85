import { Command, CommanderError, Option } from 'commander'
import { asStationError, createContext, exitCodes, findPackageRoot, nearest, readVersion, resolveConfig, StationError, systemClock, type Context, type LogLevel, type ResolvedConfig } from '../src/index.ts'
import { commands } from './commands/index.ts'
import type { AnyCommand, CommandInput, CommandOutcome } from './command.ts'
import { createLog } from './log.ts'
import { createProgress } from './progress.ts'
import { errorEntries, errorText } from './views/errors.ts'
import { createTerminal } from './views/terminal.ts'

const schemaVersion = 1

interface GlobalOptions {
  readonly output: 'text' | 'json'
  readonly color: boolean
  readonly quiet: boolean
  readonly profile?: string
  readonly config?: string
  readonly logLevel: LogLevel
  readonly logFormat: 'text' | 'json'
}

/** Parses, runs one command, prints its outcome; the number is the exit code of the process. */
export async function main(argv: readonly string[]): Promise<number> {
  // whoever read our output has enough of it (`| head`): end as other programs do, without a word
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exitCodes.brokenPipe : exitCodes.unexpected))
  const packageRoot = findPackageRoot()
  const version = readVersion(packageRoot)
  const machine = argv.some((word, index) => word === '--output=json' || (word === '--output' && argv[index + 1] === 'json'))
  let exitCode: number = exitCodes.ok

  const { program } = buildProgram(version, async (definition, command) => {
    exitCode = await execute(definition, command, { packageRoot, version })
  })

  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok
    const failure = error instanceof CommanderError ? new StationError('USAGE', error.message.replace(/^error: /, ''), { hint: 'Run the command with --help to see its arguments.' }) : asStationError(error)
    report(failure, null, { machine, version, command: namedCommand(argv) })
    return failure.exitCode
  }
}

/** All commands in one tree, and the usage and options of each as its help shows them. */
export function buildProgram(version: string, run: (definition: AnyCommand, command: Command) => Promise<void> = () => Promise.resolve()): { readonly program: Command; helpOf(name: string): string } {
  const program = createProgram(version)
  const byName = new Map<string, Command>()
  for (const definition of commands) {
    const command = addCommand(program, definition).action(async (...parameters: unknown[]) => run(definition, parameters.at(-1) as Command))
    byName.set(definition.name, command)
  }
  refuseUnknown(program)
  return { program, helpOf: (name) => helpText(byName.get(name)!) }
}

/** Usage, arguments and own options of a command, without its description and the options that all commands have. */
function helpText(command: Command): string {
  const help = command.createHelp()
  const terms = [
    ...help.visibleArguments(command).map((argument) => [help.argumentTerm(argument), help.argumentDescription(argument)] as const),
    ...help.visibleOptions(command).filter((option) => option.long !== '--help').map((option) => [help.optionTerm(option), help.optionDescription(option)] as const),
  ]
  const width = Math.max(0, ...terms.map(([term]) => term.length))
  return [help.commandUsage(command), ...terms.map(([term, what]) => `  ${term.padEnd(width)}  ${what}`)].join('\n')
}

function createProgram(version: string): Command {
  const program = new Command('station')
  program
    .description('Master station for electric energy data collection: SQL jobs on Apache Flink and Apache Spark, from meter frame to outage and capacity indicator.')
    .version(version, '-V, --version', 'print the version')
    .addOption(new Option('--output <format>', 'how results are printed').choices(['text', 'json']).default('text'))
    .option('--profile <name>', 'profile of station.yaml (also STATION_PROFILE)')
    .option('--config <file>', 'configuration file instead of ./station.yaml (also STATION_CONFIG)')
    .option('--no-color', 'no colours (also NO_COLOR)')
    .option('--quiet', 'no progress on standard error', false)
    .addOption(new Option('--log-level <level>', 'log lines on standard error from this level').choices(['debug', 'info', 'warn', 'error']).default('warn'))
    .addOption(new Option('--log-format <format>', 'form of log lines').choices(['text', 'json']).default('text'))
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  return program
}

/** Hangs the command under its words, creating groups on the way. */
function addCommand(program: Command, definition: AnyCommand): Command {
  const words = definition.name.split(' ')
  let parent = program
  for (const word of words.slice(0, -1)) {
    parent = parent.commands.find((command) => command.name() === word) ?? inherit(parent.command(word).description(`commands about ${word}`))
  }
  const name = words.at(-1)!
  const existing = parent.commands.find((command) => command.name() === name)
  const command = existing ?? inherit(parent.command(name))
  command.description(definition.description === undefined ? definition.summary : `${definition.summary}\n\n${definition.description}`).summary(definition.summary)
  definition.configure?.(command)
  const width = Math.max(...definition.examples.map(([example]) => example.length))
  command.addHelpText('after', `\nExamples:\n${definition.examples.map(([example, what]) => `  $ ${example.padEnd(width)}  # ${what}`).join('\n')}`)
  return command
}

function inherit(command: Command): Command {
  return command.configureHelp({ showGlobalOptions: true }).exitOverride().configureOutput({ writeErr: () => undefined }).showSuggestionAfterError(true)
}

/** A mistyped word gets the nearest one as a hint. */
function refuseUnknown(command: Command): void {
  for (const child of command.commands) refuseUnknown(child)
  if (command.commands.length === 0) return
  const isGroup = !commands.some((definition) => fullName(command) === definition.name)
  if (!isGroup) return
  command.argument('[command...]').allowUnknownOption().action(([word]: readonly string[]) => {
    if (word === undefined) {
      command.outputHelp()
      return
    }
    if (word.startsWith('-')) throw new StationError('USAGE', `unknown option '${word}'`, { hint: `Run 'station ${fullName(command)} --help'.`.replace('  ', ' ') })
    const guess = nearest(word, command.commands.map((child) => child.name()))
    throw new StationError('USAGE', `unknown command '${word}'`, { hint: guess === undefined ? `Run 'station ${fullName(command)} --help'.`.replace('  ', ' ') : `Did you mean '${guess}'?` })
  })
}

function fullName(command: Command): string {
  const words: string[] = []
  for (let current: Command | null = command; current?.parent; current = current.parent) words.unshift(current.name())
  return words.join(' ')
}

async function execute(definition: AnyCommand, command: Command, base: { readonly packageRoot: string; readonly version: string }): Promise<number> {
  const options = command.optsWithGlobals<GlobalOptions>()
  const machine = options.output === 'json'
  const terminal = createTerminal(process.stderr, process.env, options.color)
  const progress = createProgress(process.stderr, terminal)
  const stop = listenForSignals()
  const context: Context = createContext({
    ...base,
    env: process.env,
    cwd: process.cwd(),
    pid: process.pid,
    signal: stop.signal,
    log: createLog(process.stderr, { level: options.logLevel, format: options.logFormat, now: () => systemClock.now() }),
    ...(options.quiet ? {} : { progress }),
  })
  let config: ResolvedConfig | undefined
  const input: CommandInput = {
    args: command.args,
    options: { ...options },
    config: () => (config ??= resolveConfig(options, context)),
    readStdin,
  }
  try {
    const outcome = await definition.run(input, context)
    progress.stop()
    await print(outcome, definition, { machine, color: options.color, version: base.version })
    return outcome.failure?.exitCode ?? exitCodes.ok
  } catch (error) {
    progress.stop()
    const failure = stop.signal.aborted ? asStationError(stop.signal.reason) : asStationError(error)
    if (failure.code === 'UNEXPECTED' && options.logLevel === 'debug' && failure.cause instanceof Error) process.stderr.write(`${failure.cause.stack ?? ''}\n`)
    report(failure, terminal, { machine, version: base.version, command: definition.name })
    return failure.exitCode
  } finally {
    stop.release()
  }
}

async function print(outcome: CommandOutcome<unknown>, definition: AnyCommand, options: { readonly machine: boolean; readonly color: boolean; readonly version: string }): Promise<void> {
  const terminal = createTerminal(process.stdout, process.env, options.color)
  const errors = outcome.failure === undefined ? [] : errorEntries(outcome.failure)
  const bare = outcome.bare ?? definition.bare ?? false
  if (bare) {
    await write(typeof outcome.result === 'string' ? ensureNewline(outcome.result) : `${toJson(outcome.result)}\n`)
  } else if (options.machine) {
    await write(`${toJson(envelope(definition.name, options.version, { ok: outcome.failure === undefined, result: outcome.result, warnings: outcome.warnings ?? [], errors }))}\n`)
    return
  } else {
    await write(ensureNewline(definition.view(outcome.result, terminal)))
  }
  const edge = createTerminal(process.stderr, process.env, options.color)
  for (const warning of outcome.warnings ?? []) process.stderr.write(`${edge.color.yellow('warning')} ${warning}\n`)
  if (outcome.failure !== undefined && !bare) process.stderr.write(`${errorText(outcome.failure, edge)}\n`)
}

function report(failure: StationError, terminal: ReturnType<typeof createTerminal> | null, facts: { readonly machine: boolean; readonly version: string; readonly command: string }): void {
  if (facts.machine) {
    process.stdout.write(`${toJson(envelope(facts.command, facts.version, { ok: false, result: null, warnings: [], errors: errorEntries(failure) }))}\n`)
    return
  }
  process.stderr.write(`${errorText(failure, terminal ?? createTerminal(process.stderr, process.env))}\n`)
}

function envelope(command: string, toolVersion: string, body: { readonly ok: boolean; readonly result: unknown; readonly warnings: readonly string[]; readonly errors: readonly unknown[] }): unknown {
  return { schemaVersion, tool: 'station', toolVersion, command, ...body }
}

function ensureNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Resolves when the pipe has taken the text, so that nothing is cut off at exit. */
async function write(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())))
}

async function readStdin(): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of process.stdin) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString('utf8')
}

/** The first INT or TERM asks the command to end; the second ends the process at once. */
function listenForSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => {
    const error = name === 'SIGINT' ? new StationError('INTERRUPTED', 'interrupted') : new StationError('TERMINATED', 'terminated')
    const handler = (): void => {
      if (controller.signal.aborted) process.exit(error.exitCode)
      process.stderr.write('\nstopping; press again to end at once\n')
      controller.abort(error)
    }
    process.on(name, handler)
    return () => process.off(name, handler)
  })
  return { signal: controller.signal, release: () => handlers.forEach((release) => release()) }
}

/** The longest known command name that the words on the line begin with, for errors found before a command runs. */
function namedCommand(argv: readonly string[]): string {
  const words = argv.filter((word) => !word.startsWith('-'))
  const names = commands.map((definition) => definition.name).filter((name) => words.join(' ').includes(name))
  return names.sort((left, right) => right.length - left.length)[0] ?? ''
}

/** 64-bit integers become strings: JSON readers would round them. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))
}
