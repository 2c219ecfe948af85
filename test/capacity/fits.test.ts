import { describe, expect, it } from 'vitest'
import { answerRequest } from '../../src/capacity/fits.ts'
import type { AreaResult } from '../../src/capacity/read-results.ts'

function area(figures: AreaResult['figures']): AreaResult {
  return { areaId: 'T1', windowFrom: '2025-01-01', windowTo: '2025-12-31', gatewayDays: 365, sumDays: 0, emptyDays: 0, quality: 100, users: [], figures }
}

const roomy = area({ i14_kva: 20, i15_a: 3.9, i15_b: 4, i15_c: 12, i15_recommend: 'C' })

describe('the answer to a request for connection', () => {
  it('weighs the request with the coincidence of its category: 10 kVA for a household take 4', () => {
    expect(answerRequest({ kva: 10, category: 'RES', phases: 'B' }, roomy)).toMatchObject({ demandKva: 4, fits: true, largestKva: 10 })
  })
  it('refuses when the phase has no room although the area has, and names the phase that has', () => {
    const answer = answerRequest({ kva: 10, category: 'RES', phases: 'A' }, roomy)
    expect(answer.fits).toBe(false)
    expect(answer.reasons.find(({ rule }) => rule === 'phase')).toMatchObject({ holds: false, text: expect.stringContaining('phase C has most room') })
  })
  it('asks three-phase requests for the area only', () => {
    expect(answerRequest({ kva: 25, category: 'EV', phases: 'ABC' }, roomy)).toMatchObject({ demandKva: 20, fits: true })
    expect(answerRequest({ kva: 25.1, category: 'EV', phases: 'ABC' }, roomy).fits).toBe(false)
  })
  it('promises nothing where nothing was measured', () => {
    expect(answerRequest({ kva: 1, category: 'RES', phases: 'ABC' }, area({ i14_kva: null }))).toMatchObject({ fits: false, largestKva: null })
  })
  it('leaves the feeder open when nobody told its load, and refuses at exactly 80 %', () => {
    const request = { kva: 5, category: 'RES', phases: 'ABC' } as const
    expect(answerRequest(request, roomy).reasons.filter(({ holds }) => holds === null)).toHaveLength(3)
    expect(answerRequest(request, roomy, { loadRatePct: 79.9, openableKva: 5.1, mainTransformerOpenableKva: 6 }).fits).toBe(true)
    expect(answerRequest(request, roomy, { loadRatePct: 80 }).fits).toBe(false)
    expect(answerRequest(request, roomy, { openableKva: 5 }).fits).toBe(false)
  })
})
