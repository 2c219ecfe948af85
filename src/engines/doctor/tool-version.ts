import { execFile } from 'node:child_process'
import type { Context } from '../../core/context.ts'

/** First line of what a program prints about its version; null when it cannot be run. */
export async function toolVersion(command: string, args: readonly string[], context: Context): Promise<string | null> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { env: { ...context.env }, timeout: 30_000, encoding: 'utf8', signal: context.signal }, (error, stdout) => {
      if (context.signal.aborted) reject(context.signal.reason as Error)
      else if (error !== null) resolve(null)
      else resolve(firstLine(stdout))
    })
  })
}

/** Maven writes in colours. */
function firstLine(text: string): string {
  const line = text.split('\n').find((part) => part.trim() !== '') ?? ''
  return line.replace(/\u001b\[[0-9;]*m/g, '').replace(/ from .*/, '').trim()
}
