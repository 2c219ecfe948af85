import type { SparkSession } from '../../gateways/spark/spark-session.ts'

/** Rows come area by area already: the writer keeps one file open for each bucket and partition instead of sorting all curves first. */
export async function withoutSortingWrites<T>(session: SparkSession, signal: AbortSignal, body: () => Promise<T>): Promise<T> {
  await session.execute('SET spark.sql.maxConcurrentOutputFileWriters=2000', { signal })
  try {
    return await body()
  } finally {
    await session.execute('RESET spark.sql.maxConcurrentOutputFileWriters', { signal: new AbortController().signal }).catch(() => undefined)
  }
}
