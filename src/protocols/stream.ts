import { StationError } from '../core/errors.ts'
import type { Codec, Decoded, DecodeOptions, FrameSearch } from './codec.ts'

export interface StreamFrame<Message> {
  readonly bytes: Uint8Array
  readonly decoded: Decoded<Message>
}

export interface StreamCounts {
  readonly bytesReceived: number
  readonly bytesInFrames: number
  readonly frames: number
  /** Skipped bytes by reason: PREAMBLE, FRAME_START, FRAME_CHECKSUM and the like. */
  readonly noiseBytes: Readonly<Record<string, number>>
  /** Bytes of the candidate that is not complete yet. bytesReceived = bytesInFrames + all noise + open. */
  readonly bytesOpen: number
}

export interface StreamOptions {
  /** Most bytes that may wait for their end; a candidate that needs more is noise. Default 65,536. */
  readonly maximumOpenBytes?: number
  readonly decode?: DecodeOptions
}

export interface StreamDecoder<Message> {
  /** Takes the bytes of one segment and gives every frame that is complete now, in order. */
  push(chunk: Uint8Array): readonly StreamFrame<Message>[]
  /** Gives up the open candidate (idle connection): costs its first byte, what follows is searched again. */
  giveUpOpen(): readonly StreamFrame<Message>[]
  counts(): StreamCounts
}

const defaultMaximumOpenBytes = 65_536

/**
 * Cuts a TCP stream into frames. Noise is skipped and counted by reason, a false start costs one byte, and only a checked header is waited for (the codec's search).
 * Memory is bounded by `maximumOpenBytes` and the largest segment.
 */
export function createStreamDecoder<Message>(codec: Pick<Codec<Message>, 'decode' | 'search'>, options: StreamOptions = {}): StreamDecoder<Message> {
  const maximumOpen = options.maximumOpenBytes ?? defaultMaximumOpenBytes
  let store = new Uint8Array(1024)
  let begin = 0
  let end = 0
  let needed = 0
  let bytesReceived = 0
  let bytesInFrames = 0
  let frames = 0
  const noise = new Map<string, number>()

  function append(chunk: Uint8Array): void {
    if (begin > 0 && (begin === end || end + chunk.length > store.length)) {
      store.copyWithin(0, begin, end)
      end -= begin
      begin = 0
    }
    if (end + chunk.length > store.length) {
      const larger = new Uint8Array(Math.max(store.length * 2, end + chunk.length))
      larger.set(store.subarray(0, end))
      store = larger
    }
    store.set(chunk, end)
    end += chunk.length
  }

  function skip(to: number, reason: string): void {
    noise.set(reason, (noise.get(reason) ?? 0) + to - begin)
    begin = to
    needed = 0
  }

  function scan(): readonly StreamFrame<Message>[] {
    const found: StreamFrame<Message>[] = []
    while (begin < end && end - begin >= needed) {
      const next: FrameSearch = codec.search(store.subarray(0, end), begin)
      if (next.found === 'noise') {
        if (next.skip <= begin) throw new StationError('UNEXPECTED', 'a search for frames made no step')
        skip(Math.min(next.skip, end), next.reason)
      } else if (next.found === 'frame') {
        if (next.start > begin) skip(next.start, 'FRAME_START')
        const bytes = store.slice(next.start, next.end)
        found.push({ bytes, decoded: codec.decode(bytes, options.decode) })
        bytesInFrames += bytes.length
        frames++
        begin = next.end
        needed = 0
      } else {
        if (next.start > begin) skip(next.start, 'FRAME_START')
        if (next.need > maximumOpen) skip(begin + 1, 'LIMIT_EXCEEDED')
        else {
          // more bytes than needed are there when the codec waits for something else than a length: ask again with every byte
          needed = next.need > end - begin ? Math.min(next.need, end - begin + 1) : end - begin + 1
          break
        }
      }
    }
    return found
  }

  return {
    push(chunk) {
      append(chunk)
      bytesReceived += chunk.length
      const found = scan()
      // what still waits although it is longer than any frame may be
      if (end - begin > maximumOpen) return [...found, ...giveUp('LIMIT_EXCEEDED')]
      return found
    },
    giveUpOpen: () => giveUp('FRAME_INCOMPLETE'),
    counts: () => ({ bytesReceived, bytesInFrames, frames, noiseBytes: Object.fromEntries(noise), bytesOpen: end - begin }),
  }

  function giveUp(reason: string): readonly StreamFrame<Message>[] {
    if (begin === end) return []
    skip(begin + 1, reason)
    return scan()
  }
}

/** All frames of bytes that are complete, with what the codec says about each: for files and test vectors. */
export function extractFrames<Message>(codec: Pick<Codec<Message>, 'decode' | 'search'>, bytes: Uint8Array): readonly StreamFrame<Message>[] {
  const decoder = createStreamDecoder(codec, { maximumOpenBytes: Math.max(defaultMaximumOpenBytes, bytes.length) })
  const found = [...decoder.push(bytes)]
  while (decoder.counts().bytesOpen > 0) found.push(...decoder.giveUpOpen())
  return found
}
