import { readLength } from '../axdr.ts'
import { fromHex } from '../hex.ts'
import { Reader } from '../reader.ts'
import { readData } from './data.ts'
import { readOad, readOads, readTi } from './descriptors.ts'
import type { Interval, MeterSet } from './message.ts'
import { readMeterSet } from './selectors.ts'
import { readDateTimeS } from './time.ts'

export interface SimplifiedRecord {
  readonly oad: string
  readonly start: string
  readonly end: string
  readonly interval: Interval
  readonly ms: MeterSet
  readonly table: string
  readonly oads: readonly string[]
  /** C8H marks the last frame. */
  readonly last: boolean
  /** Raw integers, row after row, meter after meter; null where all bytes are FF. */
  readonly rows: readonly (readonly (bigint | null)[])[]
}

/** Integer types that may stand without their tag: bytes and sign. */
const widths: Readonly<Record<number, readonly [bytes: number, signed: boolean]>> = {
  5: [4, true], 6: [4, false], 15: [1, true], 16: [2, true], 17: [1, false], 18: [2, false], 20: [8, true], 21: [8, false], 22: [1, false],
}

/*
 * Simplified record (chapter 6.6, 2021 revision, one source): the content of 88 06 after its PIID-ACD
 *   OAD | 07 | start date_time_s | end date_time_s | TI | MS | record table OAD | SEQUENCE OF OAD
 *   | 01 data follows or C8 last frame | one type tag per OAD | row count | values without tags
 * Null when the content does not have this form: the caller keeps it raw.
 */
export function readSimplifiedRecord(hex: string): SimplifiedRecord | null {
  const reader = new Reader(fromHex(hex) ?? new Uint8Array(0))
  const oad = readOad(reader)
  if (reader.u8('row selector') !== 7) return null
  const start = readDateTimeS(reader, 'start')
  const end = readDateTimeS(reader, 'end')
  const interval = readTi(reader)
  const ms = readMeterSet(reader, readData)
  const table = readOad(reader)
  const oads = readOads(reader, 'columns')
  const follows = reader.u8('data follows')
  if (!reader.ok || oads.length === 0 || (follows !== 1 && follows !== 0xc8)) return null
  const types = oads.map(() => widths[reader.u8('type')])
  const rowBytes = types.reduce((sum, type) => sum + (type?.[0] ?? 0), 0)
  const count = reader.count(readLength(reader, 'rows'), Math.max(1, rowBytes), 'rows', 65_535)
  if (types.includes(undefined)) return null
  const rows: (bigint | null)[][] = []
  for (let row = 0; row < count; row++) rows.push(types.map((type) => readValue(reader, type?.[0] ?? 1, type?.[1] ?? false)))
  return reader.ok && reader.remaining === 0 ? { oad, start, end, interval, ms, table, oads, last: follows === 0xc8, rows } : null
}

function readValue(reader: Reader, bytes: number, signed: boolean): bigint | null {
  const hex = reader.hex(bytes, 'value')
  if (hex === '' || /^f+$/.test(hex)) return null
  const value = BigInt(`0x${hex}`)
  return signed ? BigInt.asIntN(bytes * 8, value) : value
}
