import type { SparkPage, SparkResult, SparkRow } from './spark-session.ts'

/** All rows of a stream, at most `maximumRows`; stopping there interrupts the statement. */
export async function collectPages(pages: AsyncIterable<SparkPage>, maximumRows: number | undefined): Promise<SparkResult> {
  const rows: SparkRow[] = []
  let columns: SparkPage['columns'] = []
  for await (const page of pages) {
    columns = page.columns
    for (const row of page.rows) {
      if (maximumRows !== undefined && rows.length >= maximumRows) return { columns, rows, truncated: true }
      rows.push(row)
    }
  }
  return { columns, rows, truncated: false }
}

/** Passes pages on until `maximumRows` rows have gone; the page in which they end is cut. */
export async function* limitPages(pages: AsyncIterable<SparkPage>, maximumRows: number | undefined): AsyncGenerator<SparkPage> {
  if (maximumRows === undefined) {
    yield* pages
    return
  }
  let left = maximumRows
  let first = true
  for await (const page of pages) {
    if (left <= 0 && !first) return
    yield page.rows.length <= left ? page : { columns: page.columns, rows: page.rows.slice(0, left) }
    left -= page.rows.length
    first = false
  }
}
