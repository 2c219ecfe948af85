import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findPackageRoot } from '../../src/core/context.ts'

/** Each starts the command line once or twice, which takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 })

const root = findPackageRoot()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'station-cli-engines-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A user without engines, whose Java only tells its version and whose package clients must not be called. */
function station(words: readonly string[], javaVersion = '17.0.9') {
  const bin = path.join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, text] of [['java', `echo 'openjdk version "${javaVersion}"' >&2`], ['mvn', 'exit 9'], ['python3', 'exit 9']] as const) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`)
    chmodSync(path.join(bin, name), 0o755)
  }
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: folder, STATION_STATE: path.join(folder, 'state'), STATION_CACHE: path.join(folder, 'cache') }
  const args = ['--import', path.join(root, 'node_modules/tsx/dist/loader.mjs'), path.join(root, 'cli/bin.ts'), ...words]
  return spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' })
}

test('engines that nobody started are stopped, and taking them down is no fault', () => {
  const status = station(['engines', 'status', '--output', 'json'])
  expect(status.status).toBe(0)
  const { result } = JSON.parse(status.stdout) as { result: { engines: { engine: string; condition: string; installed: boolean }[] } }
  expect(result.engines.map(({ engine, condition, installed }) => [engine, condition, installed])).toEqual([['kafka', 'stopped', false], ['flink', 'stopped', false], ['spark', 'stopped', false]])
  const down = station(['engines', 'down'])
  expect([down.status, down.stdout]).toEqual([0, 'nothing was running\n'])
})

test('a Java that is too old stops `engines up` before anything is downloaded', () => {
  const { status, stderr } = station(['engines', 'up', 'kafka', '--quiet'], '11.0.2')
  expect(status).toBe(2)
  expect(stderr).toMatch(/JAVA_MISSING: .*is Java 11\.0\.2, 17 or newer is needed/)
  expect(stderr).toContain('openjdk-17')
})

test('a package client that fails stops the install with exit code 10 and the place of its output', () => {
  const { status, stderr } = station(['engines', 'install', 'kafka', '--quiet'])
  expect(status).toBe(10)
  expect(stderr).toContain('ENGINE_INSTALL_FAILED: Apache Kafka could not be installed: mvn ended with 9')
  expect(stderr).toContain(path.join('cache', 'engines', 'install-kafka.log'))
})

test('a mistyped engine gets the nearest one', () => {
  const { status, stderr } = station(['engines', 'up', 'kafak'])
  expect(status).toBe(2)
  expect(stderr).toContain("Did you mean 'kafka'?")
})

test('the doctor ends with 3 when something is wrong, and says what to do in both forms', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    const { port } = server.address() as net.AddressInfo
    writeFileSync(path.join(folder, 'station.yaml'), `profiles:\n  local:\n    engines:\n      local:\n        ports: { flinkRest: ${port} }\n`)
    const { status, stdout } = station(['doctor', '--output', 'json'], '11.0.2')
    expect(status).toBe(3)
    const { ok, result, errors } = JSON.parse(stdout) as { ok: boolean; result: { findings: { check: string; verdict: string; hint: string | null }[] }; errors: { code: string }[] }
    expect([ok, errors[0]?.code]).toEqual([false, 'CHECK_FAILED'])
    const wrong = result.findings.filter(({ verdict }) => verdict === 'bad')
    expect(wrong.map(({ check }) => check)).toEqual(['java', 'pip', 'mvn', 'port flinkRest'])
    expect(wrong.every(({ hint }) => hint !== null)).toBe(true)
    expect(station(['doctor'], '11.0.2').stdout).toContain(`✗ port flinkRest  ${port} is taken`)
  } finally {
    server.close()
  }
})
