import type { Reader } from '../reader.ts'
import { list, minimumBytes, number, record, signed, time, type CustomLayout, type Layout, type LayoutRecord, type LayoutValue } from '../layout/layout.ts'
import { readLayout } from '../layout/read.ts'
import { asRecord, writeLayout } from '../layout/write.ts'
import { invalidField, Writer } from '../writer.ts'
import type { DataItem } from './data-item.ts'

/*
  DL/T 645-2007 appendix B: load record
    A0 A0
    length  1 byte   from the time to the last AA
    time    5 bytes  mm hh DD MM YY
    class 1 to 6, each either its values and AA, or AA alone when it is not recorded
    check   1 byte   sum of all bytes from the first A0 to the last AA
    E5
  A data byte is BCD, so an AA at the start of a class always means "absent".
*/
interface LoadClass {
  readonly name: string
  readonly layout: Layout
  readonly bytes: number
}

const three = ['A', 'B', 'C']
const four = ['total', 'A', 'B', 'C']
const loadClass = (name: string, layout: Layout): LoadClass => ({ name, layout, bytes: minimumBytes(layout) })

const classes: readonly LoadClass[] = [
  loadClass('class1', record(['u', list(number(2, 1, 'V'), 3, three)], ['i', list(signed(3, 3, 'A'), 3, three)], ['frequency', number(2, 2, 'Hz')])),
  loadClass('class2', record(['p', list(signed(3, 4, 'kW'), 4, four)], ['q', list(signed(3, 4, 'kvar'), 4, four)])),
  loadClass('class3', record(['pf', list(signed(2, 3), 4, four)])),
  loadClass('class4', record(['forwardActive', number(4, 2, 'kWh')], ['reverseActive', number(4, 2, 'kWh')], ['combinedReactive1', signed(4, 2, 'kvarh')], ['combinedReactive2', signed(4, 2, 'kvarh')])),
  loadClass('class5', record(['quadrants', list(number(4, 2, 'kvarh'), 4, ['I', 'II', 'III', 'IV'])])),
  // some meters append neutral current and apparent power: as many values as stand before the AA
  loadClass('class6', list(signed(3, 4), 'rest', ['active demand', 'reactive demand'])),
]
const lastClass = 5
const startMark = 0xa0
const separator = 0xaa
const endMark = 0xe5
const timeOrder = time('mhDMY')

/** One record; classes that are absent have no field. `check` stands only where the device's own sum is wrong. */
function readRecord(reader: Reader, only: number | null): LayoutRecord {
  const start = reader.offset
  if (reader.u8() !== startMark || reader.u8() !== startMark) {
    reader.fail('FIELD_INVALID', 'load record does not begin with A0 A0', start)
    return {}
  }
  const length = reader.u8('load record length')
  const inner = reader.part(length, 'load record')
  const value: Record<string, LayoutValue> = { time: readLayout(timeOrder, inner) }
  // a class read alone comes in the same frame: with its own AA only, or with all six
  const single = only !== null && isSingle(only, length)
  for (const [index, each] of classes.entries()) {
    if ((single && index !== only) || !inner.ok) continue
    if (inner.peek() !== separator) {
      if (index === lastClass) value[each.name] = readUntilSeparator(each, inner)
      else value[each.name] = readLayout(each.layout, inner)
    }
    if (inner.u8() !== separator && inner.ok) inner.fail('FIELD_INVALID', `separator after ${each.name} is missing`)
  }
  const finished = inner.finish(value)
  if (!finished.ok) reader.fail(finished.code, finished.reason, finished.offset)
  const check = reader.u8('load record check')
  let sum = 0
  for (let at = start; at < start + 3 + length; at++) sum += reader.bytes[at] ?? 0
  if ((sum & 0xff) !== check) value['check'] = check
  if (reader.u8('load record end') !== endMark) reader.fail('FIELD_INVALID', 'load record does not end with E5')
  return value
}

/** Time, one class and its AA; class 6 has a free number of values of three bytes. */
function isSingle(only: number, length: number): boolean {
  const data = length - minimumBytes(timeOrder) - 1
  return data === 0 || (only === lastClass ? data % 3 === 0 : data === (classes[only] as LoadClass).bytes)
}

