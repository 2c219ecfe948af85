import type { Clock } from './context.ts'
import { isStationError } from './errors.ts'

/** How to try again, as data. Delays grow by `factor` from `firstDelayMs` to `maximumDelayMs`. */
export interface RetryPolicy {
  readonly attempts: number
  readonly firstDelayMs: number
  readonly maximumDelayMs: number
  readonly factor: number
}

export interface RetryOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Default: only failures that say "later" or "now" of themselves. */
  readonly retryable?: (error: unknown) => boolean
}

/** Delay before attempt `attempt` (1 = the first repetition). */
export function retryDelayMs(policy: RetryPolicy, attempt: number): number {
  return Math.min(policy.maximumDelayMs, policy.firstDelayMs * policy.factor ** (attempt - 1))
}

/** Runs `body` until it succeeds, its failure cannot be retried, or the attempts are used up; throws the last failure. */
export async function withRetry<T>(policy: RetryPolicy, options: RetryOptions, body: (attempt: number) => Promise<T>): Promise<T> {
  const retryable = options.retryable ?? ((error) => isStationError(error) && error.retry !== 'never')
  for (let attempt = 1; ; attempt++) {
    try {
      return await body(attempt)
    } catch (error) {
      options.signal.throwIfAborted()
      if (attempt >= policy.attempts || !retryable(error)) throw error
      await options.clock.sleep(retryDelayMs(policy, attempt), options.signal)
    }
  }
}
