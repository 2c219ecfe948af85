import type { Codec, NormalRecord } from '../codec.ts'
import { dlt645Codec } from '../dlt645/codec.ts'
import { Input } from '../input.ts'
import { explainMessage } from './explain.ts'
import { createFragmentAssembler } from './fragment.ts'
import { decodeFrame, encodeFrame, searchFrame } from './frame.ts'
import type { Dlt698Message } from './message.ts'
import { normalizeMessage } from './normalize.ts'
import { judgeVector } from './vectors.ts'

/** Frames that a terminal passes on from an RS-485 port are DL/T 645 when they are not 698. */
function normalizeDlt645(frame: Uint8Array): readonly NormalRecord[] {
  const decoded = dlt645Codec.decode(frame)
  return decoded.ok ? dlt645Codec.normalize(decoded.message) : []
}

/** DL/T 698.45-2017 (Q/GDW 11778): master station and terminal or meter. */
export const dlt698Codec: Codec<Dlt698Message> = {
  name: 'dlt698',
  decode: decodeFrame,
  encode: (message) => encodeFrame(new Input(message, 'message')),
  search: searchFrame,
  createAssembler: createFragmentAssembler,
  explain: explainMessage,
  normalize: (message) => normalizeMessage(message, normalizeDlt645),
  judgeVector,
}
