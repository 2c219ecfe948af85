import type { DecodeFailure, DecodeSuccess, Decoded, FailureCode } from './codec.ts'
import { toHex, toHexReversed } from './hex.ts'

/**
 * Walks over bytes from the wire. The first failure sticks: later reads give zeros and empty bytes, so a codec reads a whole layout and asks once at its end.
 * Loops whose count comes from the wire ask `count()` first, which never allows more items than the remaining bytes can hold.
 */
export class Reader {
  readonly bytes: Uint8Array
  /** Absolute position in `bytes`. */
  offset: number
  /** One past the last readable byte. */
  readonly end: number
  failure: DecodeFailure | null = null

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes
    this.offset = start
    this.end = Math.min(end, bytes.length)
  }

  get remaining(): number {
    return this.end - this.offset
  }

  get ok(): boolean {
    return this.failure === null
  }

  /** Records the failure unless one was recorded before, and ends all further reading. */
  fail(code: FailureCode, reason: string, offset: number = this.offset): void {
    this.failure ??= { ok: false, code, offset, reason }
    this.offset = this.end
  }

  /** True when `length` more bytes can be read; otherwise fails with FIELD_SHORT. */
  need(length: number, field = 'field'): boolean {
    if (this.end - this.offset >= length) return true
    this.fail('FIELD_SHORT', `${field} needs ${length} bytes, ${this.end - this.offset} are left`)
    return false
  }

  /** A count from the wire, allowed only if that many items of at least `minimumBytes` can follow (and at most `limit`). */
  count(value: number, minimumBytes: number, field = 'list', limit = 4096): number {
    if (value > limit) {
      this.fail('LIMIT_EXCEEDED', `${field} announces ${value} items, the limit is ${limit}`)
      return 0
    }
    if (value * minimumBytes > this.remaining) {
      this.fail('FIELD_SHORT', `${field} announces ${value} items of at least ${minimumBytes} bytes, ${this.remaining} bytes are left`)
      return 0
    }
    return value
  }

  peek(ahead = 0): number | null {
    const at = this.offset + ahead
    return at < this.end ? (this.bytes[at] as number) : null
  }

  u8(field?: string): number {
    if (!this.need(1, field)) return 0
    return this.bytes[this.offset++] as number
  }

  u16be(field?: string): number {
    if (!this.need(2, field)) return 0
    const at = this.offset
    this.offset += 2
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number)
  }

  u16le(field?: string): number {
    if (!this.need(2, field)) return 0
    const at = this.offset
    this.offset += 2
    return (this.bytes[at] as number) | ((this.bytes[at + 1] as number) << 8)
  }

  u32be(field?: string): number {
    if (!this.need(4, field)) return 0
    const at = this.offset
    this.offset += 4
    return (((this.bytes[at] as number) << 24) | ((this.bytes[at + 1] as number) << 16) | ((this.bytes[at + 2] as number) << 8) | (this.bytes[at + 3] as number)) >>> 0
  }

  u32le(field?: string): number {
    if (!this.need(4, field)) return 0
    const at = this.offset
    this.offset += 4
    return ((this.bytes[at] as number) | ((this.bytes[at + 1] as number) << 8) | ((this.bytes[at + 2] as number) << 16) | ((this.bytes[at + 3] as number) << 24)) >>> 0
  }

  u64be(field?: string): bigint {
    if (!this.need(8, field)) return 0n
    const high = this.u32be()
    return (BigInt(high) << 32n) | BigInt(this.u32be())
  }

  i8(field?: string): number {
    return (this.u8(field) << 24) >> 24
  }

  i16be(field?: string): number {
    return (this.u16be(field) << 16) >> 16
  }

  i32be(field?: string): number {
    return this.u32be(field) | 0
  }

  i64be(field?: string): bigint {
    return BigInt.asIntN(64, this.u64be(field))
  }

  /** Unsigned little endian of up to 6 bytes. */
  uintLe(length: number, field?: string): number {
    if (!this.need(length, field)) return 0
    let value = 0
    for (let at = this.offset + length - 1; at >= this.offset; at--) value = value * 256 + (this.bytes[at] as number)
    this.offset += length
    return value
  }

  /** A view, not a copy; empty when too few bytes are left. */
  take(length: number, field?: string): Uint8Array {
    if (!this.need(length, field)) return empty
    const view = this.bytes.subarray(this.offset, this.offset + length)
    this.offset += length
    return view
  }

  hex(length: number, field?: string): string {
    if (!this.need(length, field)) return ''
    const text = toHex(this.bytes, this.offset, this.offset + length)
    this.offset += length
    return text
  }

  /** Hex with the last byte first. */
  hexReversed(length: number, field?: string): string {
    if (!this.need(length, field)) return ''
    const text = toHexReversed(this.bytes, this.offset, this.offset + length)
    this.offset += length
    return text
  }

  skip(length: number, field?: string): void {
    if (this.need(length, field)) this.offset += length
  }

  /** A reader of the next `length` bytes, which this one steps over. Offsets stay absolute. */
  part(length: number, field?: string): Reader {
    if (!this.need(length, field)) {
      const none = new Reader(this.bytes, this.end, this.end)
      none.failure = this.failure
      return none
    }
    const part = new Reader(this.bytes, this.offset, this.offset + length)
    this.offset += length
    return part
  }

  /** The message, unless something failed or bytes are left over. */
  finish<Message>(message: Message): Decoded<Message> {
    if (this.failure === null && this.offset < this.end) this.fail('FIELD_TRAILING', `${this.end - this.offset} bytes are left over`)
    return this.failure ?? success(message)
  }
}

const empty = new Uint8Array(0)

export function success<Message>(message: Message): DecodeSuccess<Message> {
  return { ok: true, message }
}

export function failure(code: FailureCode, offset: number, reason: string, partial?: unknown): DecodeFailure {
  return partial === undefined ? { ok: false, code, offset, reason } : { ok: false, code, offset, reason, partial }
}
