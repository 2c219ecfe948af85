import { problemsError, type Problem } from '../../core/errors.ts'
import { readLines } from '../../core/line-reader.ts'
import { createPlaceLookup } from '../../grid/archive/archive.ts'
import { readGridArchive } from '../../grid/archive/read-archive.ts'
import { parseOutageLine, type OutageRecord } from '../../records/outage.ts'
import type { LineResult } from '../../records/lines.ts'
import { parseTruthLine, type TruthRecord } from '../../records/truth.ts'
import { createNodeClasses } from './node-classes.ts'
import { readEventFile } from '../event-file.ts'
import { EventAccuracy, type EventScore } from './event-accuracy.ts'
import { attributeOutages, type OutageScore, scoreOutages } from './score.ts'

export interface ScoreFilesOptions {
  readonly grid: string
  readonly truth: string
  readonly outages: string
  /** The file of events that the outages were judged from: scored by rows too. */
  readonly events?: string
  readonly zone?: string
  readonly signal?: AbortSignal
}

/** Scores a file of outages against a file of truth on a grid archive. Throws INPUT_INVALID with all problems of a file, FILE_MISSING. */
export async function scoreOutageFiles(options: ScoreFilesOptions): Promise<OutageScore & { readonly events?: EventScore }> {
  const reading = options.signal === undefined ? {} : { signal: options.signal }
  const truths = await readRecords(options.truth, parseTruthLine, (truth: TruthRecord) => truth.faultId, reading)
  const outages = await readRecords(options.outages, parseOutageLine, (outage: OutageRecord) => `${outage.outageId} version ${outage.version}`, reading)
  const archive = await readGridArchive(options.grid, { ...reading, ...(options.zone === undefined ? {} : { zone: options.zone }) })
  const firstMs = truths.reduce((least, truth) => Math.min(least, truth.startAtMs), Number.POSITIVE_INFINITY)
  const classes = createNodeClasses(archive, Number.isFinite(firstMs) ? firstMs : 0)
  const score = scoreOutages(truths, outages, classes)
  if (options.events === undefined) return score
  const rows = new EventAccuracy(truths, attributeOutages(truths, outages, classes), createPlaceLookup(archive))
  for await (const batch of readEventFile(options.events, { ...reading, zone: archive.zone })) for (const event of batch) rows.add(event)
  return { ...score, events: rows.result() }
}

/** A file of another form would give problems for each line: reading ends after about this many. */
const maxProblems = 1_000

/** All records of a file of lines, each key once. */
export async function readRecords<T>(file: string, parse: (line: string) => LineResult<T>, keyOf: (record: T) => string, options: { readonly signal?: AbortSignal }): Promise<readonly T[]> {
  const records: T[] = []
  const problems: Problem[] = []
  const lines = new Map<string, number>()
  for await (const batch of readLines(file, options)) {
    if (problems.length >= maxProblems) break
    for (const [index, text] of batch.lines.entries()) {
      if (text === '') continue
      const line = batch.firstLine + index
      const result = parse(text)
      if (!result.ok) {
        problems.push(...result.problems.map((message) => ({ message, where: { file, line } })))
        continue
      }
      const key = keyOf(result.value)
      const before = lines.get(key)
      if (before !== undefined) problems.push({ message: `${key} occurs twice, first in line ${before}`, where: { file, line } })
      lines.set(key, line)
      records.push(result.value)
    }
  }
  if (problems.length > 0) throw problemsError('INPUT_INVALID', `${file} is not of its form`, problems)
  return records
}
