import type { Context } from '../../../src/core/context.ts'
import { tickAt, type ReplayFeed } from '../../../src/outage/replay/feed.ts'
import { formatEventValue, type ValidEvent } from '../../../src/records/event.ts'
import type { KafkaProducer } from '../../../src/stores/kafka/produce.ts'
import type { KafkaRecord } from '../../../src/stores/kafka/records.ts'

/** A stretch of a file of events that is sent as if it happened now. */
export interface LiveStretch {
  /** First instant of the stretch in the file. */
  readonly fromMs: number
  readonly untilMs: number
  readonly events: number
  readonly reports: number
  /** Real milliseconds per millisecond of the file: near 1, so that the stretch holds exactly the wanted rate. */
  readonly stretch: number
}

/** Finds how long the file's stretch must be for `durationMs` at `ratePerSecond` events. Throws when the file ends before. */
export async function chooseStretch(feed: ReplayFeed, options: { readonly fromMs: number; readonly durationMs: number; readonly ratePerSecond: number }): Promise<LiveStretch> {
  const { fromMs, durationMs, ratePerSecond } = options
  const wanted = Math.round((durationMs / 1_000) * ratePerSecond)
  let events = 0
  let reports = 0
  for await (const batch of feed.events()) {
    for (const event of batch) {
      if (event.receivedAtMs < fromMs) continue
      events++
      if (event.kind !== 'ALIVE') reports++
      if (events === wanted) return { fromMs, untilMs: event.receivedAtMs, events, reports, stretch: durationMs / (event.receivedAtMs - fromMs) }
    }
  }
  throw new Error(`the simulated file holds ${events} events from there on, ${wanted} are needed: more --areas or a higher --density`)
}

export interface SendReport {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly sent: number
  /** How far behind its schedule an event was handed to the client. */
  readonly lagMs: readonly number[]
}

export interface SendOptions {
  readonly producer: KafkaProducer
  readonly topic: string
  readonly partitions: number
  readonly context: Context
  readonly onProgress?: (sent: number) => void
}

const pollMs = 5

/**
 * Open loop: every event has its instant, whatever became of those before. The devices' instants move with their arrival; the row time is the
 * broker's when it appends. A TICK per second and partition, as operation sends them.
 */
export async function sendLive(feed: ReplayFeed, live: LiveStretch, options: SendOptions): Promise<SendReport> {
  const { producer, topic, partitions, context, onProgress } = options
  const { clock, signal } = context
  const startedAtMs = clock.now() + 500
  const nowOf = (instantMs: number): number => Math.round(startedAtMs + (instantMs - live.fromMs) * live.stretch)
  const lagMs: number[] = []
  let nextTickMs = startedAtMs
  let sent = 0
  const send = async (events: readonly ValidEvent[], atMs: number): Promise<void> => {
    const records: KafkaRecord[] = events.map((event) => ({ key: event.feederId, value: formatEventValue(event) }))
    for (; nextTickMs <= atMs; nextTickMs += 1_000) for (let partition = 0; partition < partitions; partition++) records.push({ key: null, value: formatEventValue(tickAt(nextTickMs, null)), partition })
    if (records.length > 0) await producer.send(topic, records)
    sent += events.length
  }
  let waiting: ValidEvent[] = []
  for await (const batch of feed.events()) {
    for (const event of batch) {
      if (event.receivedAtMs < live.fromMs || sent + waiting.length >= live.events) continue
      waiting.push(moved(event, nowOf))
    }
    if (waiting.length === 0) continue
    let at = 0
    while (at < waiting.length) {
      signal.throwIfAborted()
      const now = clock.now()
      let end = at
      for (; end < waiting.length && waiting[end]!.receivedAtMs <= now; end++) lagMs.push(now - waiting[end]!.receivedAtMs)
      await send(waiting.slice(at, end), now)
      at = end
      onProgress?.(sent)
      if (at < waiting.length) await clock.sleep(Math.max(1, Math.min(pollMs, waiting[at]!.receivedAtMs - clock.now())), signal)
    }
    waiting = []
    if (sent >= live.events) break
  }
  return { startedAtMs, endedAtMs: clock.now(), sent, lagMs }
}

function moved(event: ValidEvent, nowOf: (instantMs: number) => number): ValidEvent {
  const at = (instantMs: number | null): number | null => (instantMs === null ? null : nowOf(instantMs))
  return { ...event, receivedAtMs: nowOf(event.receivedAtMs), occurredAtMs: at(event.occurredAtMs), endedAtMs: at(event.endedAtMs) }
}
