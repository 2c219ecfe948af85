import type { Codec } from '../codec.ts'
import { Input } from '../input.ts'
import { createFragmentAssembler } from './fragment.ts'
import { decodeFrame, encodeFrame, searchFrame } from './frame.ts'
import type { Dlt698Message } from './message.ts'
import { judgeVector } from './vectors.ts'

/** DL/T 698.45-2017 (Q/GDW 11778): master station and terminal or meter. */
export const dlt698Codec: Codec<Dlt698Message> = {
  name: 'dlt698',
  decode: decodeFrame,
  encode: (message) => encodeFrame(new Input(message, 'message')),
  search: searchFrame,
  createAssembler: createFragmentAssembler,
  explain: () => [],
  normalize: () => [],
  judgeVector,
}
