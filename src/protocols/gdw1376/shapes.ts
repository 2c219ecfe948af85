import { list, record, type Layout, type RecordLayout } from '../layout/layout.ts'
import { a11, a14, a15, a17, a23, bin1, pointsPerHour, a20, a21 } from './formats.ts'

/** Shapes that the tables of AFN 0C and 0D share. */

const tariffs = { field: 'm', plus: 1 } as const
export const tariffLabels: readonly string[] = ['total', ...Array.from({ length: 63 }, (_, index) => `tariff ${index + 1}`)]

/** Total and tariffs 1…m of one register. */
export const registers = (layout: Layout): Layout => list(layout, tariffs, tariffLabels)

/** Read time, tariff count, one register. */
export const readRegisters = (layout: Layout): RecordLayout => record(['readTime', a15], ['m', bin1], ['values', registers(layout)])

/** Read time, tariff count, active, reactive and two quadrants: forward has I and IV, reverse has II and III. */
export const readFour = (first: 'quadrant1' | 'quadrant2', second: 'quadrant4' | 'quadrant3'): RecordLayout =>
  record(['readTime', a15], ['m', bin1], ['active', registers(a14)], ['reactive', registers(a11('kvarh'))], [first, registers(a11('kvarh'))], [second, registers(a11('kvarh'))])

/** Read time, tariff count, demands and then their times, active and reactive. */
export const readDemands: RecordLayout = record(
  ['readTime', a15], ['m', bin1],
  ['activeDemand', registers(a23('kW'))], ['activeTimes', registers(a17)],
  ['reactiveDemand', registers(a23('kvar'))], ['reactiveTimes', registers(a17)],
)

/** Read time, tariff count, each demand with its time. */
export const readDemandPairs = (unit: string): RecordLayout => readRegisters(record(['demand', a23(unit)], ['time', a17]))

/** Tariff count and one register, no read time. */
export const countedRegisters = (layout: Layout): RecordLayout => record(['m', bin1], ['values', registers(layout)])

export const phases = ['A', 'B', 'C']
export const totalAndPhases = ['total', 'A', 'B', 'C']

/*
  Time scales of class 2 data (clause 5.12)
    Td_d  DD MM YY              state at 24:00 of that day
    Td_m  MM YY                 state at 24:00 of the last day of the month
    Td_c  mm hh DD MM YY m n    start, density, points; point i stands at start + i intervals
*/
export const dayScale: RecordLayout = record(['date', a20])
export const monthScale: RecordLayout = record(['month', a21])
export const curveScale: RecordLayout = record(['start', a15], ['m', bin1], ['n', bin1])
export const curveOf = (point: Layout): RecordLayout => record(['start', a15], ['m', bin1], ['n', bin1], ['values', list(point, { field: 'n' })])

/** Td_h of class 1: BCD hour in D5–D0 of byte 1, density in byte 2, then the points of that hour. */
export const hourCurve = (point: Layout): RecordLayout => record(['hour', { type: 'number', bytes: 1, decimals: 0, signed: false, unit: 'h' }], ['m', bin1], ['values', list(point, { field: 'm', of: pointsPerHour })])