function readUntilSeparator(each: LoadClass, inner: Reader): LayoutValue {
  let end = inner.offset
  while (end + 3 <= inner.end && inner.bytes[end] !== separator) end += 3
  const part = inner.part(end - inner.offset)
  return readLayout(each.layout, part)
}

function writeRecord(writer: Writer, value: LayoutRecord, field: string, only: number | null): void {
  const body = new Writer()
  const at = (name: string) => ({ field: `${field}.${name}`, fill: 0xff })
  const single = only !== null && classes.every((each, index) => index === only || value[each.name] === undefined)
  writeLayout(timeOrder, body, value['time'] ?? null, at('time'))
  for (const [index, each] of classes.entries()) {
    if (single && index !== only) continue
    const given = value[each.name]
    if (given !== undefined) writeLayout(each.layout, body, given, at(each.name))
    body.u8(separator)
  }
  const bytes = body.finish()
  if (bytes.length > 0xff) throw invalidField(field, 'is longer than 255 bytes')
  const head = [startMark, startMark, bytes.length]
  writer.bytes(Uint8Array.from(head))
  writer.bytes(bytes)
  const sum = [...head, ...bytes].reduce((total, byte) => (total + byte) & 0xff, 0)
  const check = value['check']
  writer.u8(typeof check === 'number' ? check : sum, `${field}.check`)
  writer.u8(endMark)
}

/** `only` = null: records of all classes (DI1 = 00), else the index of the class. Records, or of one class also bare values. */
function loadRecords(only: number | null): CustomLayout {
  const bare: Layout | null = only === null ? null : { type: 'list', of: (classes[only] as LoadClass).layout, count: 'rest', labels: [] }
  return {
    type: 'custom',
    minimumBytes: 0,
    read(reader) {
      if (bare !== null && reader.peek() !== startMark) return { values: readLayout(bare, reader) }
      const records: LayoutRecord[] = []
      while (reader.ok && reader.remaining > 0) records.push(readRecord(reader, only))
      return { records }
    },
    write(writer, value, field) {
      const fields = asRecord(value, field)
      if (bare !== null && fields['values'] !== undefined) return writeLayout(bare, writer, fields['values'], { field: `${field}.values`, fill: 0xff })
      const records = fields['records']
      if (!Array.isArray(records)) throw invalidField(`${field}.records`, 'must be a list')
      ;(records as readonly LayoutValue[]).forEach((each, index) => writeRecord(writer, asRecord(each, `${field}.records[${index}]`), `${field}.records[${index}]`, only))
    },
    describe: (value) => {
      const fields = value as LayoutRecord
      const records = fields['records']
      return Array.isArray(records) ? `${records.length} load records: ${JSON.stringify(records)}` : JSON.stringify(fields)
    },
  }
}

/** Numbers 1–6 of the classes that a record holds. */
export function classesPresent(value: LayoutRecord): readonly number[] {
  return classes.flatMap((each, index) => (value[each.name] === undefined ? [] : [index + 1]))
}

/** Point curves of the State Grid supplement: start time of the first point, then points at the configured interval. */
const curve = (layout: Layout): Layout => record(['start', timeOrder], ['values', list(layout, 'rest')])
const curves: readonly (readonly [di1: string, words: string, layout: Layout])[] = [
  ['01', 'voltage curve', number(2, 1, 'V')],
  ['02', 'current curve', signed(3, 3, 'A')],
  ['03', 'active power curve', signed(3, 4, 'kW')],
  ['04', 'reactive power curve', signed(3, 4, 'kvar')],
  ['05', 'power factor curve', signed(2, 3)],
  ['06', 'energy curve', number(4, 2, 'kWh')],
  ['07', 'quadrant energy curve', number(4, 2, 'kvarh')],
  ['08', 'demand curve', number(3, 4, 'kW')],
]

/** DL/T 645-2007 appendix A.7: load records 06 DI2 … ; DI0 00 oldest, 01 from a time, 02 newest. */
export const loadItems: readonly DataItem[] = [
  { di: '06 00 00 00-02', words: 'load records of all classes', layout: loadRecords(null) },
  ...classes.map((_, index): DataItem => ({ di: `06 0${index + 1} 00 00-02`, words: `load records of class ${index + 1}`, layout: loadRecords(index) })),
  ...curves.map(([di1, words, layout]): DataItem => ({ di: `06 10 ${di1} 00-FF`, words, layout: curve(layout) })),
]
