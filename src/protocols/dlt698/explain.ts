import type { ExplainedField } from '../codec.ts'
import { FieldTable } from '../explain-table.ts'
import { toHex } from '../hex.ts'
import { decimalText } from '../items.ts'
import { Reader } from '../reader.ts'
import { joinReads, numberAt, TracingReader, type TracedRead } from '../trace.ts'
import { readApdu } from './apdu.ts'
import { darWords, eventName } from './events.ts'
import { clearFrame } from './frame.ts'
import type { Dlt698Message, Road } from './message.ts'
import { elementSuffix, findObject, findQuantity, oadParts } from './objects.ts'
import { readDate, readDateTime, readDateTimeS, readTime } from './time.ts'

/** The field table of a frame: the link fields, then every field of the APDU as its decoder reads it. */
export function explainMessage(message: Dlt698Message, bytes: Uint8Array): readonly ExplainedField[] {
  const frame = clearFrame(bytes)
  if (frame === null) return []
  const { at, hcsAt, fcsAt, clear } = frame
  const table = new FieldTable(bytes)
  const { control, sa, ca, fragment } = message.frame
  if (at > 0) table.row(0, at, 'wake-up', 'bytes before the frame')
  table.row(at, at + 1, 'start', '68')
  table.row(at + 1, at + 3, 'length L', `${fcsAt + 1 - at} bytes from L to FCS`)
  table.row(at + 3, at + 4, 'control C', controlWords(control))
  table.row(at + 4, at + 5, 'address feature AF', `${sa.type} address of ${sa.len} bytes${sa.logical === undefined ? '' : `, logical address ${sa.logical}`}`)
  table.row(at + 5, hcsAt - 1, 'server address SA', sa.extLogical === undefined ? sa.address : `${sa.address}, extended logical address ${sa.extLogical}`)
  table.row(hcsAt - 1, hcsAt, 'client address CA', String(ca))
  table.row(hcsAt, hcsAt + 2, 'header check HCS', 'holds')
  const user = hcsAt + 2
  if (fcsAt > user) {
    table.row(user, fcsAt, fragment === undefined ? 'APDU' : 'link fragment', control.scrambled === 1 ? 'scrambled, shown in the clear below' : fragment === undefined ? (message.apdu?.service ?? '') : `${fragment.type} fragment ${fragment.seq}`)
    table.nest(() => {
      const inner = new FieldTable(clear)
      inner.level = table.level
      if (fragment === undefined) explainApdu(inner, clear, user, fcsAt)
      else explainFragment(inner, user, fcsAt, `${fragment.type}, sequence ${fragment.seq}`)
      table.rows.push(...inner.rows)
    })
  }
  table.row(fcsAt, fcsAt + 2, 'frame check FCS', 'holds')
  table.row(fcsAt + 2, fcsAt + 3, 'end', '16')
  return table.rows
}

function controlWords(control: Dlt698Message['frame']['control']): string {
  const from = control.dir === 1 ? 'from server' : 'from client'
  const started = control.prm === 1 ? 'started by client' : 'started by server'
  const extra = `${control.split === 1 ? ', link fragment' : ''}${control.scrambled === 1 ? ', scrambled' : ''}`
  return `${from}, ${started}${extra}, function ${control.func === 1 ? 'link management' : control.func === 3 ? 'user data' : control.func}`
}

function explainFragment(table: FieldTable, start: number, end: number, words: string): void {
  table.row(start, start + 2, 'fragment word', words)
  if (end > start + 2) table.row(start + 2, end, 'fragment data', `${end - start - 2} bytes of the APDU`)
}

const dateSizes: Readonly<Record<string, number>> = {
  date_time_s: 7, date_time: 10, date: 5, time: 3, 'request time': 10, 'receive time': 10, 'response time': 10, 'time tag sent': 7,
  'RSD time': 7, 'RSD start': 7, 'RSD end': 7, 'association established': 7, 'server time': 7,
}
const oadFields = new Set(['OAD', 'OMD', 'column OAD', 'ROAD record table', 'ROAD columns', 'OADs', 'port', 'RSD column', 'OAD to read', 'reported OADs'])
const signedBits: Readonly<Record<string, number>> = { 'double-long': 32, integer: 8, long: 16, long64: 64 }
const unsignedTypes = new Set(['double-long-unsigned', 'unsigned', 'long-unsigned', 'long64-unsigned', 'enum'])

function explainApdu(table: FieldTable, bytes: Uint8Array, start: number, end: number): void {
  const reader = new TracingReader(bytes, start, end)
  const decoded = readApdu(reader)
  if (!decoded.ok) return
  const walk = new Walk(bytes)
  const base = table.level
  for (const read of joinReads(reader.reads, (field) => dateSizes[field])) {
    const { name, meaning, depth } = walk.step(read)
    table.level = base + depth
    table.row(read.start, read.end, name, meaning)
    const apdu = decoded.message
    if (read.field === 'inner APDU' && read.kind === 'bytes' && 'innerApdu' in apdu && apdu.innerApdu !== undefined) {
      table.level = base
      table.nest(() => {
        explainApdu(table, bytes, read.start, read.end)
      })
    }
  }
  table.level = base
}

