import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packCurve, unpackCurve, type CurveKind, type PackedCurve } from '../../src/capacity/packed-curve.ts'

const curve = (values: readonly (number | null)[]): (number | null)[] => [...values, ...new Array<null>(96 - values.length).fill(null)]

describe('a packed curve', () => {
  it('takes two bytes a point when watts hold every value, else four', () => {
    expect(packCurve('P', curve([0.001, -32.767]))).toMatchObject({ points: expect.objectContaining({ length: 193 }), validPoints: 2 })
    expect(packCurve('P', curve([32.768]))).toMatchObject({ points: expect.objectContaining({ length: 385 }) })
    expect(packCurve('P', curve([0.0015]))).toMatchObject({ points: expect.objectContaining({ length: 385 }) })
    expect(packCurve('UA', curve([327.67]))).toMatchObject({ points: expect.objectContaining({ length: 193 }) })
    expect(packCurve('IA', curve([0.005]))).toMatchObject({ points: expect.objectContaining({ length: 385 }) })
  })
  it('has the layout byte first and little-endian values behind, the smallest integer for a missing point', () => {
    const { points } = packCurve('P', curve([0.258, null])) as PackedCurve
    expect([...points.slice(0, 5)]).toEqual([1, 2, 1, 0, 128])
  })
  it('counts values that it had to round', () => {
    expect(packCurve('P', curve([1.23456, 1.2345]))).toMatchObject({ roundedPoints: 1 })
  })
  it('says what is wrong with 95 points, 97 points and a value beyond its range', () => {
    expect(packCurve('P', new Array<number>(95).fill(1))).toBe('a curve has 96 points, this one 95')
    expect(packCurve('P', new Array<number>(97).fill(1))).toBe('a curve has 96 points, this one 97')
    expect(packCurve('P', curve([214_748.3648]))).toContain('holds at most')
  })
  it('gives back what went in', () => {
    const value = fc.oneof(fc.constant(null), fc.integer({ min: -400_000, max: 400_000 }).map((units) => units / 10_000), fc.integer({ min: -2_147_483_647, max: 2_147_483_647 }).map((units) => units / 10_000))
    fc.assert(
      fc.property(fc.constantFrom<CurveKind>('P', 'Q', 'IA', 'UC', 'I0', 'QB'), fc.array(value, { minLength: 96, maxLength: 96 }), (kind, values) => {
        const packed = packCurve(kind, values) as PackedCurve
        expect(unpackCurve(kind, packed.points)).toEqual(values)
      }),
    )
  })
  it('refuses bytes that are no curve', () => {
    expect(unpackCurve('P', new Uint8Array(191))).toContain('191')
    expect(unpackCurve('P', new Uint8Array(193))).toContain('layout 0')
  })
})
