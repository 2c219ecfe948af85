import { InvalidArgumentError, type Command } from 'commander'
import { isDate, parseDurationMs, StationError } from '../src/index.ts'

/** `--set name=value` as often as wanted. */
export function collectSettings(word: string, all: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const equals = word.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('write it as name=value')
  return { ...all, [word.slice(0, equals)]: word.slice(equals + 1) }
}

export function addSetOption(command: Command): Command {
  return command.option('--set <name=value>', 'value of a parameter of the job (repeatable)', collectSettings)
}

export function dateArgument(word: string): string {
  if (!isDate(word)) throw new InvalidArgumentError('write the date as YYYY-MM-DD')
  return word
}

/** A duration such as `90s`, `30m`, `2h`, in milliseconds. */
export function durationArgument(word: string): number {
  const ms = parseDurationMs(word)
  if (ms === null) throw new InvalidArgumentError('write the duration as 90s, 30m or 2h')
  return ms
}

export function positiveInteger(word: string): number {
  const value = Number(word)
  if (!/^\d+$/.test(word) || !Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number of at least 1')
  return value
}

/** The one positional argument that commander has made sure of. */
export function firstArgument(args: readonly string[], name: string): string {
  const value = args[0]
  if (value === undefined) throw new StationError('USAGE', `${name} is missing`)
  return value
}

export function positiveNumber(word: string): number {
  const value = Number(word)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('a number above 0')
  return value
}
