import type { Clock } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'

export interface StatementGuard {
  /** Aborts with the user's reason or, after the deadline, with WAIT_TIMED_OUT: its reason is what to throw. */
  readonly signal: AbortSignal
  /** Ends the watch on the deadline. */
  stop(): void
}

export interface GuardOptions {
  readonly clock: Clock
  readonly signals: readonly AbortSignal[]
  readonly deadlineAtMs: number | undefined
}

/** One signal out of the caller's signals and an absolute deadline. */
export function createStatementGuard(options: GuardOptions): StatementGuard {
  const stopper = new AbortController()
  const timer = new AbortController()
  if (options.deadlineAtMs !== undefined) {
    const deadlineAtMs = options.deadlineAtMs
    void waitUntil(options.clock, deadlineAtMs, stopper.signal).then((passed) => {
      if (!passed) return
      timer.abort(new StationError('WAIT_TIMED_OUT', 'the statement did not end before its deadline and was interrupted', {
        facts: { engine: 'spark', deadline: new Date(deadlineAtMs).toISOString() },
      }))
    })
  }
  return { signal: AbortSignal.any([...options.signals, timer.signal]), stop: () => stopper.abort() }
}

/** Timers of Node end at 2^31 ms. */
const longestSleepMs = 86_400_000

async function waitUntil(clock: Clock, instantMs: number, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted) {
    const leftMs = instantMs - clock.now()
    if (leftMs <= 0) return true
    try {
      await clock.sleep(Math.min(leftMs, longestSleepMs), stop)
    } catch {
      return false // stopped
    }
  }
  return false
}
