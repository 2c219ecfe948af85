import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../src/core/context.ts'
import { launch, restartsFile, terminate } from '../../src/engines/launch.ts'
import { identifyProcess, isSameProcessAlive } from '../../src/engines/process-identity.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'station-launch-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const plan = (script: string, supervised = false) => ({ name: 'fake', command: '/bin/sh', args: ['-c', script], env: {}, logFile: path.join(folder, 'fake.log'), supervised })
const start = (script: string, supervised = false) => launch(plan(script, supervised), { workingDirectory: folder, env: { PATH: '/usr/bin:/bin' } })
const readPid = async (name: string): Promise<number> => {
  await expect.poll(() => existsSync(path.join(folder, name)) && readFileSync(path.join(folder, name), 'utf8').trim()).toMatch(/^\d+$/)
  return Number(readFileSync(path.join(folder, name), 'utf8'))
}

test('a process and all its children end together', async () => {
  const record = start('sleep 1000 & echo $! > child; wait')
  const child = await readPid('child')
  await terminate([record], { clock: systemClock, graceMs: 5_000 })
  expect(identifyProcess(record.pid)).toBeNull()
  expect(identifyProcess(child)).toBeNull()
})

test('a process that does not listen to TERM is killed', async () => {
  const record = start("trap '' TERM; echo $$ > ready; while :; do sleep 0.1; done")
  await readPid('ready')
  await terminate([record], { clock: systemClock, graceMs: 200 })
  expect(identifyProcess(record.pid)).toBeNull()
})

test('children whose leader was killed are found and ended', async () => {
  const record = start('sleep 1000 & echo $! > child; wait')
  const child = await readPid('child')
  process.kill(record.pid, 'SIGKILL')
  await expect.poll(() => isSameProcessAlive(record)).toBe(false)
  await terminate([record], { clock: systemClock, graceMs: 5_000 })
  expect(identifyProcess(child)).toBeNull()
})

test('a later process with a recorded pid is left alone', async () => {
  const stranger = spawn('sleep', ['1000'], { detached: true })
  try {
    await terminate([{ name: 'fake', pid: stranger.pid!, startedAt: 'earlier', logFiles: [] }], { clock: systemClock, graceMs: 100 })
    expect(identifyProcess(stranger.pid!)).not.toBeNull()
  } finally {
    stranger.kill('SIGKILL')
  }
})

test('a supervised process is started again after it was killed, and the ends are counted', async () => {
  const record = start('echo $$ > life; sleep 1000', true)
  try {
    const first = await readPid('life')
    process.kill(first, 'SIGKILL')
    await expect.poll(() => readFileSync(path.join(folder, 'life'), 'utf8').trim(), { timeout: 10_000 }).not.toBe(String(first))
    expect(readFileSync(restartsFile(record.logFiles[0]!), 'utf8')).toBe('137\n')
  } finally {
    await terminate([record], { clock: systemClock, graceMs: 1_000 })
  }
})

test('a command that cannot be run is a failure to start', () => {
  expect(() => launch({ ...plan(''), command: path.join(folder, 'nothing') }, { workingDirectory: folder, env: {} })).toThrow(/could not be started/)
})

test('what a process wrote to its streams is in the file beside its log', async () => {
  const record = start('echo out; echo err >&2')
  await expect.poll(() => readFileSync(record.logFiles[1]!, 'utf8')).toBe('out\nerr\n')
})
