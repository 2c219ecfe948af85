import { formatIdentifier, formatLiteral } from '../sql/literals.ts'
import type { SparkSession } from '../gateways/spark/spark-session.ts'
import { qualifiedName, type Table } from './tables.ts'

/** A row by column name: numbers, texts, dates `2025-07-01`, local times `2025-07-01T12:00:00`, bytes; absent or null = NULL. */
export type InsertRow = Readonly<Record<string, string | number | boolean | Uint8Array | readonly number[] | null | undefined>>

export interface InsertOptions {
  readonly database: string
  readonly signal: AbortSignal
  /** Text per statement; the gateway's limit for a message is far above. */
  readonly chunkBytes?: number
}

const defaultChunkBytes = 8_000_000

/**
 * Inserts rows as they are, for small tables and test data: one JSON text per statement, which the engine reads strictly by the table's types.
 * Large data belongs into files that the engine reads itself.
 */
export async function insertRows(session: SparkSession, table: Table, rows: readonly InsertRow[], options: InsertOptions): Promise<void> {
  const { database, signal, chunkBytes = defaultChunkBytes } = options
  const names = table.columns.map(({ name }) => formatIdentifier('spark', name)).join(', ')
  const schema = `ARRAY<STRUCT<${table.columns.map(({ name, type }) => `${formatIdentifier('spark', name)}: ${type}`).join(', ')}>>`
  const distribution = table.bucketed === true ? ' DISTRIBUTE BY area_id' : ''
  for (const chunk of chunks(rows, chunkBytes)) {
    const source = `inline(from_json(${formatLiteral('spark', { type: 'string', value: chunk })}, ${formatLiteral('spark', { type: 'string', value: schema })}, map('mode', 'FAILFAST')))`
    await session.execute(`INSERT INTO ${qualifiedName(database, table)} SELECT ${names} FROM (SELECT ${source})${distribution}`, { signal })
  }
}

function* chunks(rows: readonly InsertRow[], chunkBytes: number): Generator<string> {
  let parts: string[] = []
  let size = 0
  for (const row of rows) {
    const text = JSON.stringify(row, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value))
    if (size + text.length > chunkBytes && parts.length > 0) {
      yield `[${parts.join(',')}]`
      parts = []
      size = 0
    }
    parts.push(text)
    size += text.length
  }
  if (parts.length > 0) yield `[${parts.join(',')}]`
}
