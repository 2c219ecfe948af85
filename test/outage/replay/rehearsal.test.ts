import { describe, expect, test } from 'vitest'
import { tickAt, type ReplayFeed } from '../../../src/outage/replay/feed.ts'
import { answerRow, withAnswers } from '../../../src/outage/replay/rehearsal.ts'
import type { PlaceLookup } from '../../../src/grid/archive/archive.ts'
import type { ValidEvent } from '../../../src/records/event.ts'

const row = (receivedAtMs: number, eventId: string): ValidEvent => ({ ...tickAt(receivedAtMs, 'F1'), eventId })

async function merged(batches: readonly (readonly ValidEvent[])[], answers: readonly ValidEvent[]): Promise<readonly string[]> {
  const feed: ReplayFeed = {
    topology: [],
    firstAtMs: null,
    // eslint-disable-next-line @typescript-eslint/require-await
    async *events() {
      yield* batches
    },
  }
  const ids: string[] = []
  for await (const batch of withAnswers(feed, answers).events()) ids.push(...batch.map(({ eventId }) => eventId))
  return ids
}

describe('answers among the rows of a feed', () => {
  test('come behind the rows of their own millisecond, before the next', async () => {
    expect(await merged([[row(10, 'a'), row(20, 'b'), row(20, 'c'), row(30, 'd')]], [row(5, '1'), row(20, '2'), row(20, '3'), row(29, '4')])).toEqual(['1', 'a', 'b', 'c', '2', '3', '4', 'd'])
  })

  test('keep their place where batches meet and behind the last row', async () => {
    expect(await merged([[row(10, 'a'), row(20, 'b')], [], [row(20, 'c'), row(40, 'd')]], [row(20, '1'), row(30, '2'), row(40, '3'), row(99, '4')])).toEqual(['a', 'b', 'c', '1', '2', 'd', '3', '4'])
  })

  test('are all there without a row', async () => {
    expect(await merged([], [row(1, '1')])).toEqual(['1'])
  })
})

describe('an answer as a row', () => {
  const lookup: PlaceLookup = {
    placeOf: (id) =>
      id === 'M1' ? { feederId: 'F1', branchId: 'R1', areaId: 'A1', lineId: 'L1', boxId: 'B1', phase: 'A' } : id === 'T1' ? { feederId: 'F1', branchId: null, areaId: 'A1', lineId: null, boxId: null, phase: null } : null,
  }
  const request = { callId: 'c1', deviceId: 'M1', askedAtMs: 1_000 }

  test('arrives its delay after the question, at the place of the device', () => {
    expect(answerRow(request, { callId: 'c1', kind: 'PING_FAIL', delayMs: 2_500.4 }, lookup)).toMatchObject({ kind: 'PING_FAIL', deviceKind: 'METER', deviceId: 'M1', receivedAtMs: 3_500, feederId: 'F1', boxId: 'B1', phase: 'A' })
    expect(answerRow({ ...request, deviceId: 'T1' }, { callId: 'c1', kind: 'PING_OK', delayMs: 0 }, lookup)).toMatchObject({ deviceKind: 'TERMINAL', areaId: 'A1' })
  })

  test('is none when the device was not asked or has no place', () => {
    expect(answerRow(request, { callId: 'c1', kind: null, delayMs: 0 }, lookup)).toBeNull()
    expect(answerRow({ ...request, deviceId: 'M9' }, { callId: 'c1', kind: 'PING_OK', delayMs: 0 }, lookup)).toBeNull()
  })
})
