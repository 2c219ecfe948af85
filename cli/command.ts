import type { Command } from 'commander'
import type { Context, ResolvedConfig, StationError } from '../src/index.ts'
import type { Terminal } from './views/terminal.ts'

/** What a command gets: its positional arguments, its options by camel-case name, and the configuration when it asks for it. */
export interface CommandInput {
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  /** Resolved on first use: commands that need no engine also need no valid station.yaml. */
  config(): ResolvedConfig
  /** Everything on standard input as text. */
  readStdin(): Promise<string>
}

export interface CommandOutcome<Result> {
  readonly result: Result
  readonly warnings?: readonly string[]
  /** The command did its work and the answer is "no": printed with the result, decides the exit code. */
  readonly failure?: StationError
  /** Overrides the definition's `bare` for this outcome. */
  readonly bare?: boolean
}

/** A command: options in, data out. How the data looks for people is its view; machines get the data itself. */
export interface CommandDefinition<Result> {
  /** Words as the user types them, for example `engines up`. */
  readonly name: string
  readonly summary: string
  /** Lines for the end of `--help`: a command and what it does. */
  readonly examples: readonly (readonly [command: string, what: string])[]
  /** Longer text of `--help`, after the summary. */
  readonly description?: string
  readonly configure?: (command: Command) => void
  run(input: CommandInput, context: Context): Promise<CommandOutcome<Result>>
  view(result: Result, terminal: Terminal): string
  /** The result is printed as it is, without the envelope, whatever `--output` says: strings as lines, other values as JSON. */
  readonly bare?: boolean
}

export type AnyCommand = CommandDefinition<unknown>

/** Keeps the result's type between `run` and `view`, then forgets it. */
export function defineCommand<Result>(definition: CommandDefinition<Result>): AnyCommand {
  return definition
}
