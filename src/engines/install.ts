import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StationError, type Problem } from '../core/errors.ts'
import { withStep, type ProgressStep } from '../core/progress.ts'
import type { Context } from '../core/context.ts'
import { homeDirectory, type EngineDescription } from './description.ts'
import { withLock } from './lock.ts'
import { runTool } from './run-tool.ts'
import { lastLines } from './tail.ts'

export interface InstallOptions {
  readonly cacheDirectory: string
  readonly context: Context
  readonly signal: AbortSignal
}

const installMinutes = 30

/**
 * The home folder of an engine, installed first when it is not in the cache. Several processes may ask at once; a killed install is simply repeated:
 * everything happens in a folder with a temporary name, and only a complete and checked home gets its name.
 * Throws ENGINE_INSTALL_FAILED with the last lines of the package client, ENGINE_LOCKED when another install does not end.
 */
export async function installEngine(description: EngineDescription, options: InstallOptions): Promise<string> {
  const home = homeDirectory(description, options.cacheDirectory)
  if (existsSync(home)) return home
  const parent = path.dirname(home)
  const lock = { context: options.context, signal: options.signal, purpose: `installing ${description.title}`, deadlineMs: options.context.clock.now() + installMinutes * 60_000 }
  return withLock(path.join(parent, `${description.name}.lock`), lock, async () => {
    if (existsSync(home)) return home
    await removeLeftovers(parent, description.name)
    const partial = path.join(parent, `.${description.name}-${options.context.pid}.partial`)
    await mkdir(partial, { recursive: true })
    try {
      await withStep(options.context.progress, `installing ${description.title} ${description.version}`, async (step) => {
        await fetchPip(description, partial, step, options)
        await fetchMaven(description, partial, step, options)
        for (const name of description.folders) await mkdir(path.join(partial, name), { recursive: true })
      })
      await rename(partial, home)
    } finally {
      await rm(partial, { recursive: true, force: true })
    }
    return home
  })
}

export function isInstalled(description: EngineDescription, cacheDirectory: string): boolean {
  return existsSync(homeDirectory(description, cacheDirectory))
}

/** Only called under the lock: whoever made them is gone. */
async function removeLeftovers(parent: string, name: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    if (entry.startsWith(`.${name}-`) && entry.endsWith('.partial')) await rm(path.join(parent, entry), { recursive: true, force: true })
  }
}

async function fetchPip(description: EngineDescription, partial: string, step: ProgressStep, options: InstallOptions): Promise<void> {
  const pip = description.pip
  if (pip === undefined) return
  const downloads = path.join(partial, '.downloads')
  const file = (name: string): string => path.join(description.directory, name)
  step.update('downloading from PyPI')
  // without a cache of its own: the archives are large, and the unpacked home is the cache
  const fixed = ['-m', 'pip', 'download', '--no-deps', '--require-hashes', '--no-cache-dir', '--disable-pip-version-check', '--no-input']
  const env = pip.constraints === undefined ? options.context.env : { ...options.context.env, PIP_CONSTRAINT: file(pip.constraints) }
  await runInstaller(description, 'python3', [...fixed, ...pip.options, '--dest', downloads, '-r', file(pip.requirements)], { ...options, env })

  step.update('unpacking')
  const archives = await readdir(downloads)
  for (const { archive: prefix, folders } of pip.unpack) {
    const archive = archives.find((name) => name.startsWith(prefix))
    if (archive === undefined) throw new StationError('ENGINE_INSTALL_FAILED', `pip downloaded no archive named ${prefix}…`, { facts: { engine: description.name } })
    const pairs = Object.entries(folders).map(([from, to]) => `${from}=${to}`)
    await runInstaller(description, 'python3', [file('unpack.py'), path.join(downloads, archive), partial, ...pairs], { ...options, env: options.context.env })
  }
  await rm(downloads, { recursive: true, force: true })
}

async function fetchMaven(description: EngineDescription, partial: string, step: ProgressStep, options: InstallOptions): Promise<void> {
  const maven = description.maven
  if (maven === undefined) return
  const jars = path.join(partial, '.jars')
  step.update('downloading from Maven Central')
  const pom = path.join(description.directory, maven.pom)
  await runInstaller(description, 'mvn', ['-B', '-ntp', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${jars}`], { ...options, env: options.context.env })
  step.update('checking')
  const names = await checkJars(jars, path.join(description.directory, maven.hashes), description)
  for (const name of names) {
    const place = maven.into.find(({ prefix }) => name.startsWith(prefix))
    if (place === undefined) throw new StationError('UNEXPECTED', `${description.name}.yaml has no folder for ${name}`)
    await mkdir(path.join(partial, place.folder), { recursive: true })
    await rename(path.join(jars, name), path.join(partial, place.folder, name))
  }
  await rm(jars, { recursive: true, force: true })
}

/** Every jar must be in the list with its digest, and every line of the list must have its jar. All differences are reported together. */
export async function checkJars(folder: string, hashFile: string, description: { readonly name: string; readonly title: string }): Promise<readonly string[]> {
  const wanted = new Map(
    (await readFile(hashFile, 'utf8'))
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [digest = '', name = ''] = line.trim().split(/\s+\*?/)
        return [name, digest] as const
      }),
  )
  const present = (await readdir(folder)).sort()
  const problems: Problem[] = []
  for (const name of present) {
    const digest = wanted.get(name)
    if (digest === undefined) problems.push({ message: `${name} is not expected` })
    else if ((await sha256(path.join(folder, name))) !== digest) problems.push({ message: `${name} is not the pinned file` })
  }
  for (const name of wanted.keys()) if (!present.includes(name)) problems.push({ message: `${name} is missing` })
  if (problems.length > 0) {
    throw new StationError('ENGINE_INSTALL_FAILED', `the downloaded files of ${description.title} are not the pinned ones`, {
      hint: 'Check which repository or mirror Maven uses; remove the named files from its local repository and repeat.',
      where: { file: hashFile },
      facts: { engine: description.name },
      problems,
    })
  }
  return present
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

async function runInstaller(description: EngineDescription, command: string, args: readonly string[], options: InstallOptions & { readonly env: Context['env'] }): Promise<void> {
  const logFile = path.join(options.cacheDirectory, 'engines', `install-${description.name}.log`)
  const outcome = await runTool({ command, args, env: options.env, logFile, signal: options.signal })
  if (outcome.kind === 'ended' && outcome.exitCode === 0) return
  const facts = { engine: description.name, log: logFile }
  if (outcome.kind === 'missing') {
    throw new StationError('ENGINE_INSTALL_FAILED', `${command} is needed to install ${description.title}`, { hint: command === 'mvn' ? 'Install Maven 3.6 or newer.' : 'Install Python 3 with pip.', facts })
  }
  const lines = await lastLines(logFile, 12)
  throw new StationError('ENGINE_INSTALL_FAILED', `${description.title} could not be installed: ${command} ended with ${outcome.exitCode}`, {
    hint: `Check that PyPI and Maven Central (or their mirrors) are reachable, then repeat; the whole output is in ${logFile}.`,
    facts,
    retry: 'later',
    problems: lines.map((message) => ({ message })),
  })
}
