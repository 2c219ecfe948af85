import { list, record, hex, type Layout, type RecordLayout } from '../layout/layout.ts'
import { a2, a3, a5, a6, a7, a8, a9, a10, a11, a13, a14, a15, a17, a18, a23, a25, bin1, bin2, bin4 } from './formats.ts'
import { clockEvents, demandNames, eightRegisters, phaseFailures, prepayment, relayState, settled, switchEvents } from './afn-current.ts'
import { countedRegisters, curveOf, curveScale, dayScale, monthScale, phases, readDemandPairs, readDemands, readFour, readRegisters, totalAndPhases } from './shapes.ts'
import { join, row, type UnitRow } from './unit-layout.ts'

const kvarh = a11('kvarh')
const withTime = (layout: Layout, time: Layout): Layout => record(['value', layout], ['time', time])

/** Curves, AFN 0D (5.12): Td_c and n points. */
const curves: readonly (readonly [fn: number, words: string, point: Layout])[] = [
  [73, 'group active power', a2('kW')],
  [74, 'group reactive power', a2('kvar')],
  [75, 'group active energy', a3('kWh')],
  [76, 'group reactive energy', a3('kvarh')],
  ...totalAndPhases.map((phase, index) => [81 + index, `active power ${phase}`, a9('kW')] as const),
  ...totalAndPhases.map((phase, index) => [85 + index, `reactive power ${phase}`, a9('kvar')] as const),
  ...phases.map((phase, index) => [89 + index, `voltage ${phase}`, a7] as const),
  ...phases.map((phase, index) => [92 + index, `current ${phase}`, a25] as const),
  [95, 'neutral current', a25],
  [96, 'reserved', a8], // one terminal family sends two bytes for each point, digits of unknown scale
  ...demandNames.map(([words], index) => [97 + index, `${words} energy`, a13(index % 2 === 0 ? 'kWh' : 'kvarh')] as const),
  ...demandNames.map(([words], index) => [101 + index, `${words} reading`, a11(index % 2 === 0 ? 'kWh' : 'kvarh')] as const),
  ...totalAndPhases.map((phase, index) => [105 + index, `power factor ${phase}`, a5('%')] as const),
  [109, 'voltage angles', list(a5('°'), 3, phases)],
  [110, 'current angles', list(a5('°'), 3, phases)],
  [138, 'DC analogue value', a2('')],
  // the order of the quadrants is that of the standard: I, IV, II, III
  [145, 'quadrant I reactive reading', kvarh],
  [146, 'quadrant IV reactive reading', kvarh],
  [147, 'quadrant II reactive reading', kvarh],
  [148, 'quadrant III reactive reading', kvarh],
  [217, 'carrier noise', bin1],
  [218, 'carrier noise in detail', hex(7)],
]

const maximumPowers = (unit: string): readonly (readonly [string, Layout])[] => [['maxima', list(withTime(a23(unit), a18), 4, totalAndPhases)]]
const voltageStatistics: RecordLayout = record(
  ['minutes', list(record(['upperUpper', bin2], ['lowerLower', bin2], ['upper', bin2], ['lower', bin2], ['qualified', bin2]), 3, phases)],
  ['extremes', list(record(['max', a7], ['maxTime', a18], ['min', a7], ['minTime', a18]), 3, phases)],
  ['averages', list(a7, 3, phases)],
)
const unbalance = (time: Layout): RecordLayout => record(['currentMinutes', bin2], ['voltageMinutes', bin2], ['currentMax', withTime(a5('%'), time)], ['voltageMax', withTime(a5('%'), time)])
const currentStatistics: RecordLayout = record(
  ['minutes', list(record(['upperUpper', bin2], ['upper', bin2]), 3, phases)],
  ['neutralUpperMinutes', bin2],
  ['maxima', list(withTime(a25, a18), 4, [...phases, 'neutral'])],
)
const apparentStatistics: RecordLayout = record(['upperUpperMinutes', bin2], ['upperMinutes', bin2])
const loadRate = (time: Layout): RecordLayout => record(['max', withTime(a5('%'), time)], ['min', withTime(a5('%'), time)])
const factorBands: RecordLayout = record(['minutes', list(bin2, 3)])
const losses: RecordLayout = record(['copper', a14], ['iron', a14])
const powered: RecordLayout = record(['minutes', bin2], ['resets', bin2])
const trips: RecordLayout = record(['trips', list(bin1, 4)])
const traffic: RecordLayout = record(['bytes', bin4])
const groupExtremes: RecordLayout = record(['max', withTime(a2('kW'), a18)], ['min', withTime(a2('kW'), a18)], ['zeroMinutes', bin2])
const groupEnergy = countedRegisters(a3('kWh'))
const harmonics = (layout: Layout): RecordLayout => record(['maxima', list(withTime(layout, a17), 19)])
const orderAndTotal = { field: 'n', of: (n: number): number => Math.max(1, n) } as const
const harmonicMinutes: RecordLayout = record(['n', bin1], ['voltage', list(bin2, orderAndTotal)], ['current', list(bin2, orderAndTotal)])
const analogueStatistics: RecordLayout = record(['lowerMinutes', bin2], ['upperMinutes', bin2], ['max', withTime(a2(''), a18)], ['min', withTime(a2(''), a18)])
const phaseReadings: RecordLayout = record(
  ['readTime', a15], ['forwardActive', list(a14, 3, phases)], ['forwardReactive', list(kvarh, 3, phases)], ['reverseActive', list(a14, 3, phases)], ['reverseReactive', list(kvarh, 3, phases)],
)
/** F246 (2013): the meter's own last ten power-offs, newest first. */
const powerOffs: RecordLayout = record(['count', a10], ['outages', list(record(['off', a15], ['on', a15]), 10)])

