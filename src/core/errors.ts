import { codes, type Code, type ExitCode } from './codes.ts'

/** Where in an input the cause lies. Lines and columns count from 1. */
export interface Where {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly offset?: number
}

export type RetryAdvice = 'never' | 'later' | 'now'

export interface StationErrorOptions {
  /** What to do about it, as a full sentence. */
  readonly hint?: string
  readonly where?: Where
  /** Identifying data: job, statement, operation, engine. Never a secret. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  readonly retry?: RetryAdvice
  readonly cause?: unknown
  /** When one error stands for several problems found together. */
  readonly problems?: readonly Problem[]
}

export interface Problem {
  readonly message: string
  readonly where?: Where
  readonly hint?: string
}

/** The one error family of the project. Thrown for everything a user can act on; `message` is one lower-case line without a full stop. */
export class StationError extends Error {
  readonly code: Code
  readonly hint: string | undefined
  readonly where: Where | undefined
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
  readonly retry: RetryAdvice
  readonly problems: readonly Problem[]

  constructor(code: Code, message: string, options: StationErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StationError'
    this.code = code
    this.hint = options.hint
    this.where = options.where
    this.facts = options.facts ?? {}
    this.retry = options.retry ?? 'never'
    this.problems = options.problems ?? []
  }

  get exitCode(): ExitCode {
    return codes[this.code].exitCode
  }

  /** Page of the project's documentation that explains the code. */
  get docs(): string {
    return `docs/errors.md#${this.code.toLowerCase().replaceAll('_', '-')}`
  }
}

export function isStationError(error: unknown, code?: Code): error is StationError {
  return error instanceof StationError && (code === undefined || error.code === code)
}

/** The error itself, or an UNEXPECTED one that keeps it as its cause. */
export function asStationError(error: unknown): StationError {
  if (error instanceof StationError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new StationError('UNEXPECTED', message.split('\n')[0] ?? 'unknown', { cause: error })
}

/** One error for all problems of an input, so that a user can mend everything at once. */
export function problemsError(code: Code, summary: string, problems: readonly Problem[], options: StationErrorOptions = {}): StationError {
  const first = problems[0]
  return new StationError(code, `${summary}: ${problems.length} problem${problems.length === 1 ? '' : 's'}`, {
    ...(first?.where === undefined ? {} : { where: first.where }),
    ...options,
    problems,
  })
}
