import type { DecodeFailure, DecodeOptions, Decoded, FrameSearch } from '../codec.ts'
import { fromHexReversed, toHexReversed } from '../hex.ts'
import type { LayoutRecord } from '../layout/layout.ts'
import { failure, success } from '../reader.ts'
import { skipToStart } from '../search.ts'
import { invalidField, Writer } from '../writer.ts'
import { readBody, writeBody } from './body.ts'
import { commandOf, errorBit, fromMeterBit, moreBit, type Edition } from './control.ts'
import type { Dlt645Message } from './message.ts'

/*
  DL/T 645-2007 clause 5.2 (1997: 5.2)
    0       68H
    1–6     address, 12 BCD digits, least significant first
    7       68H
    8       control
    9       length L of DATA, at most 200
    10      DATA, each byte + 33H
    10+L    sum of the bytes 0 … 9+L, modulo 256
    11+L    16H
  before it any number of FEH, which count nowhere
*/
export const startByte = 0x68
export const endByte = 0x16
const preambleByte = 0xfe
const shift = 0x33
export const headerBytes = 10
const overheadBytes = 12
const maximumData = 200

/** Checks the frame that begins at `start`; null when it is right. `end` bytes are there. */
function checkFrame(bytes: Uint8Array, start: number, end: number): DecodeFailure | null {
  if (bytes[start] !== startByte) return failure('FRAME_START', start, 'the frame does not begin with 68')
  if (end - start <= 7) return failure('FRAME_INCOMPLETE', end, `the header needs ${headerBytes} bytes, ${end - start} are there`)
  if (bytes[start + 7] !== startByte) return failure('FRAME_START', start + 7, 'the second start byte is not 68')
  if (end - start < headerBytes) return failure('FRAME_INCOMPLETE', end, `the header needs ${headerBytes} bytes, ${end - start} are there`)
  const length = bytes[start + 9] as number
  if (length > maximumData) return failure('FRAME_LENGTH', start + 9, `length ${length} is above the limit of ${maximumData}`)
  const checkAt = start + headerBytes + length
  if (checkAt + 1 >= end) return failure('FRAME_INCOMPLETE', end, `the frame announces ${length + overheadBytes} bytes, ${end - start} are there`)
  if (bytes[checkAt + 1] !== endByte) return failure('FRAME_END', checkAt + 1, 'the frame does not end with 16')
  let sum = 0
  for (let at = start; at < checkAt; at++) sum += bytes[at] as number
  if ((sum & 0xff) !== bytes[checkAt]) return failure('FRAME_CHECKSUM', checkAt, `checksum is ${(bytes[checkAt] as number).toString(16)}, computed ${(sum & 0xff).toString(16)}`)
  return null
}

/** A copy of the frame with DATA as it was before the sender added 33H; offsets stay. */
export function unshift(bytes: Uint8Array, start: number): Uint8Array {
  const copy = bytes.slice()
  const end = start + headerBytes + (bytes[start + 9] as number)
  for (let at = start + headerBytes; at < end; at++) copy[at] = (copy[at] as number) - shift
  return copy
}

export function countPreamble(bytes: Uint8Array): number {
  let count = 0
  while (bytes[count] === preambleByte) count++
  return count
}

/** One whole frame, with any number of FE before it and nothing behind. */
export function decodeDlt645(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<Dlt645Message> {
  const start = countPreamble(bytes)
  const fault = checkFrame(bytes, start, bytes.length)
  if (fault !== null) return fault
  const length = bytes[start + 9] as number
  const end = start + overheadBytes + length
  if (bytes.length > end) return failure('FIELD_TRAILING', end, `${bytes.length - end} bytes follow the frame`)
  const control = bytes[start + 8] as number
  const command = commandOf(control, options.edition ?? 2007)
  const plain = length === 0 ? bytes : unshift(bytes, start)
  const body: LayoutRecord = readBody(command, plain, start + headerBytes, start + headerBytes + length)
  return success({ preamble: start, address: addressText(bytes, start + 1), control, fn: command.fn, edition: command.edition, body })
}

function addressText(bytes: Uint8Array, start: number): string {
  return toHexReversed(bytes, start, start + 6).toUpperCase()
}

/** The inverse of decodeDlt645. The editions share few control bytes; where they do, `edition` decides. */
export function encodeDlt645(message: Dlt645Message): Uint8Array {
  const edition: Edition = message.edition === 1997 ? 1997 : 2007
  if (!Number.isInteger(message.control) || message.control < 0 || message.control > 0xff) throw invalidField('control', 'must be a byte')
  const command = commandOf(message.control, edition)
  const data = new Writer()
  writeBody(command, data, message.body)
  if (data.length > maximumData) throw invalidField('body', `has ${data.length} bytes, the limit is ${maximumData}`)
  const address = typeof message.address === 'string' ? fromHexReversed(message.address.padStart(12, '0')) : null
  if (address === null || address.length !== 6) throw invalidField('address', 'must have twelve digits')
  const preamble = message.preamble ?? 0
  if (!Number.isInteger(preamble) || preamble < 0 || preamble > 64) throw invalidField('preamble', 'must be 0 to 64')
  const out = new Uint8Array(preamble + overheadBytes + data.length)
  out.fill(preambleByte, 0, preamble)
  out[preamble] = startByte
  out.set(address, preamble + 1)
  out[preamble + 7] = startByte
  out[preamble + 8] = message.control
  out[preamble + 9] = data.length
  for (let at = 0; at < data.length; at++) out[preamble + headerBytes + at] = data.at(at) + shift
  const checkAt = preamble + headerBytes + data.length
  let sum = 0
  for (let at = preamble; at < checkAt; at++) sum += out[at] as number
  out[checkAt] = sum
  out[checkAt + 1] = endByte
  return out
}

/**
 * Next frame in a stream. The length byte is not protected by anything, so a candidate that is still incomplete is given up
 * as soon as a whole checked frame stands inside the bytes it claims (clause 5.2 needs the +33H, so a frame cannot lie in another's DATA).
 */
export function searchDlt645(buffer: Uint8Array, from: number): FrameSearch {
  const noise = skipToStart(buffer, from, startByte)
  if (noise !== null) return noise
  const start = from
  const fault = checkFrame(buffer, start, buffer.length)
  // a master sets neither the error nor the follow-up bit: a run of 68 would otherwise look like its header
  const control = buffer[start + 8]
  if (control !== undefined && (control & fromMeterBit) === 0 && (control & (errorBit | moreBit)) !== 0) return { found: 'noise', skip: start + 1, reason: 'FIELD_INVALID' }
  if (fault === null) return { found: 'frame', start, end: start + overheadBytes + (buffer[start + 9] as number) }
  if (fault.code !== 'FRAME_INCOMPLETE') return { found: 'noise', skip: start + 1, reason: fault.code }
  for (let later = buffer.indexOf(startByte, start + 1); later >= 0; later = buffer.indexOf(startByte, later + 1)) {
    if (checkFrame(buffer, later, buffer.length) === null) return { found: 'noise', skip: start + 1, reason: 'FRAME_INCOMPLETE' }
  }
  const length = buffer[start + 9]
  return { found: 'partial', start, need: length === undefined ? headerBytes : overheadBytes + length }
}
