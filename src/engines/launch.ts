import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { StationError } from '../core/errors.ts'
import type { Clock } from '../core/context.ts'
import type { ProcessPlan } from './definition.ts'
import { identifyProcess, isFromThisBoot, isSameProcessAlive } from './process-identity.ts'
import { isGroupAlive, signalGroup } from './signals.ts'
import type { ProcessRecord } from './state.ts'

export interface LaunchOptions {
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * Runs a command again and again, one line in the file `$0.restarts` for each end. The pause grows with the number of restarts, so that a
 * process that cannot live does not burn the machine.
 */
const supervisor = 'n=0; while :; do "$@"; echo $? >> "$0.restarts"; n=$((n + 1)); [ $n -gt 20 ] && n=20; sleep $n; done'

/** Starts a process that outlives this one, as the leader of a process group of its own. */
export function launch(plan: ProcessPlan, options: LaunchOptions): ProcessRecord {
  const outputFile = path.join(path.dirname(plan.logFile), `${plan.name}.out`)
  mkdirSync(path.dirname(outputFile), { recursive: true })
  const output = openSync(outputFile, 'w')
  try {
    const [command, args] = plan.supervised === true ? ['/bin/sh', ['-c', supervisor, plan.logFile, plan.command, ...plan.args]] : [plan.command, [...plan.args]]
    const child = spawn(command, args, { cwd: options.workingDirectory, env: { ...options.env, ...plan.env }, stdio: ['ignore', output, output], detached: true })
    child.on('error', () => undefined) // reported below: without a pid nothing runs
    if (child.pid === undefined) throw new StationError('ENGINE_START_FAILED', `${plan.name} could not be started: ${plan.command} cannot be run`, { facts: { process: plan.name } })
    const identity = identifyProcess(child.pid)
    child.unref()
    return { name: plan.name, pid: child.pid, startedAt: identity?.startedAt ?? 'ended at once', logFiles: [plan.logFile, outputFile] }
  } finally {
    closeSync(output)
  }
}

/** One line for each time a supervised process ended. */
export function restartsFile(logFile: string): string {
  return `${logFile}.restarts`
}

/**
 * Ends exactly the recorded groups: TERM, then KILL for those that are left after `graceMs`. A pid that now belongs to another process is left alone.
 */
export async function terminate(records: readonly ProcessRecord[], options: { readonly clock: Clock; readonly graceMs: number }): Promise<void> {
  const groups = records.filter(ownsGroup).map(({ pid }) => pid)
  for (const group of groups) signalGroup(group, 'SIGTERM')
  const deadlineMs = options.clock.now() + options.graceMs
  while (groups.some(isGroupAlive) && options.clock.now() < deadlineMs) await options.clock.sleep(100)
  const left = groups.filter(isGroupAlive)
  for (const group of left) signalGroup(group, 'SIGKILL')
  const killDeadlineMs = options.clock.now() + 5_000
  while (left.some(isGroupAlive) && options.clock.now() < killDeadlineMs) await options.clock.sleep(50)
}

/**
 * A living leader proves that the group is ours. When the leader has died, its pid stays reserved as long as the group has members, so a group
 * of that number without a process of that pid can only be ours too.
 */
function ownsGroup(record: ProcessRecord): boolean {
  if (isSameProcessAlive(record)) return true
  return isFromThisBoot(record) && identifyProcess(record.pid) === null && isGroupAlive(record.pid)
}
