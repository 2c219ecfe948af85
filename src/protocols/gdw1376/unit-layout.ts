import type { Layout, RecordLayout } from '../layout/layout.ts'
import { record } from '../layout/layout.ts'

/** One row of the tables of clause 5: what follows the identifier of Fn. */
export interface UnitRow {
  /** One number or a range `81-84`. */
  readonly fn: string
  readonly words: string
  /** Layout of the data; null = none. */
  readonly layout: Layout | null
}

export interface UnitLayout {
  readonly words: string
  readonly layout: Layout | null
}

export const row = (fn: number | string, words: string, layout: Layout | null): UnitRow => ({ fn: String(fn), words, layout })

/** Rows without data. */
export const bare = (fn: number | string, words: string): UnitRow => row(fn, words, null)

/** Two records after one another. */
export const join = (first: RecordLayout, second: RecordLayout): RecordLayout => ({ type: 'record', fields: [...first.fields, ...second.fields] })

export const empty: RecordLayout = record()

export type Direction = 'up' | 'down'

/** Rows by class number, ranges unrolled. */
export function indexRows(rows: readonly UnitRow[]): ReadonlyMap<number, UnitLayout> {
  const map = new Map<number, UnitLayout>()
  for (const each of rows) {
    const [low = '', high = low] = each.fn.split('-')
    for (let fn = Number(low); fn <= Number(high); fn++) map.set(fn, { words: each.words, layout: each.layout })
  }
  return map
}
