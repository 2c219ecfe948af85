import { asStationError } from '../../core/errors.ts'

export interface Finding {
  /** What was looked at, for example `java` or `port kafka`. */
  readonly check: string
  /** `warn`: works, but look at it. `bad`: commands will fail. */
  readonly verdict: 'ok' | 'warn' | 'bad'
  readonly message: string
  /** What to do about it. */
  readonly hint: string | null
}

export const ok = (check: string, message: string): Finding => ({ check, verdict: 'ok', message, hint: null })
export const warn = (check: string, message: string, hint: string): Finding => ({ check, verdict: 'warn', message, hint })
export const bad = (check: string, message: string, hint: string): Finding => ({ check, verdict: 'bad', message, hint })

/** A failure of the family as a finding. */
export function failed(check: string, error: unknown): Finding {
  const failure = asStationError(error)
  return bad(check, failure.message, failure.hint ?? `See ${failure.docs}.`)
}
