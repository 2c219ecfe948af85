import { ascii, hex, list, record, type CustomLayout, type Layout, type LayoutRecord, type LayoutValue } from '../layout/layout.ts'
import { asRecord } from '../layout/write.ts'
import { invalidField } from '../writer.ts'
import { a1, a5, a7, a12, a18, a19, a22, a23, a25, bin1, bin2, bin4 } from './formats.ts'
import { unitIdLayout } from './unit-id.ts'
import { row, type UnitRow } from './unit-layout.ts'

/*
  F1 uplink communication
    RTS delay 1 byte ×20 ms; longest send delay 1 byte min; timeout 12 bits s, retries D5–D4 of the second byte; CON flags 1 byte; heartbeat period 1 byte min
*/
const uplink: CustomLayout = {
  type: 'custom',
  minimumBytes: 6,
  read(reader) {
    const rtsMs = reader.u8() * 20
    const delayMin = reader.u8()
    const word = reader.u16le()
    return { rtsMs, delayMin, timeoutS: word & 0x0fff, retries: (word >> 12) & 0x03, conFlags: reader.u8(), heartbeatMin: reader.u8() }
  },
  write(writer, value, field) {
    const { rtsMs, delayMin, timeoutS, retries, conFlags, heartbeatMin } = asRecord(value, field) as Record<string, number>
    writer.u8((rtsMs as number) / 20, `${field}.rtsMs`)
    writer.u8(delayMin as number, `${field}.delayMin`)
    if (!((timeoutS as number) <= 0xfff && (retries as number) <= 3)) throw invalidField(field, 'has a timeout above 4095 s or more than 3 retries')
    writer.u16le((timeoutS as number) | ((retries as number) << 12), `${field}.timeoutS`)
    writer.u8(conFlags as number, `${field}.conFlags`)
    writer.u8(heartbeatMin as number, `${field}.heartbeatMin`)
  },
  describe: (value) => Object.entries(value as LayoutRecord).map(([name, each]) => `${name} ${each as number}`).join(', '),
}

function textOf(value: LayoutValue, field: string): string {
  if (typeof value !== 'string') throw invalidField(field, 'must be text')
  return value
}

const ipBytes = (reader: { u8(): number }): string => [reader.u8(), reader.u8(), reader.u8(), reader.u8()].join('.')

function writeIp(writer: { u8(value: number, field?: string): void }, text: string, field: string): void {
  const parts = text.split('.').map(Number)
  if (parts.length !== 4) throw invalidField(field, 'is no IPv4 address')
  for (const part of parts) writer.u8(part, field)
}

const ip: CustomLayout = {
  type: 'custom',
  minimumBytes: 4,
  read: ipBytes,
  write: (writer, value, field) => { writeIp(writer, textOf(value, field), field) },
  describe: (value) => value as string,
}

/** `192.168.0.1:8080`: four bytes in reading order and a port, least significant byte first. */
const ipAndPort: CustomLayout = {
  type: 'custom',
  minimumBytes: 6,
  read: (reader) => `${ipBytes(reader)}:${reader.u16le()}`,
  write(writer, value, field) {
    const [address = '', port = ''] = textOf(value, field).split(':')
    writeIp(writer, address, field)
    writer.u16le(port === '' ? NaN : Number(port), field)
  },
  describe: (value) => value as string,
}

const phoneSigns = '0123456789,#'

/** Eight bytes, nibbles in reading order: F = filler, A = pause (`,`), B = `#`. */
const phone: CustomLayout = {
  type: 'custom',
  minimumBytes: 8,
  read(reader) {
    const nibbles = reader.hex(8).replace(/f+$/, '')
    return nibbles.replace(/a/g, ',').replace(/b/g, '#')
  },
  write(writer, value, field) {
    const text = textOf(value, field)
    if (text.length > 16 || [...text].some((sign) => !phoneSigns.includes(sign) && !/[c-f]/.test(sign))) throw invalidField(field, 'is no telephone number of at most 16 signs')
    writer.hex(text.replaceAll(',', 'a').replaceAll('#', 'b').padEnd(16, 'f'), 8, field)
  },
  describe: (value: LayoutValue) => value as string,
}

const counted = (name: string, item: Layout, width: Layout = bin1): Layout => record(['n', width], [name, list(item, { field: 'n' })])

/** F10: 27 bytes for each meter. */
const meter = record(
  ['sequence', bin2],
  ['pn', bin2], // 0 = delete
  ['portAndSpeed', bin1], // D7–D5 speed, D4–D0 port
  ['protocol', bin1], // 0 none, 1 DL/T 645-1997, 2 AC sampling, 30 DL/T 645-2007, 31 carrier module
  ['address', a12],
  ['password', hex(6)],
  ['tariffs', bin1],
  ['digits', bin1], // D3–D2 integer digits − 4, D1–D0 decimals − 1
  ['collector', a12],
  ['userClass', bin1],
)

const limit = (layout: Layout): Layout => record(['limit', layout], ['minutes', bin1], ['recovery', a5('%')])

