import type { Assembled, Assembler, DecodeOptions } from '../codec.ts'
import { toHex } from '../hex.ts'
import { failure, Reader } from '../reader.ts'
import { encodeApdu, readApdu } from './apdu.ts'
import { isLlc, llcBytes } from './hdlc.ts'
import type { DlmsApdu, DlmsMessage, HdlcFrame } from './message.ts'

export const maxAssembledBytes = 65_535
export const assemblyTimeoutMs = 30_000
const maxTransfers = 16

interface Transfer {
  pieces: string[]
  hexDigits: number
  untilMs: number
}

/** Joins HDLC segments of one connection by their two addresses: S = 1 ... S = 0, then the LLC is taken off once (chapter 2). */
export function createSegmentAssembler(options: DecodeOptions = {}): Assembler<DlmsMessage> {
  const transfers = new Map<string, Transfer>()
  return {
    push(message, nowMs): Assembled<DlmsMessage> {
      if (message.layer !== 'hdlc') return { state: 'whole', message }
      const { hdlc } = message
      const key = `${hdlc.destination.join('.')}/${hdlc.source.join('.')}`
      for (const [other, transfer] of transfers) if (transfer.untilMs <= nowMs) transfers.delete(other)
      const open = transfers.get(key)
      if (!hdlc.segmented && open === undefined) return { state: 'whole', message }
      if (open === undefined && transfers.size >= maxTransfers) return { state: 'refused', failure: failure('LIMIT_EXCEEDED', 0, `more than ${maxTransfers} segmented transfers at once`) }
      const transfer = open ?? { pieces: [], hexDigits: 0, untilMs: 0 }
      const piece = informationOf(hdlc)
      transfer.pieces.push(piece)
      transfer.hexDigits += piece.length
      transfer.untilMs = nowMs + assemblyTimeoutMs
      transfers.set(key, transfer)
      if (transfer.hexDigits > maxAssembledBytes * 2) {
        transfers.delete(key)
        return { state: 'refused', failure: failure('LIMIT_EXCEEDED', 0, `segments of more than ${maxAssembledBytes} bytes together`) }
      }
      if (hdlc.segmented) return { state: 'pending' }
      transfers.delete(key)
      return whole(hdlc, Buffer.from(transfer.pieces.join(''), 'hex'), options)
    },
  }
}

/** The information field; of a last segment that looked like a whole APDU too. */
function informationOf(hdlc: HdlcFrame): string {
  return hdlc.apdu === undefined ? (hdlc.info ?? '') : `${hdlc.llc ?? ''}${toHex(encodeApdu(hdlc.apdu))}`
}

function whole(hdlc: HdlcFrame, joined: Buffer, options: DecodeOptions): Assembled<DlmsMessage> {
  if (!isLlc(joined, 0, joined.length)) return { state: 'refused', failure: failure('FIELD_INVALID', 0, 'the joined segments do not begin with an LLC', { info: toHex(joined) }) }
  const reader = new Reader(joined, llcBytes)
  const decoded = reader.finish(readApdu(reader, options) as DlmsApdu)
  if (!decoded.ok) return { state: 'refused', failure: { ...decoded, partial: { info: toHex(joined) } } }
  const { flags, destination, source, control } = hdlc
  return { state: 'whole', message: { layer: 'hdlc', hdlc: { flags, segmented: false, destination, source, control, llc: toHex(joined, 0, llcBytes), apdu: decoded.message } }, joined }
}
