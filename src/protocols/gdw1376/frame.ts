import type { DecodeFailure, DecodeOptions, Decoded, FrameSearch } from '../codec.ts'
import { fromHexReversed, toHex, toHexReversed } from '../hex.ts'
import { readTime, timeBytes } from '../layout/time.ts'
import { failure, success } from '../reader.ts'
import { skipToStart } from '../search.ts'
import { invalidField, Writer } from '../writer.ts'
import { missingByte } from './formats.ts'
import { isUp, type Gdw1376Aux, type Gdw1376Message } from './message.ts'
import type { Direction } from './unit-layout.ts'
import { readUnits, writeUnits, type ReadUnits, type UnitSpan } from './units.ts'

/*
  Frame (4.3)
    0     68H
    1     L, 2 bytes: D1–D0 protocol (1 = 130-2005, 2 = 376.1), D15–D2 length L1
    3     L again
    5     68H
    6     C
    7     A: A1 2 bytes BCD, A2 2 bytes, A3 1 byte
    12    AFN
    13    SEQ: D7 TpV, D6 FIR, D5 FIN, D4 CON, D3–D0 PSEQ or RSEQ
    14    data units, then PW or EC, then Tp
    6+L1  sum of the L1 bytes from C, modulo 256
    7+L1  16H
*/
export const startByte = 0x68
const endByte = 0x16
const preambleByte = 0xfe
export const linkHeaderBytes = 6
const overheadBytes = 8
export const dataOffset = 14
const minimumLength = 8
/** Longest L1 that 14 bits can say; a stream waits only for frames that terminals really send (AFN 09 F2 announces buffers). */
const maximumLength = 16_383
const maximumStreamLength = 4096

export const tpBytes = 6
export const ecBytes = 2
/** Functions whose downlink frames end with PW (4.3.4.1). */
const withPassword: ReadonlySet<number> = new Set([0x01, 0x04, 0x05, 0x06, 0x0f, 0x10])

function checkFrame(bytes: Uint8Array, start: number, end: number, limit: number): DecodeFailure | null {
  if (bytes[start] !== startByte) return failure('FRAME_START', start, 'the frame does not begin with 68')
  if (end - start < linkHeaderBytes) return incomplete(end, end - start, linkHeaderBytes)
  if (bytes[start + 5] !== startByte) return failure('FRAME_START', start + 5, 'the second start byte is not 68')
  if (bytes[start + 1] !== bytes[start + 3] || bytes[start + 2] !== bytes[start + 4]) return failure('FRAME_LENGTH', start + 3, 'the two length fields differ')
  const word = (bytes[start + 1] as number) | ((bytes[start + 2] as number) << 8)
  const protocolId = word & 3
  if (protocolId !== 1 && protocolId !== 2) return failure('FIELD_INVALID', start + 1, `protocol identifier ${protocolId} is reserved`)
  const length = word >> 2
  if (length < minimumLength) return failure('FRAME_LENGTH', start + 1, `length ${length} is below the minimum of ${minimumLength}`)
  if (length > limit) return failure('FRAME_LENGTH', start + 1, `length ${length} is above the limit of ${limit}`)
  if (end - start < length + overheadBytes) return incomplete(end, end - start, length + overheadBytes)
  const checkAt = start + linkHeaderBytes + length
  if (bytes[checkAt + 1] !== endByte) return failure('FRAME_END', checkAt + 1, 'the frame does not end with 16')
  let sum = 0
  for (let at = start + linkHeaderBytes; at < checkAt; at++) sum += bytes[at] as number
  if ((sum & 0xff) !== bytes[checkAt]) return failure('FRAME_CHECKSUM', checkAt, `checksum is ${(bytes[checkAt] as number).toString(16)}, computed ${(sum & 0xff).toString(16)}`)
  return null
}

function incomplete(end: number, there: number, need: number): DecodeFailure {
  return failure('FRAME_INCOMPLETE', end, `${need} bytes are needed, ${there} are there`)
}

export function countPreamble(bytes: Uint8Array): number {
  let count = 0
  while (bytes[count] === preambleByte) count++
  return count
}

export interface ReadFrame {
  readonly message: Gdw1376Message
  readonly spans: readonly UnitSpan[]
  /** End of the data units and where PW, EC and Tp begin (equal to what follows when absent). */
  readonly unitsEnd: number
  readonly auxStart: number
  readonly checkAt: number
}

