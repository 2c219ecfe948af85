import { epochDay } from '../../../src/core/time.ts'
import type { CaseInput } from '../../../src/capacity/cases/form.ts'

/*
  A second, plain reading of docs/domain.md, indicators: point by point, in doubles, without the tricks of the real job. It shares no code with it
  but the form of a worked case.
*/

export type Meter = CaseInput['meters'][number]
export type User = CaseInput['users'][number]
export type Values = readonly (number | null)[]

/** Equal up to rounding: the inputs have four decimals, so that nothing real lies this close to a limit. */
const epsilon = 1e-9
export const atLeast = (a: number, b: number): boolean => a >= b - epsilon * Math.max(1, Math.abs(b))
export const above = (a: number, b: number): boolean => a > b + epsilon * Math.max(1, Math.abs(b))

/** Minutes since 1970 of a local time. */
export function minuteOf(text: string): number {
  const time = text.slice(11)
  return epochDay(text.slice(0, 10))! * 1_440 + (time === '' ? 0 : Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)))
}

interface Entry {
  readonly from?: string | null | undefined
  readonly to?: string | null | undefined
}

/** Of the entries that hold on a day the one that began last. */
export function entryOn<T extends Entry>(entries: readonly T[], day: number): T | undefined {
  let best: T | undefined
  let bestFrom = -Infinity
  for (const entry of entries) {
    const from = entry.from == null ? -Infinity : epochDay(entry.from.slice(0, 10))!
    const to = entry.to == null ? Infinity : epochDay(entry.to.slice(0, 10))!
    if (from > day || day >= to || from < bestFrom) continue
    best = entry
    bestFrom = from
  }
  return best
}

/** Metering points in the order of the list, each with its meters. */
export function meteringPoints(meters: readonly Meter[]): readonly (readonly Meter[])[] {
  const points = new Map<string, Meter[]>()
  for (const meter of meters) {
    const id = meter.mpId ?? meter.meterId
    points.set(id, [...(points.get(id) ?? []), meter])
  }
  return [...points.values()]
}

export function inForce(meters: readonly Meter[], minute: number): Meter | undefined {
  let best: Meter | undefined
  for (const meter of meters) {
    const from = meter.from == null ? -Infinity : minuteOf(meter.from)
    const to = meter.to == null ? Infinity : minuteOf(meter.to)
    if (from > minute || minute >= to) continue
    if (best === undefined || from >= (best.from == null ? -Infinity : minuteOf(best.from))) best = meter
  }
  return best
}

export class Curves {
  readonly #values = new Map<string, (number | null)[]>()

  constructor(curves: CaseInput['curves']) {
    for (const { meterId, date, kind, rle } of curves) {
      const key = `${meterId}\n${epochDay(date)!}\n${kind}`
      const values = rle.flatMap(([count, value]) => Array.from({ length: count }, () => value))
      const earlier = this.#values.get(key)
      this.#values.set(key, earlier === undefined ? values : values.map((value, k) => value ?? earlier[k] ?? null))
    }
  }

  /** Secondary value of a meter at a point, null when there is none. */
  raw(meterId: string, day: number, kind: string, k: number): number | null {
    return this.#values.get(`${meterId}\n${day}\n${kind}`)?.[k] ?? null
  }

  /** Primary value of a metering point: that of the meter in force at the instant. */
  primary(point: readonly Meter[], day: number, kind: string, k: number): number | null {
    const meter = inForce(point, day * 1_440 + k * 15)
    if (meter === undefined) return null
    const value = this.raw(meter.meterId, day, kind, k)
    if (value === null) return null
    return value * (kind === 'P' || kind === 'Q' ? meter.ct * meter.pt : kind.startsWith('I') ? meter.ct : meter.pt)
  }

  /** Sum over metering points, valid only if all are. */
  sum(points: readonly (readonly Meter[])[], day: number, kind: string, k: number): number | null {
    if (points.length === 0) return null
    let total = 0
    for (const point of points) {
      const value = this.primary(point, day, kind, k)
      if (value === null) return null
      total += value
    }
    return total
  }
}
