import type { RandomStreams } from '../random.ts'

/** How a device tells the time: N(0, 10 s) for 97 %, N(0, 10 min) for 2 %, stuck at the year 2000, or 8 h ahead. A property of the device. */
export interface DeviceClock {
  /** What the device writes for a true instant. */
  read(atMs: number): number
  /** The concentrator stamps this meter's reports with its own clock when they come in (30 % of the meters). */
  readonly stampedOnReceipt: boolean
}

const stuckAtMs = Date.UTC(1999, 11, 31, 16)

export type Clocks = (kind: 'meter' | 'terminal', index: number) => DeviceClock

export function createClocks(streams: RandomStreams): Clocks {
  return (kind, index) => {
    const random = streams(kind === 'meter' ? 'meter clock' : 'terminal clock', index)
    const draw = random.unit()
    const normal = random.normal()
    const stampedOnReceipt = kind === 'meter' && random.chance(0.3)
    if (draw < 0.005) return { read: () => stuckAtMs, stampedOnReceipt }
    if (draw < 0.01) return { read: (atMs) => atMs + 8 * 3_600_000, stampedOnReceipt }
    const offMs = Math.round(normal * (draw < 0.03 ? 600_000 : 10_000))
    return { read: (atMs) => atMs + offMs, stampedOnReceipt }
  }
}
