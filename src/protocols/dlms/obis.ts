import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'

/*
 * OBIS, 6 bytes A-B:C.D.E*F, written with dots here
 */
export function readObis(reader: Reader): string {
  const parts: number[] = []
  for (let group = 0; group < 6; group++) parts.push(reader.u8('OBIS'))
  return parts.join('.')
}

export function obisBytes(input: Input): Uint8Array {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(input.text())
  const groups = (match ?? []).slice(1).map(Number)
  if (match === null || groups.some((group) => group > 255)) input.fail('must be six numbers to 255 with dots between')
  return Uint8Array.from(groups)
}

/** OBIS of an octet-string of 6 bytes, given as hex; null for anything else. */
export function obisOfHex(hex: string): string | null {
  if (hex.length !== 12) return null
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)).join('.')
}

export interface ObisEntry {
  /** Name of the quantity in the normal form; null where it is no reading. */
  readonly item: string | null
  readonly words: string
  /** Unit as COSEM gives it. */
  readonly unit: string
}

const tariffSuffix = (e: number): string => (e === 0 ? '' : `T${e}`)
const phases = ['A', 'B', 'C'] as const

/** C group of a measured quantity: base C, plus 20, 40, 60 for the phases. */
const powers: Readonly<Record<number, readonly [item: string, words: string, unit: string]>> = {
  1: ['activePower', 'active power import', 'W'],
  2: ['reverseActivePower', 'active power export', 'W'],
  3: ['reactivePower', 'reactive power import', 'var'],
  4: ['reverseReactivePower', 'reactive power export', 'var'],
  9: ['apparentPower', 'apparent power import', 'VA'],
  11: ['current', 'current', 'A'],
  12: ['voltage', 'voltage', 'V'],
  13: ['powerFactor', 'power factor', ''],
  14: ['frequency', 'frequency', 'Hz'],
}
const energies: Readonly<Record<number, readonly [item: string, words: string, unit: string]>> = {
  1: ['forwardActiveEnergy', 'active energy import', 'Wh'],
  2: ['reverseActiveEnergy', 'active energy export', 'Wh'],
  3: ['forwardReactiveEnergy', 'reactive energy import', 'varh'],
  4: ['reverseReactiveEnergy', 'reactive energy export', 'varh'],
  9: ['forwardApparentEnergy', 'apparent energy import', 'VAh'],
}

/** Objects that are named as they stand; the B group (channel) is left out. */
const named: Readonly<Record<string, string>> = {
  '128.128.128.128': 'last gasp', '0.1.0.0': 'clock', '0.42.0.0': 'logical device name', '0.96.1.0': 'device id', '0.96.1.1': 'device id 2', '0.96.1.7': 'meter type',
  '0.0.5.255': 'meter id', '0.96.10.2': 'profile status', '0.96.7.21': 'power failures', '0.96.7.9': 'long power failures',
  '0.96.3.10': 'disconnector', '0.97.98.0': 'alarm register 1', '0.97.98.1': 'alarm register 2', '0.97.98.2': 'alarm register 3',
  '0.96.11.0': 'standard event code', '0.96.11.1': 'fraud event code', '0.96.11.3': 'M-Bus event code', '0.96.11.4': 'communication event code',
  '0.96.11.5': 'power quality event code', '0.99.98.0': 'standard event log', '0.25.9.0': 'push setup', '1.99.1.0': 'load profile',
  '1.99.1.1': 'power quality profile 1', '1.99.1.2': 'power quality profile 2', '1.99.2.0': 'daily load profile', '1.98.1.0': 'billing profile',
  '0.98.1.0': 'monthly profile', '0.94.31.6': 'definable load profile', '1.99.97.0': 'power failure log', '1.0.2.129': 'list version',
  '1.0.0.5': 'meter id', '1.96.1.1': 'meter type', '0.16.1.2': 'last-gasp monitor', '0.15.2.4': 'last-gasp test scheduler',
}

/** What an OBIS means (chapter 8); undefined for codes outside the catalogue. */
export function findObis(obis: string): ObisEntry | undefined {
  const [a = -1, , c = -1, d = -1, e = -1] = obis.split('.').map(Number)
  const words = named[`${a}.${c}.${d}.${e}`]
  if (words !== undefined) return { item: null, words, unit: '' }
  return a === 1 ? quantity(c, d, e) : undefined
}

function quantity(c: number, d: number, e: number): ObisEntry | undefined {
  if (d === 8) {
    const energy = energies[c]
    return energy === undefined ? undefined : { item: energy[0] + tariffSuffix(e), words: `${energy[1]}${e === 0 ? '' : `, tariff ${e}`}`, unit: energy[2] }
  }
  const phase = c > 20 && c < 80 ? phases[Math.floor(c / 20) - 1] : undefined
  const base = phase === undefined ? c : c - 20 * (phases.indexOf(phase) + 1)
  const power = powers[base]
  if (power === undefined) return undefined
  const on = phase === undefined ? '' : `, phase ${phase}`
  // instantaneous; average is D = 24 for current and voltage, D = 4 for powers
  if (d === 7) return { item: power[0] + (phase ?? ''), words: power[1] + on, unit: power[2] }
  if (d === 24 || d === 4) return { item: `mean${power[0].charAt(0).toUpperCase()}${power[0].slice(1)}${phase ?? ''}`, words: `mean ${power[1]}${on}`, unit: power[2] }
  if (base === 12 && d === 32) return { item: null, words: `voltage sags${on}`, unit: '' }
  if (base === 12 && d === 36) return { item: null, words: `voltage swells${on}`, unit: '' }
  return undefined
}

/** COSEM units (chapter 3); other numbers than those of DL/T 698.45. */
const units: Readonly<Record<number, string>> = {
  1: 'a', 2: 'mo', 3: 'wk', 4: 'd', 5: 'h', 6: 'min', 7: 's', 8: '°', 9: '°C', 13: 'm³', 27: 'W', 28: 'VA', 29: 'var', 30: 'Wh', 31: 'VAh', 32: 'varh', 33: 'A', 35: 'V', 44: 'Hz', 255: '',
}
export const unitName = (unit: number): string => units[unit] ?? `unit ${unit}`
