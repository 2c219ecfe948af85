import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findPackageRoot } from '../../src/core/context.ts'

const root = findPackageRoot()
const fixtures = path.join(root, 'test/fixtures/protocols')
const frame = '68610100000000689108333334335933 33338a16'.replace(' ', '')

function station(words: readonly string[], input = '') {
  const run = spawnSync(process.execPath, ['--import', path.join(root, 'node_modules/tsx/dist/loader.mjs'), path.join(root, 'cli/bin.ts'), ...words], { cwd: root, input, env: { PATH: process.env['PATH'], HOME: os.tmpdir() }, encoding: 'utf8' })
  return { status: run.status, stdout: run.stdout, stderr: run.stderr }
}

describe('station decode', () => {
  it('prints a field table with offset, bytes, field and meaning, and the normal form', () => {
    const { status, stdout } = station(['decode', 'auto', ...(frame.match(/.{1,8}/g) ?? [])])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^protocol: dlt645/)
    expect(stdout).toMatch(/offset +bytes +field +meaning/)
    expect(stdout).toMatch(/ 14 +59333333 +value +0\.26 kWh/)
    expect(stdout).toContain('"item":"forwardActiveEnergy"')
  })

  it('prints the message for a program, which encode turns back into the same bytes', () => {
    const decoded = station(['decode', 'dlt645', '-', '--output', 'json'], `${frame}\n`)
    expect(JSON.parse(decoded.stdout)).toMatchObject({ ok: true, result: { protocol: 'dlt645', message: { address: '000000000161', body: { di: '00010000', value: 0.26 } } } })
    const encoded = station(['encode', 'dlt645', '-'], decoded.stdout)
    expect([encoded.status, encoded.stdout]).toEqual([0, `${frame}\n`])
  })

  it('refuses a damaged frame with its offset and exit code 3, also for programs', () => {
    const damaged = `${frame.slice(0, -4)}8b16`
    const text = station(['decode', 'auto', damaged])
    expect([text.status, text.stdout]).toEqual([3, ''])
    expect(text.stderr).toMatch(/CHECK_FAILED.*checksum is 8b, computed 8a/)
    const json = station(['decode', 'auto', damaged, '--output', 'json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, result: { protocol: 'dlt645', failure: { code: 'FRAME_CHECKSUM', offset: 18 } }, errors: [{ code: 'CHECK_FAILED' }] })
  })

  it.each([
    ['text that is not hex', ['decode', 'auto', 'xyz'], 2, /not hex/],
    ['an unknown protocol', ['decode', 'dlt64', frame], 2, /Did you mean 'dlt645'\?/],
    ['a missing frame', ['decode', 'auto'], 2, /missing/],
    ['a vector file that does not exist', ['decode', '--vectors', 'nowhere.json'], 5, /nowhere\.json/],
    ['a message that is no message', ['encode', 'dlt645', '-'], 2, /INPUT_INVALID/],
  ])('answers %s with its exit code and a hint', (_, words, status, message) => {
    const run = station(words, '{"control":145}')
    expect([run.status, run.stdout]).toEqual([status, ''])
    expect(run.stderr).toMatch(message)
  })
})

describe('station decode --vectors', () => {
  it('prints one bare line for each vector in file order, whatever --output says, and ends with 0', () => {
    const plain = station(['decode', '--vectors', path.join(fixtures, 'gdw1376.json')])
    const json = station(['decode', '--vectors', path.join(fixtures, 'gdw1376.json'), '--output', 'json'])
    expect([plain.status, json.status]).toEqual([0, 0])
    expect(json.stdout).toBe(plain.stdout)
    const lines = plain.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { id: string; ok: boolean })
    expect(lines).toHaveLength(72)
    expect(Object.keys(lines[0] ?? {})).toEqual(['id', 'ok', 'actual'])
    expect(lines.every(({ ok }) => ok)).toBe(true)
  })

  it('ends with 3 when a vector is not met, and still prints every line, undecodable vectors too', () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'station-vectors-')), 'other.json')
    writeFileSync(file, JSON.stringify([{ id: 'a', hex: frame, expect: { valid: true, value: 0.27 } }, { id: 'b', hex: '00', expect: { valid: true } }, { id: 'c', hex: frame, expect: { value: 0.26, unit: 'kWh' } }]))
    const run = station(['decode', '--vectors', file, '--protocol', 'dlt645'])
    expect(run.status).toBe(3)
    expect(run.stdout.trimEnd().split('\n').map((line) => (JSON.parse(line) as { ok: boolean }).ok)).toEqual([false, false, true])
  })
})
