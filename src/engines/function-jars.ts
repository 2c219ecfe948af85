import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'

/** Where the build leaves the jars of `jobs/udf`. */
export function functionJarDirectory(packageRoot: string): string {
  return path.join(packageRoot, 'jobs', 'udf', 'dist')
}

export async function listFunctionJars(packageRoot: string): Promise<readonly string[]> {
  const folder = functionJarDirectory(packageRoot)
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => path.join(folder, name))
}

/** Digest over names and contents; empty list = empty text. */
export async function digestFunctionJars(packageRoot: string): Promise<string> {
  const jars = await listFunctionJars(packageRoot)
  if (jars.length === 0) return ''
  const hash = createHash('sha256')
  for (const jar of jars) hash.update(path.basename(jar)).update(await readFile(jar))
  return hash.digest('hex').slice(0, 16)
}

/** A running JVM must not lose its jars to the next build: it gets copies. */
export async function copyFunctionJars(packageRoot: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  for (const jar of await listFunctionJars(packageRoot)) await copyFile(jar, path.join(target, path.basename(jar)))
}

/**
 * Copies the jars into a folder named after their content and returns it: a job keeps the functions it was submitted with
 * while the next build replaces the files in `jobs/udf/dist`.
 */
export function keepFunctionJars(packageRoot: string, stateDirectory: string): string {
  const folder = functionJarDirectory(packageRoot)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jar')).sort() : []
  const hash = createHash('sha256')
  for (const name of names) hash.update(name).update(readFileSync(path.join(folder, name)))
  const kept = path.join(stateDirectory, 'jars', hash.digest('hex').slice(0, 16))
  if (existsSync(kept)) return kept
  const proposal = `${kept}.${Math.random().toString(36).slice(2)}`
  mkdirSync(proposal, { recursive: true })
  for (const name of names) copyFileSync(path.join(folder, name), path.join(proposal, name))
  try {
    renameSync(proposal, kept)
  } catch (error) {
    if (!existsSync(kept)) throw error // otherwise another process was faster
  }
  return kept
}
