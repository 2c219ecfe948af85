export interface Run {
  readonly start: number
  /** Behind its last point. */
  readonly end: number
}

/** Runs of consecutive points that satisfy a condition. */
export function runsOf(length: number, condition: (t: number) => boolean, minimumPoints: number): readonly Run[] {
  const runs: Run[] = []
  let start: number | undefined
  for (let t = 0; t <= length; t++) {
    if (t < length && condition(t)) {
      start ??= t
      continue
    }
    if (start !== undefined && t - start >= minimumPoints) runs.push({ start, end: t })
    start = undefined
  }
  return runs
}

export function daysOf(runs: readonly Run[]): ReadonlySet<number> {
  return new Set(runs.flatMap(({ start, end }) => Array.from({ length: Math.floor((end - 1) / 96) - Math.floor(start / 96) + 1 }, (_, index) => Math.floor(start / 96) + index)))
}

export function runFigures(runs: readonly Run[], days: number): { days: number; hours: number; longest_h: number; runs: number } {
  const lengths = runs.map(({ start, end }) => end - start)
  return { days, hours: lengths.reduce((sum, length) => sum + length, 0) * 0.25, longest_h: Math.max(0, ...lengths) * 0.25, runs: runs.length }
}

export interface FilledSeries {
  readonly values: (number | null)[]
  readonly filled: boolean[]
}

/** At most two missing points between two valid ones of the same day, linearly. */
export function fillGaps(values: readonly (number | null)[]): FilledSeries {
  const result = [...values]
  const filled = values.map(() => false)
  for (let t = 0; t < values.length; t++) {
    if (values[t] !== null) continue
    let end = t
    while (end < values.length && values[end] === null) end++
    const left = t - 1
    const sameDay = t % 96 !== 0 && end < values.length && Math.floor(left / 96) === Math.floor(end / 96)
    if (sameDay && end - t <= 2) {
      for (let j = t; j < end; j++) {
        result[j] = values[left]! + ((values[end]! - values[left]!) * (j - left)) / (end - left)
        filled[j] = true
      }
    }
    t = end - 1
  }
  return { values: result, filled }
}
