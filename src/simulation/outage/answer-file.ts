import { z } from 'zod'
import { problemsError, type Problem } from '../../core/errors.ts'
import { readLines } from '../../core/line-reader.ts'
import { createInstantFormatter } from '../../records/instants.ts'
import { instant, text } from '../../records/fields.ts'
import { meterPhases } from '../../records/levels.ts'
import { parseObject, problemsOf } from '../../records/lines.ts'
import { isTerminalOnline, type World } from './channel.ts'
import { at } from './sim-grid.ts'

/*
  `answers.ndjson`: what answers calls besides the archive beside it. First a head with the seed, then one line each for
  a dark time of a true node, a meter that the archive puts in a wrong place, and a terminal that is off line.
*/
const dark = z.object({ type: z.literal('dark'), level: z.enum(['AREA', 'LINE', 'BOX', 'USER', 'BRANCH', 'FEEDER']), nodeId: text, phase: z.enum(['A', 'B', 'C']).nullable(), startAt: instant, endAt: instant })
const place = z.object({ type: z.literal('place'), meterId: text, areaId: text, boxId: text.nullable(), phase: z.enum(meterPhases) })
const offline = z.object({ type: z.literal('offline'), terminalId: text })
const head = z.object({ type: z.literal('head'), version: z.literal(1), seed: z.string() })
export const answerLineSchema = z.discriminatedUnion('type', [head, dark, place, offline])
export type AnswerLine = z.infer<typeof answerLineSchema>

/** Lines of the answer file of a simulated world. */
export function* answerLines(world: World, options: { readonly seed: string; readonly zone: string }): Generator<string> {
  const { grid, errors } = world
  const { ids } = grid
  const instantOf = createInstantFormatter(options.zone)
  const line = (value: AnswerLine): string => JSON.stringify(value)
  yield line({ type: 'head', version: 1, seed: options.seed })
  for (const [, intervals] of world.darkness.all()) {
    for (const { meters, areas, phase, startAtMs, endAtMs } of intervals) {
      const span = { phase: (['A', 'B', 'C'] as const)[phase] ?? null, startAt: instantOf(startAtMs), endAt: instantOf(endAtMs) }
      for (const node of coveringNodes(world, meters, areas)) yield line({ type: 'dark', ...node, ...span })
    }
  }
  for (const meter of errors.wrong) {
    const box = at(grid.meterBox, meter)
    yield line({ type: 'place', meterId: ids.meter(meter), areaId: ids.area(at(grid.meterArea, meter)), boxId: box < 0 ? null : ids.box(box), phase: meterPhases[at(grid.meterPhase, meter)] ?? 'A' })
  }
  for (let area = 0; area < grid.areas; area++) if (at(grid.areaHasTerminal, area) === 1 && !isTerminalOnline(world, area)) yield line({ type: 'offline', terminalId: ids.terminal(area) })
}

/** The dark range as whole areas where their terminals are dark too, else as the boxes or meters that fill it. */
function* coveringNodes(world: World, meters: { readonly from: number; readonly to: number }, areas: { readonly from: number; readonly to: number }): Generator<{ readonly level: 'AREA' | 'BOX' | 'USER'; readonly nodeId: string }> {
  const { grid } = world
  if (areas.from < areas.to) {
    for (let area = areas.from; area < areas.to; area++) yield { level: 'AREA', nodeId: grid.ids.area(area) }
    return
  }
  for (let meter = meters.from; meter < meters.to; ) {
    const box = at(grid.meterBox, meter)
    const end = box < 0 ? meter : at(grid.boxMeters.to, box)
    if (box >= 0 && at(grid.boxMeters.from, box) === meter && end <= meters.to) {
      yield { level: 'BOX', nodeId: grid.ids.box(box) }
      meter = end
    } else yield { level: 'USER', nodeId: grid.ids.meter(meter++) }
  }
}

/** Reads an answer file. Throws INPUT_INVALID with all problems, FILE_MISSING. */
export async function* readAnswerFile(file: string, options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<AnswerLine> {
  const problems: Problem[] = []
  let first = true
  for await (const batch of readLines(file, options)) {
    for (const [index, raw] of batch.lines.entries()) {
      if (raw === '') continue
      const where = { file, line: batch.firstLine + index }
      const object = parseObject(raw)
      const parsed = object.ok ? answerLineSchema.safeParse(object.value) : null
      if (!object.ok) problems.push(...object.problems.map((message) => ({ message, where })))
      else if (parsed?.success !== true) problems.push(...problemsOf(answerLineSchema, object.value).problems.map((message) => ({ message, where })))
      else if (first !== (parsed.data.type === 'head')) problems.push({ message: 'the file does not begin with its head', where })
      else yield parsed.data
      first = false
    }
  }
  if (first) problems.push({ message: 'the file is empty', where: { file, line: 1 } })
  if (problems.length > 0) throw problemsError('INPUT_INVALID', `${file} is no file of answers`, problems)
}
