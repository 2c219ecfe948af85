import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { findJava } from '../../engines/java.ts'
import { functionJarDirectory } from '../../engines/function-jars.ts'
import { createPlaceLookup, type GridArchive } from '../../grid/archive/archive.ts'
import { formatEventValue } from '../../records/event.ts'
import type { ReplayFeed } from './feed.ts'

export interface VirtualReplayOptions {
  readonly archive: GridArchive
  readonly feed: ReplayFeed
  readonly outFile: string
  /** Settings of the judge, `name=value` separated by semicolons. */
  readonly settings: string
  readonly callsCommand?: string
  /** Heap of the JVM. Default 2g. */
  readonly memory?: string
}

export interface VirtualReplayReport {
  /** Rows by topic, events, and microseconds spent in the judge. */
  readonly outputs: Readonly<Record<string, number>>
  /** What became of the events. */
  readonly counters: Readonly<Record<string, number>>
}

/**
 * The judge of the job in virtual time and without Flink: same functions, same order, one process. For sets that would take hours in step with
 * answers, and to compare with the engine record by record. Throws JAVA_MISSING, JOB_FAILED.
 */
export async function runVirtualReplay(options: VirtualReplayOptions, context: Context): Promise<VirtualReplayReport> {
  const { archive, feed, outFile, settings, callsCommand } = options
  const java = await findJava(context)
  const places = `${outFile}.places`
  if (callsCommand !== undefined) await writePlaces(archive, places)
  const jar = path.join(functionJarDirectory(context.packageRoot), 'outage-judge.jar')
  const args = [`-Xmx${options.memory ?? '2g'}`, '-cp', jar, 'station.outage.VirtualReplay', '-', outFile, settings, ...(callsCommand === undefined ? [] : [callsCommand, places])]
  const child = spawn(java.command, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: context.cwd, env: { ...context.env }, signal: context.signal })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')))
  const ended = once(child, 'close')
  ended.catch(() => undefined)
  child.stdin.on('error', () => undefined) // its exit code tells
  try {
    const write = async (text: string): Promise<void> => {
      if (!child.stdin.write(text)) await Promise.race([once(child.stdin, 'drain'), ended])
    }
    for (const record of feed.topology) await write(`T${JSON.stringify(record)}\n`)
    for await (const batch of feed.events()) {
      if (child.exitCode !== null) break
      await write(`${batch.map(formatEventValue).join('\n')}\n`)
    }
    child.stdin.end()
    const [code] = (await ended) as [number | null]
    if (code !== 0) throw new StationError('JOB_FAILED', `the virtual replay ended with exit ${code ?? 'by signal'}`, { hint: 'Its message stands above; mvn -f jobs/udf/pom.xml package builds the jar.' })
    return JSON.parse(printed) as VirtualReplayReport
  } finally {
    if (child.exitCode === null) child.kill()
    await rm(places, { force: true })
  }
}

/** Where each device hangs, for the answers of calls: `device,area,line,box,phase,kind`. */
async function writePlaces(archive: GridArchive, file: string): Promise<void> {
  const lookup = createPlaceLookup(archive)
  const handle = await open(file, 'w')
  try {
    let lines: string[] = []
    const add = async (id: string, kind: string): Promise<void> => {
      const place = lookup.placeOf(id)
      lines.push(`${[id, place?.areaId ?? '', place?.lineId ?? '', place?.boxId ?? '', place?.phase ?? '', kind].join(',')}\n`)
      if (lines.length < 20_000) return
      await handle.writeFile(lines.join(''))
      lines = []
    }
    for (let meter = 0; meter < archive.meters.node.length; meter++) await add(archive.meters.ids.get(meter), 'METER')
    for (let terminal = 0; terminal < archive.terminals.area.length; terminal++) await add(archive.terminals.ids.get(terminal), 'TERMINAL')
    await handle.writeFile(lines.join(''))
  } finally {
    await handle.close()
  }
}
