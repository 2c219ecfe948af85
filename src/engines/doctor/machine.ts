import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import path from 'node:path'
import { versions } from 'node:process' // the version of the runtime itself
import type { Context } from '../../core/context.ts'
import { findJava, onPath } from '../java.ts'
import { toolVersion } from './tool-version.ts'
import { bad, failed, ok, warn, type Finding } from './finding.ts'

const mib = 1_048_576
const gib = 1_024 * mib
const minimumNode = [20, 19] as const

export function checkNode(): Finding {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number)
  const enough = major > minimumNode[0] || (major === minimumNode[0] && minor >= minimumNode[1])
  return enough ? ok('node', `Node ${versions.node}`) : bad('node', `Node ${versions.node} is too old`, `Install Node ${minimumNode.join('.')} or newer.`)
}

export async function checkJava(context: Context): Promise<Finding> {
  try {
    const java = await findJava(context)
    const found = `Java ${java.version} at ${java.home}`
    if (!existsSync(path.join(java.home, 'bin', 'javac'))) return warn('java', `${found} has no compiler`, 'The engines run; building the functions in jobs/udf needs a JDK (on Debian: apt-get install openjdk-17-jdk-headless).')
    return ok('java', found)
  } catch (error) {
    context.signal.throwIfAborted()
    return failed('java', error)
  }
}

/** Tools that are only needed while something is still to be installed are no fault afterwards. */
export async function checkInstaller(tool: 'pip' | 'mvn', needed: boolean, context: Context): Promise<Finding> {
  const [command, args, install] = tool === 'pip' ? (['python3', ['-m', 'pip', '--version'], 'apt-get install python3-pip'] as const) : (['mvn', ['-version'], 'apt-get install maven'] as const)
  const version = await toolVersion(command, args, context)
  if (version !== null) return ok(tool, version)
  const message = `${command} ${args.join(' ')} does not work`
  const hint = `It downloads the engines (on Debian: ${install}).`
  return needed ? bad(tool, message, hint) : warn(tool, message, hint)
}

/** Flink and Spark start by their own scripts. */
export function checkShell(context: Context): Finding {
  return onPath('bash', context) === null ? bad('bash', 'there is no bash on PATH', 'Flink and Spark start by bash scripts: install it.') : ok('bash', 'found')
}

/** `neededBytes`: what the engines that do not run yet may take. */
export function checkMemory(neededBytes: number): Finding {
  const total = Math.min(totalmem(), controlGroupLimit() ?? Infinity)
  const available = Math.min(availableMemory() ?? total, total)
  const numbers = `${format(available)} free of ${format(total)}, the engines not running yet may take ${format(neededBytes)}`
  if (neededBytes > total) return bad('memory', numbers, 'Lower engines.local.memory in station.yaml, or use a larger machine.')
  if (neededBytes > available) return warn('memory', numbers, 'Close other programs or lower engines.local.memory in station.yaml.')
  return ok('memory', numbers)
}

export function checkProcessors(): Finding {
  const count = availableParallelism()
  return count >= 2 ? ok('processors', `${count}`) : warn('processors', `${count}`, 'Starting takes long on one processor: raise startTimeoutSeconds in station.yaml if engines time out.')
}

export async function checkFolder(check: string, folder: string, neededBytes: number): Promise<Finding> {
  let existing = folder
  while (!existsSync(existing) && path.dirname(existing) !== existing) existing = path.dirname(existing)
  try {
    accessSync(existing, constants.W_OK)
  } catch {
    return bad(check, `${existing} cannot be written`, 'Change its rights, or choose another folder (STATION_CACHE, STATION_STATE).')
  }
  const { bavail, bsize } = await statfs(existing)
  const free = bavail * bsize
  const message = `${folder}: ${format(free)} free`
  if (free < neededBytes) return bad(check, `${message}, ${format(neededBytes)} needed`, 'Make room, or choose another folder (STATION_CACHE, STATION_STATE).')
  return ok(check, message)
}

/** 512m, 2g → bytes. */
export function parseMemory(text: string): number {
  return Number(text.slice(0, -1)) * (text.endsWith('g') ? gib : mib)
}

function format(bytes: number): string {
  return bytes >= gib ? `${(bytes / gib).toFixed(1)} GiB` : `${Math.round(bytes / mib)} MiB`
}

function availableMemory(): number | null {
  const match = /^MemAvailable:\s+(\d+) kB/m.exec(readOrEmpty('/proc/meminfo'))
  return match === null ? null : Number(match[1]) * 1_024
}

function controlGroupLimit(): number | null {
  const limit = Number(readOrEmpty('/sys/fs/cgroup/memory.max').trim() || NaN)
  return Number.isFinite(limit) ? limit : null
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
