import { z } from 'zod'
import { problemsError, type Problem } from '../../core/errors.ts'
import { epochDay, pointsPerDay } from '../../core/time.ts'
import { indicators } from '../indicators.ts'
import { curveKinds } from '../packed-curve.ts'

/*
  Worked cases for the indicators: a file with the key `examples` (docs/cases.md). Other keys of the file are information for people.
*/

const date = z.string().refine((text) => epochDay(text) !== null, { error: 'a date of the form 2025-07-01' })
const localTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$/, 'a date or a local time of the form 2025-07-01T12:00')
  .refine((text) => epochDay(text.slice(0, 10)) !== null, { error: 'a date of the calendar' })
const id = z.string().min(1).regex(/^[^\p{Cc}]*$/u, 'no control characters')
const kva = z.number().min(0)
const absent = { from: localTime.nullish(), to: localTime.nullish() }

const meter = z
  .object({
    meterId: id,
    mpId: id.optional(),
    role: z.enum(['GATEWAY', 'USER']),
    userId: id.nullish(),
    wiring: z.enum(['1P', '3P4W']),
    phase: z.enum(['A', 'B', 'C', 'ABC']).nullish(),
    ct: z.number().positive().default(1),
    pt: z.number().positive().default(1),
    ...absent,
    startEf: z.number().min(0).nullish(),
    stopEf: z.number().min(0).nullish(),
  })
  .refine(({ role, userId }) => role === 'GATEWAY' || (userId ?? null) !== null, { error: 'a USER meter needs a userId' })

const curve = z.object({ meterId: id, date, kind: z.enum(curveKinds), rle: z.array(z.tuple([z.int().min(0), z.number().nullable()])) })

const input = z.object({
  window: z.object({ from: date, to: date }).refine(({ from, to }) => from <= to, { error: 'from is after to' }),
  area: z.object({
    areaId: id,
    rated: z.union([kva.transform((value) => [{ from: undefined, to: undefined, kva: value }]), z.array(z.object({ ...absent, kva }))]),
    connection: z.enum(['Yyn0', 'Dyn11']),
  }),
  meters: z.array(meter).default([]),
  users: z
    .array(
      z.object({
        userId: id,
        contractKva: kva.nullish(),
        contract: z.array(z.object({ ...absent, kva })).nullish(),
        membership: z.array(z.object({ areaId: id, ...absent })).nullish(),
      }),
    )
    .default([]),
  curves: z.array(curve).default([]),
  registers: z.array(z.object({ meterId: id, date, ef: z.number().min(0).nullish() })).default([]),
  applications: z.array(z.object({ kva: z.number(), category: z.string(), phases: z.string().regex(/^[ABC]{1,3}$/, 'A, B, C or ABC'), status: z.string() })).default([]),
})

const scalar = z.union([z.number(), z.string(), z.null()])
const userList = z.array(z.union([z.string(), z.object({ userId: z.string(), max_ratio: z.number() })]))
const expectation = z.record(z.string(), z.record(z.string(), z.union([scalar, userList])))

const caseSchema = z.object({ id, title: z.string().default(''), indicator: z.string().optional(), input, expect: expectation })
const fileSchema = z.object({ examples: z.array(z.unknown()).min(1) })

export type CaseInput = z.output<typeof input>
export type WorkedCase = z.output<typeof caseSchema>
export type ExpectedValue = z.output<typeof scalar> | z.output<typeof userList>

/** Parses a file of worked cases. Throws INPUT_INVALID with every problem of every case: wrong form, curves without 96 points, unknown figures. */
export function parseCases(text: string, file: string): readonly WorkedCase[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw problemsError('INPUT_INVALID', `${file} is not JSON`, [{ message: error instanceof Error ? error.message : String(error), where: { file } }])
  }
  const parsedFile = fileSchema.safeParse(json)
  if (!parsedFile.success) throw problemsError('INPUT_INVALID', `${file} is no file of worked cases`, toProblems(parsedFile.error, 'file', file))
  const problems: Problem[] = []
  const cases: WorkedCase[] = []
  const seen = new Set<string>()
  for (const [index, example] of parsedFile.data.examples.entries()) {
    const parsed = caseSchema.safeParse(example)
    const name = nameOf(example, index)
    if (!parsed.success) {
      problems.push(...toProblems(parsed.error, name, file))
      continue
    }
    const report = (message: string): void => void problems.push({ message: `${name}: ${message}`, where: { file } })
    if (seen.has(parsed.data.id)) report('this id stands twice in the file')
    seen.add(parsed.data.id)
    checkCase(parsed.data, report)
    cases.push(withEveryUser(parsed.data))
  }
  if (problems.length > 0) throw problemsError('INPUT_INVALID', `${file} is no file of worked cases`, problems)
  return cases
}

/** A user that only its meters name is a user like the others, of whom no contract is known. */
function withEveryUser(worked: WorkedCase): WorkedCase {
  const listed = new Set(worked.input.users.map(({ userId }) => userId))
  const named = new Set(worked.input.meters.flatMap(({ role, userId }) => (role === 'USER' && userId != null && !listed.has(userId) ? [userId] : [])))
  if (named.size === 0) return worked
  return { ...worked, input: { ...worked.input, users: [...worked.input.users, ...[...named].map((userId) => ({ userId }))] } }
}

function nameOf(example: unknown, index: number): string {
  const given = typeof example === 'object' && example !== null && 'id' in example ? example.id : undefined
  return typeof given === 'string' ? `case ${given}` : `examples[${index}]`
}

function toProblems(error: z.ZodError, name: string, file: string): readonly Problem[] {
  return error.issues.map((issue) => ({ message: `${name}: ${issue.path.join('.') || 'value'}: ${issue.message}`, where: { file } }))
}

function checkCase({ input: { curves, users }, expect }: WorkedCase, report: (message: string) => void): void {
  for (const { meterId, date: day, kind, rle } of curves) {
    const points = rle.reduce((sum, [count]) => sum + count, 0)
    if (points !== pointsPerDay) report(`curve ${kind} of meter ${meterId} on ${day} has ${points} points, not ${pointsPerDay}`)
  }
  if (new Set(users.map(({ userId }) => userId)).size < users.length) report('a user stands twice')
  const known = new Map<string, ReadonlySet<string>>(indicators.map(({ id: name, figures, users: lists }) => [name, new Set([...figures.map((figure) => figure.name), ...(lists === undefined ? [] : ['users'])])]))
  for (const [name, figures] of Object.entries(expect)) {
    const names = known.get(name)
    if (names === undefined) report(`expects the indicator ${name}, which does not exist`)
    else for (const figure of Object.keys(figures)) if (!names.has(figure)) report(`expects ${name}.${figure}, which is no figure of ${name}`)
  }
}
