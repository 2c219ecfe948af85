import type { Codec } from '../codec.ts'
import { explainDlt645 } from './explain.ts'
import { decodeDlt645, encodeDlt645, searchDlt645 } from './frame.ts'
import type { Dlt645Message } from './message.ts'
import { normalizeDlt645 } from './normalize.ts'
import { judgeDlt645 } from './vector.ts'

/** DL/T 645-2007 and -1997. */
export const dlt645Codec: Codec<Dlt645Message> = {
  name: 'dlt645',
  decode: decodeDlt645,
  encode: encodeDlt645,
  search: searchDlt645,
  explain: explainDlt645,
  normalize: normalizeDlt645,
  judgeVector: judgeDlt645,
}
