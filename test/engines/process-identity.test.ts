import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { groupMembers, groupMemoryBytes, identifyProcess, isFromThisBoot, isSameProcessAlive } from '../../src/engines/process-identity.ts'

test('this process is alive, and only with its own start time', () => {
  const own = identifyProcess(process.pid)!
  expect(isSameProcessAlive(own)).toBe(true)
  expect(isSameProcessAlive({ ...own, startedAt: `${own.startedAt}0` })).toBe(false)
  expect(isFromThisBoot(own)).toBe(true)
  expect(isFromThisBoot({ ...own, startedAt: 'another-boot/1' })).toBe(false)
})

test('a pid that no process has, and numbers that are no pid, are dead', () => {
  for (const pid of [999_999_999, 0, -1, 1.5, Number.NaN]) expect(identifyProcess(pid)).toBeNull()
})

test('a process that ended is dead', async () => {
  const child = spawn('true')
  const identity = { pid: child.pid!, startedAt: identifyProcess(child.pid!)?.startedAt ?? '' }
  await new Promise((resolve) => child.once('exit', resolve))
  expect(isSameProcessAlive(identity)).toBe(false)
})

test.runIf(process.platform === 'linux')('members and memory of a group are those of its processes', async () => {
  const child = spawn('sh', ['-c', 'sleep 1000 & wait'], { detached: true })
  try {
    await expect.poll(() => groupMembers(child.pid!)?.length).toBe(2)
    expect(groupMemoryBytes(child.pid!)).toBeGreaterThan(100_000)
  } finally {
    process.kill(-child.pid!, 'SIGKILL')
  }
  await expect.poll(() => groupMembers(child.pid!)).toEqual([])
  expect(groupMemoryBytes(child.pid!)).toBeNull()
})
