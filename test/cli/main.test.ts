import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../cli/commands/index.ts'
import { findPackageRoot } from '../../src/core/context.ts'

const root = findPackageRoot()

function station(words: readonly string[], options: { readonly cwd?: string; readonly env?: Record<string, string> } = {}) {
  const run = spawnSync(process.execPath, ['--import', path.join(root, 'node_modules/tsx/dist/loader.mjs'), path.join(root, 'cli/bin.ts'), ...words], { cwd: options.cwd ?? root, env: { PATH: process.env['PATH'], HOME: os.tmpdir(), ...options.env }, encoding: 'utf8' })
  return { status: run.status, stdout: run.stdout, stderr: run.stderr }
}

describe('station', () => {
  it('shows its commands and needs no engine for it', () => {
    const { status, stdout } = station(['--help'])
    expect(status).toBe(0)
    for (const word of ['engines', 'render', 'run', 'config']) expect(stdout).toContain(word)
  })

  it('gives a mistyped command the nearest one and exit code 2', () => {
    const { status, stdout, stderr } = station(['rendr', 'outage'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain("Did you mean 'render'?")
  })

  it('answers in one versioned envelope when a program asks, on success and on failure', () => {
    const good = station(['config', 'show', '--output', 'json'])
    expect(JSON.parse(good.stdout)).toMatchObject({ schemaVersion: 1, tool: 'station', command: 'config show', ok: true, warnings: [], errors: [] })
    const bad = station(['config', 'show', '--bogus', '--output', 'json'])
    expect(bad.status).toBe(2)
    expect(JSON.parse(bad.stdout)).toMatchObject({ schemaVersion: 1, command: 'config show', ok: false, result: null, errors: [{ code: 'USAGE', message: "unknown option '--bogus'" }] })
    expect(bad.stderr).toBe('')
  })

  it('shows the line of an unknown key of station.yaml, without a stack trace', () => {
    const cwd = mkdtempSync(path.join(os.tmpdir(), 'station-cli-'))
    writeFileSync(path.join(cwd, 'station.yaml'), 'profiles:\n  local:\n    engins: local\n')
    const { status, stderr } = station(['config', 'show'], { cwd })
    expect(status).toBe(2)
    expect(stderr).toMatch(/station\.yaml:3:5: unknown key 'profiles\.local\.engins' Did you mean 'engines'\?/)
    expect(stderr).not.toMatch(/^\s+at .*\.ts:\d+/m)
  })

  it('names the nearest job when there is none of a name', () => {
    const { status, stderr } = station(['render', 'outge'])
    expect(status).toBe(5)
    expect(stderr).toContain('JOB_UNKNOWN')
  })

  it('prints no colour into a pipe', () => {
    expect(station(['config', 'show']).stdout).not.toContain('\u001b[')
    expect(station(['config', 'show'], { env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001b[')
    expect(station(['config', 'show'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain('\u001b[')
  })

  it('has a summary and an example for every command', () => {
    for (const command of commands) {
      expect(command.summary, command.name).toMatch(/^[A-Z].*[^.]$/)
      expect(command.examples.length, command.name).toBeGreaterThan(0)
      for (const [example] of command.examples) expect(example, command.name).toContain(`station ${command.name}`)
    }
  })
})
