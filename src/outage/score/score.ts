import { levels, type Level } from '../../records/levels.ts'
import type { OutageRecord } from '../../records/outage.ts'
import type { TruthRecord } from '../../records/truth.ts'
import { collectJudged, type JudgedOutage } from './judged.ts'
import { matchLargest } from './matching.ts'
import type { NodeClasses } from './node-classes.ts'

/** Faults shorter than this are neutral: a judged outage that matches one is ignored. */
export const minReportedMs = 180_000
const startToleranceMs = 120_000
const confirmLimitMs = 300_000
/** Nested faults are looked for again ten minutes after the restoration (docs/domain.md R14): their limit counts from then. */
const nestedConfirmLimitMs = 600_000 + confirmLimitMs

/** Percentages with two decimals; null where the divisor is 0. */
export interface OutageScore {
  readonly faults: number
  readonly judged: number
  readonly matched: number
  readonly accuracy: number | null
  readonly recall: number | null
  readonly strict: number | null
  readonly reportedFaults: number | null
  readonly recallReported: number | null
  /** Judged outages that match a neutral or a nested fault: neither right nor wrong. */
  readonly neutral: number
  readonly nested: { readonly faults: number; readonly matched: number }
  readonly areaAndAbove: { readonly accuracy: number | null; readonly recall: number | null }
  readonly byLevel: Readonly<Record<string, LevelScore>>
  /** Level of the fault → level judged → number; `NONE` for a fault without a judged outage and a judged outage without a fault. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Missed faults with a wrong judged outage above or below them at that time: the place is right, the depth is not. */
  readonly wrongDepth: number
  /** From the true start to the confirmation. */
  readonly delayMs: Distribution
  /** Of matched outages that are over: from the true end to the publication of the restoration, and how far its instant lies from the true end. */
  readonly restored: { readonly outages: number; readonly delayMs: Distribution; readonly errorMs: Distribution }
}