interface HistoryItem {
  readonly words: string
  readonly layout: Layout
  /** First class of the daily, the reading-day and the monthly column. */
  readonly day?: number | string
  readonly reading?: number | string
  readonly month?: number | string
  /** The monthly column where its times are longer. */
  readonly monthLayout?: Layout
}

const history: readonly HistoryItem[] = [
  { words: 'forward readings', day: 1, reading: 9, month: 17, layout: readFour('quadrant1', 'quadrant4') },
  { words: 'reverse readings', day: 2, reading: 10, month: 18, layout: readFour('quadrant2', 'quadrant3') },
  { words: 'forward demands', day: 3, reading: 11, month: 19, layout: readDemands },
  { words: 'reverse demands', day: 4, reading: 12, month: 20, layout: readDemands },
  ...demandNames.map(([words], index): HistoryItem => ({ words: `${words} energy`, day: 5 + index, month: 21 + index, layout: countedRegisters(a13(index % 2 === 0 ? 'kWh' : 'kvarh')) })),
  { words: 'maximum powers', day: 25, month: 33, layout: record(...maximumPowers('kW'), ['zeroMinutes', list(bin2, 4, totalAndPhases)]) },
  { words: 'maximum demands', day: 26, month: 34, layout: record(...maximumPowers('kW')) },
  { words: 'voltage statistics', day: 27, month: 35, layout: voltageStatistics },
  { words: 'unbalance statistics', day: 28, month: 36, layout: unbalance(a18), monthLayout: unbalance(a17) },
  { words: 'current statistics', day: 29, month: 37, layout: currentStatistics },
  { words: 'apparent power statistics', day: 30, month: 38, layout: apparentStatistics },
  { words: 'load rate', day: 31, month: 39, layout: loadRate(a18), monthLayout: loadRate(a17) },
  { words: 'phase failures', day: 32, layout: phaseFailures },
  { words: 'power factor bands', day: 43, month: 44, layout: factorBands },
  { words: 'losses', day: 45, month: 46, layout: losses },
  { words: 'powered time of the terminal', day: 49, month: 51, layout: powered },
  { words: 'trips', day: 50, month: 52, layout: trips },
  { words: 'traffic', day: 53, month: 54, layout: traffic },
  { words: 'group extremes', day: 57, month: 60, layout: groupExtremes },
  { words: 'group active energy', day: 58, month: 61, layout: groupEnergy },
  { words: 'group reactive energy', day: 59, month: 62, layout: groupEnergy },
  { words: 'over the power limit', month: '65-66', layout: record(['minutes', bin2], ['energy', a3('kWh')]) },
  { words: 'current harmonics', day: '113-115', layout: harmonics(a6('A')) },
  { words: 'voltage harmonics', day: '116-118', layout: harmonics(a5('%')) },
  { words: 'minutes over the harmonic limits', day: '121-123', layout: harmonicMinutes },
  { words: 'DC analogue statistics', day: 129, month: 130, layout: analogueStatistics },
  { words: 'readings of each phase', day: '153-156', month: '157-160', layout: phaseReadings },
  ...eightRegisters.map(([words, layout], index): HistoryItem => ({ words: `${words} reading`, day: 161 + index, reading: 169 + index, month: 177 + index, layout: readRegisters(layout) })),
  ...demandNames.map(([words, unit], index): HistoryItem => ({ words: `maximum ${words} demand`, day: 185 + index, reading: 189 + index, month: 193 + index, layout: readDemandPairs(unit) })),
  { words: 'readings of a time zone', month: '201-208', layout: readRegisters(a14) },
  { words: 'relay state', day: 209, layout: relayState },
  { words: 'programming switch and terminal cover', month: 213, layout: switchEvents },
  { words: 'clock and tariff changes', month: 214, layout: clockEvents },
  { words: 'prepayment', month: 215, layout: prepayment },
  { words: 'settled energy', month: 216, layout: settled },
  { words: 'power-off records of a meter', day: 246, layout: powerOffs },
]

/** The scale stands before the values; a choice by length keeps its options behind it. */
function scaled(scale: RecordLayout, layout: Layout): Layout {
  if (layout.type === 'record') return join(scale, layout)
  if (layout.type === 'choice') {
    const scaleBytes = scale === monthScale ? 2 : 3
    return { type: 'choice', options: layout.options.map((option) => ({ ...option, bytes: option.bytes + scaleBytes, layout: scaled(scale, option.layout) })) }
  }
  return record(...scale.fields.map((field) => [field.name, field.layout] as const), ['value', layout])
}

/** AFN 0D class 2 data, up. */
export const historyRows: readonly UnitRow[] = [
  ...curves.map(([fn, words, point]) => row(fn, `${words}, curve`, curveOf(point))),
  ...history.flatMap(({ words, layout, monthLayout, day, reading, month }) => [
    ...(day === undefined ? [] : [row(day, `${words}, daily freeze`, scaled(dayScale, layout))]),
    ...(reading === undefined ? [] : [row(reading, `${words}, reading day`, scaled(dayScale, layout))]),
    ...(month === undefined ? [] : [row(month, `${words}, monthly freeze`, scaled(monthScale, monthLayout ?? layout))]),
  ]),
]

/** AFN 0D, down: only the time scale. */
export const historyRequestRows: readonly UnitRow[] = [
  ...curves.map(([fn, words]) => row(fn, `${words}, curve`, curveScale)),
  ...history.flatMap(({ words, day, reading, month }) => [
    ...(day === undefined ? [] : [row(day, `${words}, daily freeze`, dayScale)]),
    ...(reading === undefined ? [] : [row(reading, `${words}, reading day`, dayScale)]),
    ...(month === undefined ? [] : [row(month, `${words}, monthly freeze`, monthScale)]),
  ]),
]
