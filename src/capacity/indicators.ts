/*
  The 15 indicators and their figures: names, columns and how two values of one are compared (docs/domain.md, indicators).
*/

export const indicatorIds = ['I01', 'I02', 'I03', 'I04', 'I05', 'I06', 'I07', 'I08', 'I09', 'I10', 'I11', 'I12', 'I13', 'I14', 'I15'] as const
export type IndicatorId = (typeof indicatorIds)[number]

/** `measure`: two decimals; `ratio`: four; the others compare exactly. */
export type FigureKind = 'measure' | 'ratio' | 'count' | 'instant' | 'date' | 'phase'

export interface Figure {
  /** As worked cases and people call it, for example `max_pct`. */
  readonly name: string
  /** In `area_indicator`. */
  readonly column: string
  readonly kind: FigureKind
  readonly unit: string
}

export interface Indicator {
  readonly id: IndicatorId
  readonly title: string
  readonly figures: readonly Figure[]
  /** The indicator also names users, in `area_indicator_user`. */
  readonly users?: 'plain' | 'ratio'
}

function figure(id: IndicatorId, name: string, kind: FigureKind, unit = ''): Figure {
  return { name, column: `${id.toLowerCase()}_${name.toLowerCase()}`, kind, unit }
}

function runFigures(id: IndicatorId): readonly Figure[] {
  return [figure(id, 'days', 'count', 'd'), figure(id, 'hours', 'measure', 'h'), figure(id, 'longest_h', 'measure', 'h'), figure(id, 'runs', 'count')]
}

export const indicators: readonly Indicator[] = [
  { id: 'I01', title: 'maximum load', figures: [figure('I01', 'kw', 'measure', 'kW'), figure('I01', 'at', 'instant')] },
  { id: 'I02', title: 'load rate', figures: [figure('I02', 'max_pct', 'measure', '%'), figure('I02', 'at', 'instant'), figure('I02', 'avg_pct', 'measure', '%')] },
  { id: 'I03', title: 'load factor', figures: [figure('I03', 'pct', 'measure', '%')] },
  { id: 'I04', title: 'peak-valley difference', figures: [figure('I04', 'mean_pct', 'measure', '%'), figure('I04', 'max_diff_kw', 'measure', 'kW'), figure('I04', 'max_diff_date', 'date'), figure('I04', 'days', 'count', 'd')] },
  { id: 'I05', title: 'hours of maximum load', figures: [figure('I05', 'energy_kwh', 'measure', 'kWh'), figure('I05', 'energy_days', 'count', 'd'), figure('I05', 'hours', 'measure', 'h')] },
  { id: 'I06', title: 'heavy load', figures: runFigures('I06') },
  { id: 'I07', title: 'overload', figures: runFigures('I07') },
  { id: 'I08', title: 'current imbalance', figures: [...runFigures('I08'), figure('I08', 'max_pct', 'measure', '%'), figure('I08', 'at', 'instant')] },
  { id: 'I09', title: 'voltage pass rate', figures: [figure('I09', 'pass_pct', 'measure', '%'), figure('I09', 'over_pct', 'measure', '%'), figure('I09', 'under_pct', 'measure', '%'), figure('I09', 'points', 'count')] },
  { id: 'I10', title: 'low-voltage users', figures: [figure('I10', 'count', 'count')], users: 'plain' },
  { id: 'I11', title: 'users over capacity', figures: [figure('I11', 'count', 'count')], users: 'ratio' },
  { id: 'I12', title: 'power factor', figures: [figure('I12', 'pf', 'ratio')] },
  { id: 'I13', title: 'coincidence factor', figures: [figure('I13', 'factor', 'ratio'), figure('I13', 'coincident_kw', 'measure', 'kW'), figure('I13', 'sum_of_max_kw', 'measure', 'kW'), figure('I13', 'users', 'count')] },
  { id: 'I14', title: 'openable capacity', figures: [figure('I14', 'kva', 'measure', 'kVA'), figure('I14', 'allowed_kva', 'measure', 'kVA'), figure('I14', 'max_kva', 'measure', 'kVA'), figure('I14', 'committed_kva', 'measure', 'kVA')] },
  { id: 'I15', title: 'openable capacity per phase', figures: [figure('I15', 'A', 'measure', 'kVA'), figure('I15', 'B', 'measure', 'kVA'), figure('I15', 'C', 'measure', 'kVA'), figure('I15', 'recommend', 'phase')] },
]

/** Value of a figure: numbers as numbers, instants as `2025-07-01T10:00:00+08:00`, dates as `2025-07-01`. */
export type FigureValue = number | string | null

/** How far apart two values of a figure may lie and still be called the same. */
export function toleranceOf(kind: FigureKind): number {
  return kind === 'measure' ? 0.01 : kind === 'ratio' ? 0.0001 : 0
}

/** True when both are equal as far as the figure is given: half a step of binary rounding on top of the tolerance. */
export function agrees(kind: FigureKind, expected: FigureValue, actual: FigureValue): boolean {
  if (typeof expected === 'number' && typeof actual === 'number') return Math.abs(expected - actual) <= toleranceOf(kind) + 1e-9 * Math.max(1, Math.abs(expected))
  return expected === actual
}
