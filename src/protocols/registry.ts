import { protocolNames, type Codec, type Decoded, type DecodeOptions, type FailureCode, type ProtocolName } from './codec.ts'
import { dlmsCodec } from './dlms/codec.ts'
import { dlt645Codec } from './dlt645/codec.ts'
import { dlt698Codec } from './dlt698/codec.ts'
import { gdw1376Codec } from './gdw1376/codec.ts'
import { failure } from './reader.ts'

/** A codec whose message type is not known here: what it decodes is what it encodes. */
export type AnyCodec = Codec<unknown>

const codecs: Readonly<Record<ProtocolName, AnyCodec>> = {
  dlt698: dlt698Codec,
  gdw1376: gdw1376Codec,
  dlt645: dlt645Codec,
  dlms: dlmsCodec,
}

export function codecOf(protocol: ProtocolName): AnyCodec {
  return codecs[protocol]
}

/** The strictest checks first: a frame that passes two header checks cannot be of the protocol with one. */
const detectionOrder: readonly ProtocolName[] = ['dlt698', 'gdw1376', 'dlt645', 'dlms']

/** Protocol of one frame: the one that accepts all of it, else the one whose frames are found in it, else the one whose header stands before the first fault, else null. */
export function detectProtocol(bytes: Uint8Array): ProtocolName | null {
  return detectionOrder.find((name) => codecOf(name).decode(bytes).ok) ?? detectionOrder.find((name) => holdsFrame(codecOf(name), bytes)) ?? damagedFrame(bytes)
}

/** Faults that stand behind a header of the protocol: the frame is its own, but damaged. */
const headerIsRight: ReadonlySet<FailureCode> = new Set(['FRAME_CHECKSUM', 'FRAME_END', 'FRAME_LENGTH', 'FIELD_TRAILING'])

function damagedFrame(bytes: Uint8Array): ProtocolName | null {
  let best: ProtocolName | null = null
  let furthest = 0
  for (const name of detectionOrder) {
    const decoded = codecOf(name).decode(bytes)
    if (decoded.ok || !headerIsRight.has(decoded.code) || decoded.offset <= furthest) continue
    best = name
    furthest = decoded.offset
  }
  return best
}

function holdsFrame(codec: AnyCodec, bytes: Uint8Array): boolean {
  for (let from = 0; from < bytes.length; ) {
    const next = codec.search(bytes, from)
    if (next.found === 'frame') return true
    from = next.found === 'noise' ? Math.max(next.skip, from + 1) : next.start + 1
  }
  return false
}

export interface DecodedAny {
  readonly protocol: ProtocolName | null
  readonly decoded: Decoded<unknown>
}

/** Decodes with the named protocol, or with the detected one for `auto`. */
export function decodeAny(bytes: Uint8Array, protocol: ProtocolName | 'auto', options: DecodeOptions = {}): DecodedAny {
  const chosen = protocol === 'auto' ? detectProtocol(bytes) : protocol
  if (chosen === null) return { protocol: null, decoded: failure('UNKNOWN_PROTOCOL', 0, `the bytes are of none of the protocols ${protocolNames.join(', ')}`) }
  return { protocol: chosen, decoded: codecOf(chosen).decode(bytes, options) }
}
