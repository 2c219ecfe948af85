import { StationError } from '../core/errors.ts'
import { fromHex } from './hex.ts'

/** Grows as bytes are written. Values that do not fit are the caller's mistake: INPUT_INVALID naming the field. */
export class Writer {
  private buffer = new Uint8Array(64)
  length = 0

  private room(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + bytes))
    larger.set(this.buffer.subarray(0, this.length))
    this.buffer = larger
  }

  u8(value: number, field = 'byte'): void {
    this.uintLe(value, 1, field)
  }

  u16be(value: number, field = 'word'): void {
    this.uintBe(value, 2, field)
  }

  u16le(value: number, field = 'word'): void {
    this.uintLe(value, 2, field)
  }

  u32be(value: number, field = 'double word'): void {
    this.uintBe(value, 4, field)
  }

  u32le(value: number, field = 'double word'): void {
    this.uintLe(value, 4, field)
  }

  u64be(value: bigint, field = 'quad word'): void {
    if (value < 0n || value > 0xffffffffffffffffn) throw invalidField(field, 'is no unsigned integer of 8 bytes')
    this.uintBe(Number(value >> 32n), 4, field)
    this.uintBe(Number(value & 0xffffffffn), 4, field)
  }

  /** Unsigned little endian of up to 6 bytes. */
  uintLe(value: number, bytes: number, field: string): void {
    checkUnsigned(value, bytes, field)
    this.room(bytes)
    let rest = value
    for (let index = 0; index < bytes; index++) {
      this.buffer[this.length++] = rest % 256
      rest = Math.floor(rest / 256)
    }
  }

  uintBe(value: number, bytes: number, field: string): void {
    checkUnsigned(value, bytes, field)
    this.room(bytes)
    let rest = value
    for (let index = bytes - 1; index >= 0; index--) {
      this.buffer[this.length + index] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.length += bytes
  }

  bytes(source: Uint8Array): void {
    this.room(source.length)
    this.buffer.set(source, this.length)
    this.length += source.length
  }

  fill(value: number, count: number): void {
    this.room(count)
    this.buffer.fill(value, this.length, this.length + count)
    this.length += count
  }

  /** Hex text of exactly `length` bytes (any length when null). */
  hex(text: string, length: number | null, field: string): void {
    this.bytes(hexField(text, length, field))
  }

  /** Replaces a byte written before. */
  set(at: number, value: number): void {
    this.buffer[at] = value
  }

  at(index: number): number {
    return this.buffer[index] as number
  }

  finish(): Uint8Array {
    return this.buffer.slice(0, this.length)
  }
}

/** The mistake of a caller who gave a message that cannot be encoded. */
export function invalidField(field: string, what: string): StationError {
  return new StationError('INPUT_INVALID', `message field ${field} ${what}`, { facts: { field } })
}

/** Bytes of a hex field, of exactly `length` bytes unless null. */
export function hexField(text: unknown, length: number | null, field: string): Uint8Array {
  const bytes = typeof text === 'string' ? fromHex(text) : null
  if (bytes === null) throw invalidField(field, 'is not hex text')
  if (length !== null && bytes.length !== length) throw invalidField(field, `must have ${length} bytes, has ${bytes.length}`)
  return bytes
}

function checkUnsigned(value: unknown, bytes: number, field: string): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= 2 ** (8 * bytes)) {
    throw invalidField(field, `must be an unsigned integer of ${bytes} byte${bytes === 1 ? '' : 's'}`)
  }
}
