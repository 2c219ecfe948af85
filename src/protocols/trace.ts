import { Reader } from './reader.ts'

/** One read of a codec: where and under which field name. */
export interface TracedRead {
  readonly start: number
  readonly end: number
  readonly field: string
  /** `bytes` for hex and views, `number` for integers. */
  readonly kind: 'number' | 'bytes'
}

/**
 * A reader that notes every read, so that the field table of a frame comes from the very code that decodes it.
 * Only the outermost call of a read is noted: the reads it is made of have no name of their own.
 */
export class TracingReader extends Reader {
  readonly reads: TracedRead[] = []
  private inside = 0

  private note<Value>(kind: TracedRead['kind'], field: string | undefined, read: () => Value): Value {
    const start = this.offset
    this.inside++
    const value = read()
    this.inside--
    if (this.inside === 0 && this.ok && this.offset > start) this.reads.push({ start, end: this.offset, field: field ?? 'field', kind })
    return value
  }

  override u8(field?: string): number {
    return this.note('number', field, () => super.u8(field))
  }
  override u16be(field?: string): number {
    return this.note('number', field, () => super.u16be(field))
  }
  override u16le(field?: string): number {
    return this.note('number', field, () => super.u16le(field))
  }
  override u32be(field?: string): number {
    return this.note('number', field, () => super.u32be(field))
  }
  override u64be(field?: string): bigint {
    return this.note('number', field, () => super.u64be(field))
  }
  override hex(length: number, field?: string): string {
    return this.note('bytes', field, () => super.hex(length, field))
  }
  override take(length: number, field?: string): Uint8Array {
    return this.note('bytes', field, () => super.take(length, field))
  }
  override skip(length: number, field?: string): void {
    this.note('bytes', field, () => {
      super.skip(length, field)
    })
  }
  override part(length: number, field?: string): Reader {
    return this.note('bytes', field, () => super.part(length, field))
  }
}

/** Unsigned big-endian integer of the bytes of a read. */
export function numberAt(bytes: Uint8Array, read: Pick<TracedRead, 'start' | 'end'>): bigint {
  let value = 0n
  for (let at = read.start; at < read.end; at++) value = (value << 8n) | BigInt(bytes[at] as number)
  return value
}

/** Joins reads of one field that stand side by side, up to the size that such a field has on the wire (a date is read in parts). */
export function joinReads(reads: readonly TracedRead[], sizeOf: (field: string) => number | undefined): readonly TracedRead[] {
  const joined: TracedRead[] = []
  for (const read of reads) {
    const last = joined.at(-1)
    const size = sizeOf(read.field)
    if (last !== undefined && size !== undefined && last.field === read.field && last.end === read.start && last.end - last.start < size) joined[joined.length - 1] = { ...last, end: read.end, kind: 'bytes' }
    else joined.push(read)
  }
  return joined
}
