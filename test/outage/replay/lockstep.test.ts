import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { CallRequest } from '../../../src/records/call.ts'
import type { ValidEvent } from '../../../src/records/event.ts'
import { runLockstep, type Echo, type LockstepParts } from '../../../src/outage/replay/lockstep.ts'
import { tickAt } from '../../../src/outage/replay/feed.ts'

const base = 1_772_640_000_000
const quiet: Echo = { requests: [], nextCallDueMs: null, suspects: 0, outageRows: 0 }
const event = (atMs: number, kind: ValidEvent['kind'] = 'OFF'): ValidEvent => ({ ...tickAt(base + atMs, 'F1'), kind, eventId: `e-${atMs}`, deviceKind: 'METER', deviceId: `M${atMs}` })

interface Window {
  readonly rows: readonly string[]
  readonly tickMs: number
}

async function drive(events: readonly ValidEvent[], answer: (rows: readonly ValidEvent[], tickAtMs: number) => Echo, parts: Partial<LockstepParts> = {}): Promise<{ windows: Window[]; calls: number }> {
  const windows: Window[] = []
  const report = await runLockstep(
    {
      events: Readable.from([events]),
      lookup: { placeOf: () => ({ feederId: 'F1', branchId: null, areaId: 'A1', lineId: 'L1', boxId: 'B1', phase: 'A' }) },
      topologyVersion: 1,
      send(rows, tickAtMs) {
        windows.push({ rows: rows.map((row) => `${row.kind}@${row.receivedAtMs - base}`), tickMs: tickAtMs - base })
        return Promise.resolve(answer(rows, tickAtMs))
      },
      ask: () => Promise.resolve([]),
      ...parts,
    },
    1_000_000,
  )
  return { windows, calls: report.calls }
}

describe('a replay in step with answers', () => {
  test('windows end at instants of the grid and leave out the time in which nothing happens', async () => {
    const { windows } = await drive([event(100), event(1_900), event(2_500), event(60_000)], () => quiet)
    expect(windows).toEqual([
      { rows: ['OFF@100', 'OFF@1900'], tickMs: 2_002 },
      { rows: ['OFF@2500'], tickMs: 4_002 },
      { rows: ['OFF@60000'], tickMs: 60_002 },
      { rows: [], tickMs: 1_060_000 },
    ])
  })

  test('signs of life open no window while nothing is suspected, and one each while something is', async () => {
    const rows = [event(100, 'ALIVE'), event(5_000, 'ALIVE'), event(9_000), event(12_500, 'ALIVE')]
    expect((await drive(rows, () => quiet)).windows.map(({ rows: sent }) => sent.length)).toEqual([3, 1, 0])
    expect((await drive(rows, () => ({ ...quiet, suspects: 1 }))).windows.map(({ rows: sent }) => sent.length)).toEqual([3, 1, 0])
  })

  test('an answer is sent at its own instant, behind the rows of its millisecond', async () => {
    const request: CallRequest = { callId: 'c1', deviceId: 'M9', askedAtMs: base + 2_000 }
    let asked = false
    const { windows, calls } = await drive(
      [event(100), event(3_500), event(3_600)],
      () => {
        if (asked) return quiet
        asked = true
        return { ...quiet, requests: [request], suspects: 1 }
      },
      { ask: () => Promise.resolve([{ callId: 'c1', kind: 'PING_OK', delayMs: 1_500 }]) },
    )
    expect(calls).toBe(1)
    expect(windows[1]).toEqual({ rows: ['OFF@3500', 'PING_OK@3500', 'OFF@3600'], tickMs: 4_002 })
  })

  test('a call that was not made sends nothing', async () => {
    const request: CallRequest = { callId: 'c1', deviceId: 'M9', askedAtMs: base + 2_000 }
    let asked = false
    const { windows } = await drive(
      [event(100)],
      () => {
        if (asked) return quiet
        asked = true
        return { ...quiet, requests: [request] }
      },
      { ask: () => Promise.resolve([{ callId: 'c1', kind: null, delayMs: 0 }]) },
    )
    expect(windows.flatMap(({ rows }) => rows)).toEqual(['OFF@100'])
  })

  test('time goes on by itself to the next instant at which the judge wants to ask', async () => {
    let echoes = 0
    const { windows } = await drive([event(100)], () => (echoes++ === 0 ? { ...quiet, suspects: 1, nextCallDueMs: base + 62_000 } : quiet))
    expect(windows.map(({ tickMs }) => tickMs)).toEqual([2_002, 62_002, 1_000_100])
  })
})
