import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Context } from '../../core/context.ts'
import type { SparkSession } from '../../gateways/spark/spark-session.ts'
import type { Parameter } from '../../sql/parameters.ts'
import { renderTemplate } from '../../sql/render.ts'
import { splitStatements } from '../../sql/split.ts'

/** Runs a file of `jobs/sql/capacity/data` with its parameters filled in. Errors of the engine name the place in the file. */
export async function runDataSql(session: SparkSession, file: string, options: { readonly parameters: Readonly<Record<string, Parameter>>; readonly signal: AbortSignal }, context: Context): Promise<void> {
  const full = path.join(context.packageRoot, 'jobs', 'sql', 'capacity', 'data', file)
  const rendered = renderTemplate({ path: full, text: readFileSync(full, 'utf8') }, { dialect: 'spark', parameters: options.parameters, fragments: {}, unused: 'allow' })
  for (const statement of splitStatements(rendered, 'spark')) {
    await session.execute(statement.text, { signal: options.signal, origin: statement.where })
  }
}

/** Rows come area by area already: the writer keeps one file open for each bucket and partition instead of sorting all curves first. */
export async function withoutSortingWrites<T>(session: SparkSession, signal: AbortSignal, body: () => Promise<T>): Promise<T> {
  await session.execute('SET spark.sql.maxConcurrentOutputFileWriters=2000', { signal })
  try {
    return await body()
  } finally {
    await session.execute('RESET spark.sql.maxConcurrentOutputFileWriters', { signal: new AbortController().signal }).catch(() => undefined)
  }
}
