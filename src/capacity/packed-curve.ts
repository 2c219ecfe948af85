import { pointsPerDay } from '../core/time.ts'

/*
  A day's curve as it lies in `curve_day.points`: one layout byte, then 96 little-endian values; the smallest integer means "no value".
  Layout 1: int16 in the kind's unit (P, Q 1 W or var; I 10 mA; U 10 mV). Layout 2: int32 in 10^-4 of kW, kvar, A, V.
*/

export const curveKinds = ['P', 'Q', 'PA', 'PB', 'PC', 'QA', 'QB', 'QC', 'IA', 'IB', 'IC', 'I0', 'UA', 'UB', 'UC'] as const
export type CurveKind = (typeof curveKinds)[number]

/** 96 values in kW, kvar, A or V; null = missing. */
export type CurveValues = readonly (number | null)[]

export interface PackedCurve {
  readonly points: Uint8Array
  readonly validPoints: number
  /** Values with more than four decimals: they were rounded. */
  readonly roundedPoints: number
}

const scale = 10_000
const missing16 = -0x8000
const missing32 = -0x8000_0000
const largest16 = 0x7fff
const largest32 = 0x7fff_ffff

/** How many 10^-4 of the unit one step of layout 1 is. */
function compactStep(kind: CurveKind): number {
  return kind.startsWith('P') || kind.startsWith('Q') ? 10 : 100
}

/**
 * Packs a day: layout 1 when it holds every value exactly, else layout 2. Returns a message instead when the values cannot be a curve:
 * not 96 of them, or one beyond ±214,748.3647.
 */
export function packCurve(kind: CurveKind, values: CurveValues): PackedCurve | string {
  if (values.length !== pointsPerDay) return `a curve has ${pointsPerDay} points, this one ${values.length}`
  const step = compactStep(kind)
  let compact = true
  let validPoints = 0
  let roundedPoints = 0
  const units: (number | null)[] = []
  for (const [index, value] of values.entries()) {
    if (value === null) {
      units.push(null)
      continue
    }
    const unit = Math.round(value * scale)
    if (!Number.isFinite(unit) || Math.abs(unit) > largest32) return `point ${index} is ${value}: a curve holds at most ±${largest32 / scale}`
    if (Math.abs(unit - value * scale) > 1e-6 * Math.max(1, Math.abs(unit) * 1e-3)) roundedPoints++
    validPoints++
    compact &&= unit % step === 0 && Math.abs(unit / step) <= largest16
    units.push(unit)
  }
  const points = new Uint8Array(1 + (compact ? 2 : 4) * pointsPerDay)
  const view = new DataView(points.buffer)
  view.setUint8(0, compact ? 1 : 2)
  for (const [index, unit] of units.entries()) {
    if (compact) view.setInt16(1 + 2 * index, unit === null ? missing16 : unit / step, true)
    else view.setInt32(1 + 4 * index, unit ?? missing32, true)
  }
  return { points, validPoints, roundedPoints }
}

/** The 96 values of a packed day. Returns a message when the bytes are no packed curve. */
export function unpackCurve(kind: CurveKind, points: Uint8Array): CurveValues | string {
  const layout = points[0]
  if (!((layout === 1 && points.length === 1 + 2 * pointsPerDay) || (layout === 2 && points.length === 1 + 4 * pointsPerDay))) {
    return `a packed curve has 193 bytes of layout 1 or 385 of layout 2, this one has ${points.length} of layout ${layout ?? 'none'}`
  }
  const view = new DataView(points.buffer, points.byteOffset, points.byteLength)
  const step = compactStep(kind)
  return Array.from({ length: pointsPerDay }, (_, index) => {
    const raw = layout === 1 ? view.getInt16(1 + 2 * index, true) : view.getInt32(1 + 4 * index, true)
    if (raw === (layout === 1 ? missing16 : missing32)) return null
    return (layout === 1 ? raw * step : raw) / scale
  })
}
