import type { VectorInput } from '../codec.ts'
import { byteHex, fromHex, toHex } from '../hex.ts'
import type { Layout, LayoutRecord, LayoutValue } from '../layout/layout.ts'
import { extractFrames } from '../stream.ts'
import { errorBit, errorBits1997, errorBits2007, fromMeterBit, moreBit } from './control.ts'
import type { FoundItem } from './data-item.ts'
import { countPreamble, decodeDlt645, headerBytes, searchDlt645, unshift } from './frame.ts'
import { classesPresent } from './load-records.ts'
import { findDataItem } from './lookup.ts'
import type { Dlt645Message } from './message.ts'
import { statusMeaning } from './status-words.ts'

/** The field names of the public vector files (conventions section of the protocol's facts). */
export function judgeDlt645(vector: VectorInput): unknown {
  const bytes = fromHex(vector.hex)
  if (bytes === null) return { valid: false, code: 'FIELD_INVALID', reason: 'hex is not hex' }
  if (vector['kind'] === 'stream') {
    const frames = extractFrames({ decode: decodeDlt645, search: searchDlt645 }, bytes)
    return { frames: frames.map((frame) => toHex(frame.bytes)) }
  }
  const decoded = decodeDlt645(bytes)
  if (!decoded.ok) return { valid: false, code: decoded.code, offset: decoded.offset, reason: decoded.reason }
  return { valid: true, ...vectorFields(decoded.message, bytes) }
}

/** A frame inside a Q/GDW 1376.1 forwarding unit: address, control, data. */
export function innerFields(message: Dlt645Message, bytes: Uint8Array): Record<string, unknown> {
  const start = countPreamble(bytes)
  const dataAt = start + headerBytes
  return { address: message.address, control: byteHex(message.control), data: toHex(unshift(bytes, start), dataAt, dataAt + (bytes[start + 9] as number)) }
}

function vectorFields(message: Dlt645Message, bytes: Uint8Array): Record<string, unknown> {
  const { control, body, address, edition } = message
  const di = body['di'] as string | undefined
  const fromMeter = (control & fromMeterBit) !== 0
  const isBlock = di !== undefined && (findDataItem(di)?.block ?? (di.length === 8 && di.slice(2).includes('FF')))
  return {
    preamble: message.preamble,
    ...innerFields(message, bytes),
    fn: message.fn,
    fromMeter,
    error: (control & errorBit) !== 0,
    more: (control & moreBit) !== 0,
    dataLength: bytes[message.preamble + 9],
    ...(edition === 1997 ? { version: 1997 } : {}),
    ...(di === undefined ? {} : di.length === 4 ? { di97: di } : { di }),
    ...(/^A{12}$/.test(address) ? { wildcard: true } : {}),
    ...(address === '999999999999' ? (message.fn === 'read-1997' ? { broadcastRead: true } : { broadcast: true }) : {}),
    ...(isBlock ? { block: true } : {}),
    ...(fromMeter ? {} : kindOf(message.fn)),
    ...plainFields(body),
    ...errorFields(body, edition),
    ...(di === undefined ? {} : valueFields(di, body)),
  }
}

function kindOf(fn: string): Record<string, unknown> {
  return { kind: `${fn.replace(/-1997$/, '')}-request` }
}

const ownFields = new Set(['di', 'value', 'data', 'error', 'errorByte', 'blockEnd'])

function plainFields(body: LayoutRecord): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) if (!ownFields.has(name)) fields[name] = name === 'command' ? (value as string).toUpperCase() : value
  if (fields['at'] !== undefined) fields['time'] = fields['at']
  if (fields['from'] !== undefined) fields['time'] = fields['from']
  return fields
}

function errorFields(body: LayoutRecord, edition: 1997 | 2007): Record<string, unknown> {
  const nested = body['error'] as LayoutRecord | undefined
  const errorByte = (body['errorByte'] ?? nested?.['errorByte']) as number | undefined
  if (errorByte === undefined) return nested === undefined ? {} : { ...nested }
  const names = edition === 1997 ? errorBits1997 : errorBits2007
  return { errorByte, errorBits: names.filter((_, bit) => ((errorByte >>> bit) & 1) === 1) }
}

function valueFields(di: string, body: LayoutRecord): Record<string, unknown> {
  const found = findDataItem(di)
  if (found === null) return {}
  const value = body['value']
  if (value === undefined) return { meaning: found.entry.words }
  return { meaning: meaningOf(di, found, value), ...typedFields(di, found, value) }
}

function meaningOf(di: string, found: FoundItem, value: LayoutValue): string {
  if (di === '040005FF') return statusMeaning(Object.values(value as LayoutRecord) as number[])
  return found.entry.words
}

function typedFields(di: string, found: FoundItem, value: LayoutValue): Record<string, unknown> {
  const unit = unitOf(found.layout)
  const withUnit = unit === null ? {} : { unit }
  if (di === '040005FF') return { statusWords: Object.values(value as LayoutRecord) }
  if (di.startsWith('0400050')) {
    const index = di.slice(-1)
    return { value, [`statusWord${index}`]: value, ...(index === '3' ? { relayOpen: (((value as number) >>> 4) & 1) === 1 } : {}) }
  }
  if (found.layout.type === 'ascii') return { ascii: value, value }
  if (found.layout.type === 'digits') return { value, addressInData: value }
  if (Array.isArray(value)) return { values: value, ...withUnit }
  if (typeof value === 'object' && value !== null) {
    const fields = value as LayoutRecord
    const records = fields['records']
    if (Array.isArray(records)) return loadFields(records as readonly LayoutRecord[])
    return { ...withUnit, ...fields }
  }
  return { value, ...withUnit }
}

function loadFields(records: readonly LayoutRecord[]): Record<string, unknown> {
  const flat = records.map((each) => {
    const classes = Object.entries(each).filter(([name]) => name.startsWith('class'))
    const inner = Object.assign({}, ...classes.map(([, fields]) => (Array.isArray(fields) ? { demand: fields } : fields))) as Record<string, unknown>
    return { time: each['time'], ...inner, classesPresent: classesPresent(each), recordChecksumOk: each['check'] === undefined }
  })
  return { record: flat[0], records: flat }
}

function unitOf(layout: Layout): string | null {
  if (layout.type === 'number') return layout.unit
  if (layout.type === 'list') return unitOf(layout.of)
  if (layout.type === 'record') {
    const field = layout.fields.find((each) => each.name === 'value' || each.name === 'values')
    return field === undefined ? null : unitOf(field.layout)
  }
  return null
}
