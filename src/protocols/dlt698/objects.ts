/*
 * Object catalogue of measured values (chapter 7). Nobody transmits scales with the values: this table is the contract,
 * engineering value = raw x 10^scale. The type tag on the wire decides about sign and width.
 */

/** What the elements of attribute 2 are. */
export type Elements =
  /** Total, tariff 1, tariff 2... */
  | 'tariffs'
  /** Phases A, B, C. */
  | 'phases'
  /** Total, then phases A, B, C. */
  | 'total-phases'
  | 'single'
  /** Several values that belong together, by number. */
  | 'numbered'

export interface ObjectEntry {
  /** Name of the quantity in the normal form; elements add a suffix. */
  readonly item: string
  readonly words: string
  readonly unit: string
  /** Exponent of ten; null where the value is no scaled number. */
  readonly scale: number | null
  readonly elements: Elements
}

type Row = readonly [oi: number, item: string, words: string, unit: string, scale: number | null, elements: Elements]

const energyKinds: readonly (readonly [string, string, string])[] = [
  ['combinedActiveEnergy', 'combined active energy', 'kWh'],
  ['forwardActiveEnergy', 'forward active energy', 'kWh'],
  ['reverseActiveEnergy', 'reverse active energy', 'kWh'],
  ['combinedReactive1Energy', 'combined reactive 1 energy', 'kvarh'],
  ['combinedReactive2Energy', 'combined reactive 2 energy', 'kvarh'],
  ['quadrant1ReactiveEnergy', 'reactive energy of quadrant I', 'kvarh'],
  ['quadrant2ReactiveEnergy', 'reactive energy of quadrant II', 'kvarh'],
  ['quadrant3ReactiveEnergy', 'reactive energy of quadrant III', 'kvarh'],
  ['quadrant4ReactiveEnergy', 'reactive energy of quadrant IV', 'kvarh'],
  ['forwardApparentEnergy', 'forward apparent energy', 'kVAh'],
  ['reverseApparentEnergy', 'reverse apparent energy', 'kVAh'],
]
const demandKinds: readonly (readonly [string, string, string])[] = energyKinds.map(([item, words, unit]) => [
  item.replace('Energy', 'Demand'),
  `maximum ${words.replace(' energy', '')} demand`,
  unit.slice(0, -1),
])
const phaseLetters = ['', 'A', 'B', 'C'] as const

