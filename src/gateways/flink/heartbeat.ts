import { ServerFailure, type GatewayCalls } from './gateway-calls.ts'
import type { SessionOptions } from './live-session.ts'

/** Keeps a session alive while nobody uses it. A failure is only logged: the next statement finds out and acts. */
export function startHeartbeat(calls: GatewayCalls, handle: () => string, options: SessionOptions): { stop(): void } {
  const { context, heartbeatIntervalMs = 60_000 } = options
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, options.signal])
  void (async () => {
    for (;;) {
      await context.clock.sleep(heartbeatIntervalMs, signal)
      await calls.heartbeat(handle(), signal).catch((error: unknown) => {
        signal.throwIfAborted()
        const reason = error instanceof ServerFailure ? error.error.message : error instanceof Error ? error.message : 'unknown'
        context.log.write('debug', 'heartbeat of the session failed', { session: options.name, reason })
      })
    }
  })().catch(() => undefined)
  return { stop: () => ended.abort() }
}
