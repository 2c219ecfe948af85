import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseCases } from '../../src/capacity/cases/form.ts'
import { compareCase } from '../../src/capacity/cases/compare.ts'
import { calculate } from './reference/calculate.ts'
import { asResult } from './reference/as-result.ts'

const file = 'test/fixtures/indicators/cases.json'
const cases = parseCases(readFileSync(file, 'utf8'), file)

test.each(cases.map((worked) => [worked.id, worked] as const))('the plain implementation agrees with worked case %s', (_, worked) => {
  expect(compareCase(worked, asResult(worked, calculate(worked.input)))).toEqual([])
})
