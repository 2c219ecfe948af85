import { fromHex } from '../hex.ts'
import { countPreamble, decodeDlt645 } from '../dlt645/frame.ts'
import { findDataItem } from '../dlt645/lookup.ts'
import type { Dlt645Message } from '../dlt645/message.ts'
import { readLayout } from '../layout/read.ts'
import { Reader } from '../reader.ts'
import type { Gdw1376Message, Gdw1376Unit } from './message.ts'

export interface InnerFrame {
  readonly bytes: Uint8Array
  readonly message: Dlt645Message
}

/** The DL/T 645 frame that a forwarding unit (AFN 10 F1) carries; null when its content is none. */
export function innerDlt645(message: Pick<Gdw1376Message, 'afn'>, unit: Gdw1376Unit): InnerFrame | null {
  const content = unit.data?.['content']
  if (message.afn !== 0x10 || unit.fn[0] !== 1 || typeof content !== 'string') return null
  const bytes = fromHex(content)
  if (bytes === null || countPreamble(bytes) === bytes.length) return null
  const decoded = decodeDlt645(bytes)
  return decoded.ok ? { bytes, message: decoded.message } : null
}

/** What a direct reading (AFN 10 F9, F10) brings: identifier and value without 33H, as if the meter had answered a read. */
export function directAnswer(address: string, payload: string): Dlt645Message | null {
  const bytes = fromHex(payload)
  if (bytes === null) return null
  // the text shows two bytes of identifier, 2007 answers have four: whichever the tables know with data that fit
  for (const [diBytes, edition] of [[4, 2007], [2, 1997]] as const) {
    const reader = new Reader(bytes)
    const di = reader.hexReversed(diBytes).toUpperCase()
    const found = reader.ok ? findDataItem(di) : null
    if (found === null) continue
    const value = readLayout(found.layout, reader)
    if (reader.ok && reader.remaining === 0) return { preamble: 0, address, control: edition === 2007 ? 0x91 : 0x81, fn: edition === 2007 ? 'read-answer' : 'read-answer-1997', edition, body: { di, value } }
  }
  return null
}
