import { toHex } from '../hex.ts'
import { ascii, bits, hex, list, record, time, number, type CustomLayout, type Layout, type LayoutRecord, type LayoutValue, type RecordLayout } from '../layout/layout.ts'
import { statusWords } from '../dlt645/status-words.ts'
import { readLayout } from '../layout/read.ts'
import { asRecord, writeLayout } from '../layout/write.ts'
import { Reader } from '../reader.ts'
import { invalidField, Writer } from '../writer.ts'
import { a1, a2, a3, a5, a7, a10, a11, a12, a14, a15, a22, a23, a25, bin1, bin2, bin4, missingByte } from './formats.ts'
import { phases } from './shapes.ts'
import { unitIdLayout } from './unit-id.ts'
import { row, type UnitRow } from './unit-layout.ts'

/** P16: D11–D0 measuring point, D15 1 = the event starts, 0 = it ended. */
const point: CustomLayout = {
  type: 'custom',
  minimumBytes: 2,
  read(reader) {
    const word = reader.u16le()
    return { pn: word & 0x0fff, starts: (word & 0x8000) !== 0 }
  },
  write(writer, value, field) {
    const { pn, starts } = asRecord(value, field)
    if (typeof pn !== 'number' || pn > 0x0fff) throw invalidField(`${field}.pn`, 'must be 0 to 4095')
    writer.u16le(pn | (starts === true ? 0x8000 : 0), `${field}.pn`)
  },
  describe: (value: LayoutValue) => { const { pn, starts } = value as LayoutRecord; return `p${pn as number} ${starts === true ? 'starts' : 'ended'}` },
}

/** P8: D5–D0 number of a group or input, D7 start flag where the event has one. */
const small: CustomLayout = {
  type: 'custom',
  minimumBytes: 1,
  read(reader) {
    const byte = reader.u8()
    return { number: byte & 0x3f, starts: (byte & 0x80) !== 0 }
  },
  write(writer, value, field) {
    const { number: value6, starts } = asRecord(value, field)
    if (typeof value6 !== 'number' || value6 > 0x3f) throw invalidField(`${field}.number`, 'must be 0 to 63')
    writer.u8(value6 | (starts === true ? 0x80 : 0), `${field}.number`)
  },
  describe: (value: LayoutValue) => { const { number: value6, starts } = value as LayoutRecord; return `${value6 as number}${starts === true ? ' starts' : ''}` },
}

const at = ['time', a15] as const
const of = ['point', point] as const
const flags = (...names: readonly (string | null)[]): readonly [string, Layout] => ['flags', bits(1, names)]
/** D2–D0 phases C B A, D7–D6 what happened. */
const phaseFlags = flags('phase A', 'phase B', 'phase C', null, null, null, 'kind bit 0', 'kind bit 1')
const voltages = ['u', list(a7, 3, phases)] as const
const currents = ['i', list(a25, 3, phases)] as const
const reading = ['reading', a14] as const
const circuitFault = record(at, of, phaseFlags, voltages, currents, reading)
const groupTrip = [at, ['group', small], ['rounds', bits(1)], ['kind', bin1]] as const
const words = (name: string): readonly [string, Layout] => [name, record(...statusWords.map((layout, index) => [`word${index + 1}`, layout] as const))]
const readFailed = record(at, of, ['lastRead', a15], ['active', a14], ['reactive', a11('kvarh')])
/** The meter's own record DL/T 645 03300D01 / 03300E01. */
const coverRecord = record(at, ['pn', bin2], ['count', a10], ['start', time('smhDMY')], ['end', time('smhDMY')], ['energies', list(number(4, 2), 12)])

export interface EventKind {
  readonly words: string
  /** Tried in order; the first that fills exactly Le is taken. */
  readonly layouts: readonly RecordLayout[]
}

const kind = (eventWords: string, ...layouts: readonly RecordLayout[]): EventKind => ({ words: eventWords, layouts })

