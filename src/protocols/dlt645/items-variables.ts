import { number, signed } from '../layout/layout.ts'
import type { DataItem } from './data-item.ts'

/** DL/T 645-2007 appendix A.3: variables 02 DI2 DI1 DI0. */
export const variableItems: readonly DataItem[] = [
  { di: '02 01 01-03* 00', words: 'voltage', layout: number(2, 1, 'V'), varies: 1, item: { 1: 'voltageA', 2: 'voltageB', 3: 'voltageC' } },
  { di: '02 02 01-03* 00', words: 'current', layout: signed(3, 3, 'A'), varies: 1, item: { 1: 'currentA', 2: 'currentB', 3: 'currentC' } },
  { di: '02 03 00-03* 00', words: 'active power', layout: signed(3, 4, 'kW'), varies: 1, item: { 0: 'activePower', 1: 'activePowerA', 2: 'activePowerB', 3: 'activePowerC' } },
  { di: '02 04 00-03* 00', words: 'reactive power', layout: signed(3, 4, 'kvar'), varies: 1, item: { 0: 'reactivePower', 1: 'reactivePowerA', 2: 'reactivePowerB', 3: 'reactivePowerC' } },
  // the standard has no sign here, meters exist that set it
  { di: '02 05 00-03* 00', words: 'apparent power', layout: signed(3, 4, 'kVA'), varies: 1, item: { 0: 'apparentPower', 1: 'apparentPowerA', 2: 'apparentPowerB', 3: 'apparentPowerC' } },
  { di: '02 06 00-03* 00', words: 'power factor', layout: signed(2, 3), varies: 1, item: { 0: 'powerFactor', 1: 'powerFactorA', 2: 'powerFactorB', 3: 'powerFactorC' } },
  { di: '02 07 01-03* 00', words: 'phase angle', layout: number(2, 1, '°') },
  { di: '02 08 01-03* 00', words: 'voltage distortion', layout: number(2, 2, '%') },
  { di: '02 09 01-03* 00', words: 'current distortion', layout: number(2, 2, '%') },
  { di: '02 0A 01-03 01-15*', words: 'voltage harmonic content', layout: number(2, 2, '%') },
  { di: '02 0B 01-03 01-15*', words: 'current harmonic content', layout: number(2, 2, '%') },
  { di: '02 80 00 01', words: 'neutral current', layout: signed(3, 3, 'A'), item: 'neutralCurrent' },
  { di: '02 80 00 02', words: 'grid frequency', layout: number(2, 2, 'Hz'), item: 'frequency' },
  { di: '02 80 00 03', words: 'one-minute average active power', layout: number(3, 4, 'kW') },
  { di: '02 80 00 04', words: 'present active demand', layout: signed(3, 4, 'kW') },
  { di: '02 80 00 05', words: 'present reactive demand', layout: signed(3, 4, 'kvar') },
  { di: '02 80 00 06', words: 'present apparent demand', layout: signed(3, 4, 'kVA') },
  { di: '02 80 00 07', words: 'meter temperature', layout: signed(2, 1, '°C'), item: 'temperature' },
  { di: '02 80 00 08', words: 'clock battery voltage', layout: number(2, 2, 'V'), item: 'clockBatteryVoltage' },
  { di: '02 80 00 09', words: 'reading battery voltage', layout: number(2, 2, 'V'), item: 'readingBatteryVoltage' },
  { di: '02 80 00 0A', words: 'battery working time', layout: number(4, 0, 'min') },
  // State Grid supplements
  { di: '02 80 00 0B', words: 'present step price', layout: number(4, 4, 'CNY') },
  { di: '02 80 00 20', words: 'tariff price', layout: number(4, 4, 'CNY') },
  { di: '02 80 00 21', words: 'step price', layout: number(4, 4, 'CNY') },
]
