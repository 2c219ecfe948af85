import { z } from 'zod'
import { instant, nullableInstant, nullableText, text } from './fields.ts'
import { createInstantFormatter, defaultZone, parseInstantFast } from './instants.ts'
import { levels, outagePhases, type Level, type OutagePhase } from './levels.ts'
import { type LineResult, parseObject, problemsOf } from './lines.ts'

export const outageStates = ['SUSPECT', 'CONFIRMED', 'RESTORED', 'CLOSED', 'CANCELLED', 'MERGED', 'PLANNED', 'CONTROLLED', 'MAINTENANCE', 'MOMENTARY'] as const
export type OutageState = (typeof outageStates)[number]

export interface OutageEvidence {
  readonly off: number
  readonly expected: number
  readonly alive: number
  readonly terminalOff: boolean
  readonly pings: number
}

/** One version of an outage. Key = `outageId`; `version` rises by one; `decidedAtMs` = event time of the decision. */
export interface OutageRecord {
  readonly outageId: string
  readonly version: number
  readonly state: OutageState
  readonly nodeId: string
  readonly level: Level
  readonly phase: OutagePhase | null
  readonly feederId: string | null
  readonly areaId: string | null
  readonly startAtMs: number
  readonly confirmedAtMs: number | null
  readonly restoredAtMs: number | null
  readonly affectedUsers: number
  readonly probability: number | null
  readonly evidence: OutageEvidence | null
  readonly decidedAtMs: number
  readonly topologyVersion: number | null
}

const shared = {
  outageId: text,
  version: z.int().min(0),
  state: z.enum(outageStates),
  nodeId: text,
  level: z.enum(levels),
  phase: z.enum(outagePhases).nullish(),
  feederId: nullableText,
  areaId: nullableText,
  affectedUsers: z.number().nullish(),
  probability: z.number().nullish(),
  evidence: z
    .object({ off: z.number().nullish(), expected: z.number().nullish(), alive: z.number().nullish(), terminalOff: z.boolean().nullish(), pings: z.number().nullish() })
    .nullish(),
  topologyVersion: z.number().nullish(),
}

/** One line of `outages.ndjson`. */
export const outageLineSchema = z.object({ ...shared, startAt: instant, confirmedAt: nullableInstant, restoredAt: nullableInstant, decidedAt: instant })

/** Value of the topic `outage`: the same with epoch milliseconds. */
export const outageValueSchema = z.object({ ...shared, startAtMs: z.int(), confirmedAtMs: z.int().nullish(), restoredAtMs: z.int().nullish(), decidedAtMs: z.int() })

const atOf = (value: string | null | undefined): number | null => (value === null || value === undefined ? null : parseInstantFast(value))

function common(value: z.infer<z.ZodObject<typeof shared>>): Omit<OutageRecord, 'startAtMs' | 'confirmedAtMs' | 'restoredAtMs' | 'decidedAtMs'> {
  const { evidence } = value
  return {
    outageId: value.outageId, version: value.version, state: value.state, nodeId: value.nodeId, level: value.level, phase: value.phase ?? null,
    feederId: value.feederId ?? null, areaId: value.areaId ?? null, affectedUsers: value.affectedUsers ?? 0, probability: value.probability ?? null,
    evidence:
      evidence === null || evidence === undefined
        ? null
        : { off: evidence.off ?? 0, expected: evidence.expected ?? 0, alive: evidence.alive ?? 0, terminalOff: evidence.terminalOff ?? false, pings: evidence.pings ?? 0 },
    topologyVersion: value.topologyVersion ?? null,
  }
}

/** One line of `outages.ndjson`, or what is wrong with it. */
export function parseOutageLine(line: string): LineResult<OutageRecord> {
  const object = parseObject(line)
  if (!object.ok) return object
  const parsed = outageLineSchema.safeParse(object.value)
  if (!parsed.success) return problemsOf(outageLineSchema, object.value)
  const value = parsed.data
  return {
    ok: true,
    value: {
      ...common(value), startAtMs: atOf(value.startAt) ?? Number.NaN, confirmedAtMs: atOf(value.confirmedAt),
      restoredAtMs: atOf(value.restoredAt), decidedAtMs: atOf(value.decidedAt) ?? Number.NaN,
    },
  }
}

/** Value of the topic `outage`, or what is wrong with it. */
export function parseOutageValue(json: string): LineResult<OutageRecord> {
  const object = parseObject(json)
  if (!object.ok) return object
  const parsed = outageValueSchema.safeParse(object.value)
  if (!parsed.success) return problemsOf(outageValueSchema, object.value)
  const value = parsed.data
  return {
    ok: true,
    value: { ...common(value), startAtMs: value.startAtMs, confirmedAtMs: value.confirmedAtMs ?? null, restoredAtMs: value.restoredAtMs ?? null, decidedAtMs: value.decidedAtMs },
  }
}

/** Writes outages as lines of `outages.ndjson` (without the line end), instants in `zone`. */
export function createOutageFormatter(zone: string = defaultZone): (outage: OutageRecord) => string {
  const instantOf = createInstantFormatter(zone)
  const orNull = (instantMs: number | null): string | null => (instantMs === null ? null : instantOf(instantMs))
  return (outage) =>
    JSON.stringify({
      outageId: outage.outageId, version: outage.version, state: outage.state, nodeId: outage.nodeId, level: outage.level, phase: outage.phase,
      feederId: outage.feederId, areaId: outage.areaId, startAt: instantOf(outage.startAtMs), confirmedAt: orNull(outage.confirmedAtMs),
      restoredAt: orNull(outage.restoredAtMs), affectedUsers: outage.affectedUsers, probability: outage.probability, evidence: outage.evidence,
      decidedAt: instantOf(outage.decidedAtMs), topologyVersion: outage.topologyVersion,
    })
}

/** Order of a file of outages: decision, then id, then version. */
export function compareOutages(left: OutageRecord, right: OutageRecord): number {
  if (left.decidedAtMs !== right.decidedAtMs) return left.decidedAtMs - right.decidedAtMs
  if (left.outageId !== right.outageId) return left.outageId < right.outageId ? -1 : 1
  return left.version - right.version
}
