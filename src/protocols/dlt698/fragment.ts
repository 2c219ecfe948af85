import type { Assembled, Assembler } from '../codec.ts'
import type { Input } from '../input.ts'
import { failure, type Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { decodeApdu } from './apdu.ts'
import { fragmentTypes, type Control, type Dlt698Message, type Fragment } from './message.ts'

/*
 * Link fragment (chapter 2), after taking off the scrambling
 *   word u16 little-endian: bits 0-11 sequence | bits 12-13 reserved, ignored | bits 14-15: 0 first, 1 last, 2 acknowledgement, 3 middle
 *   then a piece of the APDU; an acknowledgement has none
 */
export function readFragment(reader: Reader): Fragment {
  const word = reader.u16le('fragment word')
  const type = fragmentTypes[word >> 14] ?? 'first'
  const reserved = (word >> 12) & 3
  return { type, seq: word & 0x0fff, data: reader.hex(reader.remaining, 'fragment data'), ...(reserved === 0 ? {} : { reservedBits: reserved }) }
}

export function writeFragment(writer: Writer, input: Input): void {
  const type = fragmentTypes.indexOf(input.get('type').oneOf(fragmentTypes))
  const reserved = input.has('reservedBits') ? input.get('reservedBits').int(0, 3) : 0
  writer.u16le((type << 14) | (reserved << 12) | input.get('seq').int(0, 0x0fff))
  writer.bytes(input.get('data').hex())
}

/** A reassembled APDU larger than this is dropped. */
export const maxAssembledBytes = 65_535
/** Parts that wait longer than this for the next one are dropped. */
export const assemblyTimeoutMs = 30_000
/** Transfers in progress on one connection: a terminal and a few meters behind it. */
const maxTransfers = 16

interface Transfer {
  seq: number
  pieces: string[]
  hexDigits: number
  untilMs: number
}

const splitBit = 0x20
const withControl = (raw: number): Control => ({ raw, dir: raw >> 7, prm: (raw >> 6) & 1, split: (raw >> 5) & 1, scrambled: (raw >> 3) & 1, func: raw & 7 })

/** Joins the link fragments of one connection, by server address, client address and PRM. */
export function createFragmentAssembler(options: { readonly lenient?: boolean } = {}): Assembler<Dlt698Message> {
  const transfers = new Map<string, Transfer>()

  function refuse(key: string, reason: string): Assembled<Dlt698Message> {
    transfers.delete(key)
    return { state: 'refused', failure: failure('FIELD_INVALID', 0, reason) }
  }

  return {
    push(message, nowMs) {
      const { fragment } = message.frame
      if (fragment === undefined) return { state: 'whole', message }
      if (fragment.type === 'ack') return { state: 'pending' }
      for (const [key, transfer] of transfers) if (transfer.untilMs <= nowMs) transfers.delete(key)
      const { sa, ca, control } = message.frame
      const key = `${sa.type}/${sa.logical ?? ''}/${sa.extLogical ?? ''}/${sa.address}/${ca}/${control.prm}`
      let transfer = transfers.get(key)
      if (fragment.type === 'first') {
        if (transfer?.pieces.length === 1 && transfer.seq === fragment.seq && transfer.pieces[0] === fragment.data) return pending(message)
        if (!transfers.has(key) && transfers.size >= maxTransfers) return refuse(key, `more than ${maxTransfers} fragmented transfers at once`)
        transfer = { seq: fragment.seq, pieces: [], hexDigits: 0, untilMs: 0 }
        transfers.set(key, transfer)
      } else if (transfer === undefined) {
        return refuse(key, `${fragment.type} fragment ${fragment.seq} without a first one`)
      } else if (fragment.type === 'middle' && fragment.seq === transfer.seq) {
        // The acknowledgement was lost: acknowledge again, do not append.
        return pending(message)
      } else if (fragment.seq !== ((transfer.seq + 1) & 0x0fff)) {
        return refuse(key, `fragment ${fragment.seq} after ${transfer.seq}`)
      }
      transfer.seq = fragment.seq
      transfer.pieces.push(fragment.data)
      transfer.hexDigits += fragment.data.length
      transfer.untilMs = nowMs + assemblyTimeoutMs
      if (transfer.hexDigits > maxAssembledBytes * 2) return refuse(key, `fragments of more than ${maxAssembledBytes} bytes together`)
      if (fragment.type !== 'last') return pending(message)
      transfers.delete(key)
      return whole(message, transfer.pieces.join(''), options)
    },
  }
}

function whole(message: Dlt698Message, hex: string, options: { readonly lenient?: boolean }): Assembled<Dlt698Message> {
  const joined = Buffer.from(hex, 'hex')
  const decoded = decodeApdu(joined, options)
  if (!decoded.ok) return { state: 'refused', failure: { ...decoded, partial: { apdu: hex } } }
  const { sa, ca, control } = message.frame
  return { state: 'whole', message: { frame: { control: withControl(control.raw & ~splitBit), sa, ca }, apdu: decoded.message }, joined }
}

function pending(message: Dlt698Message): Assembled<Dlt698Message> {
  return { state: 'pending', acknowledge: acknowledgeFragment(message) }
}

/** What the receiver of a first or middle fragment sends back: DIR inverted, same PRM, only the fragment word (chapter 2). */
export function acknowledgeFragment(message: Dlt698Message): Dlt698Message {
  const { control, sa, ca, fragment } = message.frame
  return { frame: { control: withControl(control.raw ^ 0x80), sa, ca, fragment: { type: 'ack', seq: fragment?.seq ?? 0, data: '' } }, apdu: null }
}

/** Cuts an APDU into fragments of at most `pieceBytes` each, from sequence 0. An APDU that fits one piece is not cut: gives null. */
export function fragmentApdu(message: Dlt698Message, apduHex: string, pieceBytes: number): readonly Dlt698Message[] | null {
  const digits = pieceBytes * 2
  const count = Math.ceil(apduHex.length / digits)
  if (count < 2) return null
  const { control, sa, ca } = message.frame
  return Array.from({ length: count }, (_, index) => ({
    frame: {
      control: withControl(control.raw | splitBit),
      sa,
      ca,
      fragment: { type: index === 0 ? 'first' : index === count - 1 ? 'last' : 'middle', seq: index & 0x0fff, data: apduHex.slice(index * digits, (index + 1) * digits) },
    } as const,
    apdu: null,
  }))
}
