export interface Distribution {
  readonly count: number
  readonly meanMs: number | null
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly maximumMs: number | null
}

/** Percentiles by the nearest rank: always a value that was measured. */
export function distribution(valuesMs: readonly number[]): Distribution {
  const sorted = [...valuesMs].sort((left, right) => left - right)
  const rank = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
  const sum = sorted.reduce((total, value) => total + value, 0)
  return { count: sorted.length, meanMs: sorted.length === 0 ? null : Math.round(sum / sorted.length), p50Ms: rank(0.5), p99Ms: rank(0.99), maximumMs: rank(1) }
}

export interface Spread {
  readonly minimum: number
  readonly median: number
  readonly maximum: number
}

/** Of the figures of several runs; null when no run has one. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((left, right) => left - right)
  const [minimum, median, maximum] = [sorted[0], sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)]
  return minimum === undefined || median === undefined || maximum === undefined ? null : { minimum, median, maximum }
}
