import type { ItemName } from '../items.ts'
import { bits, digits, hex, number, record, time } from '../layout/layout.ts'
import type { DataItem } from './data-item.ts'

/*
  DL/T 645-1997 appendix A: DI1 DI0
    DI1  D7–D4 9 energy, A demand, B demand times and variables, C parameters
         D3–D2 00 now, 01 last month, 10 the month before; D1–D0 00 active, 01 reactive
    The block of a family is its low nibble F: the table writes it `*` as in the 2007 lists.
    DI0  D7–D4 direction: 1 forward, 2 reverse, 3 quadrant I, 4 quadrant IV, 5 quadrant II, 6 quadrant III; D3–D0 0 total, 1–E tariff, F block
*/
type Direction = readonly [nibble: string, words: string, item: ItemName | null]

const active: readonly Direction[] = [
  ['0', 'active, both directions', 'combinedActiveEnergy'],
  ['1', 'forward active', 'forwardActiveEnergy'],
  ['2', 'reverse active', 'reverseActiveEnergy'],
]
const reactive: readonly Direction[] = [
  ['1', 'forward reactive', 'forwardReactiveEnergy'],
  ['2', 'reverse reactive', 'reverseReactiveEnergy'],
  ['3', 'quadrant I reactive', 'quadrant1ReactiveEnergy'],
  ['4', 'quadrant IV reactive', 'quadrant4ReactiveEnergy'],
  ['5', 'quadrant II reactive', 'quadrant2ReactiveEnergy'],
  ['6', 'quadrant III reactive', 'quadrant3ReactiveEnergy'],
]
const periods = [['0', 'now'], ['4', 'last month'], ['8', 'month before last']] as const

function family(di1: string, words: (direction: string, period: string) => string, rows: readonly Direction[], low: string, layoutOf: () => DataItem['layout'], withItems: boolean): readonly DataItem[] {
  const offset = parseInt(low, 16)
  return periods.flatMap(([period, periodWords]) =>
    rows.map(([nibble, direction, item]): DataItem => ({
      di: `${di1}${(parseInt(period, 16) + offset).toString(16).toUpperCase()} ${nibble}0-${nibble}E*`,
      words: words(direction, periodWords),
      layout: layoutOf(),
      ...(withItems && item !== null && period === '0' ? { item } : {}),
    })),
  )
}

const energies: readonly DataItem[] = [
  ...family('9', (direction, period) => `${direction} energy, ${period}`, active, '0', () => number(4, 2, 'kWh'), true),
  ...family('9', (direction, period) => `${direction} energy, ${period}`, reactive, '1', () => number(4, 2, 'kvarh'), true),
]
const demands: readonly DataItem[] = [
  ...family('A', (direction, period) => `maximum ${direction} demand, ${period}`, active, '0', () => number(3, 4, 'kW'), false),
  ...family('A', (direction, period) => `maximum ${direction} demand, ${period}`, reactive, '1', () => number(3, 4, 'kvar'), false),
]
const demandTimes: readonly DataItem[] = [
  ...family('B', (direction, period) => `time of maximum ${direction} demand, ${period}`, active, '0', () => record(['time', time('mhDM')]), false),
  ...family('B', (direction, period) => `time of maximum ${direction} demand, ${period}`, reactive, '1', () => record(['time', time('mhDM')]), false),
]

const variables: readonly DataItem[] = [
  { di: 'B2 10', words: 'time of the last programming', layout: record(['time', time('mhDM')]) },
  { di: 'B2 11', words: 'time of the last demand clearing', layout: record(['time', time('mhDM')]) },
  { di: 'B2 12', words: 'number of programmings', layout: record(['count', number(2, 0)]) },
  { di: 'B2 13', words: 'number of demand clearings', layout: record(['count', number(2, 0)]) },
  { di: 'B2 14', words: 'battery working time', layout: number(3, 0, 'min') },
  ...phaseCounters('B3 1', 'number of phase failures', () => record(['count', number(2, 0)])),
  ...phaseCounters('B3 2', 'minutes of phase failure', () => number(3, 0, 'min')),
  ...phaseCounters('B3 3', 'start of the last phase failure', () => record(['time', time('mhDM')])),
  ...phaseCounters('B3 4', 'end of the last phase failure', () => record(['time', time('mhDM')])),
  { di: 'B6 11-13*', words: 'voltage', layout: number(2, 0, 'V'), varies: 0, item: { 0x11: 'voltageA', 0x12: 'voltageB', 0x13: 'voltageC' } },
  { di: 'B6 21-23*', words: 'current', layout: number(2, 2, 'A'), varies: 0, item: { 0x21: 'currentA', 0x22: 'currentB', 0x23: 'currentC' } },
  { di: 'B6 30-33*', words: 'active power', layout: number(3, 4, 'kW'), varies: 0, item: { 0x30: 'activePower', 0x31: 'activePowerA', 0x32: 'activePowerB', 0x33: 'activePowerC' } },
  { di: 'B6 34-35', words: 'active power limit', layout: number(2, 2, 'kW') },
  { di: 'B6 40-43*', words: 'reactive power', layout: number(2, 2, 'kvar'), varies: 0, item: { 0x40: 'reactivePower', 0x41: 'reactivePowerA', 0x42: 'reactivePowerB', 0x43: 'reactivePowerC' } },
  // published lists differ between two and three decimals; meters send three
  { di: 'B6 50-53*', words: 'power factor', layout: number(2, 3), varies: 0, item: { 0x50: 'powerFactor', 0x51: 'powerFactorA', 0x52: 'powerFactorB', 0x53: 'powerFactorC' } },
]

