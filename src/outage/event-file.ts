import { problemsError, type Problem } from '../core/errors.ts'
import { readLines } from '../core/line-reader.ts'
import { formatInstant } from '../core/time.ts'
import { parseEventLine, type EventRecord } from '../records/event.ts'
import { defaultZone } from '../records/instants.ts'

/** Lines may be this much out of order in `receivedAt`; more is a bad file (docs/domain.md 3, contracts of the event file). */
export const maxDisorderMs = 2_000
/** Reading ends after this many problems: a file of another form would otherwise give one for each line. */
const maxProblems = 50

export interface EventFileOptions {
  readonly signal?: AbortSignal
  /** Zone used in messages. */
  readonly zone?: string
}

/**
 * Events of an `events.ndjson` (or `.ndjson.gz`) in exact order of `receivedAtMs`, in batches; events of one instant keep the order of the file.
 * Streams: holds two seconds of event time at most.
 * Throws INPUT_INVALID with every bad line (up to 50), FILE_MISSING. Batches yielded before the error are good.
 */
export async function* readEventFile(file: string, options: EventFileOptions = {}): AsyncGenerator<readonly EventRecord[]> {
  const problems: Problem[] = []
  let waiting: EventRecord[] = []
  let newestMs = Number.NEGATIVE_INFINITY
  let newestLine = 0
  for await (const batch of readLines(file, options.signal === undefined ? {} : { signal: options.signal })) {
    let sorted = true
    let lastMs = waiting.at(-1)?.receivedAtMs ?? Number.NEGATIVE_INFINITY
    let line = batch.firstLine - 1
    for (const text of batch.lines) {
      line++
      if (text === '') continue
      const result = parseEventLine(text)
      if (!result.ok) {
        problems.push(...result.problems.map((message) => ({ message, where: { file, line } })))
        if (problems.length >= maxProblems) break
        continue
      }
      const event = result.value
      if (event.receivedAtMs < newestMs - maxDisorderMs) {
        const behindMs = newestMs - event.receivedAtMs
        problems.push({
          message: `receivedAt ${formatInstant(event.receivedAtMs, options.zone ?? defaultZone)} is ${(behindMs / 1_000).toFixed(3)} s before that of line ${newestLine}; at most ${maxDisorderMs / 1_000} s out of order are accepted`,
          where: { file, line },
          hint: 'Sort the file by receivedAt.',
        })
        if (problems.length >= maxProblems) break
        continue
      }
      if (event.receivedAtMs > newestMs) {
        newestMs = event.receivedAtMs
        newestLine = line
      }
      if (event.receivedAtMs < lastMs) sorted = false
      lastMs = event.receivedAtMs
      waiting.push(event)
    }
    if (problems.length >= maxProblems) break
    if (problems.length > 0) continue // only looking for more problems now
    if (!sorted) waiting.sort((left, right) => left.receivedAtMs - right.receivedAtMs)
    // an event that may still come lies at newest − 2 s or later, so everything up to there is in its final place
    const settled = firstAfter(waiting, newestMs - maxDisorderMs)
    if (settled === 0) continue
    yield waiting.slice(0, settled)
    waiting = waiting.slice(settled)
  }
  if (problems.length > 0) throw problemsError('INPUT_INVALID', `${file} is not a usable file of events`, problems, { ...(problems[0]?.hint === undefined ? {} : { hint: problems[0].hint }) })
  if (waiting.length > 0) yield waiting
}

/** Index of the first event at or after the limit, so that an equal instant that still comes keeps its place behind. */
function firstAfter(events: readonly EventRecord[], limitMs: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((events[middle]?.receivedAtMs ?? 0) < limitMs) low = middle + 1
    else high = middle
  }
  return low
}
