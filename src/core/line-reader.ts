import { isAscii } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { StationError } from './errors.ts'

/** Lines of a file in the order they stand, in batches of one read each; `firstLine` counts from 1. */
export interface LineBatch {
  readonly lines: readonly string[]
  readonly firstLine: number
  /** The last line of the file has no line end: a sign of a file cut short. */
  readonly unfinished: boolean
}

export interface LineReaderOptions {
  readonly signal?: AbortSignal
  /** Bytes read at a time. Default 128 KiB: what is made of them still lies in the processor's cache. */
  readonly chunkBytes?: number
}

/**
 * Reads a text file (UTF-8; a name ending in `.gz` is unpacked) batch by batch, without holding it in memory.
 * Line ends may be LF or CRLF; a byte-order mark is skipped. Throws FILE_MISSING, or INPUT_INVALID for a broken gzip file.
 */
export async function* readLines(file: string, options: LineReaderOptions = {}): AsyncGenerator<LineBatch> {
  const raw = createReadStream(file, { highWaterMark: options.chunkBytes ?? 1 << 17, ...(options.signal === undefined ? {} : { signal: options.signal }) })
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw
  if (stream !== raw) raw.on('error', (error) => stream.destroy(error))
  const decode = createDecoder()
  let rest = ''
  let nextLine = 1
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const text = decode(chunk)
      const pieces = text.split('\n')
      pieces[0] = rest + (pieces[0] ?? '') // only the first line is put together, not the whole text
      rest = pieces.pop() ?? ''
      if (pieces.length === 0) continue
      yield { lines: pieces.some((line) => line.endsWith('\r')) ? pieces.map(withoutReturn) : pieces, firstLine: nextLine, unfinished: false }
      nextLine += pieces.length
    }
  } catch (error) {
    throw asFileError(error, file)
  }
  rest += decode(null)
  if (rest !== '') yield { lines: [withoutReturn(rest)], firstLine: nextLine, unfinished: true }
}

/** UTF-8 piece by piece (null: the end), without a byte-order mark. As long as all is ASCII, as in files of events, the quick way is right. */
function createDecoder(): (chunk: Buffer | null) => string {
  let decoder: InstanceType<typeof TextDecoder> | null = null
  let isFirst = true
  return (chunk) => {
    const isPlain = decoder === null && (chunk === null || isAscii(chunk))
    if (!isPlain) decoder ??= new TextDecoder('utf-8', { ignoreBOM: !isFirst })
    isFirst = false
    if (decoder === null) return chunk?.toString('latin1') ?? ''
    return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true })
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function asFileError(error: unknown, file: string): unknown {
  const code = (error as { code?: unknown }).code
  if (code === 'ENOENT' || code === 'EISDIR') return new StationError('FILE_MISSING', `there is no file ${file}`, { cause: error, where: { file } })
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new StationError('INPUT_INVALID', `${file} is not a complete gzip file`, { cause: error, where: { file }, hint: 'Copy the file again: it is damaged or truncated.' })
  }
  return error
}
