import { z } from 'zod'
import { parseInstantFast } from './instants.ts'

/** Fields that several line forms share. */
export const text = z.string().min(1)
export const nullableText = text.nullish()

const example = '2026-03-05T08:30:00.000+08:00'
export const instant = z.string().refine((value) => parseInstantFast(value) !== null, `not an instant with offset, such as ${example}`)
export const nullableInstant = instant.nullish()

/** A device's own time: `2000-00-00T00:00:00+08:00` of a confused clock is an unknown time, not a wrong file. */
export const lenientInstant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/, `not an instant with offset, such as ${example}`)
  .nullish()
