import { localText } from './date-time.ts'
import type { CosemData } from './message.ts'
import { clockOf } from './push.ts'

/** One captured object of a load profile: attribute 3 of class 7. */
export interface CaptureObject {
  readonly classId: number
  readonly obis: string
  readonly attribute: number
}

export interface ProfileRow {
  /** Local time `YYYY-MM-DDThh:mm:ss`; null when neither the row nor a row before it has one. */
  readonly time: string | null
  readonly values: readonly CosemData[]
}

/*
 * Load profile buffer (chapter 8.1): array of structures in the order of the capture objects.
 * A clock that is null means the time before plus the period; any other null is a missing value, unless the profile is told to be
 * delta-compressed: then it repeats the row before. Rows lost to an outage are simply absent.
 */
export function readProfile(buffer: CosemData, options: { readonly objects: readonly CaptureObject[]; readonly periodS: number; readonly compressed?: boolean }): readonly ProfileRow[] {
  if (buffer.type !== 'array') return []
  const clockAt = options.objects.findIndex((object) => object.classId === 8)
  const rows: ProfileRow[] = []
  let before: readonly CosemData[] = []
  let time: string | null = null
  for (const row of buffer.value) {
    if (row.type !== 'structure' || row.value.length !== options.objects.length) continue
    const values = options.compressed === true ? row.value.map((value, index) => (value.type === 'null-data' ? (before[index] ?? value) : value)) : row.value
    const told = row.value[clockAt]
    time = told !== undefined && told.type !== 'null-data' ? localText(clockOf(told)) : later(time, options.periodS)
    rows.push({ time, values })
    before = values
  }
  return rows
}

function later(time: string | null, seconds: number): string | null {
  return time === null ? null : new Date(Date.parse(`${time}Z`) + seconds * 1000).toISOString().slice(0, 19)
}
