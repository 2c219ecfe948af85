import { existsSync } from 'node:fs'
import path from 'node:path'
import { readLines } from '../../core/line-reader.ts'
import { problemsError, StationError, type Problem } from '../../core/errors.ts'
import { pointsPerDay } from '../../core/time.ts'
import type { ProfileShape } from './profile-curves.ts'

const seasons = ['Winter', 'Summer'] as const

/**
 * Measured days of households: `Winter_Load_Profiles.csv` and `Summer_Load_Profiles.csv` (or `.csv.gz`), one column a household,
 * one row an equal part of the day (96, 288 or another multiple of 96), kW. Household K becomes profile `K`, averaged to quarter-hours.
 * Throws FILE_MISSING, INPUT_INVALID with every problem of both files.
 */
export async function readHouseholdProfiles(directory: string, signal: AbortSignal): Promise<readonly ProfileShape[]> {
  const problems: Problem[] = []
  const [winter, summer] = await Promise.all(seasons.map((season) => readSeason(directory, season, problems, signal)))
  if (winter!.length !== summer!.length && problems.length === 0) problems.push({ message: `winter has ${winter!.length} households, summer ${summer!.length}`, where: { file: directory } })
  if (problems.length > 0) throw problemsError('INPUT_INVALID', 'the household profiles cannot be used', problems)
  return winter!.map((day, index) => ({ profileId: String(index + 1), winter: day, summer: summer![index]! }))
}

/** Days of one season by household. */
async function readSeason(directory: string, season: string, problems: Problem[], signal: AbortSignal): Promise<readonly (readonly number[])[]> {
  const name = `${season}_Load_Profiles.csv`
  const file = [name, `${name}.gz`].map((candidate) => path.join(directory, candidate)).find((candidate) => existsSync(candidate))
  if (file === undefined) throw new StationError('FILE_MISSING', `there is no ${name} in ${directory}`, { where: { file: directory } })
  const rows: number[][] = []
  for await (const { lines, firstLine } of readLines(file, { signal })) {
    for (const [index, text] of lines.entries()) {
      if (text.trim() === '') continue
      const row = text.split(',').map(Number)
      const bad = row.findIndex((value) => !Number.isFinite(value) || value < 0)
      const where = { file, line: firstLine + index }
      if (bad >= 0) problems.push({ message: `column ${bad + 1} is not a load in kW`, where })
      if (rows[0] !== undefined && row.length !== rows[0].length) problems.push({ message: `${row.length} households, the first row has ${rows[0].length}`, where })
      rows.push(row)
    }
  }
  const perPoint = rows.length / pointsPerDay
  if (!Number.isInteger(perPoint) || perPoint < 1) {
    problems.push({ message: `${rows.length} rows are not a multiple of ${pointsPerDay}`, where: { file }, hint: 'The file must hold one whole day.' })
    return []
  }
  const mean = (household: number, point: number): number => {
    let sum = 0
    for (let part = 0; part < perPoint; part++) sum += rows[point * perPoint + part]![household] ?? 0
    return Number((sum / perPoint).toFixed(4))
  }
  return (rows[0] ?? []).map((_, household) => Array.from({ length: pointsPerDay }, (_unused, point) => mean(household, point)))
}
