import { describe, expect, it } from 'vitest'
import { tightestFirst, type AreaIndicators } from '../../src/reports/capacity-section.ts'
import { duration, fixed, percent } from '../../src/reports/format.ts'
import { html } from '../../src/reports/html.ts'
import type { OutageReportData } from '../../src/reports/outage-section.ts'
import { renderReport } from '../../src/reports/report.ts'

const startAtMs = Date.UTC(2026, 2, 5, 2)
const evil = `"><script>alert(1)</script><img src=x onerror='x'>`

function outages(nodeId: string): OutageReportData {
  return {
    zone: 'Asia/Shanghai',
    outages: [
      { outageId: 'o-1', version: 2, state: 'RESTORED', nodeId, level: 'BOX', phase: null, feederId: 'F', areaId: 'A', startAtMs, confirmedAtMs: startAtMs + 62_000, restoredAtMs: startAtMs + 3_600_000, affectedUsers: 12, probability: 0.99, evidence: { off: 5, expected: 6, alive: 0, terminalOff: false, pings: 0 }, decidedAtMs: startAtMs + 62_000, topologyVersion: 1 },
    ],
    truth: [{ faultId: 'g-1', kind: 'FAULT', nodeId, level: 'BOX', phase: null, startAtMs, endAtMs: startAtMs + 3_590_000, sameAs: [], nestedIn: null, darkSinceMs: null, offInTime: 5, terminalOff: false }],
    score: null,
    arrivals: { firstAtMs: startAtMs, binMs: 60_000, off: [5, 1], on: [0, 6] },
  }
}

function area(areaId: string, openKva: number | null, ratedKva = 400): AreaIndicators {
  return { areaId, ratedKva, figures: { i14_kva: openKva, i02_max_pct: 50 } }
}

const page = (nodeId: string, areas: readonly AreaIndicators[] = []): string =>
  renderReport({ title: 'T', outages: outages(nodeId), capacity: { windowFrom: '2025-01-01', windowTo: '2025-12-31', areas, shapes: [] }, generatedAtMs: startAtMs, zone: 'Asia/Shanghai', version: '0.0.0' }).text

describe('a report', () => {
  it('loads nothing and runs nothing: no script, no address, and a policy that forbids both', () => {
    const text = page('B1', [area('A1', 10)])
    expect(text).not.toMatch(/<script|javascript:|<link|@import|url\(/i)
    expect([...text.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]).filter((target) => !target!.startsWith('#'))).toEqual([])
    expect(text).toContain("default-src 'none'")
  })

  it('shows hostile ids as text, in tables and in drawings', () => {
    const text = page(evil, [area(evil, 10)])
    expect(text).not.toMatch(/<script|<img/i)
    expect(text).toContain('&lt;script&gt;')
  })

  it('shows the confirmed outage with its delay, and that it is the true one', () => {
    const text = page('B00071')
    expect(text).toContain('B00071')
    expect(text).toContain('62.0 s')
    expect(text).toContain('right node')
    expect(text).toContain('03-05 10:00:00')
  })
})

describe('the recommended phase', () => {
  const bestPhases = (figures: AreaIndicators['figures']): string => {
    const rows = [...page('B1', [{ areaId: 'A1', ratedKva: 400, figures }]).matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map((row) => [...row[1]!.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map((cell) => cell[1]))
    return rows.find((cells) => cells[0] === 'A1')!.at(-1)!
  }

  it('is named where it has capacity left, and nowhere else', () => {
    expect(bestPhases({ i15_recommend: 'B', i15_a: 5, i15_b: 0.5, i15_c: 0 })).toBe('B')
    expect(bestPhases({ i15_recommend: 'B', i15_a: 5, i15_b: 0, i15_c: 5 })).toBe('–')
    expect(bestPhases({ i15_recommend: null, i15_a: null, i15_b: null, i15_c: null })).toBe('–')
  })
})

describe('the order of the areas', () => {
  it('puts the least open share first and areas without data last', () => {
    const areas = [area('none', null), area('half', 200), area('full', 0), area('small', 10, 100), area('tie', 0)]
    expect(tightestFirst(areas).map((entry) => entry.areaId)).toEqual(['full', 'tie', 'small', 'half', 'none'])
  })
})

describe('figures for people', () => {
  it('group thousands, keep decimals, and say when there is nothing', () => {
    expect([fixed(1234567.891, 2), fixed(-0.004, 2), fixed(-12.5, 1), fixed(null, 2), fixed(Number.NaN, 1)]).toEqual(['1,234,567.89', '0.00', '−12.5', '–', '–'])
    expect([percent(98.234), duration(320), duration(62_000), duration(5_000_000), duration(7_200_000)]).toEqual(['98.23 %', '320 ms', '62.0 s', '83.3 min', '2.0 h'])
  })
})

describe('html', () => {
  it('escapes values and keeps what is HTML already', () => {
    expect(html`<b title="${`a"b`}">${['<', html`<i>${'&'}</i>`, null]}</b>`.text).toBe('<b title="a&quot;b">&lt;<i>&amp;</i></b>')
  })
})
