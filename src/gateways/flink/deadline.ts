import { StationError } from '../../core/errors.ts'
import type { Context } from '../../core/context.ts'

export interface Limits {
  readonly signal: AbortSignal
  /** Epoch ms. */
  readonly deadlineAtMs?: number | undefined
  /** What is waited for, as the subject of a sentence. */
  readonly what: string
}

/** A signal that also aborts at an absolute deadline, with WAIT_TIMED_OUT as its reason. `stop` must be called when the wait is over. */
export function startDeadline(context: Context, { signal, deadlineAtMs, what }: Limits): { readonly signal: AbortSignal; stop(): void } {
  if (deadlineAtMs === undefined) return { signal, stop: () => undefined }
  const late = new StationError('WAIT_TIMED_OUT', `${what} did not end by its deadline`, { facts: { deadline: new Date(deadlineAtMs).toISOString() } })
  const timer = new AbortController()
  const alarm = new AbortController()
  context.clock.sleep(Math.max(0, deadlineAtMs - context.clock.now()), alarm.signal).then(
    () => timer.abort(late),
    () => undefined,
  )
  return { signal: AbortSignal.any([signal, timer.signal]), stop: () => alarm.abort() }
}

/** Runs `body` under such a signal. */
export async function withDeadline<T>(context: Context, limits: Limits, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = startDeadline(context, limits)
  try {
    return await body(deadline.signal)
  } finally {
    deadline.stop()
  }
}

/** Growing pauses between polls: from 20 ms to half a second. */
export function createPauses(context: Context, signal: AbortSignal): { next(): Promise<void>; reset(): void } {
  const firstMs = 20
  let delayMs = firstMs
  return {
    async next() {
      await context.clock.sleep(delayMs, signal).catch((error: unknown) => {
        signal.throwIfAborted()
        throw error
      })
      delayMs = Math.min(500, delayMs * 1.5)
    },
    reset() {
      delayMs = firstMs
    },
  }
}
