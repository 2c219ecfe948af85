import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { functionJarDirectory } from '../../engines/function-jars.ts'
import { findJava } from '../../engines/java.ts'
import type { CallRequest } from '../../records/call.ts'
import { formatEventValue, type ValidEvent } from '../../records/event.ts'
import type { ReplayFeed } from './feed.ts'

export interface VirtualReplayOptions {
  readonly feed: ReplayFeed
  /** File of outages; none when absent. */
  readonly outFile?: string
  /** Settings of the judge, `name=value` separated by semicolons. */
  readonly settings: string
  /** Answers the calls of one instant, in their order; null = not asked. Without it nobody answers. */
  readonly answer?: (requests: readonly CallRequest[]) => Promise<readonly (ValidEvent | null)[]>
  /** Heap of the JVM. Default 2g. */
  readonly memory?: string
}

export interface VirtualReplayReport {
  /** Rows by topic, events, and microseconds spent in the judge. */
  readonly outputs: Readonly<Record<string, number>>
  /** What became of the events. */
  readonly counters: Readonly<Record<string, number>>
  /** Bytes of the state: of the tree, and of everything else at its largest, with the outages open then. */
  readonly state: { readonly topologyBytes: number; readonly episodeBytesAtMost: number; readonly openOutagesThen: number }
}

/**
 * The judge of the job in virtual time and without Flink: same functions, same order, one process. Time stands still while calls are answered.
 * Throws JAVA_MISSING, JOB_FAILED, and what `answer` throws.
 */
export async function runVirtualReplay(options: VirtualReplayOptions, context: Context): Promise<VirtualReplayReport> {
  const { feed, outFile, settings, answer } = options
  const java = await findJava(context)
  const jar = path.join(functionJarDirectory(context.packageRoot), 'outage-judge.jar')
  const args = [`-Xmx${options.memory ?? '2g'}`, '-cp', jar, 'station.outage.VirtualReplay', '-', outFile ?? '-', settings, ...(answer === undefined ? [] : ['ask'])]
  const child = spawn(java.command, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: context.cwd, env: { ...context.env }, signal: context.signal })
  const ended = once(child, 'close')
  ended.catch(() => undefined)
  child.stdin.on('error', () => undefined) // its exit code tells
  const write = async (text: string): Promise<void> => {
    if (!child.stdin.write(text)) await Promise.race([once(child.stdin, 'drain'), ended])
  }
  let summary = ''
  const reading = (async () => {
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (!line.startsWith('ASK ')) summary = line
      else if (answer !== undefined) await write((await answer(JSON.parse(line.slice(4)) as readonly CallRequest[])).map((event) => `A${event === null ? '' : formatEventValue(event)}\n`).join(''))
    }
  })()
  const failed = reading.then(() => new Promise<never>(() => undefined))
  failed.catch(() => undefined)
  try {
    const feeding = (async () => {
      for (const record of feed.topology) await write(`T${JSON.stringify(record)}\n`)
      for await (const batch of feed.events()) {
        if (child.exitCode !== null) return
        await write(`${batch.map(formatEventValue).join('\n')}\n`)
      }
      await write('E\n')
    })()
    await Promise.race([feeding, failed])
    const [code] = (await Promise.race([ended, failed])) as [number | null]
    if (code !== 0) throw new StationError('JOB_FAILED', `the virtual replay ended with exit ${code ?? 'by signal'}`, { hint: 'Its message stands above; mvn -f jobs/udf/pom.xml package builds the jar.' })
    return JSON.parse(summary) as VirtualReplayReport
  } finally {
    // first, so that it does not complain about an end in the middle
    if (child.exitCode === null) child.kill()
    child.stdin.destroy()
  }
}
