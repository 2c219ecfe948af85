import { indicators, type FigureValue } from '../../../src/capacity/indicators.ts'
import type { AreaResult } from '../../../src/capacity/read-results.ts'
import type { WorkedCase } from '../../../src/capacity/cases/form.ts'

/** The plain implementation's answer in the form in which the real job's is read. */
export function asResult(worked: WorkedCase, answer: WorkedCase['expect']): AreaResult {
  const figures = Object.fromEntries(indicators.flatMap(({ id, figures: list }) => list.map(({ name, column }) => [column, answer[id]![name] as FigureValue])))
  const low = answer['I10']!['users'] as readonly string[]
  const over = answer['I11']!['users'] as readonly { readonly userId: string; readonly max_ratio: number }[]
  return {
    areaId: worked.input.area.areaId, windowFrom: worked.input.window.from, windowTo: worked.input.window.to, figures, gatewayDays: 0, sumDays: 0, emptyDays: 0, quality: null,
    users: [...low.map((userId) => ({ indicator: 'I10' as const, userId, value: 0 })), ...over.map(({ userId, max_ratio: value }) => ({ indicator: 'I11' as const, userId, value }))],
  }
}
