import { tableFromIPC, type Data } from 'apache-arrow'
import type { SparkRow, SparkValue } from '../spark-session.ts'
import type { SparkField, SparkType } from '../spark-type.ts'
import { formatCalendarInterval, formatDays, formatDayTimeMicros, formatInstantMicros, formatLocalMicros, formatMonths, formatScaled, formatTimeMicros } from '../value-text.ts'

/*
  The library's own getters would turn microseconds into milliseconds, decimals into words and doubled names into one,
  so the buffers are read here, by the Spark schema that came beside them:

    validity      bit per row, 1 = present; no buffer = all present
    boolean       bit per row            int8…int64, float32, float64   little endian, one per row
    decimal128    16 bytes, two's complement                           date32     days
    timestamp     int64 µs               duration   int64 µs           time64     int64 ns
    interval      int32 months           month-day-nano  int32 months, int32 days, int64 ns
    utf8, binary  int32 offsets into bytes                             list, map  int32 offsets into the child
*/

type Reader = (index: number) => SparkValue

/** Rows of one Arrow IPC stream as Spark Connect sends them. Throws a plain Error when the bytes are not of the schema. */
export function readArrowRows(bytes: Uint8Array, fields: readonly SparkField[]): SparkRow[] {
  const rows: SparkRow[] = []
  for (const batch of tableFromIPC(bytes).batches) {
    const columns = batch.data.children
    if (columns.length !== fields.length) throw new Error(`${columns.length} columns came for a schema of ${fields.length}`)
    const readers = fields.map((field, index) => createReader(columns[index] as Data, field.type))
    for (let row = 0; row < batch.numRows; row++) rows.push(readers.map((read) => read(row)))
  }
  return rows
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function createReader(data: Data, type: SparkType): Reader {
  if (type.kind === 'void') return () => null
  const read = createValueReader(data, type)
  const bits = data.nullBitmap
  if (!(bits instanceof Uint8Array) || bits.length === 0) return read
  const { offset } = data
  return (index) => ((((bits[(index + offset) >> 3] ?? 0) >> ((index + offset) & 7)) & 1) === 0 ? null : read(index))
}

function createValueReader(data: Data, type: SparkType): Reader {
  switch (type.kind) {
    case 'boolean': {
      const bits = buffer(data, Uint8Array)
      return (index) => (((bits[(index + data.offset) >> 3] ?? 0) >> ((index + data.offset) & 7)) & 1) === 1
    }
    case 'tinyint':
      return numbers(buffer(data, Int8Array))
    case 'smallint':
      return numbers(buffer(data, Int16Array))
    case 'int':
      return numbers(buffer(data, Int32Array))
    case 'bigint':
      return wide(data, (value) => value)
    case 'float':
      return numbers(buffer(data, Float32Array))
    case 'double':
      return numbers(buffer(data, Float64Array))
    case 'decimal':
      return decimals(data, type.scale)
    case 'string':
      return bytesOf(data, (bytes) => utf8.decode(bytes))
    case 'binary':
      return bytesOf(data, (bytes) => bytes.slice())
    case 'date': {
      const days = buffer(data, Int32Array)
      return (index) => formatDays(days[index] ?? 0)
    }
    case 'timestamp':
      return wide(data, formatInstantMicros)
    case 'timestamp_ntz':
      return wide(data, formatLocalMicros)
    case 'time':
      return wide(data, (nanos) => formatTimeMicros(nanos / 1_000n))
    case 'dayTime':
      return wide(data, formatDayTimeMicros)
    case 'yearMonth': {
      const months = buffer(data, Int32Array)
      return (index) => formatMonths(months[index] ?? 0)
    }
    case 'interval':
      return calendarIntervals(data)
    case 'array': {
      const element = createReader(child(data, 0), type.element)
      return ranges(data, (from, to) => Array.from({ length: to - from }, (_, at) => element(from + at)))
    }
    case 'map': {
      const entries = child(data, 0)
      const key = createReader(child(entries, 0), type.key)
      const value = createReader(child(entries, 1), type.value)
      return ranges(data, (from, to) => ({
        kind: 'map',
        entries: Array.from({ length: to - from }, (_, at) => [key(from + at), value(from + at)] as const),
      }))
    }
    case 'struct': {
      const readers = type.fields.map((field, at) => [field.name, createReader(child(data, at), field.type)] as const)
      return (index) => ({ kind: 'struct', fields: readers.map(([name, read]) => [name, read(index)] as const) })
    }
    default:
      throw new Error(`no reader for ${type.kind}`)
  }
}

function buffer<T extends ArrayBufferView>(data: Data, kind: new (...args: never[]) => T): T {
  const values: unknown = data.values
  if (!(values instanceof kind)) throw new Error(`the buffer of ${nameOf(data)} is not a ${kind.name}`)
  return values
}

function child(data: Data, index: number): Data {
  const found = data.children[index]
  if (found === undefined) throw new Error(`${nameOf(data)} has no part ${index}`)
  return found
}

function numbers(values: Int8Array | Int16Array | Int32Array | Float32Array | Float64Array): Reader {
  return (index) => values[index] ?? null
}

function wide(data: Data, convert: (value: bigint) => SparkValue): Reader {
  const values = buffer(data, BigInt64Array)
  return (index) => convert(values[index] ?? 0n)
}

function decimals(data: Data, scale: number): Reader {
  const words = buffer(data, Uint32Array)
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength)
  return (index) => {
    const high = view.getBigInt64(index * 16 + 8, true)
    return formatScaled((high << 64n) | view.getBigUint64(index * 16, true), scale)
  }
}

function calendarIntervals(data: Data): Reader {
  const words = buffer(data, Int32Array)
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength)
  return (index) =>
    formatCalendarInterval(view.getInt32(index * 16, true), view.getInt32(index * 16 + 4, true), view.getBigInt64(index * 16 + 8, true) / 1_000n)
}

function ranges(data: Data, read: (from: number, to: number) => SparkValue): Reader {
  const offsets: unknown = data.valueOffsets
  if (!(offsets instanceof Int32Array)) throw new Error(`${nameOf(data)} has no 32-bit offsets`)
  return (index) => read(offsets[index] ?? 0, offsets[index + 1] ?? 0)
}

function bytesOf(data: Data, convert: (bytes: Uint8Array) => SparkValue): Reader {
  const bytes = buffer(data, Uint8Array)
  return ranges(data, (from, to) => convert(bytes.subarray(from, to)))
}

function nameOf(data: Data): string {
  return `an Arrow column of type ${data.typeId}`
}