function phaseCounters(prefix: string, words: string, layoutOf: () => DataItem['layout']): readonly DataItem[] {
  return [{ di: `${prefix}0-${prefix.slice(-1)}3*`, words, layout: layoutOf() }]
}

const meterStatus = bits(1, ['automatic reading', 'demand by blocks', 'battery low', null, 'active power reversed', 'reactive power reversed'])
const gridStatus = bits(1, ['phase A failure', 'phase B failure', 'phase C failure', null, 'phase A over-voltage', 'phase B over-voltage', 'phase C over-voltage'])

const parameters: readonly DataItem[] = [
  { di: 'C0 10', words: 'date and weekday', layout: record(['weekday', number(1, 0)], ['date', time('DMY')]) },
  { di: 'C0 11', words: 'time', layout: record(['time', time('smh')]) },
  { di: 'C0 20', words: 'meter status', layout: meterStatus },
  { di: 'C0 21', words: 'grid status', layout: gridStatus },
  { di: 'C0 22', words: 'weekend word', layout: bits(1) },
  { di: 'C0 30', words: 'active constant', layout: number(3, 0, 'imp/kWh') },
  { di: 'C0 31', words: 'reactive constant', layout: number(3, 0, 'imp/kvarh') },
  { di: 'C0 32', words: 'meter number', layout: digits(6) },
  { di: 'C0 33', words: 'user number', layout: digits(6) },
  { di: 'C0 34', words: 'device code', layout: digits(6) },
  { di: 'C1 11', words: 'demand period', layout: number(1, 0, 'min') },
  { di: 'C1 12', words: 'demand slide', layout: number(1, 0, 'min') },
  { di: 'C1 13', words: 'display time of a screen', layout: number(1, 0, 's') },
  { di: 'C1 14', words: 'number of displayed screens', layout: number(1, 0) },
  { di: 'C1 15', words: 'decimals of displayed energy', layout: number(1, 0) },
  { di: 'C1 16', words: 'decimals of displayed power', layout: number(1, 0) },
  { di: 'C1 17', words: 'reading day', layout: record(['time', time('hD')]) },
  { di: 'C1 18', words: 'displayed cycle', layout: number(1, 0) },
  { di: 'C1 19', words: 'initial active reading', layout: number(4, 1, 'kWh') },
  { di: 'C1 1A', words: 'initial reactive reading', layout: number(4, 1, 'kvarh') },
  { di: 'C2 11', words: 'pulse width', layout: number(2, 0, 'ms') },
  { di: 'C2 12', words: 'password', layout: hex(4) },
  { di: 'C3 10-1A', words: 'number of zones, tables, slots and tariffs', layout: number(1, 0) },
  { di: 'C3 20-2A', words: 'year zone', layout: record(['dayTable', number(1, 0)], ['date', time('DM')]) },
  { di: 'C3 31-3A', words: 'slot of day table 1', layout: record(['tariff', number(1, 0)], ['from', time('mh')]) },
  { di: 'C3 41-AA', words: 'slot of a day table', layout: record(['tariff', number(1, 0)], ['from', time('mh')]) },
  { di: 'C4 1E', words: 'day table of the weekend', layout: number(1, 0) },
  { di: 'C5 10', words: 'start of load recording', layout: record(['time', time('mhDM')]) },
  { di: 'C5 11-14', words: 'load-record interval', layout: number(2, 0, 'min') },
]

export const items1997: readonly DataItem[] = [...energies, ...demands, ...demandTimes, ...variables, ...parameters]
