import type { SparkSession } from '../../gateways/spark/spark-session.ts'
import { bucketCount, createStatements } from '../tables.ts'

/** Makes the database, the tables of the nightly job and the view of the published run, with buckets for about so many areas. What exists stays. */
export async function createCapacityTables(session: SparkSession, options: { readonly database: string; readonly areas: number; readonly signal: AbortSignal }): Promise<{ readonly buckets: number }> {
  const buckets = bucketCount(options.areas)
  for (const statement of createStatements(options.database, buckets)) await session.execute(statement, { signal: options.signal })
  return { buckets }
}
