import type { ItemName } from '../items.ts'
import { choice, list, mark, number, record, signed, time, type Layout } from '../layout/layout.ts'
import type { DataItem } from './data-item.ts'

const frozenAt = ['freezeTime', time('mhDMY')] as const

/** DI2: what caused the freeze; 04–07 are State Grid supplements. */
const causes: readonly (readonly [di2: string, words: string])[] = [
  ['00', 'timed freeze'], ['01', 'instantaneous freeze'], ['02', 'zone-table switch freeze'], ['03', 'slot-table switch freeze'],
  ['05', 'tariff-price switch freeze'], ['06', 'daily freeze'], ['07', 'step switch freeze'],
]

const registers = (unit: string, isSigned = false): Layout => list(isSigned ? signed(4, 2, unit) : number(4, 2, unit), 'rest')
const demands: Layout = list(record(['value', number(3, 4, 'kW')], ['time', time('mhDMY')]), 'rest')

/** DI1: content. Registers are the total and then the tariffs, as many as the meter has. */
const contents: readonly (readonly [di1: string, words: string, layout: Layout, item?: ItemName])[] = [
  ['00', 'time', record(frozenAt)],
  ['01', 'forward active energy', registers('kWh'), 'forwardActiveEnergy'],
  ['02', 'reverse active energy', registers('kWh'), 'reverseActiveEnergy'],
  ['03', 'combined reactive 1 energy', registers('kvarh', true), 'combinedReactive1Energy'],
  ['04', 'combined reactive 2 energy', registers('kvarh', true), 'combinedReactive2Energy'],
  ['05', 'quadrant I reactive energy', registers('kvarh'), 'quadrant1ReactiveEnergy'],
  ['06', 'quadrant II reactive energy', registers('kvarh'), 'quadrant2ReactiveEnergy'],
  ['07', 'quadrant III reactive energy', registers('kvarh'), 'quadrant3ReactiveEnergy'],
  ['08', 'quadrant IV reactive energy', registers('kvarh'), 'quadrant4ReactiveEnergy'],
  ['09', 'maximum forward active demand', demands],
  ['0A', 'maximum reverse active demand', demands],
  ['10', 'variables', record(['activePower', list(signed(3, 4, 'kW'), 4, ['total', 'A', 'B', 'C'])], ['reactivePower', list(signed(3, 4, 'kvar'), 4, ['total', 'A', 'B', 'C'])])],
]

const hourlyMembers = [frozenAt, ['forwardActive', number(4, 2, 'kWh')], ['reverseActive', number(4, 2, 'kWh')]] as const
const separator = mark(0xaa)

/** DL/T 645-2007 appendix A.6: freezes 05 DI2 DI1 DI0; DI0 = 01 is the newest. The block DI1 = FF has no fixed members and stays raw, but for the hourly one. */
export const freezeItems: readonly DataItem[] = [
  ...causes.flatMap(([di2, cause]) =>
    contents.map(([di1, words, layout, item]): DataItem => ({ di: `05 ${di2} ${di1} 01-FE`, words: `${cause}: ${words}`, layout, ...(item === undefined ? {} : { item }) })),
  ),
  { di: '05 04 00 01-FE', words: 'hourly freeze: time', layout: record(frozenAt) },
  { di: '05 04 01 01-FE', words: 'hourly freeze: forward active energy', layout: number(4, 2, 'kWh'), item: 'forwardActiveEnergy' },
  { di: '05 04 02 01-FE', words: 'hourly freeze: reverse active energy', layout: number(4, 2, 'kWh'), item: 'reverseActiveEnergy' },
  {
    di: '05 04 FF 01-FE',
    words: 'hourly freeze',
    layout: choice(
      // two firmware families differ: with AA after each member, or none
      { bytes: 16, key: 'separator', layout: record(hourlyMembers[0], ['separator', separator], hourlyMembers[1], ['', separator], hourlyMembers[2], ['', separator]) },
      { bytes: 13, key: 'freezeTime', layout: record(...hourlyMembers) },
    ),
  },
]
