import type { Profile } from '../core/config.ts'
import type { Context } from '../core/context.ts'
import { usingEngines } from '../engines/engines.ts'
import { sparkTarget } from '../engines/targets.ts'
import type { SparkSession } from '../gateways/spark/spark-session.ts'
import { usingSparkSession } from '../gateways/spark/using-spark-session.ts'
import { loadJob } from '../jobs/spec.ts'

/** Settings that the tables and functions of the nightly job need in every session: those of the job. */
export function capacitySettings(context: Context): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(loadJob('capacity', context).settings).map(([key, value]) => [key, String(value)]))
}

/** A session on the profile's Spark in which the curve functions can be called. Local engines are started, and stopped again unless `keep`. */
export function usingCapacitySession<T>(options: { readonly profile: Profile; readonly name: string; readonly keep?: boolean }, context: Context, body: (session: SparkSession) => Promise<T>): Promise<T> {
  const { profile, name, keep } = options
  return usingEngines(
    ['spark'],
    { profile },
    context,
    (addresses) => usingSparkSession(sparkTarget(profile, addresses.spark, context), { name, settings: capacitySettings(context), context, signal: context.signal }, body),
    keep === undefined ? {} : { keep },
  )
}
