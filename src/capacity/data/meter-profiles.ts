import { createReadStream, existsSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse'
import { problemsError, type Problem } from '../../core/errors.ts'

export interface MeterProfile {
  readonly meterId: string
  readonly areaId: string
  /** Number of the household profile, from 1. */
  readonly profile: number
}

/**
 * User meters of a grid archive with the number of their household profile: from `profile.csv` where an importer wrote it,
 * else one after the other. Numbers beyond the last profile begin again at the first: feeders have more customers than were measured.
 * Throws INPUT_INVALID for what is not a number of a profile.
 */
export async function readMeterProfiles(gridDirectory: string, profiles: number, signal: AbortSignal): Promise<readonly MeterProfile[]> {
  const numbers = new Map<string, number>()
  const problems: Problem[] = []
  const file = path.join(gridDirectory, 'profile.csv')
  if (existsSync(file)) {
    for await (const { record, line } of rowsOf(file, signal)) {
      const profile = Number(record['profile'])
      if (!Number.isInteger(profile) || profile < 1) problems.push({ message: `meter ${record['meter_id']} has profile '${record['profile']}'`, where: { file, line } })
      numbers.set(record['meter_id'] ?? '', ((profile - 1) % profiles) + 1)
    }
  }
  if (problems.length > 0) throw problemsError('INPUT_INVALID', 'profile.csv is not of its form', problems)
  const meters: MeterProfile[] = []
  for await (const { record } of rowsOf(path.join(gridDirectory, 'meter.csv'), signal)) {
    const meterId = record['meter_id'] ?? ''
    if (record['role'] === 'USER') meters.push({ meterId, areaId: record['area_id'] ?? '', profile: numbers.get(meterId) ?? (meters.length % profiles) + 1 })
  }
  return meters
}

async function* rowsOf(file: string, signal: AbortSignal): AsyncGenerator<{ readonly record: Readonly<Record<string, string>>; readonly line: number }> {
  const parser = createReadStream(file, { signal }).pipe(parse({ columns: true, bom: true, skip_empty_lines: true, info: true }))
  for await (const { record, info } of parser as AsyncIterable<{ readonly record: Readonly<Record<string, string>>; readonly info: { readonly lines: number } }>) yield { record, line: info.lines }
}
