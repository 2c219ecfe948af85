import type { OutageRecord } from '../../records/outage.ts'

/** What scoring takes from all versions of one outage. */
export interface JudgedOutage {
  readonly outageId: string
  readonly nodeId: string
  readonly level: OutageRecord['level']
  readonly phase: OutageRecord['phase']
  readonly startAtMs: number
  /** Confirmation of the node it finally names. */
  readonly confirmedAtMs: number
  /** Instant of the restoration by its last version; null while it lasts. */
  readonly restoredAtMs: number | null
  /** When the restoration was first published. */
  readonly restoredKnownAtMs: number | null
}

const sideStates: ReadonlySet<OutageRecord['state']> = new Set(['PLANNED', 'CONTROLLED', 'MAINTENANCE', 'MOMENTARY', 'MERGED'])

/** Outages that were ever confirmed and did not end as merged, planned, controlled, maintenance or momentary. Versions may come in any order. */
export function collectJudged(versions: Iterable<OutageRecord>): readonly JudgedOutage[] {
  const byId = new Map<string, OutageRecord[]>()
  for (const version of versions) {
    const list = byId.get(version.outageId)
    if (list === undefined) byId.set(version.outageId, [version])
    else list.push(version)
  }
  const judged: JudgedOutage[] = []
  for (const list of byId.values()) {
    const outage = judgedOf(list.sort((left, right) => left.version - right.version))
    if (outage !== null) judged.push(outage)
  }
  return judged
}

function judgedOf(versions: readonly OutageRecord[]): JudgedOutage | null {
  const first = versions.findIndex((version) => version.state === 'CONFIRMED')
  // a file that keeps only last versions shows a confirmation by its instant
  const since = first >= 0 ? first : versions.findIndex((version) => version.confirmedAtMs !== null && (version.state === 'RESTORED' || version.state === 'CLOSED'))
  const final = versions.findLast((version) => version.state !== 'CLOSED') ?? versions.at(-1)
  const confirmed = versions[since]
  if (confirmed === undefined || final === undefined || sideStates.has(final.state)) return null
  // a node changed after confirmation is confirmed by the first version that names it
  const names = (version: OutageRecord): boolean => version.nodeId === final.nodeId && version.phase === final.phase
  const naming = versions.slice(since).find(names) ?? final
  return {
    outageId: final.outageId,
    nodeId: final.nodeId,
    level: final.level,
    phase: final.phase,
    startAtMs: final.startAtMs,
    restoredAtMs: versions.at(-1)?.restoredAtMs ?? final.restoredAtMs,
    restoredKnownAtMs: versions.find((version) => version.state === 'RESTORED' || version.state === 'CLOSED')?.decidedAtMs ?? null,
    confirmedAtMs: naming === confirmed ? (confirmed.confirmedAtMs ?? confirmed.decidedAtMs) : naming.decidedAtMs,
  }
}
