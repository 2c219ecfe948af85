import { describe, expect, it } from 'vitest'
import { StationError } from '../../src/core/errors.ts'
import { retryDelayMs, withRetry, type RetryPolicy } from '../../src/core/retry.ts'

const policy: RetryPolicy = { attempts: 4, firstDelayMs: 100, maximumDelayMs: 300, factor: 2 }

function recordingClock() {
  const slept: number[] = []
  return { slept, clock: { now: () => 0, sleep: (ms: number) => Promise.resolve(void slept.push(ms)) } }
}

describe('retry', () => {
  it('grows its delays up to the maximum', () => {
    expect([1, 2, 3, 4].map((attempt) => retryDelayMs(policy, attempt))).toEqual([100, 200, 300, 300])
  })

  it('repeats what says that it may succeed later, then gives the last failure', async () => {
    const { slept, clock } = recordingClock()
    let calls = 0
    const failing = withRetry(policy, { clock, signal: new AbortController().signal }, () => {
      calls++
      return Promise.reject(new StationError('GATEWAY_UNREACHABLE', `attempt ${calls}`, { retry: 'later' }))
    })
    await expect(failing).rejects.toThrow('attempt 4')
    expect(slept).toEqual([100, 200, 300])
  })

  it('does not repeat what can never succeed', async () => {
    const { slept, clock } = recordingClock()
    await expect(withRetry(policy, { clock, signal: new AbortController().signal }, () => Promise.reject(new StationError('SQL_REJECTED', 'no')))).rejects.toThrow('no')
    expect(slept).toEqual([])
  })
})
