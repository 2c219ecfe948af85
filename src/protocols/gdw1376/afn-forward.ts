import { hex, list, record, type CustomLayout, type Layout, type LayoutRecord, type LayoutValue, type RecordLayout } from '../layout/layout.ts'
import { readLayout } from '../layout/read.ts'
import { asRecord, writeLayout } from '../layout/write.ts'
import { Reader } from '../reader.ts'
import { invalidField } from '../writer.ts'
import { a12, bin1, bin2, missingByte } from './formats.ts'
import { row, type UnitRow } from './unit-layout.ts'

const bauds = [300, 600, 1200, 2400, 4800, 7200, 9600, 19200]

/** Port settings: D7–D5 speed, D4 stop bits, D3 parity on, D2 odd, D1–D0 data bits − 5. */
const portControl: CustomLayout = {
  type: 'custom',
  minimumBytes: 1,
  read(reader) {
    const byte = reader.u8()
    return { baud: bauds[byte >> 5] as number, stop: (byte & 0x10) === 0 ? 1 : 2, parity: (byte & 0x08) === 0 ? 'none' : (byte & 0x04) === 0 ? 'even' : 'odd', bits: 5 + (byte & 0x03) }
  },
  write(writer, value, field) {
    const { baud, stop, parity, bits } = asRecord(value, field)
    const speed = bauds.indexOf(baud as number)
    if (speed < 0 || (stop !== 1 && stop !== 2) || typeof bits !== 'number' || bits < 5 || bits > 8) throw invalidField(field, 'is no setting of a port')
    writer.u8((speed << 5) | (stop === 2 ? 0x10 : 0) | (parity === 'none' ? 0 : parity === 'even' ? 0x08 : 0x0c) | (bits - 5))
  },
  describe: (value: LayoutValue) => { const { baud, stop, parity, bits } = value as LayoutRecord; return `${baud as number} bit/s, ${bits as number} data bits, parity ${parity as string}, ${stop as number} stop bits` },
}

/** D7 unit (1 = 1 s, 0 = 10 ms), D6–D0 value. */
const messageTimeout: CustomLayout = {
  type: 'custom',
  minimumBytes: 1,
  read(reader) {
    const byte = reader.u8()
    return (byte & 0x7f) * ((byte & 0x80) === 0 ? 10 : 1000)
  },
  write(writer, value, field) {
    const ms = value as number
    const inSeconds = ms > 1270 || (ms % 1000 === 0 && ms > 0)
    const count = ms / (inSeconds ? 1000 : 10)
    if (!Number.isInteger(count) || count > 127) throw invalidField(field, 'must be at most 127 units of 10 ms or of 1 s')
    writer.u8(count | (inSeconds ? 0x80 : 0))
  },
  describe: (value: LayoutValue) => `${value as number} ms`,
}

const byteTimeout: CustomLayout = {
  type: 'custom',
  minimumBytes: 1,
  read: (reader) => reader.u8() * 10,
  write: (writer, value, field) => { writer.u8((value as number) / 10, field) },
  describe: (value: LayoutValue) => `${value as number} ms`,
}

/** Bytes whose number an earlier field tells. */
export const countedHex = (width: Layout, countName: string, name: string): RecordLayout => record([countName, width], [name, { type: 'hex', bytes: { field: countName } }])

const content = countedHex(bin2, 'k', 'content').fields.map((field) => [field.name, field.layout] as const)
/** Relays between port and meter; FF leaves the route to the module. */
const relays = [['n', bin1], ['relays', list(a12, { field: 'n', of: (n) => (n === 0xff ? 0 : n) })]] as const
/** D1–D0: 0 = 1997, 1 = 2007. The identifier is a number, least significant byte first; 1997 uses its low two bytes. */
const identifier = hex(4)

/** Several layouts for one class, told apart only by what fits: read with the first that takes all that is left, written with the first whose fields are there. */
function firstFit(...layouts: readonly RecordLayout[]): CustomLayout {
  return {
    type: 'custom',
    minimumBytes: 1,
    read(reader) {
      for (const layout of layouts) {
        const trial = new Reader(reader.bytes, reader.offset, reader.end)
        const value = readLayout(layout, trial)
        if (trial.ok && trial.remaining === 0) {
          reader.skip(reader.remaining)
          return value
        }
      }
      return { raw: reader.hex(reader.remaining) }
    },
    write(writer, value, field) {
      const fields = asRecord(value, field)
      if (fields['raw'] !== undefined) return writer.hex(fields['raw'] as string, null, `${field}.raw`)
      const layout = layouts.find((each) => each.fields.every((one) => one.layout.type === 'mark' || fields[one.name] !== undefined))
      if (layout === undefined) throw invalidField(field, 'has the fields of none of its layouts')
      writeLayout(layout, writer, value, { field, fill: missingByte })
    },
    describe: (value: LayoutValue) => JSON.stringify(value),
  }
}

/** 2009: trip (AA) or allow closing (55) through a port, with the password of the meter. */
const tripRequest = record(['port', bin1], ...relays, ['target', a12], ['action', { type: 'custom', minimumBytes: 1, ...actionByte() }], ...countedHex(bin1, 'k', 'password').fields.map((field) => [field.name, field.layout] as const))
const tripAnswer = record(['port', bin1], ['target', a12], ['result', bin1], ['flag', bin1])
/** 2013: F10 reads several identifiers, or brings the events that a meter reported by itself (result 6). */
const batchRequest = record(['port', bin1], ...relays, ['target', a12], ['diType', bin1], ['count', bin1], ['identifiers', list(identifier, { field: 'count' })])
const batchAnswer = record(['port', bin1], ['target', a12], ['result', bin1], ['count', bin1], ['items', list(record(['length', bin1], ['payload', { type: 'hex', bytes: { field: 'length' } }]), { field: 'count' })])

function actionByte(): Pick<CustomLayout, 'read' | 'write' | 'describe'> {
  return {
    read(reader) {
      const at = reader.offset
      const byte = reader.u8()
      if (byte !== 0xaa && byte !== 0x55) reader.fail('FIELD_INVALID', 'the action is neither AA nor 55', at)
      return byte
    },
    write: (writer, value, field) => { writer.u8(value as number, field) },
    describe: (value) => (value === 0xaa ? 'trip' : 'allow closing'),
  }
}

/** AFN 10 data forwarding, down (5.15). */
export const forwardRowsDown: readonly UnitRow[] = [
  row(1, 'transparent forwarding', record(['port', bin1], ['ctrl', portControl], ['msgTimeoutMs', messageTimeout], ['byteTimeoutMs', byteTimeout], ...content)),
  row(9, 'direct reading', record(['port', bin1], ...relays, ['target', a12], ['diType', bin1], ['identifier', identifier])),
  row(10, 'remote trip, or reading of several identifiers', firstFit(tripRequest, batchRequest)),
  row(11, 'remote power-on', record(['port', bin1], ...relays, ['target', a12], ['action', bin1])),
]

/** AFN 10, up. `payload` = identifier (2 or 4 bytes) and data without 33H. */
export const forwardRowsUp: readonly UnitRow[] = [
  row(1, 'transparent forwarding', record(['port', bin1], ...content)),
  row(9, 'direct reading', record(['port', bin1], ['target', a12], ['result', bin1], ['length', bin1], ['payload', { type: 'hex', bytes: { field: 'length' } }])),
  row(10, 'remote trip, or reading of several identifiers', firstFit(batchAnswer, tripAnswer)),
  row(11, 'remote power-on', tripAnswer),
]
