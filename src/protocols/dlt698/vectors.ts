import type { DecodeFailure, VectorInput } from '../codec.ts'
import { fromHex, toHex } from '../hex.ts'
import { Reader } from '../reader.ts'
import { decodeApdu } from './apdu.ts'
import { createFragmentAssembler } from './fragment.ts'
import { decodeFrame, linkFacts, searchFrame } from './frame.ts'
import type { Apdu, Fragment } from './message.ts'
import { engineeringReadings } from './readings.ts'
import { readRecord } from './results.ts'

/** The `actual` of a vector, in the names of `README-698-dlms.md`: from its layer and hex only. */
export function judgeVector(vector: VectorInput): unknown {
  const bytes = fromHex(vector.hex)
  if (bytes === null) return { error: true }
  switch (vector.layer) {
    case 'apdu':
      return judgeApdu(bytes)
    case 'a-result-record':
      return judgeRecord(bytes)
    case 'stream':
      return judgeStream(bytes)
    case 'frame':
      return judgeFrame(bytes)
    default:
      // without a layer the first byte tells a frame from an APDU
      return bytes[0] === 0x68 || bytes[0] === 0xfe ? judgeFrame(bytes) : judgeApdu(bytes)
  }
}

const withReadings = (apdu: Apdu): object => {
  const readings = engineeringReadings(apdu)
  return readings.length === 0 ? { apdu } : { apdu, readings }
}

function judgeFrame(bytes: Uint8Array): object {
  const decoded = decodeFrame(bytes)
  if (decoded.ok) {
    const { fragment } = decoded.message.frame
    const frame = { ...linkFacts(bytes), ...(fragment === undefined ? {} : { fragment: fragmentFacts(fragment) }) }
    return decoded.message.apdu === null ? { frame } : { frame, ...withReadings(decoded.message.apdu) }
  }
  return { ...refused(decoded), ...framePart(decoded) }
}

const fragmentFacts = (fragment: Fragment): object => ({ ...fragment, dataLength: fragment.data.length / 2 })

function refused(failure: DecodeFailure): object {
  return { error: true, failure: { code: failure.code, offset: failure.offset, reason: failure.reason } }
}

/** What was judged of a refused frame; `apduError` when the frame is good and only its content is not. */
function framePart(failure: DecodeFailure): object {
  const partial = failure.partial as { readonly frame?: { readonly hcsOk: boolean; readonly fcsOk: boolean }; readonly apdu?: string } | undefined
  if (partial?.frame === undefined) return {}
  const { frame, apdu } = partial
  return { frame, ...(frame.hcsOk && frame.fcsOk && apdu !== undefined ? { apduError: true } : {}) }
}

function judgeApdu(bytes: Uint8Array): object {
  const decoded = decodeApdu(bytes)
  return decoded.ok ? withReadings(decoded.message) : { ...refused(decoded), apduError: true }
}

function judgeRecord(bytes: Uint8Array): object {
  const reader = new Reader(bytes)
  const decoded = reader.finish(readRecord(reader))
  return decoded.ok ? { ...decoded.message, record: decoded.message, records: [decoded.message], apdu: decoded.message } : refused(decoded)
}

function judgeStream(bytes: Uint8Array): object {
  const assembler = createFragmentAssembler()
  const frames: object[] = []
  let skippedBytes = 0
  let open = false
  let assembled: object = {}
  for (let at = 0; at < bytes.length; ) {
    const search = searchFrame(bytes, at)
    if (search.found !== 'frame') {
      // nothing more will come: what is not complete is given up byte by byte
      const next = search.found === 'noise' ? search.skip : at + 1
      skippedBytes += next - at
      at = next
      continue
    }
    const frame = bytes.subarray(search.start, search.end)
    at = search.end
    const decoded = decodeFrame(frame)
    if (!decoded.ok) {
      frames.push({ ...linkFacts(frame), apduError: true })
      continue
    }
    const { fragment } = decoded.message.frame
    frames.push({ ...linkFacts(frame), ...(fragment === undefined ? { apdu: decoded.message.apdu } : { fragment: fragmentFacts(fragment) }) })
    if (fragment === undefined || fragment.type === 'ack') continue
    const step = assembler.push(decoded.message, 0)
    open = step.state === 'pending'
    if (step.state === 'whole' && step.joined !== undefined) assembled = { reassembledHex: toHex(step.joined), apdu: step.message.apdu }
  }
  return { skippedBytes, frames, complete: !open, ...assembled }
}
