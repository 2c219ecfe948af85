import { readFileSync } from 'node:fs'
import { isStationError, StationError } from '../core/errors.ts'
import { excerpt } from '../sql/positions.ts'
import type { SqlStatement } from '../sql/split.ts'

/** Runs `body`; when the engine rejects the statement, the error tells the place in the job's file and shows the line. */
export async function withPlace<T>(statement: SqlStatement, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (error) {
    if (!isStationError(error, 'SQL_REJECTED')) throw error
    const within = error.where
    const where = within?.file !== undefined ? within : within?.line === undefined ? statement.where : statement.locate(within.line, within.column ?? 1)
    const shown = where.file === undefined || where.line === undefined ? undefined : excerpt(readFileSync(where.file, 'utf8'), where)
    throw new StationError(error.code, error.message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      where,
      facts: { ...error.facts, statement: statement.kind, ...(shown === undefined ? {} : { excerpt: shown }) },
      retry: error.retry,
      cause: error.cause ?? error,
    })
  }
}
