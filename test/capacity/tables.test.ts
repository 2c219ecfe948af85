import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { createContext } from '../../src/core/context.ts'
import { loadJob } from '../../src/jobs/spec.ts'
import { tables, tablesVersion } from '../../src/capacity/tables.ts'

/** Digest of the declared tables, by version. Changed tables want a new version and a new line here. */
const digests: Readonly<Record<number, string>> = { 2: '42e7ecc809acb49b' }

it('tables that change take a new version', () => {
  expect(createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16)).toBe(digests[tablesVersion])
})

it('the job needs the version that is made', () => {
  expect(loadJob('capacity', createContext()).tables?.version).toBe(tablesVersion)
})
