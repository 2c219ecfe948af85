import path from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Profile } from '../core/config.ts'
import type { Context } from '../core/context.ts'
import { isStationError, StationError } from '../core/errors.ts'
import { functionJarDirectory } from '../engines/function-jars.ts'
import { usingEngines } from '../engines/engines.ts'
import { withLock } from '../engines/lock.ts'
import { sparkTarget } from '../engines/targets.ts'
import { usingSparkSession } from '../gateways/spark/using-spark-session.ts'
import { renderJob, type ParameterValue } from './render.ts'
import { runBatch, type BatchRunReport } from './run-batch.ts'
import { parameterValues } from './sources.ts'
import { loadJob } from './spec.ts'

export interface RunJobOptions {
  readonly profile: Profile
  /** Last day of the window, inclusive. */
  readonly date: string
  /** Default: the window of job.yaml. */
  readonly windowDays?: number
  readonly values?: Readonly<Record<string, ParameterValue>>
  readonly deadlineAtMs?: number
  readonly force?: boolean
  /** Leave engines that this run started running. */
  readonly keep?: boolean
}

/**
 * `station run JOB --date D`: one batch job over one window on the profile's Spark.
 * Throws what `runBatch` throws, JOB_LOCKED while another process runs the same job, USAGE for a streaming job.
 */
export async function runJob(name: string, options: RunJobOptions, context: Context): Promise<BatchRunReport> {
  const spec = loadJob(name, context)
  if (spec.engine !== 'spark') throw new StationError('USAGE', `job ${name} is a streaming job`, { hint: `Use 'station submit ${name}'.` })
  const { profile, date, windowDays = spec.windowDays } = options
  const runId = `${date}-${randomUUID().slice(0, 8)}`
  const job = renderJob(spec, {
    values: options.values ?? {},
    sources: parameterValues({ profile, run: { date, windowDays, runId } }),
    jarDirectory: functionJarDirectory(context.packageRoot),
  })
  const run = (): Promise<BatchRunReport> =>
    usingEngines(['spark'], { profile }, context, (addresses) =>
      usingSparkSession(sparkTarget(profile, addresses.spark, context), { name: job.clusterName, settings: job.settings, context, signal: context.signal }, (session) => {
        const { deadlineAtMs, force } = options
        return runBatch({ job, date, windowDays, runId }, { session, signal: context.signal, ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }), ...(force === undefined ? {} : { force }) }, context)
      }),
      options.keep === undefined ? {} : { keep: options.keep },
    )
  try {
    return await withLock(path.join(profile.stateDirectory, `run-${spec.name}.lock`), { context, purpose: `running job ${spec.name}`, deadlineMs: context.clock.now(), signal: context.signal }, run)
  } catch (error) {
    if (isStationError(error, 'ENGINE_LOCKED') && error.message.includes(`running job ${spec.name}`)) {
      throw new StationError('JOB_LOCKED', error.message, { hint: 'Wait until it has ended; two runs of one job would publish over each other.', cause: error })
    }
    throw error
  }
}
