import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createContext, systemClock } from '../../src/core/context.ts'
import { withLock } from '../../src/engines/lock.ts'
import { identifyProcess } from '../../src/engines/process-identity.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'station-lock-'))
  file = path.join(folder, 'engines.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const context = createContext({ pid: process.pid })
const options = (waitMs = 60_000) => ({ context, purpose: 'testing', deadlineMs: systemClock.now() + waitMs, signal: context.signal })

test('bodies under one lock never overlap, and nothing is left behind', async () => {
  let inside = 0
  let overlaps = 0
  const body = async () => {
    if (++inside > 1) overlaps++
    await systemClock.sleep(20)
    inside--
  }
  await Promise.all([1, 2, 3].map(() => withLock(file, options(), body)))
  expect(overlaps).toBe(0)
  expect(readdirSync(folder)).toEqual([])
})

test('the lock is given back when the body fails', async () => {
  await expect(withLock(file, options(), () => Promise.reject(new Error('body')))).rejects.toThrow('body')
  expect(existsSync(file)).toBe(false)
})

test.each([
  ['of a dead process', JSON.stringify({ pid: 999_999_999, startedAt: 'boot/1', purpose: 'gone' })],
  ['of an earlier process with a pid that now belongs to another', JSON.stringify({ pid: process.pid, startedAt: 'boot/1', purpose: 'gone' })],
  ['cut off in the middle', '{"pid": 1'],
])('a lock %s is taken over', async (_, content) => {
  writeFileSync(file, content)
  expect(await withLock(file, options(), () => Promise.resolve('in'))).toBe('in')
  expect(readdirSync(folder)).toEqual([])
})

test('a lock of a living process is waited for until the deadline and then named', async () => {
  writeFileSync(file, JSON.stringify({ ...identifyProcess(process.pid), purpose: 'starting engines' }))
  await expect(withLock(file, options(0), () => Promise.resolve())).rejects.toMatchObject({ code: 'ENGINE_LOCKED', message: `process ${process.pid} is starting engines` })
  expect(existsSync(file)).toBe(true)
})

test('what killed waiters left is cleared by the next holder, what living ones left is not', async () => {
  writeFileSync(`${file}.1.dead`, JSON.stringify({ pid: 999_999_999, startedAt: 'boot/1', purpose: 'gone' }))
  writeFileSync(`${file}.2.alive`, JSON.stringify({ ...identifyProcess(process.pid), purpose: 'waiting' }))
  await withLock(file, options(), () => Promise.resolve())
  expect(readdirSync(folder)).toEqual(['engines.lock.2.alive'])
})

test('waiting for a lock ends with the signal', async () => {
  writeFileSync(file, JSON.stringify({ ...identifyProcess(process.pid), purpose: 'starting engines' }))
  const controller = new AbortController()
  const waiting = withLock(file, { ...options(), signal: controller.signal }, () => Promise.resolve())
  controller.abort(new Error('interrupted'))
  await expect(waiting).rejects.toThrow()
})
