import type { PlaceLookup } from '../../grid/archive/archive.ts'
import type { CallAnswer, CallRequest } from '../../records/call.ts'
import type { ValidEvent } from '../../records/event.ts'
import { echoFeeder, tickAt } from './feed.ts'

/** Calls are issued at multiples of this only (`callGridMs` of the judge): answers can then be put exactly where they arrive. */
export const callGridMs = 2_000
/** After the last event time runs on this long in steps: by then every suspect has its verdict. */
const runOnMs = 1_200_000

/** What the judge says behind the requests of an instant. */
export interface Echo {
  readonly requests: readonly CallRequest[]
  readonly nextCallDueMs: number | null
  readonly suspects: number
  readonly outageRows: number
}

export interface LockstepParts {
  readonly events: AsyncIterable<readonly ValidEvent[]>
  readonly lookup: PlaceLookup
  readonly topologyVersion: number
  /** Sends rows in order, the last of them a tick, and waits for its echo. */
  send(rows: readonly ValidEvent[], tickAtMs: number): Promise<Echo>
  ask(requests: readonly CallRequest[]): Promise<readonly CallAnswer[]>
  readonly onProgress?: (atMs: number, calls: number) => void
}

export interface LockstepReport {
  readonly events: number
  readonly reports: number
  readonly calls: number
  readonly windows: number
  readonly lastAtMs: number
  readonly outageRows: number
}

/**
 * Drives the judge through event time window by window, so that the result is as if every answer had arrived at its instant: send what
 * arrives up to an instant of the grid, close it with a tick, wait for the echo, ask what it asks, put the answers among the rows that
 * follow. While nothing is suspected, windows reach to the next report.
 */
export async function runLockstep(parts: LockstepParts, finalTickMs: number): Promise<LockstepReport> {
  const source = new EventQueue(parts.events)
  const answers: ValidEvent[] = []
  let calls = 0
  let windows = 0
  let events = 0
  let reports = 0
  let lastAtMs = 0
  let echo: Echo = { requests: [], nextCallDueMs: null, suspects: 0, outageRows: 0 }
  for (;;) {
    const nextEventMs = echo.suspects > 0 ? await source.nextAtMs() : await source.nextReportAtMs()
    const due = echo.nextCallDueMs !== null && echo.nextCallDueMs <= lastAtMs + runOnMs ? echo.nextCallDueMs : null
    const next = Math.min(nextEventMs ?? Infinity, answers[0]?.receivedAtMs ?? Infinity, due ?? Infinity)
    if (next === Infinity && (await source.nextAtMs()) === null) break
    const closesMs = next === Infinity ? lastAtMs : Math.ceil(next / callGridMs) * callGridMs
    const rows = next === Infinity ? await source.takeAll() : await source.takeUntil(closesMs + 1)
    for (const row of rows) if (row.kind === 'OFF' || row.kind === 'ON' || row.kind === 'TRIP') reports++
    events += rows.length
    lastAtMs = Math.max(lastAtMs, rows.at(-1)?.receivedAtMs ?? 0)
    const tickMs = Math.max(closesMs, next === Infinity ? lastAtMs : 0) + 2
    echo = await parts.send(merge(rows, answers, tickMs - 1), tickMs)
    windows++
    if (echo.requests.length === 0) continue
    calls += echo.requests.length
    const asked = new Map(echo.requests.map((request) => [request.callId, request]))
    for (const answer of await parts.ask(echo.requests)) {
      const request = asked.get(answer.callId)
      if (request === undefined || answer.kind === null) continue
      answers.push(answerEvent(request, answer, parts))
    }
    answers.sort((left, right) => left.receivedAtMs - right.receivedAtMs)
    parts.onProgress?.(lastAtMs, calls)
  }
  echo = await parts.send([], lastAtMs + finalTickMs)
  return { events, reports, calls, windows, lastAtMs, outageRows: echo.outageRows }
}

/** Rows of the file with the answers that arrive up to an instant among them; an answer comes behind the rows of its own millisecond. */
function merge(rows: readonly ValidEvent[], answers: ValidEvent[], untilMs: number): readonly ValidEvent[] {
  if (answers.length === 0 || (answers[0]?.receivedAtMs ?? 0) > untilMs) return rows
  const merged: ValidEvent[] = []
  for (const row of rows) {
    while ((answers[0]?.receivedAtMs ?? Infinity) < row.receivedAtMs) merged.push(answers.shift() as ValidEvent)
    merged.push(row)
  }
  while ((answers[0]?.receivedAtMs ?? Infinity) <= untilMs) merged.push(answers.shift() as ValidEvent)
  return merged
}

function answerEvent(request: CallRequest, answer: CallAnswer, { lookup, topologyVersion }: LockstepParts): ValidEvent {
  const place = lookup.placeOf(request.deviceId)
  const receivedAtMs = request.askedAtMs + Math.round(answer.delayMs)
  const isTerminal = place !== null && place.boxId === null && place.lineId === null && place.phase === null
  return {
    ...tickAt(receivedAtMs, place?.feederId ?? null),
    eventId: `call-${request.callId}`, deviceKind: isTerminal ? 'TERMINAL' : 'METER', deviceId: request.deviceId, kind: answer.kind ?? 'PING_FAIL', occurredAtMs: receivedAtMs, topologyVersion,
    areaId: place?.areaId ?? null, branchId: place?.branchId ?? null, lineId: place?.lineId ?? null, boxId: place?.boxId ?? null, phase: place?.phase ?? null,
  }
}

/** A tick of the echo key. */
export function echoTick(atMs: number): ValidEvent {
  return tickAt(atMs, echoFeeder)
}

/** Looks ahead into batches of events without reading the whole file. */
class EventQueue {
  private readonly iterator: AsyncIterator<readonly ValidEvent[]>
  private waiting: ValidEvent[] = []
  private at = 0
  private ended = false

  constructor(events: AsyncIterable<readonly ValidEvent[]>) {
    this.iterator = events[Symbol.asyncIterator]()
  }

  async nextAtMs(): Promise<number | null> {
    while (this.at >= this.waiting.length && !this.ended) await this.more()
    return this.waiting[this.at]?.receivedAtMs ?? null
  }

  /** Instant of the next row that can open a suspicion: signs of life alone cannot. */
  async nextReportAtMs(): Promise<number | null> {
    for (let index = this.at; ; index++) {
      while (index >= this.waiting.length && !this.ended) {
        const passed = index - this.at
        await this.more()
        index = this.at + passed
      }
      const event = this.waiting[index]
      if (event === undefined) return null
      if (event.kind !== 'ALIVE') return event.receivedAtMs
      // do not hold an endless stretch of signs of life in memory
      if (index - this.at > 100_000) return event.receivedAtMs
    }
  }

  async takeUntil(untilMs: number): Promise<readonly ValidEvent[]> {
    const taken: ValidEvent[] = []
    for (;;) {
      const next = await this.nextAtMs()
      if (next === null || next > untilMs) return taken
      taken.push(this.waiting[this.at++] as ValidEvent)
    }
  }

  async takeAll(): Promise<readonly ValidEvent[]> {
    return this.takeUntil(Infinity)
  }

  private async more(): Promise<void> {
    const next = await this.iterator.next()
    if (next.done === true) {
      this.ended = true
      return
    }
    this.waiting = [...this.waiting.slice(this.at), ...next.value]
    this.at = 0
  }
}