interface Nest {
  left: number
  next: number
  readonly road: Road | null
  readonly oad: string | null
  readonly element: number
  readonly list: boolean
}

/** Follows the reads of one APDU and knows which object the value at hand belongs to: a column of the record, a member of a ROAD, an element. */
class Walk {
  private readonly bytes: Uint8Array
  private readonly nests: Nest[] = []
  private columns: (string | { oad: string; oads: string[] })[] = []
  private oad: string | null = null
  private cell = -1
  private tag = -1
  private current: { road: Road | null; oad: string | null; element: number } = { road: null, oad: null, element: -1 }

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  step(read: TracedRead): { readonly name: string; readonly meaning: string; readonly depth: number } {
    const { field } = read
    const value = read.end - read.start <= 8 ? numberAt(this.bytes, read) : 0n
    const small = Number(value)
    if (field === 'data tag') return this.dataTag(small)
    if (this.tag >= 0 && leavesData(this.tag, field)) this.tag = -1
    if (this.tag < 0 && field !== 'array count' && field !== 'structure count') while (this.nests.at(-1)?.left === 0) this.nests.pop()
    const inData = this.tag >= 0
    const depth = this.nests.length + (inData ? 1 : 0)
    if (field === 'array count' || field === 'structure count') {
      this.nests.push({ left: small, next: 0, road: this.current.road, oad: this.current.oad, element: this.current.element, list: field === 'array count' })
      this.tag = -1
      return { name: field, meaning: `${small} members`, depth: depth - 1 }
    }
    if (!inData) this.follow(field, read, small)
    return { name: field, meaning: this.meaning(field, read, value), depth: inData ? depth - 1 : depth }
  }

  /** A tag begins the next Data: of the innermost array or structure that still has members, or a new one. */
  private dataTag(tag: number): { readonly name: string; readonly meaning: string; readonly depth: number } {
    while (this.nests.at(-1)?.left === 0) this.nests.pop()
    const nest = this.nests.at(-1)
    if (nest === undefined) {
      const column = this.cell < 0 ? this.oad : (this.columns[this.cell++ % Math.max(1, this.columns.length)] ?? null)
      this.current = typeof column === 'string' || column === null ? { road: null, oad: column, element: -1 } : { road: column, oad: column.oad, element: -1 }
    } else {
      nest.left--
      const place = nest.next++
      this.current = nest.road === null ? { road: null, oad: nest.oad, element: nest.list && nest.element < 0 ? place : nest.element } : { road: null, oad: nest.road.oads[place] ?? null, element: -1 }
    }
    this.tag = tag
    const depth = this.nests.length
    const words = typeWords[tag] ?? `type ${tag}`
    if (tag === 0) this.tag = -1
    return { name: 'type', meaning: tag === 0 ? `${this.label()}NULL, no value` : words, depth }
  }

  private label(): string {
    const { oad, element } = this.current
    if (oad === null) return ''
    const quantity = findQuantity(oad)
    if (quantity === undefined) return `${oadWords(oad)}: `
    const place = quantity.parts.index > 0 ? quantity.parts.index - 1 : Math.max(0, element)
    const suffix = elementSuffix(quantity.elements, place)
    return `${quantity.words}${suffix === '' ? '' : ` ${suffix}`}: `
  }

  /** Columns and the object of the next values, from the fields between them. */
  private follow(field: string, read: TracedRead, value: number): void {
    const oad = oadFields.has(field) ? toHex(this.bytes, read.start, read.end).toUpperCase() : ''
    if (field === 'OAD') {
      this.oad = oad
      this.cell = -1
    } else if (field === 'number of columns') this.columns = []
    else if (field === 'column OAD') this.columns.push(oad)
    else if (field === 'ROAD record table') this.columns.push({ oad, oads: [] })
    else if (field === 'ROAD columns') {
      const last = this.columns.at(-1)
      if (typeof last === 'object') last.oads.push(oad)
    } else if (field === 'RSD column') this.oad = oad
    else if (field === 'number of rows') this.cell = value > 0 ? 0 : -1
    else if (field === 'follow report' || field === 'time tag') this.cell = -1
  }

  private meaning(field: string, read: TracedRead, value: bigint): string {
    const label = this.tag >= 0 ? this.label() : ''
    const inData = this.tag >= 0
    const size = dateSizes[field]
    if (size === read.end - read.start) return label + this.dateWords(size, read)
    if (oadFields.has(field)) return label + oadWords(toHex(this.bytes, read.start, read.end).toUpperCase())
    if (read.kind === 'bytes') return label + (field.endsWith('string') && field !== 'bit-string' && field !== 'octet-string' ? Buffer.from(this.bytes.subarray(read.start, read.end)).toString('latin1') : toHex(this.bytes, read.start, read.end))
    const bits = signedBits[field]
    if (inData && (bits !== undefined || unsignedTypes.has(field))) return label + this.numberWords(bits === undefined ? value : BigInt.asIntN(bits, value))
    if (field === 'DAR') return darWords(Number(value))
    if (field === 'PIID' || field === 'PIID-ACD') return `service number ${Number(value) & 0x3f}${(Number(value) & 0x80) === 0 ? '' : ', priority'}${field === 'PIID-ACD' && (Number(value) & 0x40) !== 0 ? ', events are waiting' : ''}`
    if (field === 'APDU tag') return tagWords[Number(value)] ?? ''
    const words = fieldWords[field]
    return words?.[Number(value)] ?? String(value)
  }

