import type { MeterRange } from './sim-grid.ts'

/** A time without supply of a range of meters; of all its areas' terminals too when it stands at the area or above on all phases. */
export interface DarkInterval {
  readonly meters: MeterRange
  /** Areas whose terminals are dark, empty below the area and on one phase. */
  readonly areas: MeterRange
  /** 0 A, 1 B, 2 C; −1 all phases. */
  readonly phase: number
  readonly startAtMs: number
  readonly endAtMs: number
  /** Incident that it belongs to. */
  readonly incident: number
}

const nothing: readonly DarkInterval[] = []

/** Which devices are without supply when. Kept by feeder: lists stay short however large the grid is. */
export class Darkness {
  readonly #byFeeder = new Map<number, DarkInterval[]>()

  add(feeder: number, interval: DarkInterval): void {
    const list = this.#byFeeder.get(feeder)
    if (list === undefined) this.#byFeeder.set(feeder, [interval])
    else list.push(interval)
  }

  of(feeder: number): readonly DarkInterval[] {
    return this.#byFeeder.get(feeder) ?? nothing
  }

  all(): Iterable<readonly [feeder: number, intervals: readonly DarkInterval[]]> {
    return this.#byFeeder
  }
}

/** A three-phase meter (phase 3) keeps its supply when one phase is gone. */
export function isMeterDark(intervals: readonly DarkInterval[], meter: number, phase: number, atMs: number, except = -1): boolean {
  for (const interval of intervals) {
    if (atMs >= interval.startAtMs && atMs < interval.endAtMs && meter >= interval.meters.from && meter < interval.meters.to && (interval.phase < 0 || interval.phase === phase) && interval.incident !== except) return true
  }
  return false
}

export function isTerminalDark(intervals: readonly DarkInterval[], area: number, atMs: number, except = -1): boolean {
  for (const interval of intervals) {
    if (atMs >= interval.startAtMs && atMs < interval.endAtMs && area >= interval.areas.from && area < interval.areas.to && interval.incident !== except) return true
  }
  return false
}
