import { byteHex, fromHex } from '../hex.ts'
import type { CustomLayout, LayoutValue } from '../layout/layout.ts'
import type { Reader } from '../reader.ts'
import { invalidField, type Writer } from '../writer.ts'

/*
  Data unit identifier (4.3.3.3)
    DA1  bit map of the points of a group
    DA2  group 1–255; 00 00 = p0 (the terminal), FF 00 = all valid points
    DT1  bit map of the classes of a group
    DT2  group 0–30
  pn = (DA2 − 1) · 8 + k + 1, Fn = DT2 · 8 + k + 1 for every set bit k
*/
export interface UnitId {
  /** Ascending; `all` = every valid point; other text = hex of an undefined DA. */
  readonly pn: readonly number[] | string
  readonly fn: readonly number[]
}

export const unitIdBytes = 4
export const allPoints = 'all'
const highestGroup = 30

export function readUnitId(reader: Reader): UnitId {
  const da1 = reader.u8()
  const da2 = reader.u8()
  const dt1 = reader.u8()
  const dt2 = reader.u8()
  return { pn: points(da1, da2), fn: bitList(dt1, dt2 * 8) }
}

/** True when the four bytes `ahead` can be an identifier at all: a class is named, in a group that exists. Leftovers of some terminals are not. */
export function isPlausibleUnitId(reader: Reader, ahead = 0): boolean {
  const dt1 = reader.peek(ahead + 2)
  const dt2 = reader.peek(ahead + 3)
  return dt1 !== null && dt2 !== null && dt1 !== 0 && dt2 <= highestGroup
}

function points(da1: number, da2: number): readonly number[] | string {
  if (da2 > 0 && da1 > 0) return bitList(da1, (da2 - 1) * 8)
  if (da2 === 0 && da1 === 0) return p0
  return da1 === 0xff && da2 === 0 ? allPoints : byteHex(da1) + byteHex(da2)
}

const p0: readonly number[] = [0]

function bitList(map: number, base: number): readonly number[] {
  if ((map & (map - 1)) === 0 && map !== 0) return [base + 32 - Math.clz32(map)]
  const list: number[] = []
  for (let bit = 0; bit < 8; bit++) if (((map >> bit) & 1) === 1) list.push(base + bit + 1)
  return list
}

export function writeUnitId(writer: Writer, id: UnitId, field: string): void {
  const { pn, fn } = id
  if (typeof pn === 'string') {
    const bytes = pn === allPoints ? new Uint8Array([0xff, 0x00]) : fromHex(pn)
    if (bytes === null || bytes.length !== 2) throw invalidField(`${field}.pn`, 'must be a list of points, all, or the hex of two bytes')
    writer.bytes(bytes)
  } else if (pn.length === 1 && pn[0] === 0) writer.fill(0, 2)
  else {
    const [map, group] = bitMap(pn, 2040, `${field}.pn`)
    writer.u8(map)
    writer.u8(group + 1)
  }
  const [map, group] = bitMap(fn, 248, `${field}.fn`)
  writer.u8(map)
  writer.u8(group)
}

function bitMap(numbers: readonly number[], highest: number, field: string): readonly [map: number, group: number] {
  if (!Array.isArray(numbers) || numbers.length === 0) throw invalidField(field, 'must be a list of numbers')
  const group = Math.floor(((numbers[0] as number) - 1) / 8)
  let map = 0
  for (const each of numbers) {
    if (!Number.isInteger(each) || each < 1 || each > highest || Math.floor((each - 1) / 8) !== group) throw invalidField(field, `must be numbers 1 to ${highest} of one group of eight`)
    map |= 1 << ((each - 1) % 8)
  }
  return [map, group]
}

/** An identifier inside data: confirmations, parameter changes, tasks. */
export const unitIdLayout: CustomLayout = {
  type: 'custom',
  minimumBytes: unitIdBytes,
  read(reader) {
    if (reader.need(unitIdBytes) && !isPlausibleUnitId(reader)) reader.fail('FIELD_INVALID', 'the data unit identifier names no class')
    const { pn, fn } = readUnitId(reader)
    return { pn, fn }
  },
  write: (writer, value, field) => { writeUnitId(writer, value as unknown as UnitId, field) },
  describe: (value: LayoutValue) => unitIdWords(value as unknown as UnitId),
}

export function unitIdWords(id: UnitId): string {
  const pointWords = typeof id.pn === 'string' ? (id.pn === allPoints ? 'all points' : `undefined DA ${id.pn}`) : id.pn.map((point) => `p${point}`).join('+')
  return `${pointWords} ${id.fn.map((each) => `F${each}`).join('+')}`
}