  private numberWords(value: bigint): string {
    const quantity = this.current.oad === null ? undefined : findQuantity(this.current.oad)
    return quantity === undefined ? String(value) : `${decimalText(value, -quantity.scale)} ${quantity.unit}`.trimEnd()
  }

  private dateWords(size: number, read: TracedRead): string {
    const reader = new Reader(this.bytes, read.start, read.end)
    if (size === 7) return readDateTimeS(reader, '').replace('T', ' ')
    if (size === 10) return readDateTime(reader, '').iso.replace('T', ' ')
    return size === 5 ? readDate(reader, '').iso : readTime(reader, '')
  }
}

/** Types whose content has fields of other names; they end where the service goes on. */
const compositeTags = new Set([82, 88, 90, 91, 92, 93, 94, 95, 96])
const serviceFields = new Set(['follow report', 'time tag', 'result choice', 'OAD', 'OMD', 'OAD to read', 'DAR', 'TSA length'])

function leavesData(tag: number, field: string): boolean {
  if (tag === 1 || tag === 2) return false
  return compositeTags.has(tag) ? serviceFields.has(field) : !field.startsWith(typeWords[tag] ?? '')
}

/** An OAD in words: object, attribute, element, and when inside an event record the moment was taken. */
export function oadWords(oad: string): string {
  const { oi, attribute, feature, index } = oadParts(oad)
  const words = findObject(oi)?.words ?? eventName(oi)
  const moment = ['', ', at occurrence', ', after occurrence', ', before the end', ', after the end'][feature] ?? ''
  return `${oad}${words === undefined ? '' : ` ${words}`}, attribute ${attribute}${index === 0 ? '' : `, element ${index}`}${moment}`
}

const typeWords: Readonly<Record<number, string>> = {
  0: 'NULL', 1: 'array', 2: 'structure', 3: 'bool', 4: 'bit-string', 5: 'double-long', 6: 'double-long-unsigned', 9: 'octet-string', 10: 'visible-string',
  12: 'UTF8-string', 15: 'integer', 16: 'long', 17: 'unsigned', 18: 'long-unsigned', 20: 'long64', 21: 'long64-unsigned', 22: 'enum', 23: 'float32', 24: 'float64',
  25: 'date_time', 26: 'date', 27: 'time', 28: 'date_time_s', 80: 'OI', 81: 'OAD', 82: 'ROAD', 83: 'OMD', 84: 'TI', 85: 'TSA', 86: 'MAC', 87: 'RN', 88: 'Region',
  89: 'Scaler_Unit', 90: 'RSD', 91: 'CSD', 92: 'MS', 93: 'SID', 94: 'SID_MAC', 95: 'COMDCB', 96: 'RCSD',
}
const tagWords: Readonly<Record<number, string>> = {
  0x01: 'LINK-Request', 0x02: 'CONNECT-Request', 0x03: 'RELEASE-Request', 0x05: 'GET-Request', 0x06: 'SET-Request', 0x07: 'ACTION-Request', 0x08: 'REPORT-Response',
  0x09: 'PROXY-Request', 0x10: 'SECURITY-Request', 0x6e: 'ERROR-Response', 0x81: 'LINK-Response', 0x82: 'CONNECT-Response', 0x83: 'RELEASE-Response',
  0x84: 'RELEASE-Notification', 0x85: 'GET-Response', 0x86: 'SET-Response', 0x87: 'ACTION-Response', 0x88: 'REPORT-Notification', 0x89: 'PROXY-Response',
  0x90: 'SECURITY-Response', 0xee: 'ERROR-Response',
}
const choices = (...words: readonly string[]): Readonly<Record<number, string>> => Object.fromEntries(words.map((word, index) => [index, word]))
const fieldWords: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'link request type': choices('login', 'heartbeat', 'logout'),
  'GET choice': choices('', 'normal', 'list', 'record', 'record list', 'next block', 'MD5'),
  'SET choice': choices('', 'normal', 'list', 'then get'),
  'ACTION choice': choices('', 'normal', 'list', 'then get'),
  'REPORT choice': choices('', 'list', 'record list', 'transparent', 'data', '', 'simplified record'),
  'PROXY choice': choices('', 'get list', 'get record', 'set', 'set then get', 'action', 'action then get', 'transparent'),
  'result choice': choices('refused', 'data'),
  'record choice': choices('refused', 'rows'),
  'follow report': choices('none', 'follows'),
  'time tag': choices('none', 'follows'),
  'security choice': choices('plain text', 'cipher text', 'refused'),
  'CSD choice': choices('OAD', 'ROAD'),
}
