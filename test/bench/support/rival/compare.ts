import type { DuckDBConnection } from '@duckdb/node-api'
import { epochDay, formatEpochDay, formatInstant } from '../../../../src/core/time.ts'
import { agrees, indicators, type FigureValue } from '../../../../src/capacity/indicators.ts'
import type { AreaResult } from '../../../../src/capacity/read-results.ts'

/** Every figure of every area in which the rival and the job do not agree, as text. */
export async function compareWithRival(ours: readonly AreaResult[], connection: DuckDBConnection, firstDay: string): Promise<readonly string[]> {
  const rows = (await connection.runAndReadAll('SELECT * FROM result')).getRowObjectsJson()
  const byArea = new Map(rows.map((row) => [row['area_id'] as string, row]))
  const differences: string[] = []
  for (const { areaId, figures } of ours) {
    const theirs = byArea.get(areaId)
    for (const { column, kind } of indicators.flatMap((indicator) => indicator.figures)) {
      const raw = theirs?.[column] ?? null
      const value: FigureValue = raw === null ? null : kind === 'phase' ? (raw as string) : kind === 'instant' ? instant(firstDay, Number(raw)) : kind === 'date' ? formatEpochDay(epochDay(firstDay)! + Number(raw)) : Number(raw)
      const own = figures[column] ?? null
      if (!agrees(kind, own, value)) differences.push(`${areaId} ${column}: job ${own}, DuckDB ${value}`)
    }
  }
  if (rows.length !== ours.length) differences.push(`${ours.length} areas of the job, ${rows.length} of DuckDB`)
  return differences
}

/** Point t counted from the first day, 00:00 at +08:00. */
function instant(firstDay: string, t: number): string {
  return formatInstant(epochDay(firstDay)! * 86_400_000 - 28_800_000 + t * 900_000, 'Asia/Shanghai').replace('.000', '')
}
