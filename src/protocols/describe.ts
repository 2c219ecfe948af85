import { StationError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import { protocolNames, type DecodeFailure, type DecodeOptions, type ExplainedField, type NormalRecord, type ProtocolName } from './codec.ts'
import { fromHex, toHex } from './hex.ts'
import { codecOf, decodeAny } from './registry.ts'

/** All that can be said about one frame, for people and for programs. */
export interface FrameReport {
  /** Null when the bytes are of no known protocol. */
  readonly protocol: ProtocolName | null
  readonly hex: string
  /** What the frame says; null when it was refused. */
  readonly message: unknown
  readonly fields: readonly ExplainedField[]
  /** Readings, curves, events and link events in the normal form. */
  readonly records: readonly NormalRecord[]
  readonly failure: DecodeFailure | null
}

/** Decodes and explains one frame given as hex text. @throws StationError USAGE when the text is not hex. */
export function describeFrame(hexText: string, protocol: ProtocolName | 'auto', options: DecodeOptions = {}): FrameReport {
  const bytes = fromHex(hexText)
  if (bytes === null || bytes.length === 0) throw new StationError('USAGE', 'the frame is not hex text', { hint: "Give pairs of hex digits, for example 'FE FE 68 …', or - to read them from standard input." })
  const found = decodeAny(bytes, protocol, options)
  const base = { protocol: found.protocol, hex: toHex(bytes) }
  if (!found.decoded.ok) return { ...base, message: null, fields: [], records: [], failure: found.decoded }
  const codec = codecOf(found.protocol as ProtocolName)
  const { message } = found.decoded
  return { ...base, message, fields: codec.explain(message, bytes), records: codec.normalize(message), failure: null }
}

/** A protocol by name. @throws StationError USAGE with the nearest name. */
export function parseProtocol(word: string): ProtocolName {
  const known = protocolNames.find((name) => name === word)
  if (known !== undefined) return known
  const guess = nearest(word, protocolNames)
  throw new StationError('USAGE', `unknown protocol '${word}'`, { hint: guess === undefined ? `Protocols: ${protocolNames.join(', ')}.` : `Did you mean '${guess}'?` })
}

/**
 * Bytes of a message in the form that decoding gives (the message itself, or any object that holds it as `message`).
 * @throws StationError INPUT_INVALID naming the field that is missing or does not fit.
 */
export function encodeAny(protocol: ProtocolName, given: unknown): Uint8Array {
  const message = messageIn(given)
  try {
    return codecOf(protocol).encode(message)
  } catch (error) {
    if (error instanceof StationError) throw error
    throw new StationError('INPUT_INVALID', `the message has not the form of a ${protocol} message`, { hint: `Start from the message that 'station decode ${protocol} <hex> --output json' prints.`, cause: error })
  }
}

function messageIn(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new StationError('INPUT_INVALID', 'a message is a JSON object')
  const fields = given as Record<string, unknown>
  if (typeof fields['result'] === 'object' && fields['result'] !== null) return messageIn(fields['result'])
  return typeof fields['message'] === 'object' && fields['message'] !== null ? fields['message'] : given
}
