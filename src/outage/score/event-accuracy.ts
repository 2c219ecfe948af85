import type { PlaceLookup } from '../../grid/archive/archive.ts'
import type { EventRecord } from '../../records/event.ts'
import type { MeterPhase, OutagePhase } from '../../records/levels.ts'
import type { TruthKind, TruthRecord } from '../../records/truth.ts'
import { type Attribution, percent } from './score.ts'

/** What rows of one origin got: `right` = told to be of the fault they are of, or of no fault. */
export interface RowScore {
  readonly rows: number
  readonly right: number
  readonly accuracy: number | null
}

export interface EventScore extends RowScore {
  /** By what the truth has at the row's device and time; NOTHING = a false report, or of a device that the archive does not know. */
  readonly byTruth: Readonly<Record<TruthKind | 'NOTHING', RowScore>>
}

const toleranceMs = 120_000
/** The network forms again before the ON of a meter comes: up to 8 min and half a minute of reporting (docs/domain.md 3.9). */
const onDelayMs = 900_000
const futureMs = 60_000
const oldestMs = 7 * 24 * 3_600_000

/** A time without supply at a node. */
interface Span {
  readonly name: string
  readonly phase: OutagePhase | null
  readonly startAtMs: number
  readonly endAtMs: number
}

/**
 * Accuracy by rows of events (docs/domain.md 3.8, "event accuracy"), in the form that outages allow: neither truth nor judge names the rows
 * they rest on, so a row belongs to the fault, and to the judged outage, whose node in the archive is at or above its device on its phase
 * at the time that the row tells. It is right when both are the same fault, or when there is neither: planned work, cut-offs, reclosings and
 * false reports are all "no fault" to the judge, who publishes no outage for them. A repeated row counts as often as it comes.
 */
export class EventAccuracy {
  readonly #lookup: PlaceLookup
  readonly #truths: SpanIndex
  readonly #judged: SpanIndex
  readonly #kindOf: ReadonlyMap<string, TruthKind>
  readonly #counts = new Map<TruthKind | 'NOTHING', { rows: number; right: number }>()

  constructor(truths: readonly TruthRecord[], attribution: Attribution, lookup: PlaceLookup) {
    this.#lookup = lookup
    this.#kindOf = new Map(truths.map(({ faultId, kind }) => [faultId, kind]))
    this.#truths = new SpanIndex(truths.map(({ faultId, nodeId, sameAs, phase, startAtMs, endAtMs }) => ({ name: faultId, nodeIds: [nodeId, ...sameAs], phase, startAtMs, endAtMs })))
    this.#judged = new SpanIndex(
      attribution.judged.map(({ outageId, nodeId, phase, startAtMs, restoredAtMs }) => ({
        name: attribution.faultOf.get(outageId) ?? `outage ${outageId}`, // one that is no fault equals nothing
        nodeIds: [nodeId], phase, startAtMs, endAtMs: restoredAtMs ?? Number.POSITIVE_INFINITY,
      })),
    )
  }

  /** Takes OFF, ON and TRIP rows; others say nothing about outages. */
  add(event: EventRecord): void {
    if (event.kind !== 'OFF' && event.kind !== 'ON' && event.kind !== 'TRIP') return
    const place = this.#lookup.placeOf(event.deviceId, event.deviceKind)
    const path = place === null ? [] : [event.deviceId, place.boxId, place.lineId, place.areaId, place.branchId, place.feederId].filter((id) => id !== null)
    const row = { path, phase: place?.phase ?? null, ...told(event) }
    const truth = this.#truths.find(row)
    const kind = truth === null ? 'NOTHING' : (this.#kindOf.get(truth) ?? 'NOTHING')
    const right = (kind === 'FAULT' ? truth : null) === this.#judged.find(row)
    const count = this.#counts.get(kind) ?? { rows: 0, right: 0 }
    this.#counts.set(kind, { rows: count.rows + 1, right: count.right + (right ? 1 : 0) })
  }

  result(): EventScore {
    const of = (kinds: readonly (TruthKind | 'NOTHING')[]): RowScore => {
      const rows = kinds.reduce((sum, kind) => sum + (this.#counts.get(kind)?.rows ?? 0), 0)
      const right = kinds.reduce((sum, kind) => sum + (this.#counts.get(kind)?.right ?? 0), 0)
      return { rows, right, accuracy: percent(right, rows) }
    }
    const kinds = ['FAULT', 'PLANNED', 'CONTROLLED', 'MOMENTARY', 'NOTHING'] as const
    return { ...of(kinds), byTruth: { FAULT: of(['FAULT']), PLANNED: of(['PLANNED']), CONTROLLED: of(['CONTROLLED']), MOMENTARY: of(['MOMENTARY']), NOTHING: of(['NOTHING']) } }
  }
}

interface Told {
  /** An instant in the dark time, as far as the row tells it. */
  readonly atMs: number
  /** How long after the end of the dark time that may still be. */
  readonly afterMs: number
}

/** The device's own time of power off where it can be believed; else of an ON its end, else what the arrival allows. */
function told({ kind, occurredAtMs, endedAtMs, receivedAtMs }: EventRecord): Told {
  const isSane = (atMs: number | null): atMs is number => atMs !== null && atMs <= receivedAtMs + futureMs && atMs >= receivedAtMs - oldestMs
  if (isSane(occurredAtMs)) return { atMs: occurredAtMs, afterMs: 0 }
  if (kind === 'ON' && isSane(endedAtMs)) return { atMs: endedAtMs, afterMs: toleranceMs }
  return { atMs: receivedAtMs, afterMs: kind === 'ON' ? onDelayMs : toleranceMs }
}

interface Row extends Told {
  readonly path: readonly string[]
  readonly phase: MeterPhase | null
}

/** Spans by node, each node's in order of their start. */
class SpanIndex {
  readonly #byNode = new Map<string, Span[]>()

  constructor(spans: readonly (Span & { readonly nodeIds: readonly string[] })[]) {
    for (const { nodeIds, ...span } of spans) {
      for (const nodeId of nodeIds) {
        const list = this.#byNode.get(nodeId)
        if (list === undefined) this.#byNode.set(nodeId, [span])
        else list.push(span)
      }
    }
    for (const list of this.#byNode.values()) list.sort((left, right) => left.startAtMs - right.startAtMs)
  }

  /** Name of the span over a row whose start lies nearest to the time it tells, the deepest of equal ones; null for none. */
  find({ path, phase, atMs, afterMs }: Row): string | null {
    let best: Span | null = null
    for (const nodeId of path) {
      for (const span of this.#byNode.get(nodeId) ?? []) {
        if (span.startAtMs - toleranceMs > atMs) break
        if (atMs > span.endAtMs + afterMs || (span.phase !== null && phase !== null && !span.phase.includes(phase))) continue
        if (best === null || Math.abs(atMs - span.startAtMs) < Math.abs(atMs - best.startAtMs)) best = span
      }
    }
    return best?.name ?? null
  }
}
