import type { ExplainedField } from '../codec.ts'
import { FieldTable } from '../explain-table.ts'
import { toHex } from '../hex.ts'
import { joinReads, numberAt, TracingReader, type TracedRead } from '../trace.ts'
import { readApdu } from './apdu.ts'
import { localText } from './date-time.ts'
import { hdlcLayout, llcBytes } from './hdlc.ts'
import type { CosemDateTime, DlmsApdu, DlmsMessage } from './message.ts'
import { findObis, obisOfHex, unitName } from './obis.ts'
import { clockOf } from './push.ts'

/** The field table of a message: the link fields, then every field of the APDU as its decoder reads it. */
export function explainMessage(message: DlmsMessage, bytes: Uint8Array): readonly ExplainedField[] {
  const table = new FieldTable(bytes)
  switch (message.layer) {
    case 'wrapper':
      table.row(0, 2, 'WRAPPER version', '1')
      table.row(2, 4, 'source wPort', String(message.wrapper.srcWPort))
      table.row(4, 6, 'destination wPort', String(message.wrapper.dstWPort))
      table.row(6, 8, 'length', `${bytes.length - 8} bytes of APDU`)
      explainApdu(table, bytes, 8, bytes.length, message.wrapper.apdu)
      break
    case 'hdlc':
      explainHdlc(table, bytes, message.hdlc)
      break
    case 'llc':
      table.row(0, llcBytes, 'LLC', llcWords(message.llc))
      explainApdu(table, bytes, llcBytes, bytes.length, message.apdu)
      break
    case 'apdu':
      explainApdu(table, bytes, 0, bytes.length, message.apdu)
      break
    case 'dsmr4':
      table.row(0, 17, 'equipment identifier', message.equipmentId)
      table.row(17, 18, 'comma', ',')
      table.row(18, bytes.length, message.register === undefined ? 'OBIS' : 'alarm register', message.register === undefined ? obisWords(message.obis ?? '') : String(message.register))
  }
  return table.rows
}

const llcWords = (llc: string): string => (llc === 'e6e600' ? 'command' : 'response or push')

function explainHdlc(table: FieldTable, bytes: Uint8Array, hdlc: Extract<DlmsMessage, { layer: 'hdlc' }>['hdlc']): void {
  const layout = hdlcLayout(bytes)
  if (layout === null) return
  const { at, controlAt, hcsAt, fcsAt } = layout
  if (at > 0) table.row(0, 1, 'flag', 'opening')
  table.row(at, at + 2, 'frame format', `type 3${hdlc.segmented ? ', segment' : ''}, ${layout.length} bytes`)
  const sourceAt = at + 2 + hdlc.destination.length
  table.row(at + 2, sourceAt, 'destination', hdlc.destination.join(', '))
  table.row(sourceAt, controlAt, 'source', hdlc.source.join(', '))
  table.row(controlAt, controlAt + 1, 'control', hdlc.control)
  if (hcsAt !== null) {
    table.row(hcsAt, hcsAt + 2, 'header check HCS', 'holds')
    if (hdlc.apdu === undefined) table.row(hcsAt + 2, fcsAt, 'information', hdlc.segmented ? 'a segment' : '')
    else {
      table.row(hcsAt + 2, hcsAt + 2 + llcBytes, 'LLC', llcWords(hdlc.llc ?? ''))
      explainApdu(table, bytes, hcsAt + 2 + llcBytes, fcsAt, hdlc.apdu)
    }
  }
  table.row(fcsAt, fcsAt + 2, 'frame check FCS', 'holds')
  if (bytes.length > fcsAt + 2) table.row(fcsAt + 2, fcsAt + 3, 'flag', 'closing')
}

const dateFields = ['year', 'month', 'day', 'day of week', 'hour', 'minute', 'second', 'hundredths', 'deviation', 'clock status']
const signedBits: Readonly<Record<string, number>> = { 'double-long': 32, integer: 8, long: 16, long64: 64, bcd: 8, attribute: 8 }

