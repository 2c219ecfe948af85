import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { codes, exitCodes } from '../../src/core/codes.ts'
import { asStationError, StationError } from '../../src/core/errors.ts'
import { nearest } from '../../src/core/nearest.ts'
import { findPackageRoot } from '../../src/core/context.ts'

const root = findPackageRoot()

function sources(folder: string): string {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}

describe('the code table', () => {
  const page = readFileSync(path.join(root, 'docs', 'errors.md'), 'utf8')
  const code = sources('src') + sources('cli')

  it('documents every code, and documents no code that is not in it', () => {
    const documented = [...page.matchAll(/^### ([A-Z_]+)$/gm)].map((match) => match[1])
    expect(documented.sort()).toEqual(Object.keys(codes).sort())
  })

  it('names for every code the exit code that the process really ends with', () => {
    for (const [name, entry] of Object.entries(codes)) {
      const section = page.split(`### ${name}\n`)[1]?.split('\n### ')[0] ?? ''
      expect(section, name).toContain(`exit ${entry.exitCode}`)
    }
  })

  it('holds no code that nothing throws', () => {
    const dead = Object.keys(codes).filter((name) => name !== 'UNEXPECTED' && !new RegExp(`'${name}'`).test(code))
    expect(dead).toEqual([])
  })

  it('never uses an exit code that schedulers read as something else', () => {
    for (const exitCode of Object.values(exitCodes)) expect([99, 126, 127, 128, 137]).not.toContain(exitCode)
  })
})

describe('errors', () => {
  it('keep an unexpected failure as their cause', () => {
    const cause = new TypeError('x is undefined\nsecond line')
    const error = asStationError(cause)
    expect(error).toMatchObject({ code: 'UNEXPECTED', message: 'x is undefined', cause })
    const known = new StationError('USAGE', 'no')
    expect(asStationError(known)).toBe(known)
  })
})

describe('nearest', () => {
  it('finds a mistyped name and stays silent when nothing is near', () => {
    expect(nearest('outge', ['outage', 'capacity'])).toBe('outage')
    expect(nearest('xyz', ['outage', 'capacity'])).toBeUndefined()
  })
})
