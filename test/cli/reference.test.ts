import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { commandReference } from '../../cli/reference.ts'
import { findPackageRoot } from '../../src/core/context.ts'

it('docs/commands.md says what the commands say of themselves (npm run docs)', () => {
  expect(readFileSync(path.join(findPackageRoot(), 'docs', 'commands.md'), 'utf8')).toBe(commandReference())
})
