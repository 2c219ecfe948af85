import { StationError } from '../../core/errors.ts'
import { rowsIfPresent } from '../../gateways/spark/rows-if-present.ts'
import type { SparkSession } from '../../gateways/spark/spark-session.ts'
import { bucketCount, createStatements, tablesVersion, versionView } from '../tables.ts'

export interface CreateTablesOptions {
  readonly database: string
  readonly areas: number
  readonly signal: AbortSignal
}

/**
 * Makes the database, the tables of the nightly job and the view of the published run, with buckets for about so many areas. What exists stays;
 * tables of an older version become those of this one. Throws TABLES_UNFIT for tables of a newer version.
 */
export async function createCapacityTables(session: SparkSession, options: CreateTablesOptions): Promise<{ readonly buckets: number }> {
  const { database, areas, signal } = options
  // none without the database, and in one from before its tables had a version
  const found = Number((await rowsIfPresent(session, `SELECT version FROM ${versionView(database)}`, { signal }))?.[0]?.[0] ?? 0)
  if (found > tablesVersion) {
    throw new StationError('TABLES_UNFIT', `the tables of database '${database}' are of version ${found}, this station makes version ${tablesVersion}`, { hint: 'Update station, or name another database.', facts: { database, found, made: tablesVersion } })
  }
  const buckets = bucketCount(areas)
  for (const statement of createStatements(database, buckets)) await session.execute(statement, { signal })
  return { buckets }
}
