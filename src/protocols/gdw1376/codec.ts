import type { Codec } from '../codec.ts'
import { explainGdw1376 } from './explain.ts'
import { decodeGdw1376, encodeGdw1376, searchGdw1376 } from './frame.ts'
import type { Gdw1376Message } from './message.ts'
import { normalizeGdw1376 } from './normalize.ts'
import { judgeGdw1376 } from './vector.ts'

/** Q/GDW 1376.1-2013, 376.1-2009 and the link level of 130-2005. */
export const gdw1376Codec: Codec<Gdw1376Message> = {
  name: 'gdw1376',
  decode: decodeGdw1376,
  encode: encodeGdw1376,
  search: searchGdw1376,
  explain: explainGdw1376,
  normalize: normalizeGdw1376,
  judgeVector: judgeGdw1376,
}
