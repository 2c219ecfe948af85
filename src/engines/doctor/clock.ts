import axios from 'axios'
import type { Context } from '../../core/context.ts'
import { ok, warn, type Finding } from './finding.ts'

const toleratedMs = 2_000
/** No machine of today shows an earlier time. */
const earliestMs = Date.UTC(2026, 0, 1)

/** The clock against the servers that tell theirs in the HTTP header Date; how far apart is decided by `judgeClock`. */
export async function checkClock(urls: readonly string[], context: Context): Promise<Finding> {
  const differences = await Promise.all(urls.map((url) => clockDifferenceMs(url, context)))
  return judgeClock(context.clock.now(), differences.filter((difference) => difference !== null))
}

export function judgeClock(nowMs: number, differencesMs: readonly number[]): Finding {
  if (nowMs < earliestMs) return warn('clock', `this machine believes it is ${new Date(nowMs).toISOString()}`, 'Set the clock: events and business dates follow it.')
  const worst = differencesMs.reduce((worst, difference) => (Math.abs(difference) > Math.abs(worst) ? difference : worst), 0)
  if (Math.abs(worst) > toleratedMs) {
    return warn('clock', `this machine is ${(Math.abs(worst) / 1_000).toFixed(1)} s ${worst > 0 ? 'ahead of' : 'behind'} the cluster`, 'Let NTP set the clocks of both: event times would be wrong by that much.')
  }
  return ok('clock', differencesMs.length === 0 ? new Date(nowMs).toISOString() : `within ${toleratedMs / 1_000} s of the cluster`)
}

/** Positive: this machine is ahead. Half of the way there and back is taken for the way back. */
async function clockDifferenceMs(url: string, context: Context): Promise<number | null> {
  const sentMs = context.clock.now()
  try {
    const response = await axios.get(url, { timeout: 3_000, signal: context.signal, proxy: false, validateStatus: () => true })
    const dateMs = Date.parse(String(response.headers['date'] ?? ''))
    if (Number.isNaN(dateMs)) return null
    const receivedMs = context.clock.now()
    // the header has whole seconds: its middle is the best guess
    return (sentMs + receivedMs) / 2 - (dateMs + 500)
  } catch {
    return null
  }
}
