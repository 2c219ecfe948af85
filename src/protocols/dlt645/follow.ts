import { fromHex } from '../hex.ts'
import type { LayoutRecord } from '../layout/layout.ts'
import { Writer } from '../writer.ts'
import { readBody, writeBody } from './body.ts'
import { commandOf, moreBit } from './control.ts'
import type { Dlt645Message } from './message.ts'

/**
 * Puts a read answer and its follow-up frames together (DL/T 645-2007 7.2.2): the first answer (B1H), then the 92H/B2H answers in the order of their sequence numbers.
 * Null when a frame is missing, repeated out of order, or carries another identifier: newer meters put the active-report word 04001501 there as a notice.
 */
export function assembleDlt645(first: Dlt645Message, follows: readonly Dlt645Message[]): Dlt645Message | null {
  const parts: Uint8Array[] = [pieceOf(first)]
  for (const [index, follow] of follows.entries()) {
    const seq = follow.body['frameSeq']
    if (follow.body['di'] !== first.body['di'] || follow.address !== first.address || (seq !== undefined && seq !== index + 1)) return null
    const piece = typeof follow.body['data'] === 'string' ? fromHex(follow.body['data']) : null
    if (piece === null) return null
    parts.push(piece)
    const isLast = (follow.control & moreBit) === 0
    if (isLast !== (index === follows.length - 1)) return null
  }
  const data = Buffer.concat(parts)
  const control = first.control & ~moreBit
  const body: LayoutRecord = readBody(commandOf(control, first.edition), data, 0, data.length)
  return { ...first, control, body }
}

/** DATA of the first answer as bytes: identifier and value. */
function pieceOf(message: Dlt645Message): Uint8Array {
  const writer = new Writer()
  writeBody(commandOf(message.control, message.edition), writer, message.body)
  return writer.finish()
}

/** The request for the next follow-up frame (12H, 1997: 02H). */
export function followRequest(first: Dlt645Message, seq: number): Dlt645Message {
  const di = first.body['di'] ?? ''
  return first.edition === 1997
    ? { preamble: 0, address: first.address, control: 0x02, fn: 'read-follow-1997', edition: 1997, body: { di } }
    : { preamble: 0, address: first.address, control: 0x12, fn: 'read-follow', edition: 2007, body: { di, frameSeq: seq } }
}

