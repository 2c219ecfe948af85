import { bits, choice, hex, list, record, type Layout, type RecordLayout } from '../layout/layout.ts'
import { statusWords } from '../dlt645/status-words.ts'
import { a1, a2, a3, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a14Money, a15, a17, a25, a27, bin1, bin2, bin4 } from './formats.ts'
import { countedRegisters, hourCurve, phases, readDemandPairs, readDemands, readFour, readRegisters, registers, totalAndPhases } from './shapes.ts'
import { row, type UnitRow } from './unit-layout.ts'

const kvarh = a11('kvarh')
const lossPair: RecordLayout = record(['readTime', a15], ['copper', a14], ['iron', a14])
const perPhase: RecordLayout = record(
  ['readTime', a15],
  ['phases', list(record(['forwardActive', a14], ['reverseActive', a14], ['combinedReactive1', kvarh], ['combinedReactive2', kvarh]), 3, phases)],
)
/** F26: 2009 terminals count in two bytes (57 in all), 2013 terminals in three (61). */
const failureRest = [['minutes', list(a10, 4, totalAndPhases)], ['starts', list(a17, 4, totalAndPhases)], ['ends', list(a17, 4, totalAndPhases)]] as const
export const phaseFailures: Layout = choice(
  { bytes: 57, key: 'counts', layout: record(['readTime', a15], ['counts', list(a8, 4, totalAndPhases)], ...failureRest) },
  { bytes: 61, key: 'wideCounts', layout: record(['readTime', a15], ['wideCounts', list(a10, 4, totalAndPhases)], ...failureRest) },
)
/** F161: 00 = open, 11H = closed. */
export const relayState: RecordLayout = record(['readTime', a15], ['relay', bin1], ['remoteOn', a15], ['remoteOff', a15])
const eventPair = (first: string, second: string): RecordLayout => record(['readTime', a15], [first, record(['count', a8], ['time', a15])], [second, record(['count', a8], ['time', a15])])
export const switchEvents = eventPair('programming', 'terminalCover')
export const clockEvents = eventPair('clockChanges', 'tariffChanges')
export const prepayment: RecordLayout = record(
  ['readTime', a15], ['purchases', a8], ['remainingMoney', a14Money], ['totalMoney', a14Money],
  ['remaining', a11('kWh')], ['overdraft', a11('kWh')], ['total', a11('kWh')], ['creditLimit', a11('kWh')], ['alarm', a11('kWh')], ['fault', a11('kWh')],
)
/** The count has two bytes here (A.8). */
export const settled: RecordLayout = record(['readTime', a15], ['m', a8], ['settled', registers(a14)], ['unsettled', registers(a14)])

/** The order of F129–F136, F137–F144 (and with other numbers of F161–F184 of class 2). */
export const eightRegisters: readonly (readonly [words: string, layout: Layout])[] = [
  ['forward active', a14], ['forward reactive', kvarh], ['reverse active', a14], ['reverse reactive', kvarh],
  ['quadrant I reactive', kvarh], ['quadrant II reactive', kvarh], ['quadrant III reactive', kvarh], ['quadrant IV reactive', kvarh],
]
export const demandNames: readonly (readonly [words: string, unit: string])[] = [['forward active', 'kW'], ['forward reactive', 'kvar'], ['reverse active', 'kW'], ['reverse reactive', 'kvar']]

/** F57/F58: values of the second to the n-th order; 0 and 1 announce none. */
const harmonicOrders = { field: 'n', of: (n: number): number => Math.max(0, n - 1) } as const
const totalAndOrders = { field: 'n', of: (n: number): number => Math.max(1, n) } as const

