import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import type { Profile } from '../../../src/core/config.ts'
import { engineNames } from '../../../src/engines/addresses.ts'
import { groupMembers } from '../../../src/engines/process-identity.ts'
import { readState } from '../../../src/engines/state.ts'

/** CPU seconds so far by process of the local engines, and of this program as `bench`. Empty where /proc does not tell. */
export async function cpuSeconds(profile: Profile): Promise<ReadonlyMap<string, number>> {
  const used = new Map<string, number>()
  for (const engine of profile.local === null ? [] : engineNames) {
    const state = await readState(profile.stateDirectory, engine)
    for (const { name, pid } of state?.processes ?? []) {
      const seconds = (groupMembers(pid) ?? []).reduce((sum, member) => sum + ticksOf(member.pid) / ticksPerSecond(), 0)
      used.set(name, (used.get(name) ?? 0) + seconds)
    }
  }
  const { user, system } = process.cpuUsage()
  return used.set('bench', (user + system) / 1e6)
}

export function cpuBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...after].map(([name, seconds]) => [name, Math.round((seconds - (before.get(name) ?? 0)) * 10) / 10]))
}

function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return 0
  }
}

let known: number | undefined
function ticksPerSecond(): number {
  known ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return known
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  /** Runnable tasks of the last 1, 5 and 15 minutes: above `cores` somebody waits, and latencies show it. */
  readonly loadAverage: readonly number[]
}

export function describeMachine(): Machine {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    loadAverage: os.loadavg().map((load) => Math.round(load * 10) / 10),
  }
}

/** Peak resident memory so far by process of the local engines, MiB. */
export async function peakMemoryMiB(profile: Profile): Promise<Readonly<Record<string, number>>> {
  const peaks: Record<string, number> = {}
  for (const engine of profile.local === null ? [] : engineNames) {
    for (const { name, pid } of (await readState(profile.stateDirectory, engine))?.processes ?? []) {
      const kilobytes = (groupMembers(pid) ?? []).map((member) => Number(/VmHWM:\s+(\d+) kB/.exec(statusOf(member.pid))?.[1] ?? 0))
      peaks[name] = Math.round(Math.max(0, ...kilobytes) / 1_024)
    }
  }
  return peaks
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
