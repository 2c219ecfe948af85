import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { LocalEngines, Profile } from '../core/config.ts'
import type { Context } from '../core/context.ts'
import { asStationError, isStationError, StationError } from '../core/errors.ts'
import { withStep, type ProgressStep } from '../core/progress.ts'
import { bringUp } from './bring-up.ts'
import type { ClassArchive, EngineDefinition, EngineRun } from './definition.ts'
import type { EngineDescription } from './description.ts'
import type { Java } from './java.ts'
import { terminate } from './launch.ts'
import { withLock } from './lock.ts'
import { choosePorts } from './ports.ts'
import { engineDirectory } from './state.ts'
import { stopEngine } from './stop.ts'

export interface ArchiveRequest {
  readonly description: EngineDescription
  readonly home: string
  readonly java: Java
  readonly profile: Profile
  readonly local: LocalEngines
  readonly context: Context
  readonly signal: AbortSignal
}

/** Writing some 25,000 classes at the end of the JVM takes half a minute on a slow machine. */
const writingMs = 300_000
const waitMs = 900_000

/**
 * The archive of classes (class data sharing of the JVM) from which an engine starts in half the time, made when it is missing: the engine is
 * started once in a folder of its own, runs its training statements, and writes the classes it has loaded when it ends. One archive serves all
 * profiles; the JVM itself refuses one that does not fit its version or class path and then starts as without.
 *
 * Returns null for an engine without training, and when the archive could not be made: that is logged and noted in a file beside it, so that it
 * is not tried at every start. Throws only when the signal aborts, or ENGINE_LOCKED.
 */
export async function ensureClassArchive(definition: EngineDefinition, request: ArchiveRequest): Promise<ClassArchive | null> {
  const { description, context, signal } = request
  if (definition.train === undefined || description.training === undefined) return null
  const training = await readFile(path.join(description.directory, description.training), 'utf8')
  const file = archiveFile(request, training)
  const refusal = `${file}.failed`
  const found = (): ClassArchive | null | undefined => (existsSync(file) ? { file, use: 'read' } : existsSync(refusal) ? null : undefined)
  const before = found()
  if (before !== undefined) return before
  const folder = path.join(path.dirname(request.home), `.${description.name}-classes`)
  return withLock(`${folder}.lock`, { context, signal, purpose: `preparing ${description.title}`, deadlineMs: context.clock.now() + waitMs }, async () => {
    const meanwhile = found()
    if (meanwhile !== undefined) return meanwhile
    // of an earlier attempt that was killed: under the lock nobody else uses it
    await stopEngine(folder, definition.name, context)
    await rm(folder, { recursive: true, force: true })
    try {
      const written = await withStep(context.progress, `preparing ${description.title} ${description.version} to start faster, once`, (step) => writeArchive(definition, request, { folder, training }, step))
      await removeOlder(request.home)
      await rename(written, file)
      return { file, use: 'read' }
    } catch (error) {
      signal.throwIfAborted()
      const { message, problems } = asStationError(error)
      context.log.write('warn', `${description.title} will start without an archive of its classes, which takes longer: ${message}`, { engine: description.name })
      // an engine that could not start at all says so in a moment; once it can, this is worth another attempt
      if (!isStationError(error, 'ENGINE_START_FAILED')) await writeFile(refusal, [message, ...problems.map((problem) => problem.message), 'Delete this file to let it be tried again.', ''].join('\n'))
      return null
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}

/** Named after all that the JVM would refuse it for: home, Java; and after what it was trained on. */
function archiveFile({ home, java }: ArchiveRequest, training: string): string {
  const digest = createHash('sha256').update(JSON.stringify([java.home, java.version, training])).digest('hex').slice(0, 10)
  return `${home}.${digest}.jsa`
}

/** Archives of the same home for a Java or a training that is no more; a JVM that still uses one keeps it. */
async function removeOlder(home: string): Promise<void> {
  const folder = path.dirname(home)
  for (const entry of await readdir(folder)) {
    if (entry.startsWith(`${path.basename(home)}.`) && /\.jsa(\.failed)?$/.test(entry)) await rm(path.join(folder, entry), { force: true })
  }
}

async function writeArchive(definition: EngineDefinition, request: ArchiveRequest, place: { readonly folder: string; readonly training: string }, step: ProgressStep): Promise<string> {
  const { description, home, java, local, context, signal } = request
  const profile: Profile = { ...request.profile, stateDirectory: place.folder }
  const directory = engineDirectory(place.folder, definition.name)
  await mkdir(directory, { recursive: true })
  const file = path.join(place.folder, 'classes.jsa')
  const ports = await choosePorts({ names: definition.ports, fixed: {}, profileName: profile.name, engine: definition.name })
  const run: EngineRun = { home, java, profile, local, description, directory, configDirectory: path.join(directory, 'conf'), logDirectory: path.join(directory, 'log'), ports, classArchive: { file, use: 'write' }, context, signal }
  const { processes } = await bringUp(definition, run, { fingerprint: 'training', owner: 'run' }, step)
  const end = (graceMs: number): Promise<void> => terminate(processes, { clock: context.clock, graceMs })
  const abort = (): void => void end(0)
  signal.addEventListener('abort', abort, { once: true })
  try {
    step.update('running statements that load its classes')
    await definition.train!(run, place.training)
    signal.throwIfAborted()
    step.update('writing its classes')
    const deadlineMs = context.clock.now() + writingMs
    await end(writingMs)
    if (context.clock.now() < deadlineMs && existsSync(file)) return file
    throw new StationError('ENGINE_INSTALL_FAILED', `${description.title} wrote no archive of its classes`, { facts: { engine: definition.name } })
  } finally {
    signal.removeEventListener('abort', abort)
    await end(0)
  }
}
