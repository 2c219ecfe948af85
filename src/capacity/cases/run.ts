import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { withStep } from '../../core/progress.ts'
import { functionJarDirectory } from '../../engines/function-jars.ts'
import type { SparkSession } from '../../gateways/spark/spark-session.ts'
import { renderJob, type RenderedJob } from '../../jobs/render.ts'
import { loadJob } from '../../jobs/spec.ts'
import { formatIdentifier } from '../../sql/literals.ts'
import { insertRows } from '../insert-rows.ts'
import { readAreaIndicators, type AreaResult } from '../read-results.ts'
import { bucketCount, createStatements, tables, type TableName } from '../tables.ts'
import { compareCase, type Difference } from './compare.ts'
import type { WorkedCase } from './form.ts'
import { caseRows, prefixed, withoutPrefix, type StoredUnder } from './rows.ts'

export interface CasesOptions {
  /** Opened with `capacitySettings`. */
  readonly session: SparkSession
  readonly signal: AbortSignal
  /** Default: `membership`. */
  readonly storedUnder?: StoredUnder
}

export interface CasesReport {
  readonly cases: number
  readonly failed: number
  readonly differences: readonly Difference[]
  /** Values of the file with more than four decimals, which the tables round. */
  readonly roundedPoints: number
}

/** The statements of the job that compute, without those that choose the areas and publish. */
const outside: readonly string[] = ['areas-to-compute.sql', 'publish.sql']

/** The job's own settings are those of the session: open it with them. */
export function capacityJob(context: Context, options: { readonly database: string; readonly runId: string; readonly from: string; readonly to: string }): RenderedJob {
  const { database, runId, from, to } = options
  return renderJob(loadJob('capacity', context), {
    values: { database, run_id: runId, run_key: runId, window_from: from, window_to: to },
    jarDirectory: functionJarDirectory(context.packageRoot),
  })
}

/** Computes all cases as one data set in one run of the real SQL, in a database of its own that is gone afterwards. Returns the result by case id. */
export async function computeCases(cases: readonly WorkedCase[], options: CasesOptions, context: Context): Promise<{ readonly results: ReadonlyMap<string, AreaResult>; readonly roundedPoints: number }> {
  const { session, signal, storedUnder } = options
  const database = `capacity_cases_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  const runId = 'cases'
  const { tables: rows, roundedPoints } = caseRows(cases, runId, storedUnder)
  // each case has its own window in the list of areas; what is read spans all of them
  const from = cases.map(({ input }) => input.window.from).reduce((first, date) => (date < first ? date : first), '9999-12-31')
  const to = cases.map(({ input }) => input.window.to).reduce((last, date) => (date > last ? date : last), from)
  const job = capacityJob(context, { database, runId, from, to })
  const execute = (sql: string): Promise<unknown> => session.execute(sql, { signal })
  try {
    await withStep(context.progress, `loading ${cases.length} cases`, async () => {
      for (const statement of createStatements(database, bucketCount(cases.length))) await execute(statement)
      for (const [name, list] of Object.entries(rows) as readonly (readonly [TableName, readonly Readonly<Record<string, string>>[]])[]) {
        await insertRows(session, tables[name], list, { database, signal })
      }
    })
    for (const statement of job.statements) {
      const file = statement.where.file ?? ''
      if (outside.some((name) => file.endsWith(`/${name}`))) continue
      await withStep(context.progress, `computing: ${file.slice(file.lastIndexOf('/') + 1)}`, () => session.execute(statement.text, { signal, origin: statement.where }))
    }
    const found = await readAreaIndicators(session, { database, runId, signal })
    const byArea = new Map(found.map((result) => [result.areaId, result]))
    const results = new Map<string, AreaResult>()
    for (const { id, input } of cases) {
      const result = byArea.get(prefixed(id, input.area.areaId))
      if (result !== undefined) results.set(id, { ...result, users: result.users.map((user) => ({ ...user, userId: withoutPrefix(id, user.userId) })) })
    }
    return { results, roundedPoints }
  } finally {
    // also after an interrupt, whose signal would stop this statement too
    await session.execute(`DROP DATABASE IF EXISTS ${formatIdentifier('spark', database)} CASCADE`, { signal: new AbortController().signal }).catch(() => undefined)
  }
}

/** `station test capacity --cases`: every case through the real SQL, compared figure by figure. */
export async function testCases(cases: readonly WorkedCase[], options: CasesOptions, context: Context): Promise<CasesReport> {
  const { results, roundedPoints } = await computeCases(cases, options, context)
  const differences = cases.flatMap((worked) => compareCase(worked, results.get(worked.id)))
  return { cases: cases.length, failed: new Set(differences.map(({ caseId }) => caseId)).size, differences, roundedPoints }
}