export interface Distribution {
  readonly mean: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** Which judged outage is which fault: of the main figures, or one that is neutral there (nested, or too short). */
export interface Attribution {
  readonly judged: readonly JudgedOutage[]
  /** Fault id for the outage id; outages that are no fault are not in it. */
  readonly faultOf: ReadonlyMap<string, string>
}

/** The matching that scores rest on, for those who label single reports with it. */
export function attributeOutages(truths: readonly TruthRecord[], versions: Iterable<OutageRecord>, classes: NodeClasses): Attribution {
  const { judged, groups } = matchOutages(truths, versions, classes)
  const faultOf = new Map<string, string>()
  for (const { faults, partner } of groups) {
    for (const [index, outage] of judged.entries()) {
      const fault = faults[partner[index] ?? -1]
      if (fault !== undefined) faultOf.set(outage.outageId, fault.faultId)
    }
  }
  return { judged, faultOf }
}

export interface LevelScore {
  readonly faults: number
  readonly judged: number
  readonly matched: number
  readonly accuracy: number | null
  readonly recall: number | null
}

/** Scores outages against what really happened, by the rules of docs/domain.md (scoring). Pure; the order of inputs does not matter. */
export function scoreOutages(truths: readonly TruthRecord[], versions: Iterable<OutageRecord>, classes: NodeClasses): OutageScore {
  const { judged, isNeutral, groups } = matchOutages(truths, versions, classes)
  const [{ faults: main, partner }, { faults: nested, partner: nestedPartner }] = groups
  const ignored = [...judged.keys()].filter((index) => partner[index] === -1 && isNeutral[index])
  const counted = (index: number): boolean => partner[index] !== -1 || isNeutral[index] !== true
  const matchedFaults = new Set(partner)
  const tally = (levelNames: readonly Level[]): LevelScore => {
    const ours = judged.flatMap((outage, index) => (levelNames.includes(outage.level) && counted(index) ? [index] : []))
    const theirs = main.flatMap((fault, index) => (levelNames.includes(fault.level) ? [index] : []))
    const right = ours.filter((index) => partner[index] !== -1).length
    const found = theirs.filter((index) => matchedFaults.has(index)).length
    return { faults: theirs.length, judged: ours.length, matched: found, accuracy: percent(right, ours.length), recall: percent(found, theirs.length) }
  }
  const pairs = judged.flatMap((outage, index) => {
    const fault = main[partner[index] ?? -1]
    return fault === undefined ? [] : [{ outage, fault }]
  })
  const over = pairs.flatMap(({ outage, fault }) => (outage.restoredAtMs === null || outage.restoredKnownAtMs === null ? [] : [{ knownMs: outage.restoredKnownAtMs - fault.endAtMs, errorMs: outage.restoredAtMs - fault.endAtMs }]))
  const { confusion, wrongDepth } = confusionOf(main, judged, partner, counted, classes)
  const all = tally(levels)
  const above = tally(['FEEDER', 'BRANCH', 'AREA'])
  const known = main.some((fault) => fault.offInTime !== null)
  const reported = main.flatMap((fault, index) => ((fault.offInTime ?? 0) > 0 ? [index] : []))
  return {
    faults: main.length,
    judged: judged.length,
    matched: all.matched,
    accuracy: all.accuracy,
    recall: all.recall,
    strict: percent(all.matched, all.judged + main.length - all.matched),
    reportedFaults: known ? reported.length : null,
    recallReported: known ? percent(reported.filter((index) => matchedFaults.has(index)).length, reported.length) : null,
    neutral: ignored.length,
    nested: { faults: nested.length, matched: nestedPartner.filter((index) => index !== -1).length },
    areaAndAbove: { accuracy: above.accuracy, recall: above.recall },
    byLevel: Object.fromEntries(levels.map((level) => [level, tally([level])])),
    confusion,
    wrongDepth,
    delayMs: distribution(pairs.map(({ outage, fault }) => outage.confirmedAtMs - fault.startAtMs)),
    restored: { outages: over.length, delayMs: distribution(over.map(({ knownMs }) => knownMs)), errorMs: distribution(over.map(({ errorMs }) => errorMs)) },
  }
}

interface Matched {
  readonly faults: readonly TruthRecord[]
  /** Index of the fault for each judged outage, −1 for none. */
  readonly partner: Int32Array
}

/** Largest matchings with the main faults, then of what is left with the nested and the short ones. */
function matchOutages(truths: readonly TruthRecord[], versions: Iterable<OutageRecord>, classes: NodeClasses): { readonly judged: readonly JudgedOutage[]; readonly isNeutral: readonly boolean[]; readonly groups: readonly [Matched, Matched, Matched] } {
  const judged = collectJudged(versions)
  const faults = truths.filter((truth) => truth.kind === 'FAULT')
  const long = (truth: TruthRecord): boolean => truth.endAtMs - truth.startAtMs >= minReportedMs
  const main = faults.filter((truth) => truth.nestedIn === null && long(truth))
  const nested = faults.filter((truth) => truth.nestedIn !== null && long(truth))
  const short = faults.filter((truth) => !long(truth))

  const mainEdges = edgesTo(main, judged, classes, confirmLimitMs)
  const nestedEdges = edgesTo(nested, judged, classes, nestedConfirmLimitMs)
  const shortEdges = edgesTo(short, judged, classes, confirmLimitMs)
  const isNeutral = judged.map((_, index) => (nestedEdges[index]?.length ?? 0) > 0 || (shortEdges[index]?.length ?? 0) > 0)

  // those that would be wrong without a partner go first, so that neutral ones do not take it from them
  const order = [...judged.keys()].sort((left, right) => Number(isNeutral[left]) - Number(isNeutral[right]))
  const partner = matchLargest(mainEdges, main.length, order)
  const free = order.filter((index) => partner[index] === -1)
  const nestedPartner = matchLargest(nestedEdges, nested.length, free)
  const shortPartner = matchLargest(shortEdges, short.length, free.filter((index) => nestedPartner[index] === -1))
  return { judged, isNeutral, groups: [{ faults: main, partner }, { faults: nested, partner: nestedPartner }, { faults: short, partner: shortPartner }] }
}

/** For each judged outage the faults that it names in time. */
function edgesTo(faults: readonly TruthRecord[], judged: readonly JudgedOutage[], classes: NodeClasses, limitMs: number): readonly (readonly number[])[] {
  const byName = new Map<string, number[]>()
  const put = (name: string, index: number): void => {
    const list = byName.get(name)
    if (list === undefined) byName.set(name, [index])
    else if (list.at(-1) !== index) list.push(index)
  }
  for (const [index, fault] of faults.entries()) {
    put(`class ${classes.classOf(fault.nodeId)}`, index)
    for (const nodeId of [fault.nodeId, ...fault.sameAs]) put(`node ${nodeId}`, index)
  }
  return judged.map((outage) => {
    const near = new Set([...(byName.get(`class ${classes.classOf(outage.nodeId)}`) ?? []), ...(byName.get(`node ${outage.nodeId}`) ?? [])])
    return [...near].filter((index) => {
      const fault = faults[index]
      return fault !== undefined && outage.phase === fault.phase && Math.abs(outage.startAtMs - fault.startAtMs) <= startToleranceMs && outage.confirmedAtMs <= fault.startAtMs + limitMs
    })
  })
}

/** Which level was taken for which: a missed fault goes with the nearest unmatched judged outage above, below or on its node at that time. */
function confusionOf(main: readonly TruthRecord[], judged: readonly JudgedOutage[], partner: Int32Array, counted: (index: number) => boolean, classes: NodeClasses): Pick<OutageScore, 'confusion' | 'wrongDepth'> {
  const table: Record<string, Record<string, number>> = {}
  const count = (truth: string, ours: string): void => {
    const row = (table[truth] ??= {})
    row[ours] = (row[ours] ?? 0) + 1
  }
  const found = new Set<number>()
  const free: number[] = []
  for (const [index, outage] of judged.entries()) {
    const fault = main[partner[index] ?? -1]
    if (fault !== undefined) {
      count(fault.level, outage.level)
      found.add(partner[index] ?? -1)
    } else if (counted(index)) free.push(index)
  }
  // every unmatched outage stands under each id of its path, so that a fault finds those below it; those above it stand on the fault's path
  const under = new Map<string, number[]>()
  for (const index of free) {
    for (const nodeId of classes.pathOf(judged[index]?.nodeId ?? '')) {
      const list = under.get(nodeId)
      if (list === undefined) under.set(nodeId, [index])
      else list.push(index)
    }
  }
  const used = new Set<number>()
  let wrongDepth = 0
  for (const [index, fault] of main.entries()) {
    if (found.has(index)) continue
    const [own, ...higher] = classes.pathOf(fault.nodeId)
    const related = [...(under.get(own ?? '') ?? []), ...higher.flatMap((nodeId) => (under.get(nodeId) ?? []).filter((other) => judged[other]?.nodeId === nodeId))]
    let best = -1
    let bestMs = confirmLimitMs + 1
    for (const other of related) {
      const apartMs = Math.abs((judged[other]?.startAtMs ?? 0) - fault.startAtMs)
      if (apartMs < bestMs) [best, bestMs] = [other, apartMs]
    }
    count(fault.level, judged[best]?.level ?? 'NONE')
    if (best >= 0 && classes.classOf(judged[best]?.nodeId ?? '') !== classes.classOf(fault.nodeId)) wrongDepth++
    used.add(best)
  }
  for (const index of free) if (!used.has(index)) count('NONE', judged[index]?.level ?? 'NONE')
  return { confusion: table, wrongDepth }
}

/** Two decimals, computed on integers so that 2 of 3 is 66.67 everywhere. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part * 10_000) / whole) / 100
}

function distribution(values: readonly number[]): Distribution {
  if (values.length === 0) return { mean: null, p50: null, p95: null, p99: null }
  const sorted = [...values].sort((left, right) => left - right)
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { mean: Math.round(values.reduce((sum, value) => sum + value, 0) / values.length), p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) }
}