/** OI 2xxx and the few above it. */
const rows: readonly Row[] = [
  [0x0300, 'copperLossEnergy', 'copper loss energy', 'kWh', -2, 'tariffs'],
  [0x0400, 'ironLossEnergy', 'iron loss energy', 'kWh', -2, 'tariffs'],
  [0x0500, 'associatedEnergy', 'associated energy', 'kWh', -2, 'tariffs'],
  [0x2000, 'voltage', 'voltage', 'V', -1, 'phases'],
  [0x2001, 'current', 'current', 'A', -3, 'phases'],
  [0x2002, 'voltageAngle', 'voltage angle', '°', -1, 'phases'],
  [0x2003, 'voltageCurrentAngle', 'angle between voltage and current', '°', -1, 'phases'],
  [0x2004, 'activePower', 'active power', 'W', -1, 'total-phases'],
  [0x2005, 'reactivePower', 'reactive power', 'var', -1, 'total-phases'],
  [0x2006, 'apparentPower', 'apparent power', 'VA', -1, 'total-phases'],
  [0x2007, 'meanActivePower', '1-minute mean active power', 'W', -1, 'total-phases'],
  [0x2008, 'meanReactivePower', '1-minute mean reactive power', 'var', -1, 'total-phases'],
  [0x2009, 'meanApparentPower', '1-minute mean apparent power', 'VA', -1, 'total-phases'],
  [0x200a, 'powerFactor', 'power factor', '', -3, 'total-phases'],
  [0x200b, 'voltageDistortion', 'voltage distortion THD', '%', -2, 'phases'],
  [0x200c, 'currentDistortion', 'current distortion THD', '%', -2, 'phases'],
  [0x200d, 'voltageHarmonic', 'voltage harmonic content', '%', -2, 'numbered'],
  [0x200e, 'currentHarmonic', 'current harmonic content', '%', -2, 'numbered'],
  [0x200f, 'frequency', 'grid frequency', 'Hz', -2, 'single'],
  [0x2010, 'temperature', 'temperature of the meter', '°C', -1, 'single'],
  [0x2011, 'clockBatteryVoltage', 'voltage of the clock battery', 'V', -2, 'single'],
  [0x2012, 'readingBatteryVoltage', 'voltage of the reading battery', 'V', -2, 'single'],
  [0x2013, 'clockBatteryTime', 'working time of the clock battery', 'min', 0, 'single'],
  [0x2014, 'statusWord', 'meter status words', '', null, 'numbered'],
  [0x2015, 'followReportStatus', 'follow-report status word', '', null, 'single'],
  [0x2017, 'currentActiveDemand', 'current active demand', 'kW', -4, 'single'],
  [0x2018, 'currentReactiveDemand', 'current reactive demand', 'kvar', -4, 'single'],
  [0x2019, 'currentApparentDemand', 'current apparent demand', 'kVA', -4, 'single'],
  [0x201a, 'currentPrice', 'current price', 'yuan/kWh', -4, 'single'],
  [0x201b, 'tariffPrice', 'price of the tariff', 'yuan/kWh', -4, 'single'],
  [0x201c, 'stepPrice', 'price of the step', 'yuan/kWh', -4, 'single'],
  [0x201e, 'eventStart', 'event start time', '', null, 'single'],
  [0x2020, 'eventEnd', 'event end time', '', null, 'single'],
  [0x2021, 'freezeTime', 'freeze time', '', null, 'single'],
  [0x2022, 'eventSequence', 'event record sequence', '', 0, 'single'],
  [0x2023, 'freezeSequence', 'freeze record sequence', '', 0, 'single'],
  [0x2024, 'eventSource', 'event source', '', null, 'single'],
  [0x2025, 'eventCurrentValue', 'count and accumulated seconds of an event', '', null, 'single'],
  [0x2026, 'voltageUnbalance', 'voltage unbalance', '%', -2, 'single'],
  [0x2027, 'currentUnbalance', 'current unbalance', '%', -2, 'single'],
  [0x2028, 'loadRate', 'load rate', '%', -2, 'single'],
  [0x2029, 'ampereHours', 'ampere-hour value', 'Ah', null, 'numbered'],
  [0x202a, 'targetAddress', 'target server address', '', null, 'single'],
  [0x202c, 'wallet', 'wallet: remaining amount and number of purchases', 'yuan', null, 'single'],
  [0x202d, 'overdraft', 'overdraft', 'yuan', -2, 'single'],
  [0x202e, 'accumulatedPurchase', 'accumulated purchase', 'yuan', -2, 'single'],
  [0x2031, 'monthEnergy', 'energy of the month', 'kWh', -2, 'single'],
  [0x2032, 'stepSettlementEnergy', 'energy of the step settlement', 'kWh', -2, 'single'],
  [0x2040, 'controlExecutionWord', 'control command execution word', '', null, 'single'],
  [0x2041, 'controlErrorWord', 'control command error word', '', null, 'single'],
  [0x2130, 'voltageQualification', 'voltage qualification', '', null, 'numbered'],
  [0x2131, 'voltageQualificationA', 'voltage qualification of phase A', '', null, 'numbered'],
  [0x2132, 'voltageQualificationB', 'voltage qualification of phase B', '', null, 'numbered'],
  [0x2133, 'voltageQualificationC', 'voltage qualification of phase C', '', null, 'numbered'],
  [0x2140, 'dayMaximumActivePower', 'maximum active power and its time, day', '', null, 'single'],
  [0x2141, 'monthMaximumActivePower', 'maximum active power and its time, month', '', null, 'single'],
  [0x2200, 'traffic', 'traffic of day and month', 'byte', 0, 'numbered'],
  [0x2203, 'supplyTime', 'supply time of day and month', 'min', 0, 'numbered'],
  [0x2204, 'resets', 'resets of day and month', '', 0, 'numbered'],
  [0x3300, 'reportStatus', 'report status per channel', '', null, 'single'],
  [0x3309, 'outageFlags', 'attribute flags of power off and on', '', null, 'single'],
  [0x3320, 'newEvents', 'newly reported events', '', null, 'single'],
  [0x4000, 'clock', 'clock', '', null, 'single'],
  [0x4001, 'communicationAddress', 'communication address', '', null, 'single'],
  [0x4002, 'meterNumber', 'meter number', '', null, 'single'],
  [0x4003, 'customerNumber', 'customer number', '', null, 'single'],
  [0x4004, 'position', 'position', '', null, 'single'],
  [0x4006, 'clockSource', 'clock source', '', null, 'single'],
  [0x400c, 'zoneCounts', 'zone and period counts', '', null, 'single'],
  [0x401c, 'currentRatio', 'current transformer ratio', '', 0, 'single'],
  [0x401d, 'voltageRatio', 'voltage transformer ratio', '', 0, 'single'],
  [0x4030, 'voltageQualificationParameters', 'voltage qualification parameters', '', null, 'single'],
  [0x4103, 'assetNumber', 'asset number', '', null, 'single'],
  [0x4111, 'softwareNumber', 'software number', '', null, 'single'],
  [0x4116, 'settlementDays', 'settlement days', '', null, 'single'],
  [0x4204, 'broadcastTime', 'broadcast time parameters', '', null, 'single'],
  [0x4300, 'device', 'device management', '', null, 'single'],
  [0x4500, 'publicNetwork1', 'public network module 1', '', null, 'single'],
  [0x4501, 'publicNetwork2', 'public network module 2', '', null, 'single'],
  [0x6000, 'archive', 'meter archive', '', null, 'single'],
  [0x6012, 'taskTable', 'task table', '', null, 'single'],
  [0x6014, 'ordinaryPlan', 'ordinary collection plan', '', null, 'single'],
  [0x6016, 'eventPlan', 'event collection plan', '', null, 'single'],
  [0x601c, 'reportPlan', 'report plan', '', null, 'single'],
  [0x6034, 'taskMonitor', 'task execution monitor', '', null, 'single'],
  [0x6035, 'taskMonitorUnit', 'task execution record', '', null, 'single'],
  [0x6040, 'collectionStart', 'collection start time', '', null, 'single'],
  [0x6041, 'collectionSuccess', 'collection success time', '', null, 'single'],
  [0x6042, 'collectionStore', 'collection store time', '', null, 'single'],
  [0x8000, 'remoteControl', 'remote control', '', null, 'single'],
  [0x8001, 'keepSupply', 'keep supply', '', null, 'single'],
  [0xf100, 'esam', 'security module ESAM', '', null, 'single'],
  [0xf101, 'securityMode', 'security mode', '', null, 'single'],
  [0xf200, 'rs232', 'RS-232 port', '', null, 'single'],
  [0xf201, 'rs485', 'RS-485 port', '', null, 'single'],
  [0xf202, 'infrared', 'infrared port', '', null, 'single'],
  [0xf203, 'switchInputs', 'switch inputs', '', null, 'single'],
  [0xf205, 'relay', 'relay outputs', '', null, 'single'],
  [0xf208, 'acSampling', 'AC sampling', '', null, 'single'],
  [0xf209, 'localModule', 'local communication module', '', null, 'single'],
  [0xf20c, 'radio230', '230 MHz radio', '', null, 'single'],
  [0x5000, 'instantFreeze', 'instantaneous freeze', '', null, 'single'],
  [0x5001, 'secondFreeze', 'second freeze', '', null, 'single'],
  [0x5002, 'minuteFreeze', 'minute freeze (load curve)', '', null, 'single'],
  [0x5003, 'hourFreeze', 'hour freeze', '', null, 'single'],
  [0x5004, 'dayFreeze', 'day freeze', '', null, 'single'],
  [0x5005, 'settlementFreeze', 'settlement day freeze', '', null, 'single'],
  [0x5006, 'monthFreeze', 'month freeze', '', null, 'single'],
  [0x5007, 'yearFreeze', 'year freeze', '', null, 'single'],
  [0x5008, 'yearZoneSwitchFreeze', 'freeze at year-zone table switch', '', null, 'single'],
  [0x5009, 'dayPeriodSwitchFreeze', 'freeze at day-period table switch', '', null, 'single'],
  [0x500a, 'tariffSwitchFreeze', 'freeze at tariff switch', '', null, 'single'],
  [0x500b, 'stepSwitchFreeze', 'freeze at step switch', '', null, 'single'],
  [0x5011, 'stepSettlementFreeze', 'freeze at step settlement', '', null, 'single'],
]

