import type { DecodeFailure, VectorInput } from '../codec.ts'
import { fromHex, toHex } from '../hex.ts'
import { alarmOfApdu } from './alarms.ts'
import { decodeApdu, encodeApdu } from './apdu.ts'
import { decodeMessage, decodeWrapper } from './frame.ts'
import { decodeHdlc, hdlcFacts, isLlc, llcBytes } from './hdlc.ts'
import type { DlmsApdu } from './message.ts'
import { innermost, readPush, scaledText } from './push.ts'

/** The `actual` of a vector, in the names of the public vector files: from its layer and hex only. */
export function judgeVector(vector: VectorInput): unknown {
  const bytes = fromHex(vector.hex)
  if (bytes === null) return { error: true }
  switch (vector.layer) {
    case 'hdlc':
      return judgeHdlc(bytes)
    case 'wrapper':
      return judgeWrapper(bytes)
    case 'llc':
      return judgeLlc(bytes)
    case 'apdu':
      return judgeApdu(bytes)
    default:
      return judgeAny(bytes)
  }
}

function refused(failure: DecodeFailure): object {
  return { error: true, ...(failure.partial as object | undefined), failure: { code: failure.code, offset: failure.offset, reason: failure.reason } }
}

function judgeHdlc(bytes: Uint8Array): object {
  const decoded = decodeHdlc(bytes, {})
  if (!decoded.ok) return refused(decoded)
  const { frame, layout } = decoded.message
  const facts = hdlcFacts(bytes, layout)
  if (frame.apdu === undefined) return { hdlc: { ...facts, ...(frame.info === undefined ? {} : { info: frame.info }) } }
  return { hdlc: { ...facts, llc: frame.llc, apdu: withContent(frame.apdu) }, ...meaning(frame.apdu) }
}

function judgeWrapper(bytes: Uint8Array): object {
  // a datagram may be longer than its WRAPPER says: what is over is told, not read
  const length = bytes.length < 8 ? 0 : ((bytes[6] as number) << 8) | (bytes[7] as number)
  const end = Math.min(bytes.length, 8 + length)
  const decoded = decodeWrapper(bytes.subarray(0, bytes.length < 8 ? bytes.length : end), {})
  if (!decoded.ok) return refused(decoded)
  return { wrapper: { ...decoded.message, apdu: withContent(decoded.message.apdu), length, extra: bytes.length - end }, ...meaning(decoded.message.apdu) }
}

function judgeLlc(bytes: Uint8Array): object {
  if (!isLlc(bytes, 0, bytes.length)) return { error: true }
  return { llc: toHex(bytes, 0, llcBytes), ...judgeApdu(bytes.subarray(llcBytes)) }
}

function judgeApdu(bytes: Uint8Array): object {
  const decoded = decodeApdu(bytes)
  return decoded.ok ? { apdu: withContent(decoded.message), ...meaning(decoded.message) } : refused(decoded)
}

function judgeAny(bytes: Uint8Array): object {
  const decoded = decodeMessage(bytes)
  if (!decoded.ok) return refused(decoded)
  switch (decoded.message.layer) {
    case 'hdlc':
      return judgeHdlc(bytes)
    case 'wrapper':
      return judgeWrapper(bytes)
    case 'llc':
      return judgeLlc(bytes)
    case 'apdu':
      return judgeApdu(bytes)
    default:
      return decoded.message
  }
}

/** The public files give the bytes after the tag of services that are not read further. */
function withContent(apdu: DlmsApdu): object {
  return 'cipherText' in apdu || apdu.tag === '0xc4' ? { ...apdu, contentHex: toHex(encodeApdu(apdu)).slice(2) } : apdu
}

/** Alarm, equipment identifier and engineering values, where the message has them. */
function meaning(outer: DlmsApdu): object {
  const alarm = alarmOfApdu(outer)
  const apdu = innermost(outer)
  const push = apdu !== null && 'body' in apdu ? readPush(apdu.body) : null
  const readings = (push?.values ?? []).flatMap((value) => {
    const text = scaledText(value)
    if (text === null) return []
    const place = value.position === null ? { obis: value.obis } : { position: value.position }
    return [{ ...place, value: Number(text), unit: value.unit }]
  })
  const equipmentId = alarm?.equipmentId ?? push?.equipmentId ?? null
  return {
    ...(alarm === null ? {} : { alarm: alarm.alarm }),
    ...(equipmentId === null ? {} : { equipmentId }),
    ...(readings.length === 0 ? {} : { readings }),
  }
}
