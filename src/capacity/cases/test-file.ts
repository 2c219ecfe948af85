import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Profile } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import { StationError } from '../../core/errors.ts'
import { usingCapacitySession } from '../using-capacity-session.ts'
import { parseCases } from './form.ts'
import { testCases, type CasesReport } from './run.ts'

/**
 * `station test capacity --cases FILE`. Throws FILE_MISSING, INPUT_INVALID with all problems of the file, or what the engine threw;
 * cases that do not agree are in the report.
 */
export async function testCasesFile(file: string, options: { readonly profile: Profile; readonly keep?: boolean }, context: Context): Promise<CasesReport> {
  const full = path.resolve(context.cwd, file)
  const text = await readFile(full, 'utf8').catch((cause: unknown) => {
    throw new StationError('FILE_MISSING', `${file} cannot be read`, { where: { file: full }, cause })
  })
  const cases = parseCases(text, file)
  return usingCapacitySession({ ...options, name: 'test capacity' }, context, (session) => testCases(cases, { session, signal: context.signal }, context))
}
