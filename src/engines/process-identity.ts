import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A process that can be told from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** Opaque: boot and start tick on Linux, start time elsewhere. */
  readonly startedAt: string
}

/** Identity of a living process, or null when no process has this pid (a zombie counts as dead). */
export function identifyProcess(pid: number): ProcessIdentity | null {
  if (!Number.isInteger(pid) || pid <= 0) return null
  const stat = readOrNull(`/proc/${pid}/stat`)
  if (stat !== null) {
    // the command name may hold spaces and brackets: the fields begin after the last bracket, the first of them is the state
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTick] = [fields[0], fields[19]]
    if (state === 'Z' || state === 'X' || startTick === undefined) return null
    return { pid, startedAt: `${bootId()}/${startTick}` }
  }
  return readOrNull('/proc/self/stat') === null ? identifyByPs(pid) : null
}

export function isSameProcessAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt
}

/** False when the machine was started anew since: then no recorded process can be alive. */
export function isFromThisBoot(identity: ProcessIdentity): boolean {
  return !identity.startedAt.includes('/') || identity.startedAt.startsWith(`${bootId()}/`)
}

let knownBootId: string | undefined
function bootId(): string {
  knownBootId ??= readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown'
  return knownBootId
}

/** Systems without /proc. */
function identifyByPs(pid: number): ProcessIdentity | null {
  try {
    const startedAt = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    return startedAt === '' ? null : { pid, startedAt }
  } catch {
    return null
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** Resident memory of all processes of a group; null where /proc does not tell. */
export function groupMemoryBytes(groupId: number): number | null {
  const pageBytes = 4_096
  const members = groupMembers(groupId)
  return members === null || members.length === 0 ? null : members.reduce((sum, { residentPages }) => sum + residentPages * pageBytes, 0)
}

/** Members of a process group that still run (not zombies that nobody has collected yet); null where /proc does not tell. */
export function groupMembers(groupId: number): readonly { readonly pid: number; readonly residentPages: number }[] | null {
  if (readOrNull('/proc/self/stat') === null) return null
  return directoryOrEmpty('/proc').flatMap((entry) => {
    const stat = /^\d+$/.test(entry) ? readOrNull(`/proc/${entry}/stat`) : null
    if (stat === null) return []
    const [state, , group, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (group !== String(groupId) || state === 'Z' || state === 'X') return []
    return [{ pid: Number(entry), residentPages: Number(rest[18]) }]
  })
}

function directoryOrEmpty(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
