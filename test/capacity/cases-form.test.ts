import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCases } from '../../src/capacity/cases/form.ts'
import { caseRows } from '../../src/capacity/cases/rows.ts'
import { compareCase } from '../../src/capacity/cases/compare.ts'
import { asResult } from './reference/as-result.ts'
import { calculate } from './reference/calculate.ts'
import { bucketCount } from '../../src/capacity/tables.ts'

const file = 'test/fixtures/indicators/cases.json'
const text = readFileSync(file, 'utf8')

function broken(change: (example: Record<string, never>) => void): () => unknown {
  const json = JSON.parse(text) as { examples: Record<string, never>[] }
  change(json.examples[0]!)
  return () => parseCases(JSON.stringify(json), 'cases.json')
}

/* eslint-disable @typescript-eslint/no-explicit-any -- the cases are broken on purpose */
describe('a file of worked cases', () => {
  it('is read with all its cases', () => {
    expect(parseCases(text, file)).toHaveLength(33)
  })
  it('is refused with exit 2 when a curve has 95 points, naming case, meter and date', () => {
    const parse = broken((example: any) => void Object.assign(example.input.curves[0], { rle: [[95, 1]] }))
    expect(parse).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', exitCode: 2, problems: [expect.objectContaining({ message: 'case P01: curve P of meter G on 2025-07-01 has 95 points, not 96' })] }))
  })
  it('is refused with all its problems at once', () => {
    const json = JSON.parse(text) as { examples: any[] }
    json.examples[0].input.window.from = '2025-02-30'
    json.examples[1].expect.I02.nonsense = 1
    json.examples[2].input.curves[0].kind = 'X'
    json.examples[4].id = 'P04'
    try {
      parseCases(JSON.stringify(json), file)
      expect.unreachable()
    } catch (error) {
      expect((error as { problems: { message: string }[] }).problems.map(({ message }) => message.split(':')[0])).toEqual(['case P01', 'case P02', 'case P03', 'case P04'])
    }
  })
  it.each([
    ['no JSON', '{'],
    ['no examples', '{"cases":[]}'],
    ['no list', '{"examples":{}}'],
    ['an empty list', '{"examples":[]}'],
  ])('is refused when it is %s', (_, content) => {
    expect(() => parseCases(content, 'x.json')).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
  it('takes a user that only its meters name for a user without a contract', () => {
    const [first] = broken((example: any) => void Object.assign(example.input.meters[0], { role: 'USER', userId: 'NOBODY' }))() as { input: { users: unknown[] } }[]
    expect(first!.input.users).toEqual([{ userId: 'NOBODY' }])
  })
})
/* eslint-enable @typescript-eslint/no-explicit-any */

describe('cases as one data set', () => {
  const cases = parseCases(text, file)
  it('carry their id in every id, so that none meets another', () => {
    const { tables } = caseRows(cases, 'run')
    for (const row of tables.curveDay!) expect(String(row['meter_id']).split('/')[0]).toBe(String(row['area_id']).split('/')[0])
    expect(new Set(tables.gridArea!.map((row) => row['area_id'])).size).toBe(33)
  })
  it('lie under the area where the user belonged on the date', () => {
    const { tables } = caseRows(cases.filter(({ id }) => id === 'P25'), 'run')
    const areas = tables.curveDay!.filter((row) => row['meter_id'] === 'P25/M_U2').map((row) => `${String(row['date'])} ${String(row['area_id'])}`)
    expect(new Set(areas)).toEqual(new Set(['2025-09-10 P25/T1', '2025-09-11 P25/T2']))
  })
})

describe('the comparison', () => {
  const worked = parseCases(text, file).find(({ id }) => id === 'P33')!
  const result = asResult(worked, calculate(worked.input))
  it('finds a figure that is off by more than its tolerance, and only that', () => {
    const off = { ...result, figures: { ...result.figures, i01_kw: 105.02, i02_max_pct: 106.535, i12_pf: 0.9517, i06_runs: 3 } }
    expect(compareCase(worked, off).map(({ figure }) => figure)).toEqual(['I01.kw', 'I06.runs', 'I12.pf'])
  })
  it('finds a user that is missing from a list', () => {
    expect(compareCase(worked, { ...result, users: [] }).map(({ figure }) => figure)).toEqual(['I10.users', 'I11.users'])
  })
  it('finds an area that was not computed at all', () => {
    expect(compareCase(worked, undefined)).toHaveLength(1)
  })
})

describe('the number of buckets', () => {
  it.each([[1, 1], [4, 4], [180, 4], [1_800, 16], [180_000, 1_024]])('for %i areas is %i, a power of two near 125 areas each', (areas, buckets) => {
    expect(bucketCount(areas)).toBe(buckets)
  })
})
