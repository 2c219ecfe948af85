import type { OutageRecord } from '../../../src/records/outage.ts'
import type { KafkaClient } from '../../../src/stores/kafka/client.ts'

/** When the broker appended what the job reads: by the log append time of the topic, which is the row time of the job. */
export interface Appended {
  /** All instants, in order. */
  readonly all: Float64Array
  readonly byFeeder: ReadonlyMap<string, ReadonlySet<number>>
}

export async function readAppended(kafka: KafkaClient, topic: string, signal: AbortSignal): Promise<Appended> {
  const all: number[] = []
  const byFeeder = new Map<string, Set<number>>()
  await kafka.consume({ topics: [topic], until: 'now', signal }, (readings) => {
    for (const { timestampMs, key } of readings) {
      all.push(timestampMs)
      if (key === null) continue
      const feeder = key.toString('utf8')
      const known = byFeeder.get(feeder)
      if (known === undefined) byFeeder.set(feeder, new Set([timestampMs]))
      else known.add(timestampMs)
    }
  })
  return { all: Float64Array.from(all).sort(), byFeeder }
}

/** One published version and how long it took. */
export interface Decision {
  readonly outage: OutageRecord
  /** `event`: decided by a row of its feeder. `timer`: by a deadline. */
  readonly by: 'event' | 'timer'
  /** Append of the deciding event; for a timer append of the first event or TICK at or after its instant. */
  readonly causeAtMs: number
  readonly appendMs: number
  /** Until a consumer that reads committed records had it. */
  readonly visibleMs: number
}

export interface Published {
  readonly outage: OutageRecord
  readonly appendedAtMs: number
  readonly seenAtMs: number
}

/** Every version with its cause. Versions whose cause lies behind the last record are left out: nothing could have decided them. */
export function decisionsOf(published: readonly Published[], appended: Appended): readonly Decision[] {
  return published.flatMap(({ outage, appendedAtMs, seenAtMs }): readonly Decision[] => {
    const byEvent = appended.byFeeder.get(outage.feederId ?? '')?.has(outage.decidedAtMs) === true
    const causeAtMs = byEvent ? outage.decidedAtMs : firstAtOrAfter(appended.all, outage.decidedAtMs)
    return causeAtMs === null ? [] : [{ outage, by: byEvent ? 'event' : 'timer', causeAtMs, appendMs: appendedAtMs - causeAtMs, visibleMs: seenAtMs - causeAtMs }]
  })
}

function firstAtOrAfter(sorted: Float64Array, instantMs: number): number | null {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < instantMs) low = middle + 1
    else high = middle
  }
  return sorted[low] ?? null
}

/** R5: for each confirmed outage the first SUSPECT that names the node it was confirmed with. */
export function firstRightSuspects(decisions: readonly Decision[]): readonly Decision[] {
  const confirmed = new Map<string, OutageRecord>()
  for (const { outage } of decisions) if (outage.state === 'CONFIRMED') confirmed.set(outage.outageId, outage)
  const first = new Map<string, Decision>()
  for (const decision of decisions) {
    const { outageId, state, nodeId, phase } = decision.outage
    const final = confirmed.get(outageId)
    if (state === 'SUSPECT' && final !== undefined && final.nodeId === nodeId && final.phase === phase && !first.has(outageId)) first.set(outageId, decision)
  }
  return [...first.values()]
}

export interface Withdrawals {
  readonly suspected: number
  /** Those that have a verdict. */
  readonly decided: number
  readonly withdrawn: number
  readonly sharePct: number | null
  /** What became of the withdrawn ones. MERGED: a larger node took them over. */
  readonly byState: Readonly<Record<string, number>>
  /** The same share over suspects that named more than a single user. */
  readonly aboveUser: { readonly decided: number; readonly withdrawn: number; readonly sharePct: number | null }
}

const withdrawnStates: ReadonlySet<string> = new Set(['CANCELLED', 'MERGED', 'MOMENTARY', 'MAINTENANCE'])

/** Share of the suspects with a verdict that were withdrawn and never confirmed. */
export function withdrawals(decisions: readonly Decision[]): Withdrawals {
  const lastSuspect = new Map<string, OutageRecord>()
  const verdicts = new Map<string, string>()
  for (const { outage } of decisions) {
    if (outage.state === 'SUSPECT') lastSuspect.set(outage.outageId, outage)
    else if (verdicts.get(outage.outageId) !== 'CONFIRMED') verdicts.set(outage.outageId, outage.state)
  }
  const decided = [...lastSuspect.values()].filter(({ outageId }) => verdicts.has(outageId))
  const isWithdrawn = ({ outageId }: OutageRecord): boolean => withdrawnStates.has(verdicts.get(outageId) ?? '')
  const share = (part: number, all: number): number | null => (all === 0 ? null : Math.round((part / all) * 1_000) / 10)
  const withdrawn = decided.filter(isWithdrawn)
  const above = decided.filter(({ level }) => level !== 'USER')
  const aboveWithdrawn = above.filter(isWithdrawn).length
  const byState: Record<string, number> = {}
  for (const { outageId } of withdrawn) byState[verdicts.get(outageId) ?? ''] = (byState[verdicts.get(outageId) ?? ''] ?? 0) + 1
  return {
    suspected: lastSuspect.size, decided: decided.length, withdrawn: withdrawn.length, sharePct: share(withdrawn.length, decided.length), byState,
    aboveUser: { decided: above.length, withdrawn: aboveWithdrawn, sharePct: share(aboveWithdrawn, above.length) },
  }
}
