import { execFile } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { StationError } from '../core/errors.ts'
import type { Context } from '../core/context.ts'

export const minimumJava = 17

export interface Java {
  readonly command: string
  readonly home: string
  readonly version: string
  readonly major: number
}

/**
 * The Java that engines run on: JAVA_HOME when set, else the one on PATH.
 * Throws JAVA_MISSING when there is none or it is older than 17.
 */
export async function findJava(context: Context): Promise<Java> {
  const configured = context.env['JAVA_HOME']
  const origin = configured === undefined || configured === '' ? 'PATH' : 'JAVA_HOME'
  const command = origin === 'JAVA_HOME' ? path.join(configured!, 'bin', 'java') : onPath('java', context)
  const hint = `Install a JDK ${minimumJava} or newer (on Debian: apt-get install openjdk-17-jdk-headless) and let JAVA_HOME or PATH point to it.`
  if (command === null || !existsSync(command)) {
    throw new StationError('JAVA_MISSING', origin === 'JAVA_HOME' ? `JAVA_HOME holds no Java: ${command} does not exist` : 'no java on PATH and no JAVA_HOME', { hint })
  }
  const output = await versionOutput(command, context)
  const version = /version "([^"]+)"/.exec(output)?.[1]
  if (version === undefined) throw new StationError('JAVA_MISSING', `${command} does not tell its version`, { hint, facts: { command } })
  const major = javaMajor(version)
  if (major < minimumJava) {
    throw new StationError('JAVA_MISSING', `${command} is Java ${version}, ${minimumJava} or newer is needed`, { hint, facts: { command, version, origin } })
  }
  const home = /java\.home = (.+)/.exec(output)?.[1]?.trim() ?? path.dirname(path.dirname(realpathSync(command)))
  return { command, home, version, major }
}

/** 1.8.0_402 → 8, 17.0.15 → 17. */
export function javaMajor(version: string): number {
  const [first = '0', second = '0'] = version.split(/[._-]/)
  return first === '1' ? Number(second) : Number(first)
}

export function onPath(name: string, context: Context): string | null {
  for (const folder of (context.env['PATH'] ?? '').split(path.delimiter)) {
    if (folder !== '' && existsSync(path.join(folder, name))) return path.join(folder, name)
  }
  return null
}

async function versionOutput(command: string, context: Context): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, ['-XshowSettings:properties', '-version'], { env: { ...context.env }, timeout: 30_000, signal: context.signal, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (context.signal.aborted) reject(context.signal.reason as Error)
      else resolve(error !== null && stdout + stderr === '' ? '' : stdout + stderr)
    })
  })
}
