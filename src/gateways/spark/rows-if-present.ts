import { isStationError } from '../../core/errors.ts'
import type { SparkSession, SparkStatementOptions, SparkValue } from './spark-session.ts'

/** Rows of a query, null when a table or view that it names does not exist; Spark says the same of a database that does not exist. */
export async function rowsIfPresent(session: SparkSession, sql: string, options: SparkStatementOptions): Promise<readonly (readonly SparkValue[])[] | null> {
  try {
    return (await session.execute(sql, options)).rows
  } catch (error) {
    if (isStationError(error, 'SQL_REJECTED') && error.facts['condition'] === 'TABLE_OR_VIEW_NOT_FOUND') return null
    throw error
  }
}
