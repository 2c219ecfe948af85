import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Context } from '../core/context.ts'
import { StationError } from '../core/errors.ts'
import type { SparkResult, SparkSession } from '../gateways/spark/spark-session.ts'
import type { Parameter } from '../sql/parameters.ts'
import { renderTemplate } from '../sql/render.ts'
import { splitStatements } from '../sql/split.ts'

/** Runs a file below `jobs/sql/capacity` with its parameters filled in; the result is that of its last statement. Errors of the engine name the place in the file. */
export async function executeCapacitySql(session: SparkSession, file: string, options: { readonly parameters: Readonly<Record<string, Parameter>>; readonly signal: AbortSignal }, context: Context): Promise<SparkResult> {
  const full = path.join(context.packageRoot, 'jobs', 'sql', 'capacity', file)
  const rendered = renderTemplate({ path: full, text: readFileSync(full, 'utf8') }, { dialect: 'spark', parameters: options.parameters, fragments: {}, unused: 'allow' })
  let result: SparkResult | null = null
  for (const statement of splitStatements(rendered, 'spark')) result = await session.execute(statement.text, { signal: options.signal, origin: statement.where })
  if (result === null) throw new StationError('JOB_INVALID', `${file} holds no statement`, { where: { file: full } })
  return result
}