/** One whole frame, with any number of FE before it and nothing behind. Units that no layout fits are kept as `trailing`: only link faults refuse a frame. */
export function decodeGdw1376(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<Gdw1376Message> {
  const read = readFrame(bytes, options)
  return 'ok' in read ? read : success(read.message)
}

/** The same with the places of the parts, for the field table. */
export function readFrame(bytes: Uint8Array, options: DecodeOptions = {}): ReadFrame | DecodeFailure {
  const start = countPreamble(bytes)
  const fault = checkFrame(bytes, start, bytes.length, maximumLength)
  if (fault !== null) return fault
  const word = (bytes[start + 1] as number) | ((bytes[start + 2] as number) << 8)
  const checkAt = start + linkHeaderBytes + (word >> 2)
  if (bytes.length > checkAt + 2) return failure('FIELD_TRAILING', checkAt + 2, `${bytes.length - checkAt - 2} bytes follow the frame`)
  const control = bytes[start + 6] as number
  const afn = bytes[start + 12] as number
  const seqByte = bytes[start + 13] as number
  const protocolId = word & 3
  const dataAt = start + dataOffset

  // Auxiliary fields, peeled from the end: Tp, then EC (up) or PW (down)
  const up = isUp(control)
  let auxStart = checkAt
  let tp: Gdw1376Aux['tp']
  let ec: Gdw1376Aux['ec']
  if ((seqByte & 0x80) !== 0 && auxStart - dataAt >= tpBytes) {
    auxStart -= tpBytes
    tp = { pfc: bytes[auxStart] as number, sent: readTime(bytes, auxStart + 1, 'smhD'), delayMin: bytes[auxStart + 5] as number }
  }
  if (up && (control & 0x20) !== 0 && auxStart - dataAt >= ecBytes) {
    auxStart -= ecBytes
    ec = [bytes[auxStart] as number, bytes[auxStart + 1] as number]
  }
  const unitsLimit = auxStart
  const read = !up && withPassword.has(afn)
    ? readBeforePassword(bytes, dataAt, auxStart, { afn, lengths: passwordLengths(protocolId, options) })
    : readWithoutPassword(bytes, dataAt, auxStart, afn, up ? 'up' : 'down')
  auxStart = read.limit
  const aux = auxOf(auxStart < unitsLimit ? toHex(bytes, auxStart, unitsLimit) : undefined, ec, tp)
  const isWhole = read.end === auxStart && read.unparsed === null

  const message: Writable<Gdw1376Message> = {
    preamble: start,
    protocolId,
    control,
    a1: toHexReversed(bytes, start + 7, start + 9),
    a2: (bytes[start + 9] as number) | ((bytes[start + 10] as number) << 8),
    a3: bytes[start + 11] as number,
    afn,
    seq: { tpv: (seqByte & 0x80) !== 0, fir: (seqByte & 0x40) !== 0, fin: (seqByte & 0x20) !== 0, con: (seqByte & 0x10) !== 0, no: seqByte & 0x0f },
    units: read.units,
  }
  if (!isWhole) {
    message.trailing = toHex(bytes, read.end, auxStart)
    message.unparsed = read.unparsed ?? 'left over'
  }
  if (aux !== undefined) message.aux = aux
  return { message, spans: read.spans, unitsEnd: read.end, auxStart, checkAt }
}

type Writable<Value> = { -readonly [Name in keyof Value]: Value[Name] }

function auxOf(pw: string | undefined, ec: Gdw1376Aux['ec'], tp: Gdw1376Aux['tp']): Gdw1376Aux | undefined {
  if (pw === undefined && ec === undefined && tp === undefined) return undefined
  const aux: Writable<Gdw1376Aux> = {}
  if (pw !== undefined) aux.pw = pw
  if (ec !== undefined) aux.ec = ec
  if (tp !== undefined) aux.tp = tp
  return aux
}

/** Requests of class 2 with several classes carry one time scale each, or one for all: whichever fills the frame. */
function readWithoutPassword(bytes: Uint8Array, start: number, end: number, afn: number, direction: Direction): ReadUnits {
  const each = readUnits(bytes, start, end, { afn, direction, mode: 'each' })
  if (each.unparsed === null || afn !== 0x0d || direction !== 'down') return each
  const shared = readUnits(bytes, start, end, { afn, direction, mode: 'shared' })
  return shared.unparsed === null ? shared : each
}

/** PW has 16 bytes, 2 in the 2005 edition and in some terminals of the later ones: the length that the profile tells, else the first with which the units end exactly before it. */
function passwordLengths(protocolId: number, options: DecodeOptions): readonly number[] {
  if (options.passwordBytes !== undefined) return options.passwordBytes === 2 ? onlyTwo : onlySixteen
  return protocolId === 1 ? twoFirst : sixteenFirst
}
const onlyTwo: readonly number[] = [2]
const onlySixteen: readonly number[] = [16]
const twoFirst: readonly number[] = [2, 16, 0]
const sixteenFirst: readonly number[] = [16, 2, 0]

function readBeforePassword(bytes: Uint8Array, start: number, end: number, parts: { readonly afn: number; readonly lengths: readonly number[] }): ReadUnits {
  let first: ReadUnits | undefined
  for (const passwordBytes of parts.lengths) {
    if (end - passwordBytes < start) continue
    const read = readUnits(bytes, start, end - passwordBytes, { afn: parts.afn, direction: 'down', mode: 'each' })
    if (read.unparsed === null && read.units.length > 0) return read
    first ??= read
  }
  return first ?? { units: [], spans: [], end: start, limit: end, unparsed: 'shorter than its authentication field' }
}

/** The inverse of decodeGdw1376. */
export function encodeGdw1376(message: Gdw1376Message): Uint8Array {
  const { control, afn, seq } = message
  for (const [field, value] of [['control', control], ['afn', afn], ['a3', message.a3]] as const) {
    if (!Number.isInteger(value) || value < 0 || value > 0xff) throw invalidField(field, 'must be a byte')
  }
  if (message.protocolId !== 1 && message.protocolId !== 2) throw invalidField('protocolId', 'must be 1 or 2')
  const writer = new Writer()
  writer.u8(control)
  const a1 = typeof message.a1 === 'string' ? fromHexReversed(message.a1) : null
  if (a1 === null || a1.length !== 2) throw invalidField('a1', 'must have four digits')
  writer.bytes(a1)
  writer.u16le(message.a2, 'a2')
  writer.u8(message.a3)
  writer.u8(afn)
  if (typeof seq !== 'object' || !Number.isInteger(seq.no) || seq.no < 0 || seq.no > 15) throw invalidField('seq.no', 'must be 0 to 15')
  writer.u8((seq.tpv ? 0x80 : 0) | (seq.fir ? 0x40 : 0) | (seq.fin ? 0x20 : 0) | (seq.con ? 0x10 : 0) | seq.no)
  const direction: Direction = isUp(control) ? 'up' : 'down'
  if (!Array.isArray(message.units)) throw invalidField('units', 'must be a list')
  writeUnits(writer, message.units, { afn, direction })
  if (message.trailing !== undefined) writer.hex(message.trailing, null, 'trailing')
  writeAux(writer, message, direction)
  return closeFrame(writer.finish(), message.preamble ?? 0, message.protocolId)
}

/** Order: PW (down) or EC (up), then Tp. What is given must agree with the bits that announce it. */
function writeAux(writer: Writer, message: Gdw1376Message, direction: Direction): void {
  const { aux = {}, control, seq } = message
  if (aux.pw !== undefined) {
    if (direction === 'up' || !withPassword.has(message.afn)) throw invalidField('aux.pw', 'belongs to downlink frames of AFN 1, 4, 5, 6, 15 and 16')
    if (aux.pw.length !== 32 && aux.pw.length !== 4) throw invalidField('aux.pw', 'must have 16 or 2 bytes')
    writer.hex(aux.pw, null, 'aux.pw')
  }
  const announcesEvents = direction === 'up' && (control & 0x20) !== 0
  if (announcesEvents !== (aux.ec !== undefined)) throw invalidField('aux.ec', 'must be there exactly when D5 of an uplink control byte is set')
  if (aux.ec !== undefined) {
    writer.u8(aux.ec[0], 'aux.ec')
    writer.u8(aux.ec[1], 'aux.ec')
  }
  if (seq.tpv !== (aux.tp !== undefined)) throw invalidField('aux.tp', 'must be there exactly when seq.tpv is set')
  if (aux.tp !== undefined) {
    writer.u8(aux.tp.pfc, 'aux.tp.pfc')
    const sent = aux.tp.sent === null ? null : timeBytes(aux.tp.sent, 'smhD')
    if (aux.tp.sent === null) writer.fill(missingByte, 4)
    else if (sent === null) throw invalidField('aux.tp.sent', 'must look like day 05 14:30:00')
    else writer.bytes(sent)
    writer.u8(aux.tp.delayMin, 'aux.tp.delayMin')
  }
}

function closeFrame(user: Uint8Array, preamble: number, protocolId: number): Uint8Array {
  if (user.length > maximumLength) throw invalidField('units', `make ${user.length} bytes, the limit is ${maximumLength}`)
  if (!Number.isInteger(preamble) || preamble < 0 || preamble > 64) throw invalidField('preamble', 'must be 0 to 64')
  const out = new Uint8Array(preamble + overheadBytes + user.length)
  out.fill(preambleByte, 0, preamble)
  const word = (user.length << 2) | protocolId
  out.set([startByte, word & 0xff, word >> 8, word & 0xff, word >> 8, startByte], preamble)
  out.set(user, preamble + linkHeaderBytes)
  out[out.length - 2] = user.reduce((sum, byte) => (sum + byte) & 0xff, 0)
  out[out.length - 1] = endByte
  return out
}

/** Next frame in a stream (the recommendation of the head-ends): a header is checked by its doubled length and two start bytes before it is waited for. */
export function searchGdw1376(buffer: Uint8Array, from: number): FrameSearch {
  const noise = skipToStart(buffer, from, startByte)
  if (noise !== null) return noise
  const start = from
  const fault = checkFrame(buffer, start, buffer.length, maximumStreamLength)
  const header = buffer.length - start >= linkHeaderBytes
  const length = header ? ((buffer[start + 1] as number) | ((buffer[start + 2] as number) << 8)) >> 2 : 0
  if (fault === null) return { found: 'frame', start, end: start + overheadBytes + length }
  if (fault.code !== 'FRAME_INCOMPLETE') return { found: 'noise', skip: start + 1, reason: fault.code }
  return { found: 'partial', start, need: header ? overheadBytes + length : linkHeaderBytes }
}