/** Event records by code (5.13, table of ERC1–ERC41); the rest is vendor specific and stays raw. */
export const eventKinds: Readonly<Record<number, EventKind>> = {
  1: kind('initialised or version changed', record(at, flags('initialised', 'version changed'), ['oldVersion', ascii(4)], ['newVersion', ascii(4)])),
  2: kind('parameters lost', record(at, flags('of the terminal', 'of a measuring point'))),
  3: kind('parameters changed', record(at, ['msa', bin1], ['units', list(unitIdLayout, 'rest')])),
  4: kind('status input changed', record(at, ['changes', bits(1)], ['states', bits(1)])),
  5: kind('remote trip', record(at, ['rounds', bits(1)], ['powerAtTrip', a2('kW')], ['powerAfter', a2('kW')])),
  6: kind('trip by load control', record(...groupTrip, ['powerAtTrip', a2('kW')], ['powerAfter', a2('kW')], ['limit', a2('kW')])),
  7: kind('trip by energy control', record(...groupTrip, ['energy', a3('kWh')], ['limit', a3('kWh')])),
  8: kind('meter parameters changed', record(at, of, flags('tariffs', 'programming', 'reading day', 'constant', 'ratio', 'demand cleared'))),
  9: kind('current circuit fault', circuitFault), // D7–D6: 1 short, 2 open, 3 reversed
  10: kind('voltage circuit fault', circuitFault), // D7–D6: 1 phase failure, 2 voltage loss
  11: kind('phase sequence', record(at, of, ['angles', list(a5('°'), 6, ['Ua', 'Ub', 'Uc', 'Ia', 'Ib', 'Ic'])], reading)),
  12: kind('meter clock error', record(at, of)),
  13: kind('meter fault', record(at, of, flags('programming or demand-clear count changed', 'phase-failure count changed', 'voltage-loss count changed', 'power-off count changed', 'battery low'))),
  // 2013: an attribute before the times, D0 = duration inside the window, D1 = confirmed by the meters
  14: kind('terminal power off or on', record(['off', a15], ['on', a15]), record(['attr', bits(1, ['normal duration', 'confirmed valid'])], ['off', a15], ['on', a15])),
  15: kind('harmonics over limit', record(at, of, phaseFlags, ['orders', hex(3)], ['values', list(hex(2), 19)])),
  16: kind('DC analogue value over limit', record(at, ['input', small], flags('upper', 'lower'), ['value', a2('')])),
  17: kind('unbalance over limit', record(at, of, flags('voltage', 'current'), ['voltageUnbalance', a5('%')], ['currentUnbalance', a5('%')], voltages, currents)),
  18: kind('capacitor locked', record(at, of, flags('over-voltage', 'undercompensated', 'overcompensated'), ['groups', bits(2)], ['powerFactor', a5('%')], ['reactivePower', hex(2)], ['voltage', a7])),
  19: kind('credit purchased', record(at, ['group', small], ['order', bin4], ['mode', bin1], ['energies', list(a3('kWh'), 5)])),
  20: kind('authentication error', record(at, ['pw', hex(16)], ['msa', bin1])),
  21: kind('terminal fault', record(at, ['code', bin1])), // 1 memory, 2 clock, 3 main board, 4 RS485, 5 display, 6 carrier channel
  22: kind('energy difference', record(
    at, ['group', small], ['first', a3('kWh')], ['second', a3('kWh')], ['relative', bin1], ['deviation', a3('kWh')],
    ['n', bin1], ['readings', list(a14, { field: 'n' })], ['m', bin1], ['references', list(a14, { field: 'm' })],
  )),
  23: kind('energy control alarm', record(...groupTrip, ['energy', a3('kWh')], ['limit', a3('kWh')])),
  24: kind('voltage over limit', record(at, of, phaseFlags, voltages)), // D7–D6: 1 upper-upper, 2 lower-lower
  25: kind('current over limit', record(at, of, phaseFlags, currents)), // D7–D6: 1 upper-upper, 2 upper
  26: kind('apparent power over limit', record(at, of, phaseFlags, ['power', a23('kVA')], ['limit', a23('kVA')])),
  27: kind('reading decreased', record(at, of, ['before', a14], ['after', a14])),
  28: kind('energy error', record(at, of, ['before', a14], ['after', a14], ['threshold', a22])),
  29: kind('meter runs away', record(at, of, ['before', a14], ['after', a14], ['threshold', a22])),
  30: kind('meter stopped', record(at, of, reading, ['threshold15Minutes', bin1])),
  31: kind('meter reading failed', readFailed),
  32: kind('traffic over limit', record(at, ['used', bin4], ['limit', bin4])),
  33: kind('meter status word changed', record(at, of, words('changes'), words('words'))),
  34: kind('current transformer fault', record(at, of, phaseFlags)), // D7–D6: 1 primary short, 2 secondary short, 3 secondary open
  35: kind('unknown meters found', record(at, ['port', bin1], ['n', bin1], ['meters', list(record(['address', a12], ['phase', bin1], ['protocol', bin1]), { field: 'n' })])),
  36: kind('output circuit switch changed', record(at, ['changes', bits(1)], ['states', bits(1)])),
  37: kind('meter cover opened', coverRecord),
  38: kind('terminal cover of the meter opened', coverRecord),
  39: kind('catch-up reading failed', readFailed),
  40: kind('magnetic field', record(at, of, ['deviceKind', bin1], ['device', a12], ['kind', bin1])),
  41: kind('meter clock set', record(['pn', bin2], ['before', a1], ['after', a1])),
}

