import { problemsError, type Problem } from '../../core/errors.ts'
import { readLines } from '../../core/line-reader.ts'

/** One outage of a real day: when in that day, how many customers, how long. */
export interface Arrival {
  /** Share of the day that had passed, 0…1. */
  readonly at: number
  readonly customers: number
  readonly lengthMs: number
}

const header = 'offset_s,customers,length_min'

/** Reads a pattern of arrivals (`offset_s,customers,length_min`, see examples/pge-storm). The span of the pattern is a day, or longer when its last row says so. */
export async function readArrivals(file: string, options: { readonly signal?: AbortSignal } = {}): Promise<readonly Arrival[]> {
  const problems: Problem[] = []
  const rows: { readonly offset: number; readonly customers: number; readonly minutes: number }[] = []
  for await (const batch of readLines(file, options)) {
    for (const [index, text] of batch.lines.entries()) {
      const line = batch.firstLine + index
      const where = { file, line }
      if (line === 1) {
        if (text !== header) problems.push({ message: `the header is not ${header}`, where })
        continue
      }
      if (text === '') continue
      const fields = text.split(',')
      const [offset = Number.NaN, customers = Number.NaN, minutes = Number.NaN] = fields.map((field) => (field === '' ? Number.NaN : Number(field)))
      if (fields.length !== 3 || !(offset >= 0) || !(customers >= 0) || !(minutes > 0)) problems.push({ message: `'${text}' is not offset_s ≥ 0, customers ≥ 0, length_min > 0`, where })
      else rows.push({ offset, customers, minutes })
    }
  }
  if (problems.length === 0 && rows.length === 0) problems.push({ message: 'no arrivals', where: { file, line: 2 } })
  if (problems.length > 0) throw problemsError('INPUT_INVALID', `${file} is no pattern of arrivals`, problems)
  const span = rows.reduce((longest, row) => Math.max(longest, row.offset + 1), 86_400)
  return rows.sort((left, right) => left.offset - right.offset).map((row) => ({ at: row.offset / span, customers: row.customers, lengthMs: row.minutes * 60_000 }))
}
