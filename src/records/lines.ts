import type { z } from 'zod'

/** Result of reading one line: the record, or everything that is wrong with it. */
export type LineResult<T> = { readonly ok: true; readonly value: T } | LineProblems
export interface LineProblems {
  readonly ok: false
  readonly problems: readonly string[]
}

export function parseObject(line: string): LineResult<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { ok: false, problems: [line.trim() === '' ? 'the line is empty' : /[}\]]\s*$/.test(line) ? 'the line is not JSON' : 'the line is not complete JSON (truncated file?)'] }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, problems: ['the line is not a JSON object'] }
  return { ok: true, value: value as Record<string, unknown> }
}

/** What a schema says against a value, one sentence per field; no sentence when it says nothing. */
export function problemsOf(schema: z.ZodType, value: unknown): LineProblems {
  const result = schema.safeParse(value)
  if (result.success) return { ok: false, problems: [] }
  return { ok: false, problems: result.error.issues.map((issue) => `${issue.path.length === 0 ? 'line' : issue.path.join('.')}: ${issue.message}`) }
}
