import type { VectorInput } from '../codec.ts'
import { innerFields } from '../dlt645/vector.ts'
import { byteHex, fromHex, toHex } from '../hex.ts'
import type { LayoutRecord } from '../layout/layout.ts'
import { extractFrames } from '../stream.ts'
import { dataOffset, decodeGdw1376, linkHeaderBytes, readFrame, searchGdw1376, type ReadFrame } from './frame.ts'
import { innerDlt645 } from './inner.ts'
import { isUp, type Gdw1376Message, type Gdw1376Unit } from './message.ts'

/** The field names of the public vector files (conventions section of the protocol's facts). */
export function judgeGdw1376(vector: VectorInput): unknown {
  const bytes = fromHex(vector.hex)
  if (bytes === null) return { valid: false, code: 'FIELD_INVALID', reason: 'hex is not hex' }
  if (vector['kind'] === 'stream') {
    const frames = extractFrames({ decode: decodeGdw1376, search: searchGdw1376 }, bytes)
    return { frames: frames.map((frame) => toHex(frame.bytes)) }
  }
  const read = readFrame(bytes)
  if ('ok' in read) return { valid: false, code: read.code, offset: read.offset, reason: read.reason }
  const { message } = read
  const { aux } = message
  return {
    valid: true,
    preamble: message.preamble,
    protocolId: message.protocolId,
    l1: read.checkAt - message.preamble - linkHeaderBytes,
    ...controlFields(message.control),
    a1: message.a1,
    a2: message.a2,
    a2Hex: message.a2.toString(16).padStart(4, '0'),
    a3: message.a3,
    msa: message.a3 >> 1,
    group: (message.a3 & 1) === 1,
    afn: message.afn,
    seq: message.seq,
    ...(aux === undefined ? {} : { aux }),
    app: toHex(bytes, message.preamble + dataOffset, read.auxStart),
    units: message.units.map((unit, index) => unitFields(message, unit, { bytes, read, index })),
    ...(message.trailing === undefined ? {} : { trailing: message.trailing, unparsed: message.unparsed }),
  }
}

function controlFields(control: number): Record<string, unknown> {
  const up = isUp(control)
  const fifth = (control >> 5) & 1
  return {
    control: byteHex(control),
    dir: up ? 'up' : 'down',
    prm: (control >> 6) & 1,
    fc: control & 0x0f,
    ...(up ? { acd: fifth } : { fcb: fifth, fcv: (control >> 4) & 1 }),
  }
}

function unitFields(message: Gdw1376Message, unit: Gdw1376Unit, place: { readonly bytes: Uint8Array; readonly read: ReadFrame; readonly index: number }): Record<string, unknown> {
  const { pn, fn, data } = unit
  if (data === undefined) return { pn, fn }
  const inner = innerDlt645(message, unit)
  return {
    pn,
    fn,
    ...plainFields(message.afn, fn[0] ?? 0, data),
    values: data,
    ...(inner === null ? {} : { dlt645: innerFields(inner.message, inner.bytes) }),
    ...(message.afn === 0x0e && Array.isArray(data['records']) ? { records: eventFields(data['records'] as readonly LayoutRecord[], place) } : {}),
  }
}

/** Some units carry their fields beside pn and fn, some under `values`: both are given. */
function plainFields(afn: number, fn: number, data: LayoutRecord): Record<string, unknown> {
  if (afn === 0x00 && fn === 3) {
    const results = data['results'] as readonly LayoutRecord[]
    return { afn: data['afn'], items: results.map((result) => ({ ...(result['unit'] as LayoutRecord), err: result['err'] })) }
  }
  return { ...data }
}

/** Events with their bytes beside the fields. */
function eventFields(records: readonly LayoutRecord[], place: { readonly bytes: Uint8Array; readonly read: ReadFrame; readonly index: number }): readonly unknown[] {
  const span = place.read.spans[place.index]
  if (span === undefined) return records
  // records fill the end of the unit: their lengths tell where each begins
  let at = span.end - records.reduce((sum, record) => sum + 2 + (record['le'] as number), 0)
  return records.map((record) => {
    const start = at + 2
    at = start + (record['le'] as number)
    return { ...record, raw: toHex(place.bytes, start, at) }
  })
}
