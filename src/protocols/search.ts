import type { FrameSearch } from './codec.ts'

const preambleByte = 0xfe

/** Noise before the next start byte, FE bytes counted apart (senders put them before frames); null when a start byte stands at `from`. */
export function skipToStart(buffer: Uint8Array, from: number, startByte: number): FrameSearch | null {
  if (buffer[from] === startByte) return null
  const isPreamble = buffer[from] === preambleByte
  let skip = from + 1
  while (skip < buffer.length && buffer[skip] !== startByte && (buffer[skip] === preambleByte) === isPreamble) skip++
  return { found: 'noise', skip, reason: isPreamble ? 'PREAMBLE' : 'FRAME_START' }
}
