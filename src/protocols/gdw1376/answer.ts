import type { Gdw1376Message } from './message.ts'

export interface AnswerProgress {
  /** `more`: wait; `complete`; `duplicate`: seen before, drop; `gap`: a frame is lost, ask again for what is missing. */
  readonly state: 'more' | 'complete' | 'duplicate' | 'gap'
  readonly nextNumber: number
}

/**
 * Follows the frames of one answer by FIR, FIN and RSEQ. Every frame of it decodes alone, nothing has to be glued; this only tells when the answer is whole.
 * The first frame's number is that of the request, further ones count on modulo 16.
 */
export function followAnswer(frame: Gdw1376Message, expectedNumber: number, isFirst: boolean): AnswerProgress {
  const { seq } = frame
  const nextNumber = (seq.no + 1) & 0x0f
  if (seq.no !== expectedNumber) return { state: seq.no === ((expectedNumber + 15) & 0x0f) && !isFirst ? 'duplicate' : 'gap', nextNumber: expectedNumber }
  if (seq.fir !== isFirst) return { state: 'gap', nextNumber: expectedNumber }
  return { state: seq.fin ? 'complete' : 'more', nextNumber }
}