const byOi = new Map<number, ObjectEntry>(rows.map(([oi, item, words, unit, scale, elements]) => [oi, { item, words, unit, scale, elements }]))

/** Entry of an OI, or undefined for objects that the catalogue does not have. */
export function findObject(oi: number): ObjectEntry | undefined {
  const known = byOi.get(oi)
  if (known !== undefined) return known
  const group = oi >> 8
  if (group <= 0x02) return energyObject(oi)
  if (group === 0x10 || group === 0x11) return demandObject(oi)
  if (oi >= 0x2301 && oi <= 0x2308) return { item: `sumGroup${oi - 0x2300}ActivePower`, words: `active power of sum group ${oi - 0x2300}`, unit: 'W', scale: -1, elements: 'single' }
  return undefined
}

/** 0 g k p: group total, fundamental or harmonic; kind; phase. */
function energyObject(oi: number): ObjectEntry | undefined {
  const kind = energyKinds[(oi >> 4) & 0x0f]
  const phase = phaseLetters[oi & 0x0f]
  if (kind === undefined || phase === undefined) return undefined
  const [item, words, unit] = kind
  const prefix = ['', 'fundamental', 'harmonic'][oi >> 8] ?? ''
  return {
    item: (prefix === '' ? item : `${prefix}${item.charAt(0).toUpperCase()}${item.slice(1)}`) + phase,
    words: `${prefix === '' ? '' : `${prefix} `}${words}${phase === '' ? '' : ` of phase ${phase}`}`,
    unit,
    scale: -2,
    elements: 'tariffs',
  }
}

