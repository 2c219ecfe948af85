import { problemsError, type Problem } from '../../core/errors.ts'
import { epochDay, formatEpochDay } from '../../core/time.ts'
import type { InsertRow } from '../insert-rows.ts'
import { packCurve, type CurveKind } from '../packed-curve.ts'
import type { TableName } from '../tables.ts'
import type { WorkedCase } from './form.ts'

export interface CaseRows {
  readonly tables: Readonly<Partial<Record<TableName, readonly InsertRow[]>>>
  /** Values with more than four decimals. */
  readonly roundedPoints: number
}

type FilledTable = 'areaToCompute' | 'gridArea' | 'gridRated' | 'gridMeter' | 'gridUser' | 'gridContract' | 'gridMembership' | 'curveDay' | 'registerDay' | 'gridApplication'

/** Between the id of a case and an id of its own. */
const separator = '/'

export function prefixed(caseId: string, id: string): string {
  return `${caseId}${separator}${id}`
}

export function withoutPrefix(caseId: string, id: string): string {
  return id.slice(caseId.length + separator.length)
}

/** Under which area a user's rows lie: where the user belonged on the date, or where it belonged first, as if nobody had known of its moves when they were written. */
export type StoredUnder = 'membership' | 'first stay'

/**
 * All cases as rows of one data set: every id carries the id of its case, every case's area is on the list with the window of the case.
 * Throws INPUT_INVALID when a curve cannot be packed.
 */
export function caseRows(cases: readonly WorkedCase[], runId: string, storedUnder: StoredUnder = 'membership'): CaseRows {
  const rows = { areaToCompute: [], gridArea: [], gridRated: [], gridMeter: [], gridUser: [], gridContract: [], gridMembership: [], curveDay: [], registerDay: [], gridApplication: [] } satisfies Partial<Record<TableName, InsertRow[]>> as Record<FilledTable, InsertRow[]>
  const problems: Problem[] = []
  let roundedPoints = 0
  for (const { id, input } of cases) {
    const own = (name: string): string => prefixed(id, name)
    const areaId = own(input.area.areaId)
    rows.areaToCompute.push({ area_id: areaId, window_from: input.window.from, window_to: input.window.to, run_id: runId })
    rows.gridArea.push({ area_id: areaId, feeder_id: own('feeder'), connection: input.area.connection })
    for (const { from, to, kva } of input.area.rated) rows.gridRated.push({ id: areaId, value: kva, ...dates(from, to) })

    const memberships = new Map<string, readonly { readonly area: string; readonly from: number; readonly to: number }[]>()
    for (const { userId, contractKva, contract, membership } of input.users) {
      rows.gridUser.push({ user_id: own(userId), contract_kva: contractKva ?? null })
      for (const { from, to, kva } of contract ?? []) rows.gridContract.push({ id: own(userId), value: kva, ...dates(from, to) })
      // without membership a user belongs to the area on every day
      const stays = membership == null || membership.length === 0 ? [{ areaId: input.area.areaId, from: null, to: null }] : membership
      for (const stay of stays) rows.gridMembership.push({ id: own(userId), value: own(stay.areaId), ...dates(stay.from, stay.to) })
      memberships.set(userId, stays.map((stay) => ({ area: own(stay.areaId), from: day(stay.from) ?? -Infinity, to: day(stay.to) ?? Infinity })))
    }
    for (const [listed, meter] of input.meters.entries()) {
      rows.gridMeter.push({
        meter_id: own(meter.meterId), mp_id: own(meter.mpId ?? meter.meterId), role: meter.role, user_id: meter.role === 'USER' ? own(meter.userId ?? '') : null, area_id: areaId,
        phase: meter.phase ?? null, wiring: meter.wiring, ct: meter.ct, pt: meter.pt, from: localTime(meter.from), to: localTime(meter.to),
        start_ef: register(meter.startEf), stop_ef: register(meter.stopEf), listed,
      })
    }
    const userOf = new Map(input.meters.map(({ meterId, role, userId }) => [meterId, role === 'USER' ? userId : null]))
    for (const [key, { meterId, date, kind, values }] of mergedCurves(input.curves)) {
      const packed = packCurve(kind, values)
      if (typeof packed === 'string') {
        problems.push({ message: `case ${id}: curve ${key}: ${packed}` })
        continue
      }
      roundedPoints += packed.roundedPoints
      const userId = userOf.get(meterId)
      const stays = userId == null ? [] : (memberships.get(userId) ?? [])
      const stored = (storedUnder === 'membership' ? areaOn(stays, day(date) ?? 0) : stays[0]?.area) ?? areaId
      rows.curveDay.push({ meter_id: own(meterId), area_id: stored, date, kind, points: packed.points, valid_points: packed.validPoints, quality: 0, month: date.slice(0, 4) + date.slice(5, 7) })
    }
    for (const { meterId, date, ef } of input.registers) rows.registerDay.push({ meter_id: own(meterId), date, ef: register(ef) })
    for (const [index, { kva, category, phases, status }] of input.applications.entries()) {
      rows.gridApplication.push({ application_id: own(String(index)), area_id: areaId, kva, category, phases, status })
    }
  }
  if (problems.length > 0) throw problemsError('INPUT_INVALID', 'curves cannot be stored', problems)
  return { tables: rows, roundedPoints }
}

interface MergedCurve {
  readonly meterId: string
  readonly date: string
  readonly kind: CurveKind
  readonly values: (number | null)[]
}

/** Pieces of one curve become one row: a later valid value replaces an earlier one, a missing one never erases. */
function mergedCurves(curves: WorkedCase['input']['curves']): ReadonlyMap<string, MergedCurve> {
  const merged = new Map<string, MergedCurve>()
  for (const { meterId, date, kind, rle } of curves) {
    const values = rle.flatMap(([count, value]) => new Array<number | null>(count).fill(value))
    const key = `${kind} of meter ${meterId} on ${date}`
    const earlier = merged.get(key)
    if (earlier === undefined) merged.set(key, { meterId, date, kind, values })
    else for (const [index, value] of values.entries()) if (value !== null) earlier.values[index] = value
  }
  return merged
}

/** Of the stays that hold on a day the one that began last. */
function areaOn(stays: readonly { readonly area: string; readonly from: number; readonly to: number }[], onDay: number): string | undefined {
  let found: { readonly area: string; readonly from: number } | undefined
  for (const stay of stays) if (stay.from <= onDay && onDay < stay.to && (found === undefined || stay.from >= found.from)) found = stay
  return found?.area
}

function day(text: string | null | undefined): number | null {
  return text == null ? null : epochDay(text.slice(0, 10))
}

function dates(from: string | null | undefined, to: string | null | undefined): { readonly from: string | null; readonly to: string | null } {
  const asDate = (text: string | null | undefined): string | null => {
    const value = day(text)
    return value === null ? null : formatEpochDay(value)
  }
  return { from: asDate(from), to: asDate(to) }
}

function localTime(text: string | null | undefined): string | null {
  if (text == null) return null
  return text.length === 10 ? `${text}T00:00:00` : text.length === 16 ? `${text}:00` : text
}

/** kWh as 0.01 kWh. */
function register(kwh: number | null | undefined): number | null {
  return kwh == null ? null : Math.round(kwh * 100)
}
