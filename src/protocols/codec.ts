/**
 * The one face of the four meter protocols: pure functions between bytes and messages.
 * A fault in bytes from the wire is a value, never an exception; a fault in a message to be encoded is a StationError (a programming error of the caller).
 */
export const protocolNames = ['dlt698', 'gdw1376', 'dlt645', 'dlms'] as const
export type ProtocolName = (typeof protocolNames)[number]

export const failureCodes = ['FRAME_TOO_SHORT', 'FRAME_TOO_LONG', 'FRAME_START', 'FRAME_END', 'FRAME_LENGTH', 'FRAME_CHECKSUM', 'FRAME_INCOMPLETE', 'ADDRESS_INVALID', 'FIELD_SHORT', 'FIELD_INVALID', 'FIELD_TRAILING', 'LIMIT_EXCEEDED', 'UNSUPPORTED', 'DECRYPTION_FAILED', 'UNKNOWN_PROTOCOL'] as const
export type FailureCode = (typeof failureCodes)[number]

export interface DecodeFailure {
  readonly ok: false
  readonly code: FailureCode
  /** Offset of the first byte that cannot be right, from the start of the decoded bytes. */
  readonly offset: number
  readonly reason: string
  /** Every link field that could be judged although the frame was refused. */
  readonly partial?: unknown
}

export interface DecodeSuccess<Message> {
  readonly ok: true
  readonly message: Message
}

export type Decoded<Message> = DecodeSuccess<Message> | DecodeFailure

/** One row of the field table that `explain` gives: nested fields repeat the bytes of their parent with a deeper level. */
export interface ExplainedField {
  readonly offset: number
  readonly length: number
  /** Lower-case hex of the bytes; empty where the field has none of its own. */
  readonly hex: string
  readonly level: number
  readonly field: string
  readonly meaning: string
}

export const readingQualities = ['GOOD', 'MISSING', 'INVALID'] as const
export type ReadingQuality = (typeof readingQualities)[number]

/** Normal form: what the services use, whatever protocol it came by. Decimals are exact strings, times are local wall clock `YYYY-MM-DDThh:mm:ss` as the device told them. */
export interface NormalReading {
  readonly kind: 'reading'
  readonly meter: string | null
  /** Name of the quantity from the item catalogue (`items.ts`), for example `forwardActiveEnergy`, `voltageA`, `activePower`. */
  readonly item: string
  readonly unit: string
  readonly value: string | null
  readonly time: string | null
  readonly quality: ReadingQuality
}

/** A run of equally spaced points: `startAt` is the instant of the first one. */
export interface NormalCurve {
  readonly kind: 'curve'
  readonly meter: string | null
  readonly item: string
  readonly unit: string
  readonly startAt: string | null
  readonly intervalMinutes: number
  readonly values: readonly (string | null)[]
}

/** An event in the words of the `event.valid` contract, before the archive places the device. */
export interface NormalEvent {
  readonly kind: 'event'
  readonly deviceKind: 'METER' | 'TERMINAL' | 'SWITCH'
  readonly device: string | null
  readonly event: 'OFF' | 'ON' | 'ALIVE' | 'TRIP' | 'MODULE_CHANGED' | 'OTHER'
  /** Name of the event in the standard, for people. */
  readonly name: string
  readonly occurredAt: string | null
  readonly endedAt: string | null
  /** The terminal's two flags, null elsewhere. */
  readonly normal: boolean | null
  readonly valid: boolean | null
}

export interface NormalLink {
  readonly kind: 'link'
  readonly terminal: string
  readonly event: 'LOGIN' | 'HEARTBEAT' | 'LOGOUT'
}

export type NormalRecord = NormalReading | NormalCurve | NormalEvent | NormalLink

/** What a search for the next frame in a stream of bytes says. */
export type FrameSearch =
  /** A whole checked frame at [start, end). */
  | { readonly found: 'frame'; readonly start: number; readonly end: number }
  /** A frame may begin at `start` but is not complete; wait only for `need` bytes from `start`, and never on an unchecked length. */
  | { readonly found: 'partial'; readonly start: number; readonly need: number }
  /** Bytes before `skip` are noise, for this reason. */
  | { readonly found: 'noise'; readonly skip: number; readonly reason: string }

export interface DecodeOptions {
  /** Accepts what careless devices send although the standard forbids it: an APDU of DL/T 698.45 that ends before its tail flags. */
  readonly lenient?: boolean
  /** Keys for ciphered frames; never logged. */
  readonly keys?: { readonly encryption?: Uint8Array; readonly authentication?: Uint8Array }
  /** DL/T 645: edition of the meter, for the few control bytes that mean different things (default 2007). */
  readonly edition?: 1997 | 2007
  /** Q/GDW 1376.1: bytes of the PW field of this terminal; default: 16, or 2 where only that fits. */
  readonly passwordBytes?: 2 | 16
}

/** What a message of one connection means for the whole it may be a part of. */
export type Assembled<Message> =
  /** A whole message: it came so, or its last part has just come, then `joined` are the bytes that the parts made. */
  | { readonly state: 'whole'; readonly message: Message; readonly joined?: Uint8Array }
  /** One part of a larger message; the peer waits for `acknowledge` before it sends the next, where there is one. */
  | { readonly state: 'pending'; readonly acknowledge?: Message }
  /** A part that fits nowhere; what was collected for its message is dropped. */
  | { readonly state: 'refused'; readonly failure: DecodeFailure }

/** Joins the parts of fragmented messages of one connection. `nowMs` is any clock that only goes forward: parts that wait too long are dropped. */
export interface Assembler<Message> {
  push(message: Message, nowMs: number): Assembled<Message>
}

export interface Codec<Message> {
  readonly name: ProtocolName
  decode(bytes: Uint8Array, options?: DecodeOptions): Decoded<Message>
  /** Inverse of decode; accepts the JSON form that `decode` returns. Throws StationError INPUT_INVALID naming the field. */
  encode(message: Message): Uint8Array
  /** Looks from `from` in `buffer` for the next frame. */
  search(buffer: Uint8Array, from: number): FrameSearch
  /** Only protocols that cut messages into link fragments or segments have one. */
  createAssembler?(options?: DecodeOptions): Assembler<Message>
  explain(message: Message, bytes: Uint8Array): readonly ExplainedField[]
  normalize(message: Message): readonly NormalRecord[]
  /** The `actual` of a codec vector (contracts: codec vectors): computed from the vector's input only, in the field names of the public vector files. */
  judgeVector(vector: VectorInput): unknown
}

export interface VectorInput {
  readonly id: string
  readonly hex: string
  readonly layer?: string
  readonly [field: string]: unknown
}