function explainApdu(table: FieldTable, bytes: Uint8Array, start: number, end: number, apdu: DlmsApdu): void {
  table.row(start, end, 'APDU', apdu.service)
  const reader = new TracingReader(bytes, start, end)
  readApdu(reader)
  const base = table.level + 1
  const nests: number[] = []
  let clock: { readonly start: number; readonly value: CosemDateTime | null } | null = null
  for (const read of joinReads(reader.reads.map(asDate), (field) => (field === 'OBIS' || field === 'six octets' ? 6 : field === 'date and time' ? 12 : undefined))) {
    if (read.field === 'data tag' || read.field === 'member count') {
      while (read.field === 'data tag' && nests.at(-1) === 0) nests.pop()
      table.level = base + nests.length
      if (read.field === 'data tag' && nests.length > 0) nests.push((nests.pop() ?? 1) - 1)
      table.row(read.start, read.end, read.field === 'data tag' ? 'type' : read.field, meaning(bytes, read))
      if (read.field === 'member count') nests.push(Number(numberAt(bytes, read)))
      continue
    }
    table.level = base + nests.length
    if (read.field === 'date and time') clock = { start: read.start, value: clockOf({ type: 'octet-string', value: toHex(bytes, read.start, read.end) }) }
    table.row(read.start, read.end, read.field, clock?.start === read.start ? (localText(clock.value) ?? 'not specified').replace('T', ' ') : meaning(bytes, read))
  }
  table.level = base - 1
  if ('cipherText' in apdu) table.row(end, end, 'ciphered content', apdu.apdu === undefined ? 'no key was given' : `opened: ${apdu.apdu.service}`)
}

/** The parts of a date-time become one field. */
const asDate = (read: TracedRead): TracedRead => (dateFields.includes(read.field) ? { ...read, field: 'date and time' } : read)

function meaning(bytes: Uint8Array, read: TracedRead): string {
  const hex = toHex(bytes, read.start, read.end)
  if (read.field === 'OBIS' || read.field === 'six octets') return obisWords(obisOfHex(hex) ?? hex)
  if (read.field === 'APDU tag') return `0x${hex}`
  if (read.field === 'octet-string' && read.end - read.start === 12) return localText(clockOf({ type: 'octet-string', value: hex })) ?? hex
  if (read.field === 'data tag') return typeWords[Number(numberAt(bytes, read))] ?? ''
  if (read.kind === 'bytes' || read.end - read.start > 8) return printable(bytes, read) ?? hex
  const value = numberAt(bytes, read)
  const bits = signedBits[read.field]
  if (read.field === 'enum') return `${value} (as a unit: ${unitName(Number(value))})`
  return String(bits === undefined ? value : BigInt.asIntN(bits, value))
}

function printable(bytes: Uint8Array, read: TracedRead): string | null {
  const text = Buffer.from(bytes.subarray(read.start, read.end)).toString('latin1')
  return /^[\x20-\x7e]+$/.test(text) ? text : null
}

function obisWords(obis: string): string {
  const entry = findObis(obis)
  return entry === undefined ? obis : `${obis} ${entry.words}`
}

const typeWords: Readonly<Record<number, string>> = {
  0x00: 'null-data', 0x01: 'array', 0x02: 'structure', 0x03: 'boolean', 0x04: 'bit-string', 0x05: 'double-long', 0x06: 'double-long-unsigned', 0x09: 'octet-string',
  0x0a: 'visible-string', 0x0c: 'utf8-string', 0x0d: 'bcd', 0x0f: 'integer', 0x10: 'long', 0x11: 'unsigned', 0x12: 'long-unsigned', 0x13: 'compact-array',
  0x14: 'long64', 0x15: 'long64-unsigned', 0x16: 'enum', 0x17: 'float32', 0x18: 'float64', 0x19: 'date-time', 0x1a: 'date', 0x1b: 'time', 0xff: 'dont-care',
}
