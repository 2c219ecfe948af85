import { z } from 'zod'
import { instant, nullableInstant, nullableText, text } from './fields.ts'
import { createInstantFormatter, defaultZone, parseInstantFast } from './instants.ts'
import { levels, outagePhases, type Level, type OutagePhase } from './levels.ts'
import { type LineResult, parseObject, problemsOf } from './lines.ts'

export const truthKinds = ['FAULT', 'PLANNED', 'CONTROLLED', 'MOMENTARY'] as const
export type TruthKind = (typeof truthKinds)[number]

/** What really happened: simulators write it, only scorers read it. */
export interface TruthRecord {
  readonly faultId: string
  readonly kind: TruthKind
  readonly nodeId: string
  readonly level: Level
  readonly phase: OutagePhase | null
  readonly startAtMs: number
  readonly endAtMs: number
  /** Further node ids that hold the same meters in the true tree. */
  readonly sameAs: readonly string[]
  /** The fault above that hid this one until its restoration. */
  readonly nestedIn: string | null
  /** Since when the node has been without supply (nested faults: earlier than their start). */
  readonly darkSinceMs: number | null
  /** OFF reports received by start + 300 s; null = not known. */
  readonly offInTime: number | null
  readonly terminalOff: boolean | null
}

export const truthLineSchema = z.object({
  faultId: text,
  kind: z.enum(truthKinds),
  nodeId: text,
  level: z.enum(levels),
  phase: z.enum(outagePhases).nullish(),
  startAt: instant,
  endAt: instant,
  sameAs: z.array(text).nullish(),
  nestedIn: nullableText,
  darkSince: nullableInstant,
  offInTime: z.int().min(0).nullish(),
  terminalOff: z.boolean().nullish(),
})

/** One line of `truth.ndjson`, or what is wrong with it. */
export function parseTruthLine(line: string): LineResult<TruthRecord> {
  const object = parseObject(line)
  if (!object.ok) return object
  const parsed = truthLineSchema.safeParse(object.value)
  if (!parsed.success) return problemsOf(truthLineSchema, object.value)
  const value = parsed.data
  const startAtMs = parseInstantFast(value.startAt) ?? Number.NaN
  const endAtMs = parseInstantFast(value.endAt) ?? Number.NaN
  if (endAtMs < startAtMs) return { ok: false, problems: ['endAt: lies before startAt'] }
  return {
    ok: true,
    value: {
      faultId: value.faultId, kind: value.kind, nodeId: value.nodeId, level: value.level, phase: value.phase ?? null, startAtMs, endAtMs,
      sameAs: value.sameAs ?? [], nestedIn: value.nestedIn ?? null, darkSinceMs: value.darkSince === null || value.darkSince === undefined ? null : parseInstantFast(value.darkSince),
      offInTime: value.offInTime ?? null, terminalOff: value.terminalOff ?? null,
    },
  }
}

/** Writes truth records as lines of `truth.ndjson` (without the line end), instants in `zone`. */
export function createTruthFormatter(zone: string = defaultZone): (truth: TruthRecord) => string {
  const instantOf = createInstantFormatter(zone)
  return (truth) =>
    JSON.stringify({
      faultId: truth.faultId, kind: truth.kind, nodeId: truth.nodeId, level: truth.level, phase: truth.phase, startAt: instantOf(truth.startAtMs), endAt: instantOf(truth.endAtMs),
      ...(truth.sameAs.length === 0 ? {} : { sameAs: truth.sameAs }),
      ...(truth.nestedIn === null ? {} : { nestedIn: truth.nestedIn }),
      ...(truth.darkSinceMs === null ? {} : { darkSince: instantOf(truth.darkSinceMs) }),
      ...(truth.offInTime === null ? {} : { offInTime: truth.offInTime }),
      ...(truth.terminalOff === null ? {} : { terminalOff: truth.terminalOff }),
    })
}