/** AFN 04 set parameters, down; AFN 0A query parameters, up (5.4, 5.9). */
export const parameterRows: readonly UnitRow[] = [
  row(1, 'uplink communication', uplink),
  row(3, 'addresses of the master', record(['main', ipAndPort], ['backup', ipAndPort], ['apn', ascii(16)])),
  row(4, 'telephone numbers', record(['phone', phone], ['smsCenter', phone])),
  row(5, 'message authentication', record(['scheme', bin1], ['parameter', bin2])),
  row(6, 'group addresses', record(['groups', list(bin2, 8)])),
  row(7, 'address of the terminal', record(
    ['ip', ip], ['mask', ip], ['gateway', ip], ['proxyType', bin1], ['proxy', ipAndPort], ['proxyAuthentication', bin1],
    ['userLength', bin1], ['user', { type: 'hex', bytes: { field: 'userLength' } }], ['passwordLength', bin1], ['password', { type: 'hex', bytes: { field: 'passwordLength' } }], ['listeningPort', bin2],
  )),
  row(8, 'working mode', record(['mode', bin1], ['redialSeconds', bin2], ['redialCount', bin1], ['idleMinutes', bin1], ['hours', hex(3)])),
  row(9, 'event configuration', record(['recordMask', hex(8)], ['importantMask', hex(8)])),
  row(10, 'meter archive', counted('meters', meter, bin2)),
  row(12, 'status inputs', record(['connected', bin1], ['normallyOpen', bin1])),
  row(14, 'total groups', counted('groups', record(['group', bin1], ['m', bin1], ['points', list(bin1, { field: 'm' })]))),
  row(21, 'tariff slots', record(['slots', list(bin1, 48)], ['tariffs', bin1])),
  row(25, 'measuring point', record(['ptRatio', bin2], ['ctRatio', bin2], ['ratedVoltage', a7], ['ratedCurrent', a22], ['ratedKva', a23('kVA')], ['wiring', bin1])),
  row(26, 'limits of a measuring point', record(
    ['voltageUpperOk', a7], ['voltageLowerOk', a7], ['phaseFailure', a7],
    ['voltageUpperUpper', limit(a7)], ['voltageLowerLower', limit(a7)], ['currentUpperUpper', limit(a25)], ['currentUpper', limit(a25)], ['neutralCurrentUpper', limit(a25)],
    ['apparentUpperUpper', limit(a23('kVA'))], ['apparentUpper', limit(a23('kVA'))], ['voltageUnbalance', limit(a5('%'))], ['currentUnbalance', limit(a5('%'))], ['voltageLossMinutes', bin1],
  )),
  row(33, 'meter reading schedule', counted('ports', record(
    ['port', bin1], ['control', hex(2)], ['days', hex(4)], ['time', a19], ['intervalMinutes', bin1], ['broadcastClock', a18], ['m', bin1], ['slots', list(record(['from', a19], ['to', a19]), { field: 'm' })],
  ))),
  row(34, 'serial parameters of the local module', counted('ports', record(['port', bin1], ['control', bin1], ['baud', bin4]))),
  row(35, 'key customers', counted('sequences', bin2)),
  row(36, 'traffic limit', record(['bytesPerMonth', bin4])),
  row('38-39', 'data of a user class', record(['userClass', bin1], ['m', bin1], ['subclasses', list(record(['subclass', bin1], ['n', bin1], ['classes', list(bin1, { field: 'n' })]), { field: 'm' })])),
  row('65-66', 'periodic report task', record(['period', bin1], ['base', a1], ['thinning', bin1], ['n', bin1], ['units', list(unitIdLayout, { field: 'n' })])),
  row('67-68', 'start or stop a task', record(['start', bin1])), // 55 start, AA stop
  row(97, 'collection of outage data', record(['flags', bin1], ['rereadHours', bin1], ['readLimitMinutes', bin1], ['n', bin2], ['points', list(bin2, { field: 'n' })])), // 2013
  row(98, 'screening of outages', record(
    ['minimumMinutes', bin2], ['maximumMinutes', bin2], ['deviationMinutes', bin2], ['intervalDeviation', bin2], ['outageVoltage', a7], ['restoreVoltage', a7], ['reportFlag', bin1],
  )), // 2013
  // 2009: clock error in minutes, one byte; 2013: in seconds, two bytes
  row(59, 'thresholds of meter abnormality', record(['energyError', a22], ['runAway', a22], ['stopped15Minutes', bin1], ['clockError', hex(null)])),
]

/** AFN 0A, down: most queries have no data; these carry a selection. */
export const queryRows: readonly UnitRow[] = [
  row(10, 'meter archive', counted('query', bin2, bin2)),
  row(11, 'pulse configuration', counted('query', bin1)),
  row('13-15', 'analogue inputs, total groups', counted('query', bin1)),
  row('33-34', 'ports', counted('query', bin1)),
  row('38-39', 'data of a user class', record(['userClass', bin1], ['n', bin1], ['query', list(bin1, { field: 'n' })])),
]
