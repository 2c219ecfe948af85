import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import type { JobManagerClient } from '../../gateways/flink/job-manager.ts'
import { createPlaceLookup, type GridArchive } from '../../grid/archive/archive.ts'
import type { CallRequest } from '../../records/call.ts'
import type { KafkaClient } from '../../stores/kafka/client.ts'
import { startAnsweringProgram } from './answering-program.ts'
import type { ReplayFeed } from './feed.ts'
import { echoTick, runLockstep, type Echo, type LockstepReport } from './lockstep.ts'
import { eventRecord, finalTickMs } from './write-events.ts'

export interface WithCallsOptions {
  readonly archive: GridArchive
  readonly feed: ReplayFeed
  readonly command: string
  readonly zone: string
  readonly kafka: KafkaClient
  readonly eventsTopic: string
  readonly callTopic: string
  readonly jobId: string
  readonly jobManager: JobManagerClient
  readonly context: Context
  readonly onProgress?: (atMs: number, calls: number) => void
}

const jobCheckMs = 2_000

interface CallRow {
  readonly callId: string | null
  readonly deviceId: string | null
  readonly askedAtMs: number
  readonly nextCallDueMs: number | null
  readonly suspects: number | null
  readonly outageRows: number | null
}

/** Sends the events of a feed to the running job in step with the answers of a program. Throws CALLS_FAILED, JOB_FAILED. */
export async function replayWithCalls(options: WithCallsOptions): Promise<LockstepReport> {
  const { archive, feed, kafka, eventsTopic, callTopic, context } = options
  const stop = new AbortController()
  const signal = AbortSignal.any([context.signal, stop.signal])
  const program = startAnsweringProgram(options.command, { context, zone: options.zone })
  const producer = await kafka.createProducer({ acks: 'leader' })
  const echoes = new EchoBox()
  const reading = kafka.consume({ topics: [callTopic], signal }, (readings) => {
    for (const reading of readings) echoes.take(JSON.parse(reading.value?.toString('utf8') ?? '{}') as CallRow)
  })
  const failure = new Promise<never>((_, reject) => {
    reading.catch((error: unknown) => reject(error as Error))
    void watchJob(options, signal).catch((error: unknown) => reject(error as Error))
  })
  failure.catch(() => undefined)
  try {
    return await runLockstep(
      {
        events: feed.events(),
        lookup: createPlaceLookup(archive),
        topologyVersion: 1,
        async send(rows, tickAtMs) {
          const echo = echoes.at(tickAtMs - 1)
          await producer.send(eventsTopic, [...rows, echoTick(tickAtMs)].map(eventRecord))
          return Promise.race([echo, failure])
        },
        ask: (requests) => Promise.race([program.ask(requests), failure]),
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      },
      finalTickMs,
    )
  } finally {
    stop.abort()
    await program.close()
    await producer.close()
  }
}

async function watchJob({ jobManager, jobId, context }: WithCallsOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await context.clock.sleep(jobCheckMs, signal).catch(() => undefined)
    if (signal.aborted) return
    const job = await jobManager.job(jobId, { signal })
    if (['FAILED', 'CANCELED', 'FINISHED'].includes(job.state)) {
      const [exception] = await jobManager.exceptions(jobId, { signal })
      throw new StationError('JOB_FAILED', `the replay ended as ${job.state.toLowerCase()}: ${exception?.summary ?? 'no cause given'}`, { facts: { jobId } })
    }
  }
}

/** Collects requests until the echo that stands behind them. A restarted job may repeat both. */
class EchoBox {
  private requests = new Map<string, CallRequest>()
  private waiting: { readonly atMs: number; readonly resolve: (echo: Echo) => void } | undefined
  private readonly seen = new Set<string>()

  at(atMs: number): Promise<Echo> {
    return new Promise((resolve) => (this.waiting = { atMs, resolve }))
  }

  take(row: CallRow): void {
    if (row.callId !== null && row.deviceId !== null) {
      if (this.seen.has(row.callId)) return
      this.seen.add(row.callId)
      this.requests.set(row.callId, { callId: row.callId, deviceId: row.deviceId, askedAtMs: row.askedAtMs })
      return
    }
    if (this.waiting?.atMs !== row.askedAtMs) return
    const { resolve } = this.waiting
    this.waiting = undefined
    const requests = [...this.requests.values()]
    this.requests = new Map()
    resolve({ requests, nextCallDueMs: row.nextCallDueMs, suspects: row.suspects ?? 0, outageRows: row.outageRows ?? 0 })
  }
}
