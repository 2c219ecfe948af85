/**
 * Names of quantities in the normal form, the same for every protocol. `unit` and `decimals` are those of the register as the standards define it;
 * a reading may carry more decimals than its item.
 */
export interface ItemEntry {
  readonly unit: string
  readonly decimals: number
  readonly words: string
}

const energy = (words: string, unit: string): ItemEntry => ({ unit, decimals: 2, words })
const power = (words: string, unit: string): ItemEntry => ({ unit, decimals: 4, words })

export const items = {
  // energy registers; a tariff is a suffix, see tariffItem()
  combinedActiveEnergy: energy('combined active energy', 'kWh'),
  forwardActiveEnergy: energy('forward active energy', 'kWh'),
  reverseActiveEnergy: energy('reverse active energy', 'kWh'),
  combinedReactive1Energy: energy('combined reactive 1 energy', 'kvarh'),
  combinedReactive2Energy: energy('combined reactive 2 energy', 'kvarh'),
  forwardReactiveEnergy: energy('forward reactive energy', 'kvarh'),
  reverseReactiveEnergy: energy('reverse reactive energy', 'kvarh'),
  quadrant1ReactiveEnergy: energy('reactive energy of quadrant I', 'kvarh'),
  quadrant2ReactiveEnergy: energy('reactive energy of quadrant II', 'kvarh'),
  quadrant3ReactiveEnergy: energy('reactive energy of quadrant III', 'kvarh'),
  quadrant4ReactiveEnergy: energy('reactive energy of quadrant IV', 'kvarh'),
  forwardApparentEnergy: energy('forward apparent energy', 'kVAh'),
  reverseApparentEnergy: energy('reverse apparent energy', 'kVAh'),
  // maximum demand
  forwardActiveDemand: power('maximum forward active demand', 'kW'),
  reverseActiveDemand: power('maximum reverse active demand', 'kW'),
  forwardReactiveDemand: power('maximum forward reactive demand', 'kvar'),
  reverseReactiveDemand: power('maximum reverse reactive demand', 'kvar'),
  combinedReactive1Demand: power('maximum combined reactive 1 demand', 'kvar'),
  combinedReactive2Demand: power('maximum combined reactive 2 demand', 'kvar'),
  // instantaneous quantities
  voltageA: { unit: 'V', decimals: 1, words: 'voltage of phase A' },
  voltageB: { unit: 'V', decimals: 1, words: 'voltage of phase B' },
  voltageC: { unit: 'V', decimals: 1, words: 'voltage of phase C' },
  currentA: { unit: 'A', decimals: 3, words: 'current of phase A' },
  currentB: { unit: 'A', decimals: 3, words: 'current of phase B' },
  currentC: { unit: 'A', decimals: 3, words: 'current of phase C' },
  neutralCurrent: { unit: 'A', decimals: 3, words: 'neutral current' },
  activePower: power('active power, total', 'kW'),
  activePowerA: power('active power of phase A', 'kW'),
  activePowerB: power('active power of phase B', 'kW'),
  activePowerC: power('active power of phase C', 'kW'),
  reactivePower: power('reactive power, total', 'kvar'),
  reactivePowerA: power('reactive power of phase A', 'kvar'),
  reactivePowerB: power('reactive power of phase B', 'kvar'),
  reactivePowerC: power('reactive power of phase C', 'kvar'),
  apparentPower: power('apparent power, total', 'kVA'),
  apparentPowerA: power('apparent power of phase A', 'kVA'),
  apparentPowerB: power('apparent power of phase B', 'kVA'),
  apparentPowerC: power('apparent power of phase C', 'kVA'),
  powerFactor: { unit: '', decimals: 3, words: 'power factor, total' },
  powerFactorA: { unit: '', decimals: 3, words: 'power factor of phase A' },
  powerFactorB: { unit: '', decimals: 3, words: 'power factor of phase B' },
  powerFactorC: { unit: '', decimals: 3, words: 'power factor of phase C' },
  frequency: { unit: 'Hz', decimals: 2, words: 'grid frequency' },
  temperature: { unit: '°C', decimals: 1, words: 'temperature of the meter' },
  clockBatteryVoltage: { unit: 'V', decimals: 2, words: 'voltage of the clock battery' },
  readingBatteryVoltage: { unit: 'V', decimals: 2, words: 'voltage of the reading battery' },
  signalStrength: { unit: 'dBm', decimals: 0, words: 'signal strength' },
  powerOffCount: { unit: '', decimals: 0, words: 'total number of power-off events' },
  clock: { unit: '', decimals: 0, words: 'clock of the device' },
  statusWord: { unit: '', decimals: 0, words: 'status word' },
  // per phase and by fundamental or harmonic share (DL/T 698.45)
  combinedActiveEnergyA: energy('combined active energy of phase A', 'kWh'),
  combinedActiveEnergyB: energy('combined active energy of phase B', 'kWh'),
  combinedActiveEnergyC: energy('combined active energy of phase C', 'kWh'),
  forwardActiveEnergyA: energy('forward active energy of phase A', 'kWh'),
  forwardActiveEnergyB: energy('forward active energy of phase B', 'kWh'),
  forwardActiveEnergyC: energy('forward active energy of phase C', 'kWh'),
  reverseActiveEnergyA: energy('reverse active energy of phase A', 'kWh'),
  reverseActiveEnergyB: energy('reverse active energy of phase B', 'kWh'),
  reverseActiveEnergyC: energy('reverse active energy of phase C', 'kWh'),
  fundamentalForwardActiveEnergy: energy('fundamental forward active energy', 'kWh'),
  harmonicForwardActiveEnergy: energy('harmonic forward active energy', 'kWh'),
  combinedActiveDemand: power('maximum combined active demand', 'kW'),
  quadrant1ReactiveDemand: power('maximum reactive demand of quadrant I', 'kvar'),
  quadrant2ReactiveDemand: power('maximum reactive demand of quadrant II', 'kvar'),
  quadrant3ReactiveDemand: power('maximum reactive demand of quadrant III', 'kvar'),
  quadrant4ReactiveDemand: power('maximum reactive demand of quadrant IV', 'kvar'),
  currentActiveDemand: power('current active demand', 'kW'),
  currentReactiveDemand: power('current reactive demand', 'kvar'),
  currentApparentDemand: power('current apparent demand', 'kVA'),
  // powers that DLMS meters give by direction
  reverseActivePower: power('active power export, total', 'kW'),
  reverseActivePowerA: power('active power export of phase A', 'kW'),
  reverseActivePowerB: power('active power export of phase B', 'kW'),
  reverseActivePowerC: power('active power export of phase C', 'kW'),
  reverseReactivePower: power('reactive power export, total', 'kvar'),
  reverseReactivePowerA: power('reactive power export of phase A', 'kvar'),
  reverseReactivePowerB: power('reactive power export of phase B', 'kvar'),
  reverseReactivePowerC: power('reactive power export of phase C', 'kvar'),
  meanActivePower: power('mean active power, total', 'kW'),
  meanActivePowerA: power('mean active power of phase A', 'kW'),
  meanActivePowerB: power('mean active power of phase B', 'kW'),
  meanActivePowerC: power('mean active power of phase C', 'kW'),
  meanReactivePower: power('mean reactive power, total', 'kvar'),
  meanApparentPower: power('mean apparent power, total', 'kVA'),
  meanVoltageA: { unit: 'V', decimals: 1, words: 'mean voltage of phase A' },
  meanVoltageB: { unit: 'V', decimals: 1, words: 'mean voltage of phase B' },
  meanVoltageC: { unit: 'V', decimals: 1, words: 'mean voltage of phase C' },
  meanCurrentA: { unit: 'A', decimals: 3, words: 'mean current of phase A' },
  meanCurrentB: { unit: 'A', decimals: 3, words: 'mean current of phase B' },
  meanCurrentC: { unit: 'A', decimals: 3, words: 'mean current of phase C' },
  residualCurrent: { unit: 'A', decimals: 3, words: 'residual current' },
  voltageAngleA: { unit: '°', decimals: 1, words: 'voltage angle of phase A' },
  voltageAngleB: { unit: '°', decimals: 1, words: 'voltage angle of phase B' },
  voltageAngleC: { unit: '°', decimals: 1, words: 'voltage angle of phase C' },
  voltageCurrentAngleA: { unit: '°', decimals: 1, words: 'angle between voltage and current of phase A' },
  voltageCurrentAngleB: { unit: '°', decimals: 1, words: 'angle between voltage and current of phase B' },
  voltageCurrentAngleC: { unit: '°', decimals: 1, words: 'angle between voltage and current of phase C' },
  voltageDistortionA: { unit: '%', decimals: 2, words: 'voltage distortion of phase A' },
  voltageDistortionB: { unit: '%', decimals: 2, words: 'voltage distortion of phase B' },
  voltageDistortionC: { unit: '%', decimals: 2, words: 'voltage distortion of phase C' },
  currentDistortionA: { unit: '%', decimals: 2, words: 'current distortion of phase A' },
  currentDistortionB: { unit: '%', decimals: 2, words: 'current distortion of phase B' },
  currentDistortionC: { unit: '%', decimals: 2, words: 'current distortion of phase C' },
  voltageUnbalance: { unit: '%', decimals: 2, words: 'voltage unbalance' },
  currentUnbalance: { unit: '%', decimals: 2, words: 'current unbalance' },
  loadRate: { unit: '%', decimals: 2, words: 'load rate' },
} as const satisfies Record<string, ItemEntry>

export type ItemName = keyof typeof items

/** `forwardActiveEnergy` of tariff 2 is `forwardActiveEnergyT2`; tariff 0 is the total itself. */
export function tariffItem(item: ItemName, tariff: number): string {
  return tariff === 0 ? item : `${item}T${tariff}`
}

/** Entry of an item name, with or without a tariff suffix; undefined for a name outside the catalogue. */
export function findItem(name: string): ItemEntry | undefined {
  const base = name.replace(/T\d+$/, '')
  return Object.hasOwn(items, base) ? items[base as ItemName] : undefined
}

/** Exact decimal string of a scaled integer: decimalText(-12345n, 2) = "-123.45". */
export function decimalText(scaled: bigint, decimals: number): string {
  if (decimals <= 0) return (scaled * 10n ** BigInt(-decimals)).toString()
  const negative = scaled < 0n
  const digits = (negative ? -scaled : scaled).toString().padStart(decimals + 1, '0')
  return `${negative ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
