import type { Codec } from '../codec.ts'
import { Input } from '../input.ts'
import { createSegmentAssembler } from './assemble.ts'
import { explainMessage } from './explain.ts'
import { decodeMessage, encodeMessage, searchMessage } from './frame.ts'
import type { DlmsMessage } from './message.ts'
import { normalizeMessage } from './normalize.ts'
import { judgeVector } from './vectors.ts'

/** DLMS/COSEM pushes (IEC 62056) over WRAPPER or HDLC. */
export const dlmsCodec: Codec<DlmsMessage> = {
  name: 'dlms',
  decode: decodeMessage,
  encode: (message) => encodeMessage(new Input(message, 'message')),
  search: searchMessage,
  createAssembler: createSegmentAssembler,
  explain: explainMessage,
  normalize: normalizeMessage,
  judgeVector,
}