/** AFN 0C class 1 data, up (5.11). Requests have no data. */
export const currentRows: readonly UnitRow[] = [
  row(2, 'clock', record(['clock', a1])),
  row(3, 'parameter presence', record(['map', hex(31)])),
  row(4, 'permissions', record(['permissions', bits(1, ['calls allowed', 'calls forbidden', 'reports allowed', 'reports forbidden'])])),
  row(7, 'event counters', record(['ec1', bin1], ['ec2', bin1])),
  row(8, 'event flags', record(['flags', hex(8)])),
  row(9, 'status inputs', record(['states', bits(1)], ['changes', bits(1)])),
  row(10, 'traffic', record(['today', bin4], ['month', bin4])),
  row(11, 'state of meter reading', record(['n', bin1], ['ports', list(record(['port', bin1], ['meters', bin2], ['state', bits(1, ['busy', 'done'])], ['readOk', bin2], ['keyOk', bin1], ['start', a1], ['end', a1]), { field: 'n' })])),
  row(17, 'group active power', record(['value', a2('kW')])),
  row(18, 'group reactive power', record(['value', a2('kvar')])),
  row('19-20', 'group energy of the day', countedRegisters(a3('kWh'))),
  row('21-22', 'group energy of the month', countedRegisters(a3('kWh'))),
  row(23, 'remaining credit', record(['value', a3('kWh')])),
  row(24, 'power limit', record(['value', a2('kW')])),
  row(25, 'present powers, voltages, currents', record(
    ['readTime', a15],
    ['p', list(a9('kW'), 4, totalAndPhases)], ['q', list(a9('kvar'), 4, totalAndPhases)], ['pf', list(a5('%'), 4, totalAndPhases)],
    ['u', list(a7, 3, phases)], ['i', list(a25, 3, phases)], ['i0', a25], ['s', list(a9('kVA'), 4, totalAndPhases)],
  )),
  row(26, 'phase failures', phaseFailures),
  row(27, 'meter clock and programming', record(
    ['readTime', a15], ['clock', a1], ['batteryMinutes', a27],
    ['events', list(record(['count', a10], ['time', a1]), 5, ['programming', 'meter cleared', 'demand cleared', 'events cleared', 'clock set'])],
  )),
  row(28, 'meter status words', record(['readTime', a15], ['changes', record(...words())], ['words', record(...words())])),
  row('29-30', 'losses', lossPair),
  row('31-32', 'readings of each phase', perPhase),
  row(33, 'forward readings', readFour('quadrant1', 'quadrant4')),
  row(34, 'reverse readings', readFour('quadrant2', 'quadrant3')),
  row('35-36', 'demands of this month', readDemands),
  row(37, 'forward readings of last month', readFour('quadrant1', 'quadrant4')),
  row(38, 'reverse readings of last month', readFour('quadrant2', 'quadrant3')),
  row('39-40', 'demands of last month', readDemands),
  row(41, 'forward active energy of today', countedRegisters(a13('kWh'))),
  row(42, 'forward reactive energy of today', countedRegisters(a13('kvarh'))),
  row(43, 'reverse active energy of today', countedRegisters(a13('kWh'))),
  row(44, 'reverse reactive energy of today', countedRegisters(a13('kvarh'))),
  row(45, 'forward active energy of this month', countedRegisters(a13('kWh'))),
  row(46, 'forward reactive energy of this month', countedRegisters(a13('kvarh'))),
  row(47, 'reverse active energy of this month', countedRegisters(a13('kWh'))),
  row(48, 'reverse reactive energy of this month', countedRegisters(a13('kvarh'))),
  row(49, 'angles', record(['u', list(a5('°'), 3, phases)], ['i', list(a5('°'), 3, phases)])),
  row(57, 'harmonic values', record(['n', bin1], ...phases.map((phase) => [`u${phase}`, list(a7, harmonicOrders)] as const), ...phases.map((phase) => [`i${phase}`, list(a6('A'), harmonicOrders)] as const))),
  row(58, 'harmonic content', record(['n', bin1], ...phases.map((phase) => [`u${phase}`, list(a5('%'), totalAndOrders)] as const), ...phases.map((phase) => [`i${phase}`, list(a5('%'), harmonicOrders)] as const))),
  row(65, 'capacitor state', record(['state', bin1], ['groups', bits(2)])),
  row(66, 'capacitor times and counts', record(['minutes', list(bin4, 9)], ['counts', list(bin4, 9)])),
  row(67, 'capacitor energy', record(['day', a13('kvarh')], ['month', a13('kvarh')])),
  row(73, 'DC analogue value', record(['value', a2('')])),
  row(81, 'group active power, hour', hourCurve(a2('kW'))),
  row(82, 'group reactive power, hour', hourCurve(a2('kvar'))),
  row(83, 'group active energy, hour', hourCurve(a3('kWh'))),
  row(84, 'group reactive energy, hour', hourCurve(a3('kvarh'))),
  ...totalAndPhases.map((phase, index) => row(89 + index, `active power ${phase}, hour`, hourCurve(a9('kW')))),
  ...totalAndPhases.map((phase, index) => row(93 + index, `reactive power ${phase}, hour`, hourCurve(a9('kvar')))),
  ...phases.map((phase, index) => row(97 + index, `voltage ${phase}, hour`, hourCurve(a7))),
  ...[...phases, 'neutral'].map((phase, index) => row(100 + index, `current ${phase}, hour`, hourCurve(a25))),
  ...['forward active', 'forward reactive', 'reverse active', 'reverse reactive'].map((words, index) => row(105 + index, `${words} energy, hour`, hourCurve(a13(index % 2 === 0 ? 'kWh' : 'kvarh')))),
  ...['forward active', 'forward reactive', 'reverse active', 'reverse reactive'].map((words, index) => row(109 + index, `${words} reading, hour`, hourCurve(a11(index % 2 === 0 ? 'kWh' : 'kvarh')))),
  ...totalAndPhases.map((phase, index) => row(113 + index, `power factor ${phase}, hour`, hourCurve(a5('%')))),
  row(121, 'DC analogue value, hour', hourCurve(a2(''))),
  // 129–136 now, 137–144 last settlement day: the same eight registers
  ...[129, 137].flatMap((first) => eightRegisters.map(([words, layout], index) => row(first + index, `${words} reading${first === 137 ? ' of the last settlement' : ''}`, readRegisters(layout)))),
  ...[145, 149].flatMap((first) => demandNames.map(([words, unit], index) => row(first + index, `maximum ${words} demand${first === 149 ? ' of last month' : ''}`, readDemandPairs(unit)))),
  row('153-160', 'readings of a time zone', readRegisters(a14)),
  row(161, 'relay state', relayState),
  row(165, 'programming switch and terminal cover', switchEvents),
  row(166, 'clock and tariff changes', clockEvents),
  row(167, 'prepayment', prepayment),
  row(168, 'settled energy', settled),
  row(169, 'routes', record(['port', bin1], ['n', bin1], ['routes', list(record(['levels', bin1], ['relays', list(a12, { field: 'levels' })]), { field: 'n' })])),
  row(170, 'reading of a meter through the module', record(
    ['port', bin1], ['levels', bin1], ['phase', bin1], ['signal', bin1], ['lastResult', bin1], ['lastOk', a1], ['lastFailed', a1], ['failures', bin1],
  )),
]

function words(): readonly (readonly [string, Layout])[] {
  return statusWords.map((layout, index) => [`word${index + 1}`, layout] as const)
}
