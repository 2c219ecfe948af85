import { readCount, writeLength } from '../axdr.ts'
import type { Input } from '../input.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { readOad, readTi, readTsa, writeOad, writeTi, writeTsa } from './descriptors.ts'
import type { Data, Interval, MeterSet, Region, RowSelector, SelectorRange } from './message.ts'
import { readDateTimeS, writeDateTimeS } from './time.ts'

/** Selectors hold Data and Data holds selectors: the reader and writer of Data come as arguments, so that the two files make no circle. */
export type ReadData = (reader: Reader, depth: number) => Data
export type WriteData = (writer: Writer, input: Input, depth: number) => void

/*
 * RSD, row selection (chapter 6.1): choice, then
 *   0 nothing | 1 OAD, Data value | 2 OAD, Data start, Data end, Data interval | 3 SEQUENCE OF (content of 2)
 *   4 collection start, 5 collection store: date_time_s, MS
 *   6 collection start, 7 store, 8 success: date_time_s start, date_time_s end, TI, MS
 *   9 u8 n: the n-th latest | 10 u8 n, MS: the latest n of each meter
 */
export function readRowSelector(reader: Reader, readData: ReadData, depth = 0): RowSelector {
  const at = reader.offset
  const choice = reader.u8('RSD choice')
  switch (choice) {
    case 0:
      return { choice }
    case 1: {
      const oad = readOad(reader, 'RSD column')
      return { choice, oad, value: readData(reader, depth) }
    }
    case 2:
      return { choice, ...readRange(reader, readData, depth) }
    case 3: {
      const count = readCount(reader, 'number of RSD ranges', 7)
      const ranges: SelectorRange[] = []
      for (let index = 0; index < count && reader.ok; index++) ranges.push(readRange(reader, readData, depth))
      return { choice, ranges }
    }
    case 4:
    case 5: {
      const time = readDateTimeS(reader, 'RSD time')
      return { choice, time, ms: readMeterSet(reader, readData, depth) }
    }
    case 6:
    case 7:
    case 8: {
      const start = readDateTimeS(reader, 'RSD start')
      const end = readDateTimeS(reader, 'RSD end')
      const interval: Interval = readTi(reader, 'RSD interval')
      return { choice, start, end, interval, ms: readMeterSet(reader, readData, depth) }
    }
    case 9:
      return { choice, n: reader.u8('RSD n-th latest') }
    case 10: {
      const n = reader.u8('RSD latest n')
      return { choice, n, ms: readMeterSet(reader, readData, depth) }
    }
    default:
      reader.fail('FIELD_INVALID', `RSD choice ${choice} is not 0 to 10`, at)
      return { choice: 0 }
  }
}

function readRange(reader: Reader, readData: ReadData, depth: number): SelectorRange {
  const oad = readOad(reader, 'RSD column')
  const start = readData(reader, depth)
  const end = readData(reader, depth)
  const at = reader.offset
  const interval = readData(reader, depth)
  if (interval.type !== 'NULL' && interval.type !== 'TI') reader.fail('FIELD_INVALID', `RSD interval is ${interval.type}, not NULL or TI`, at)
  return { oad, start, end, interval }
}

export function writeRowSelector(writer: Writer, input: Input, writeData: WriteData, depth = 0): void {
  const choice = input.get('choice').int(0, 10)
  writer.u8(choice)
  if (choice === 1) {
    writeOad(writer, input.get('oad'))
    writeData(writer, input.get('value'), depth)
  } else if (choice === 2) {
    writeRange(writer, input, writeData, depth)
  } else if (choice === 3) {
    const ranges = input.get('ranges').list()
    writeLength(writer, ranges.length)
    for (const range of ranges) writeRange(writer, range, writeData, depth)
  } else if (choice === 4 || choice === 5) {
    writeDateTimeS(writer, input.get('time'))
    writeMeterSet(writer, input.get('ms'), writeData, depth)
  } else if (choice >= 6 && choice <= 8) {
    writeDateTimeS(writer, input.get('start'))
    writeDateTimeS(writer, input.get('end'))
    writeTi(writer, input.get('interval'))
    writeMeterSet(writer, input.get('ms'), writeData, depth)
  } else if (choice >= 9) {
    writer.u8(input.get('n').int(0, 255))
    if (choice === 10) writeMeterSet(writer, input.get('ms'), writeData, depth)
  }
}

function writeRange(writer: Writer, input: Input, writeData: WriteData, depth: number): void {
  writeOad(writer, input.get('oad'))
  writeData(writer, input.get('start'), depth)
  writeData(writer, input.get('end'), depth)
  const interval = input.get('interval')
  interval.get('type').oneOf(['NULL', 'TI'])
  writeData(writer, interval, depth)
}

/*
 * MS, meter set (chapter 6.3): choice, then
 *   0 none | 1 all | 2 SEQUENCE OF u8 user type | 3 SEQUENCE OF TSA | 4 SEQUENCE OF u16 configuration number
 *   5, 6, 7 SEQUENCE OF Region over user type, address, configuration number
 */
export function readMeterSet(reader: Reader, readData: ReadData, depth = 0): MeterSet {
  const at = reader.offset
  const choice = reader.u8('MS choice')
  switch (choice) {
    case 0:
    case 1:
      return { choice }
    case 2:
      return { choice, userTypes: readList(reader, 1, 'user type', () => reader.u8('user type')) }
    case 3:
      return { choice, addresses: readList(reader, 2, 'meter address', () => readTsa(reader)) }
    case 4:
      return { choice, configNos: readList(reader, 2, 'configuration number', () => reader.u16be('configuration number')) }
    case 5:
    case 6:
    case 7:
      return { choice, regions: readList(reader, 3, 'region', () => readRegion(reader, readData, depth)) }
    default:
      reader.fail('FIELD_INVALID', `MS choice ${choice} is not 0 to 7`, at)
      return { choice: 0 }
  }
}

function readList<Item>(reader: Reader, itemBytes: number, field: string, read: () => Item): readonly Item[] {
  const count = readCount(reader, `number of ${field}s`, itemBytes)
  const items: Item[] = []
  for (let index = 0; index < count && reader.ok; index++) items.push(read())
  return items
}

export function writeMeterSet(writer: Writer, input: Input, writeData: WriteData, depth = 0): void {
  const choice = input.get('choice').int(0, 7)
  writer.u8(choice)
  if (choice < 2) return
  const items = input.get(choice === 2 ? 'userTypes' : choice === 3 ? 'addresses' : choice === 4 ? 'configNos' : 'regions').list()
  writeLength(writer, items.length)
  for (const item of items) {
    if (choice === 2) writer.u8(item.int(0, 255))
    else if (choice === 3) writeTsa(writer, item)
    else if (choice === 4) writer.u16be(item.int(0, 0xffff))
    else writeRegion(writer, item, writeData, depth)
  }
}

/*
 * Region (chapter 3.2)
 *   boundary (0 [start,end), 1 (start,end], 2 [start,end], 3 (start,end)) | Data start | Data end
 */
export function readRegion(reader: Reader, readData: ReadData, depth = 0): Region {
  const at = reader.offset
  const boundary = reader.u8('Region boundary')
  if (boundary > 3) reader.fail('FIELD_INVALID', `Region boundary ${boundary} is not 0 to 3`, at)
  const start = readData(reader, depth)
  return { boundary, start, end: readData(reader, depth) }
}

export function writeRegion(writer: Writer, input: Input, writeData: WriteData, depth = 0): void {
  writer.u8(input.get('boundary').int(0, 3))
  writeData(writer, input.get('start'), depth)
  writeData(writer, input.get('end'), depth)
}
