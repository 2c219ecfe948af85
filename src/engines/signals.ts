import { kill } from 'node:process' // sending a signal to another process has no other way
import { groupMembers } from './process-identity.ts'

/** Signals every process of a group; false when none is left. */
export function signalGroup(groupId: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  return deliver(-groupId, signal)
}

/** Zombies that nobody has collected yet do not count. */
export function isGroupAlive(groupId: number): boolean {
  return deliver(-groupId, 0) && (groupMembers(groupId)?.length ?? 1) > 0
}

function deliver(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    kill(target, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}