/** 10 k p maximum demand, 11 k p maximum demand in the freeze period. */
function demandObject(oi: number): ObjectEntry | undefined {
  const kind = demandKinds[(oi >> 4) & 0x0f]
  const phase = phaseLetters[oi & 0x0f]
  if (kind === undefined || phase === undefined) return undefined
  const [item, words, unit] = kind
  const period = oi >> 8 === 0x11
  return { item: `${period ? 'period' + item.charAt(0).toUpperCase() + item.slice(1) : item}${phase}`, words: `${words}${phase === '' ? '' : ` of phase ${phase}`}${period ? ' in the freeze period' : ''}`, unit, scale: -4, elements: 'tariffs' }
}

export interface OadParts {
  readonly oi: number
  readonly attribute: number
  /** Inside event records: 0 none, 1 at occurrence, 2 after occurrence, 3 before the end, 4 after the end. */
  readonly feature: number
  readonly index: number
}

export function oadParts(oad: string): OadParts {
  const value = Number.parseInt(oad, 16)
  return { oi: value >>> 16, attribute: (value >>> 8) & 0x1f, feature: (value >>> 13) & 7, index: value & 0xff }
}

export interface Quantity extends ObjectEntry {
  readonly scale: number
  readonly parts: OadParts
}

/** How to read the numbers behind an OAD, or undefined when they are no scaled quantity. */
export function findQuantity(oad: string): Quantity | undefined {
  const parts = oadParts(oad)
  const entry = findObject(parts.oi)
  if (entry === undefined || entry.scale === null) return undefined
  const { attribute } = parts
  const group = parts.oi >> 8
  // attribute 4 of the energy class is the same register with four decimals
  if (group <= 0x05 && attribute === 4) return { ...entry, scale: -4, parts }
  if (parts.oi === 0x2001 && attribute === 4) return { ...entry, item: 'neutralCurrent', words: 'neutral current', elements: 'single', scale: -3, parts }
  if (parts.oi === 0x2001 && attribute === 5) return { ...entry, item: 'residualCurrent', words: 'residual current', elements: 'single', scale: -3, parts }
  if (group === 0x23) return sumGroup(entry, parts)
  if ((parts.oi === 0x200d || parts.oi === 0x200e) && attribute >= 2 && attribute <= 4) return { ...entry, item: `${entry.item}${phaseLetters[attribute - 1] ?? ''}`, scale: -2, parts }
  if (attribute !== 2) return undefined
  return { ...entry, scale: entry.scale, parts }
}

function sumGroup(entry: ObjectEntry, parts: OadParts): Quantity | undefined {
  const base = entry.item.replace('ActivePower', '')
  if (parts.attribute === 3) return { ...entry, scale: -1, parts }
  if (parts.attribute === 4) return { ...entry, item: `${base}ReactivePower`, words: entry.words.replace('active', 'reactive'), unit: 'var', scale: -1, parts }
  return undefined
}

/** Suffix of an element, counted from 0: total, tariffs, phases. */
export function elementSuffix(elements: Elements, element: number): string {
  if (elements === 'tariffs') return element === 0 ? '' : `T${element}`
  if (elements === 'phases') return phaseLetters[element + 1] ?? String(element + 1)
  if (elements === 'total-phases') return phaseLetters[element] ?? String(element + 1)
  return elements === 'numbered' ? String(element + 1) : ''
}