/** ERC1–ERC35 are the same in both editions; the later ones have local meanings too. */
const lastStableCode = 35

/*
  Event record
    ERC  1 byte
    Le   1 byte   bytes that follow; it is trusted, not the table
    Le bytes      fields by ERC, or `raw` where no layout fills them exactly
*/
function readRecord(reader: Reader): LayoutRecord {
  const erc = reader.u8('event code')
  const le = reader.u8('event length')
  const start = reader.offset
  reader.skip(le, 'event record')
  if (!reader.ok) return { erc, le }
  const layouts = eventKinds[erc]?.layouts ?? []
  for (const layout of layouts) {
    const inner = new Reader(reader.bytes, start, start + le)
    const fields = readLayout(layout, inner) as LayoutRecord
    if (!inner.ok) continue
    if (inner.remaining === 0) return { erc, le, ...fields }
    // a longer record of a code whose layout never changed: known fields first
    if (erc <= lastStableCode && layouts.length === 1) return { erc, le, ...fields, rest: inner.hex(inner.remaining) }
  }
  return { erc, le, raw: toHex(reader.bytes, start, start + le) }
}

const eventRecord: CustomLayout = {
  type: 'custom',
  minimumBytes: 2,
  read: readRecord,
  write(writer, value, field) {
    const fields = asRecord(value, field)
    const erc = fields['erc'] as number
    const body = new Writer()
    if (fields['raw'] !== undefined) body.hex(fields['raw'] as string, null, `${field}.raw`)
    else {
      const layout = eventKinds[erc]?.layouts.filter((each) => each.fields.every((one) => fields[one.name] !== undefined)).at(-1)
      if (layout === undefined) throw invalidField(field, `has neither raw nor the fields of ERC${erc}`)
      writeLayout(layout, body, fields, { field, fill: missingByte })
      if (fields['rest'] !== undefined) body.hex(fields['rest'] as string, null, `${field}.rest`)
    }
    writer.u8(erc, `${field}.erc`)
    writer.u8(body.length, `${field}.le`)
    writer.bytes(body.finish())
  },
  describe: (value: LayoutValue) => eventWords(value as LayoutRecord),
}

export function eventWords(event: LayoutRecord): string {
  const { erc, le, ...fields } = event
  const text = Object.entries(fields).map(([name, value]) => `${name} ${value === null ? 'missing' : typeof value === 'object' ? JSON.stringify(value) : value.toString()}`)
  return `ERC${erc as number} ${eventKinds[erc as number]?.words ?? 'vendor event'} (${le as number} bytes): ${text.join(', ')}`
}

const events = ['records', list(eventRecord, 'rest')] as const
const pointers = [['pm', bin1], ['pnEnd', bin1]] as const

/** AFN 0E class 3 data, up (5.13). Pm and Pn are those of the frame. */
export const eventRowsUp: readonly UnitRow[] = [
  row(1, 'important events', record(['ec1', bin1], ['ec2', bin1], ...pointers, events)),
  row(2, 'general events', record(['ec1', bin1], ['ec2', bin1], ...pointers, events)),
  row(3, 'events of one code', record(['count', bin1], events)), // 2013
]
export const eventRowsDown: readonly UnitRow[] = [
  row(1, 'important events', record(...pointers)),
  row(2, 'general events', record(...pointers)),
  row(3, 'events of one code', record(['erc', bin1], ['count', bin1])), // 2013
]
