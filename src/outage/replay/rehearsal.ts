import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { createPlaceLookup, type GridArchive, type PlaceLookup } from '../../grid/archive/archive.ts'
import type { CallAnswer, CallRequest } from '../../records/call.ts'
import type { ValidEvent } from '../../records/event.ts'
import type { KafkaClient } from '../../stores/kafka/client.ts'
import { startAnsweringProgram } from './answering-program.ts'
import { tickAt, type ReplayFeed } from './feed.ts'
import { runVirtualReplay } from './virtual.ts'

export interface RehearsalOptions {
  readonly archive: GridArchive
  readonly feed: ReplayFeed
  /** Command line of the answering program. */
  readonly command: string
  /** Settings of the judge. */
  readonly settings: string
  readonly zone: string
  /** Where the outages of the rehearsal go, to be compared with those of the job; nowhere when absent. */
  readonly outFile?: string
  /** Heap of the JVM. Default 2g. */
  readonly memory?: string
  readonly onProgress?: (calls: number) => void
}

export interface Rehearsal {
  readonly requests: readonly CallRequest[]
  /** The answers as rows in order of arrival. */
  readonly answers: readonly ValidEvent[]
}

/**
 * Finds out what the job will ask and what is answered: the judge runs in virtual time, and time stands still while the program answers. The
 * engine then gets events and answers as one preloaded stream, and has to ask exactly these calls itself (`checkCalls`). Throws CALLS_FAILED.
 */
export async function rehearseCalls(options: RehearsalOptions, context: Context): Promise<Rehearsal> {
  const { archive, feed, command, settings, zone, outFile, memory, onProgress } = options
  const lookup = createPlaceLookup(archive)
  const program = startAnsweringProgram(command, { context, zone })
  const requests: CallRequest[] = []
  const answers: ValidEvent[] = []
  try {
    await runVirtualReplay(
      {
        feed,
        settings,
        ...(outFile === undefined ? {} : { outFile }),
        ...(memory === undefined ? {} : { memory }),
        async answer(asked) {
          requests.push(...asked)
          const byCall = new Map((await program.ask(asked)).map((answer) => [answer.callId, answer]))
          const rows = asked.map((request) => answerRow(request, byCall.get(request.callId), lookup))
          for (const row of rows) if (row !== null) answers.push(row)
          onProgress?.(requests.length)
          return rows
        },
      },
      context,
    )
  } finally {
    await program.close()
  }
  return { requests, answers: answers.sort((left, right) => left.receivedAtMs - right.receivedAtMs) }
}

/** The answer as a row of `event.valid`; null when the device was not asked or has no place. */
export function answerRow(request: CallRequest, answer: CallAnswer | undefined, lookup: PlaceLookup): ValidEvent | null {
  const place = lookup.placeOf(request.deviceId)
  if (answer === undefined || answer.kind === null || place === null) return null
  const receivedAtMs = request.askedAtMs + Math.round(answer.delayMs)
  const isTerminal = place.boxId === null && place.lineId === null && place.phase === null
  return {
    ...tickAt(receivedAtMs, place.feederId),
    eventId: `call-${request.callId}`, deviceKind: isTerminal ? 'TERMINAL' : 'METER', deviceId: request.deviceId, kind: answer.kind, occurredAtMs: receivedAtMs, topologyVersion: 1,
    areaId: place.areaId, branchId: place.branchId, lineId: place.lineId, boxId: place.boxId, phase: place.phase,
  }
}

/** The feed with the answers among its rows; an answer comes behind the rows of its own millisecond. */
export function withAnswers(feed: ReplayFeed, answers: readonly ValidEvent[]): ReplayFeed {
  return {
    ...feed,
    async *events() {
      let next = 0
      for await (const batch of feed.events()) {
        const last = batch.at(-1)
        if (last === undefined || (answers[next]?.receivedAtMs ?? Infinity) >= last.receivedAtMs) {
          yield batch
          continue
        }
        const merged: ValidEvent[] = []
        for (const row of batch) {
          for (let answer = answers[next]; answer !== undefined && answer.receivedAtMs < row.receivedAtMs; answer = answers[++next]) merged.push(answer)
          merged.push(row)
        }
        yield merged
      }
      if (next < answers.length) yield answers.slice(next)
    },
  }
}

/** Throws JOB_FAILED when the job asked other calls than the rehearsal: its answers would then be those to other questions. */
export async function checkCalls(rehearsal: Rehearsal, options: { readonly kafka: KafkaClient; readonly topic: string; readonly signal: AbortSignal }): Promise<void> {
  const { kafka, topic, signal } = options
  const expected = new Map(rehearsal.requests.map((request) => [request.callId, request]))
  const asked = new Set<string>()
  let other: CallRequest | undefined
  await kafka.consume({ topics: [topic], until: 'now', signal }, (readings) => {
    for (const reading of readings) {
      const row = JSON.parse(reading.value?.toString('utf8') ?? '{}') as CallRequest
      const known = expected.get(row.callId)
      if (known === undefined || known.deviceId !== row.deviceId || known.askedAtMs !== row.askedAtMs) other ??= row
      asked.add(row.callId)
    }
  })
  if (other === undefined && asked.size === expected.size) return
  throw new StationError('JOB_FAILED', `the job asked ${asked.size} calls, its rehearsal in virtual time ${expected.size}${other === undefined ? '' : `; of the job alone: ${other.callId}`}`, {
    hint: 'Both run the same functions: is the jar in jobs/udf/dist the one that the job uses? Build it again and repeat.',
  })
}
