import { agrees, indicators, type FigureValue } from '../indicators.ts'
import type { AreaResult } from '../read-results.ts'
import type { ExpectedValue, WorkedCase } from './form.ts'

export interface Difference {
  readonly caseId: string
  /** For example `I02.max_pct`. */
  readonly figure: string
  readonly expected: unknown
  readonly actual: unknown
}

/** Every figure that the case asks for and that does not come out. No result at all is one difference. */
export function compareCase(worked: WorkedCase, actual: AreaResult | undefined): readonly Difference[] {
  if (actual === undefined) return [{ caseId: worked.id, figure: 'area', expected: worked.input.area.areaId, actual: null }]
  const differences: Difference[] = []
  for (const { id, figures, users } of indicators) {
    const expected = worked.expect[id]
    if (expected === undefined) continue
    for (const figure of figures) {
      const wanted = expected[figure.name]
      if (wanted === undefined) continue
      const value = actual.figures[figure.column] ?? null
      if (!agrees(figure.kind, wanted as FigureValue, value)) differences.push({ caseId: worked.id, figure: `${id}.${figure.name}`, expected: wanted, actual: value })
    }
    const wantedUsers = expected['users']
    if (users !== undefined && wantedUsers !== undefined && figures.every(({ name }) => name !== 'users')) {
      const found = actual.users.filter(({ indicator }) => indicator === id)
      if (!sameUsers(wantedUsers, found)) differences.push({ caseId: worked.id, figure: `${id}.users`, expected: wantedUsers, actual: found.map(({ userId, value }) => (users === 'plain' ? userId : { userId, max_ratio: value })) })
    }
  }
  return differences
}

/** The order of the list says nothing. */
function sameUsers(expected: ExpectedValue, actual: readonly { readonly userId: string; readonly value: number }[]): boolean {
  if (!Array.isArray(expected) || expected.length !== actual.length) return false
  return expected.every((wanted) => {
    const userId = typeof wanted === 'string' ? wanted : wanted.userId
    const found = actual.find((user) => user.userId === userId)
    return found !== undefined && (typeof wanted === 'string' || agrees('ratio', wanted.max_ratio, found.value))
  })
}
