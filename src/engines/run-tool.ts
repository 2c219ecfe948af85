import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { signalGroup } from './signals.ts'

export interface ToolRun {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Takes both output streams. */
  readonly logFile: string
  readonly cwd?: string
  readonly signal: AbortSignal
}

export type ToolOutcome = { readonly kind: 'ended'; readonly exitCode: number } | { readonly kind: 'missing' }

/** Runs a helper program to its end. When the signal aborts, its whole process group is killed and the reason is thrown. */
export async function runTool(run: ToolRun): Promise<ToolOutcome> {
  run.signal.throwIfAborted()
  mkdirSync(path.dirname(run.logFile), { recursive: true })
  const output = openSync(run.logFile, 'a')
  try {
    return await new Promise<ToolOutcome>((resolve, reject) => {
      const child = spawn(run.command, [...run.args], { cwd: run.cwd, env: { ...run.env }, stdio: ['ignore', output, output], detached: true })
      const abort = (): void => {
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
      }
      run.signal.addEventListener('abort', abort, { once: true })
      const settle = (finish: () => void): void => {
        run.signal.removeEventListener('abort', abort)
        finish()
      }
      child.once('error', (error: NodeJS.ErrnoException) => settle(() => (error.code === 'ENOENT' ? resolve({ kind: 'missing' }) : reject(error))))
      child.once('exit', (code) => settle(() => (run.signal.aborted ? reject(run.signal.reason) : resolve({ kind: 'ended', exitCode: code ?? 1 }))))
    })
  } finally {
    closeSync(output)
  }
}
