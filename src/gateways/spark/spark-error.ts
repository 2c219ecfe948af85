import { StationError, type Where } from '../../core/errors.ts'
import type { SparkStatementOrigin } from './spark-session.ts'

/** What a Spark error text holds, however it was carried. Lines and columns count from 1 within the statement. */
export interface SparkFailure {
  /** The first sentence: one line, lower case, without full stop, without condition, SQLSTATE, plan and stack. */
  readonly message: string
  /** The sentences after it, mostly Spark's advice. */
  readonly advice: string | null
  /** Error condition, for example `TABLE_OR_VIEW_NOT_FOUND`. */
  readonly condition: string | null
  readonly sqlState: string | null
  readonly line: number | null
  readonly column: number | null
}

const longestMessage = 800

/** Reads Spark's error text, without what wraps it: class names, outer conditions that only repeat the inner one, stack and plan. */
export function parseSparkFailure(text: string): SparkFailure {
  const withoutStack = text.split(/\n\s*at [\w$.]+\(/)[0] ?? text
  const { condition, body } = innermost(withoutStack)
  const sqlState = /SQLSTATE: ([0-9A-Z]{5})/.exec(body)?.[1] ?? null
  return { ...sentencesOf(body), condition, sqlState, ...positionOf(body) }
}

function innermost(text: string): { condition: string | null; body: string } {
  const name = String.raw`\[([A-Z][A-Z0-9_]*(?:\.[A-Z][A-Z0-9_]*)*)\] ?`
  let match = new RegExp(name).exec(text)
  if (match === null) return { condition: null, body: text.replace(/^(?:[\w$]+\.)+[\w$]*(?:Exception|Error): /, '') }
  // `[OUTER] some.Class: [INNER] …`: only a condition right behind a class name is an inner one, others belong to the message
  const wrapped = new RegExp(String.raw`^(?:[\w$]+\.)+[\w$]+:\s*${name}`)
  let body = text.slice(match.index + match[0].length)
  for (let inner = wrapped.exec(body); inner !== null; inner = wrapped.exec(body)) {
    match = inner
    body = body.slice(inner[0].length)
  }
  return { condition: match[1] ?? null, body }
}

function positionOf(text: string): { line: number | null; column: number | null } {
  // parser and analyzer count columns from 0 as `pos`; the runtime's query context counts from 1 as `position`
  const analysis = /\bline (\d+),? pos (\d+)/.exec(text)
  if (analysis !== null) return { line: Number(analysis[1]), column: Number(analysis[2]) + 1 }
  const runtime = /== SQL \(line (\d+), position (\d+)\) ==/.exec(text)
  if (runtime !== null) return { line: Number(runtime[1]), column: Number(runtime[2]) }
  return { line: null, column: null }
}

function sentencesOf(text: string): { message: string; advice: string | null } {
  const cut = text.search(/\s*(?:SQLSTATE: |;? ?\(?line \d+,? pos \d+|== SQL|\n['+])/)
  const line = (cut < 0 ? text : text.slice(0, cut)).replace(/\s+/g, ' ').trim()
  const end = line.search(/[.;] [A-Z]/)
  const first = (end < 0 ? line : line.slice(0, end)).replace(/[.;]+$/, '')
  const rest = end < 0 ? '' : line.slice(end + 2)
  const message = /^[A-Z][a-z ]/.test(first) ? first.charAt(0).toLowerCase() + first.slice(1) : first
  return { message: bounded(message === '' ? 'the engine gave no reason' : message), advice: rest === '' ? null : bounded(rest) }
}

function bounded(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text
}

export interface SqlErrorOptions {
  readonly origin?: SparkStatementOrigin
  readonly cause?: unknown
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
}

/** SQL_REJECTED with condition, SQLSTATE and the place, in the statement's file where its origin is known. */
export function sqlError(failure: SparkFailure, options: SqlErrorOptions): StationError {
  const where = whereOf(failure, options.origin)
  return new StationError('SQL_REJECTED', failure.condition === null ? failure.message : `${failure.condition}: ${failure.message}`, {
    ...(where === null ? {} : { where }),
    ...(failure.advice === null ? {} : { hint: failure.advice }),
    ...(options.cause === undefined ? {} : { cause: options.cause }),
    facts: { engine: 'spark', condition: failure.condition, sqlState: failure.sqlState, ...options.facts },
  })
}

function whereOf(failure: SparkFailure, origin: SparkStatementOrigin | undefined): Where | null {
  const file = origin?.file === undefined ? {} : { file: origin.file }
  if (failure.line === null) return origin?.line === undefined ? null : { ...file, line: origin.line }
  const line = (origin?.line ?? 1) + failure.line - 1
  if (failure.column === null) return { ...file, line }
  const column = failure.line === 1 ? (origin?.column ?? 1) + failure.column - 1 : failure.column
  return { ...file, line, column }
}

/** Conditions by which a server says that it does not know this session any more. */
export function isSessionLost(condition: string | null): boolean {
  return condition !== null && /^INVALID_HANDLE\.SESSION_(?:NOT_FOUND|CLOSED|CHANGED)$/.test(condition)
}

export function isOperationUnknown(condition: string | null): boolean {
  return condition !== null && /^INVALID_HANDLE\.OPERATION_(?:NOT_FOUND|ABANDONED)$/.test(condition)
}

export function unreachable(address: string, detail: string, cause: unknown): StationError {
  return new StationError('GATEWAY_UNREACHABLE', `spark does not answer at ${address}: ${detail}`, {
    hint: 'Check that the server runs and that host and port are right.',
    retry: 'later',
    facts: { engine: 'spark', address },
    cause,
  })
}

/** `attempts` reconnections were tried in vain, or the transport knows none. */
export function gone(address: string, detail: string, cause: unknown): StationError {
  return new StationError('GATEWAY_GONE', `spark at ${address} went away during a statement: ${detail}`, {
    hint: 'Whether the statement took effect is unknown: look before running it again.',
    facts: { engine: 'spark', address },
    cause,
  })
}

export function denied(address: string, detail: string, cause: unknown): StationError {
  return new StationError('GATEWAY_DENIED', `spark at ${address} refused the credentials: ${detail}`, {
    hint: 'Check user name, password or token, and the way of authentication.',
    facts: { engine: 'spark', address },
    cause,
  })
}

export function sessionLost(address: string, cause: unknown): StationError {
  return new StationError('SESSION_LOST', `the session on spark at ${address} is lost, with its settings and temporary views`, {
    hint: 'Run the whole script again: statements before this one may have left state that a new session does not have.',
    retry: 'later',
    facts: { engine: 'spark', address },
    cause,
  })
}

export function protocolError(address: string, detail: string, cause?: unknown): StationError {
  return new StationError('GATEWAY_PROTOCOL', `spark at ${address} answered something unknown: ${detail}`, {
    facts: { engine: 'spark', address },
    ...(cause === undefined ? {} : { cause }),
  })
}
