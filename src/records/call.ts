import { z } from 'zod'
import { instant, text } from './fields.ts'
import { createInstantFormatter, defaultZone, parseInstantFast } from './instants.ts'
import { type LineResult, parseObject, problemsOf } from './lines.ts'

/** The judge asks one device whether it has mains voltage. */
export interface CallRequest {
  readonly callId: string
  readonly deviceId: string
  readonly askedAtMs: number
}

export const callAnswerKinds = ['PING_OK', 'PING_FAIL'] as const

/** `PING_FAIL` = asked, no mains seen (silence included); null = not asked, no evidence either way. Arrives `delayMs` after the question. */
export interface CallAnswer {
  readonly callId: string
  readonly kind: (typeof callAnswerKinds)[number] | null
  readonly delayMs: number
}

export const callRequestSchema = z.object({ callId: text, deviceId: text, askedAt: instant })
export const callAnswerSchema = z.object({ callId: text, kind: z.enum(callAnswerKinds).nullish(), delayMs: z.number().min(0) })

/** One line to an answering program, or what is wrong with it. */
export function parseCallRequestLine(line: string): LineResult<CallRequest> {
  const object = parseObject(line)
  if (!object.ok) return object
  const parsed = callRequestSchema.safeParse(object.value)
  if (!parsed.success) return problemsOf(callRequestSchema, object.value)
  return { ok: true, value: { callId: parsed.data.callId, deviceId: parsed.data.deviceId, askedAtMs: parseInstantFast(parsed.data.askedAt) ?? Number.NaN } }
}

/** Writes requests as lines to an answering program (without the line end), instants in `zone`. */
export function createCallRequestFormatter(zone: string = defaultZone): (request: CallRequest) => string {
  const instantOf = createInstantFormatter(zone)
  return (request) => JSON.stringify({ callId: request.callId, deviceId: request.deviceId, askedAt: instantOf(request.askedAtMs) })
}

/** One line from an answering program, or what is wrong with it. */
export function parseCallAnswerLine(line: string): LineResult<CallAnswer> {
  const object = parseObject(line)
  if (!object.ok) return object
  const parsed = callAnswerSchema.safeParse(object.value)
  if (!parsed.success) return problemsOf(callAnswerSchema, object.value)
  return { ok: true, value: { callId: parsed.data.callId, kind: parsed.data.kind ?? null, delayMs: parsed.data.delayMs } }
}

export function formatCallAnswer(answer: CallAnswer): string {
  return JSON.stringify({ callId: answer.callId, kind: answer.kind, delayMs: answer.delayMs })
}
