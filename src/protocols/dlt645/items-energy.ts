import type { ItemName } from '../items.ts'
import { number, record, signed, time } from '../layout/layout.ts'
import type { DataItem } from './data-item.ts'

type Quantity = readonly [di2: number, words: string, unit: 'kWh' | 'kvarh' | 'kVAh', isSigned: boolean, item?: ItemName]

/** DL/T 645-2007 appendix A.1: DI2 of energy and of maximum demand. */
const totals: readonly Quantity[] = [
  [0x00, 'combined active', 'kWh', true, 'combinedActiveEnergy'],
  [0x01, 'forward active', 'kWh', false, 'forwardActiveEnergy'],
  [0x02, 'reverse active', 'kWh', false, 'reverseActiveEnergy'],
  [0x03, 'combined reactive 1', 'kvarh', true, 'combinedReactive1Energy'],
  [0x04, 'combined reactive 2', 'kvarh', true, 'combinedReactive2Energy'],
  [0x05, 'quadrant I reactive', 'kvarh', false, 'quadrant1ReactiveEnergy'],
  [0x06, 'quadrant II reactive', 'kvarh', false, 'quadrant2ReactiveEnergy'],
  [0x07, 'quadrant III reactive', 'kvarh', false, 'quadrant3ReactiveEnergy'],
  [0x08, 'quadrant IV reactive', 'kvarh', false, 'quadrant4ReactiveEnergy'],
  [0x09, 'forward apparent', 'kVAh', false, 'forwardApparentEnergy'],
  [0x0a, 'reverse apparent', 'kVAh', false, 'reverseApparentEnergy'],
]

/** Only energy has these. */
const corrections: readonly Quantity[] = [
  [0x80, 'associated total', 'kWh', false],
  [0x81, 'forward active fundamental', 'kWh', false],
  [0x82, 'reverse active fundamental', 'kWh', false],
  [0x83, 'forward active harmonic', 'kWh', false],
  [0x84, 'reverse active harmonic', 'kWh', false],
  [0x85, 'copper-loss correction', 'kWh', false],
  [0x86, 'iron-loss correction', 'kWh', false],
  [0x87, 'active correction 87', 'kWh', false],
  [0x88, 'active correction 88', 'kWh', false],
]

/** Phases repeat ten quantities (forward active … reverse apparent) from their own start. */
const phases: readonly Quantity[] = ([[0x15, 'A'], [0x29, 'B'], [0x3d, 'C']] as const).flatMap(([start, phase]) =>
  totals.slice(1).map(([di2, words, unit, isSigned]): Quantity => [start + di2 - 1, `phase ${phase} ${words}`, unit, isSigned]),
)

const byte = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0')

/** A.1 energy 00 DI2 DI1 DI0: XXXXXX.XX. DI1 = tariff, DI0 = settlement. FF is a block in each of the three. */
const energies: readonly DataItem[] = [...totals, ...phases, ...corrections].map(([di2, words, unit, isSigned, item]) => ({
  di: `00 ${byte(di2)}${di2 === 0 ? '*' : ''} 00-3F* 00-0C*`,
  words: `${words} energy`,
  layout: isSigned ? signed(4, 2, unit) : number(4, 2, unit),
  tariffs: true,
  ...(item === undefined ? {} : { item }),
}))

const demandUnits = { kWh: 'kW', kvarh: 'kvar', kVAh: 'kVA' } as const
const demandItem = (item: ItemName | undefined): { item?: ItemName } => {
  const name = item?.replace(/Energy$/, 'Demand')
  return name === 'forwardActiveDemand' || name === 'reverseActiveDemand' || name === 'combinedReactive1Demand' || name === 'combinedReactive2Demand' ? { item: name } : {}
}

/** A.2 maximum demand 01 DI2 DI1 DI0: XX.XXXX and the time YYMMDDhhmm. */
const demands: readonly DataItem[] = [...totals.slice(1), ...phases].map(([di2, words, unit, isSigned, item]) => ({
  di: `01 ${byte(di2)}${di2 === 1 ? '*' : ''} 00-3F* 00-0C*`,
  words: `maximum ${words} demand`,
  layout: record(['value', isSigned ? signed(3, 4, demandUnits[unit]) : number(3, 4, demandUnits[unit])], ['time', time('mhDMY')]),
  tariffs: true,
  ...demandItem(item),
}))

const prepayment: readonly DataItem[] = [
  { di: '00 90 01 00', words: 'remaining energy', layout: number(4, 2, 'kWh') },
  { di: '00 90 01 01', words: 'overdraft energy', layout: number(4, 2, 'kWh') },
  { di: '00 90 02 00', words: 'remaining money', layout: number(4, 2, 'CNY') },
  { di: '00 90 02 01', words: 'overdraft money', layout: number(4, 2, 'CNY') },
]

export const energyItems: readonly DataItem[] = [...energies, ...demands, ...prepayment]
