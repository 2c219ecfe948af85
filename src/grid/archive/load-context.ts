import type { Where } from '../../core/errors.ts'
import type { ProblemList } from './problem-list.ts'

/** What the loaders of one archive share. */
export interface LoadContext {
  readonly directory: string
  readonly zone: string
  readonly problems: ProblemList
  readonly warnings: ProblemList
  readonly options: { readonly signal?: AbortSignal }
}

export function whereOf(file: string, line: number): Where {
  return { file, line }
}

/** A number above zero, else null. */
export function positive(text: string): number | null {
  if (!/^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return null
  const value = Number(text)
  return Number.isFinite(value) && value > 0 ? value : null
}
