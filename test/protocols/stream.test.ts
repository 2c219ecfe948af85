import { describe, expect, test } from 'vitest'
import { protocolNames, type ProtocolName } from '../../src/protocols/codec.ts'
import { fromHex, toHex } from '../../src/protocols/hex.ts'
import { codecOf } from '../../src/protocols/registry.ts'
import { createStreamDecoder } from '../../src/protocols/stream.ts'
import { corpusOf } from '../fuzz/protocols.ts'
import { Random } from './random.ts'

const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array
const framesOf = (protocol: ProtocolName, segments: readonly Uint8Array[]): readonly string[] => {
  const stream = createStreamDecoder(codecOf(protocol))
  return segments.flatMap((segment) => stream.push(segment).map((frame) => toHex(frame.bytes)))
}

describe.each(protocolNames)('a stream of %s', (protocol) => {
  const frames = corpusOf(protocol)

  test('gives the same frames wherever the segments are cut', () => {
    for (const frame of frames) {
      const whole = framesOf(protocol, [frame])
      for (let cut = 1; cut < frame.length; cut++) expect(framesOf(protocol, [frame.subarray(0, cut), frame.subarray(cut)]), `${toHex(frame)} cut at ${cut}`).toEqual(whole)
      expect(framesOf(protocol, Array.from(frame, (_, at) => frame.subarray(at, at + 1))), `${toHex(frame)} byte by byte`).toEqual(whole)
    }
  })
})

/** Layers of DLMS do not share a connection; the other protocols' frames follow one another in any order. */
describe.each(['dlt698', 'gdw1376', 'dlt645'] as const)('%s frames glued together', (protocol) => {
  const frames = corpusOf(protocol)

  test('with noise of FE, 00 and 68 between them are all found, and every byte is accounted for', () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = new Random(seed)
      const wanted: string[] = []
      const pieces: Uint8Array[] = []
      for (let index = 0; index < 2 + random.below(60); index++) {
        const frame = random.pick(frames)
        pieces.push(new Uint8Array(random.below(random.below(300) + 1)).fill(random.pick([0xfe, 0x00, 0x68])), frame)
        wanted.push(...framesOf(protocol, [frame]))
      }
      const stream = createStreamDecoder(codecOf(protocol))
      const glued = new Uint8Array(Buffer.concat(pieces))
      const found = [...stream.push(glued)]
      while (stream.counts().bytesOpen > 0) found.push(...stream.giveUpOpen())
      expect(found.map((frame) => toHex(frame.bytes)), `seed ${seed}`).toEqual(wanted)
      const counts = stream.counts()
      expect(counts.bytesReceived).toBe(counts.bytesInFrames + Object.values(counts.noiseBytes).reduce((sum, each) => sum + each, 0))
    }
  })
})

describe('noise', () => {
  const login = bytes('683200320068c900023412000271000001008516')

  test('is counted by its reason', () => {
    const stream = createStreamDecoder(codecOf('gdw1376'))
    expect(stream.push(new Uint8Array([0x11, 0x22, 0xfe, 0xfe, ...login, 0x33]))).toHaveLength(1)
    expect(stream.counts()).toEqual({ bytesReceived: 25, bytesInFrames: 20, frames: 1, noiseBytes: { FRAME_START: 3, PREAMBLE: 2 }, bytesOpen: 0 })
  })

  test('a false start costs one byte: a frame right behind it is found', () => {
    const stream = createStreamDecoder(codecOf('gdw1376'))
    expect(stream.push(new Uint8Array([0x68, ...login]))).toHaveLength(1)
    expect(stream.counts().noiseBytes).toEqual({ FRAME_START: 1 })
  })

  test('a wrong checksum costs one byte and names its reason', () => {
    const wrong = login.slice()
    wrong[18] = 0
    const stream = createStreamDecoder(codecOf('gdw1376'))
    expect(stream.push(new Uint8Array([...wrong, ...login]))).toHaveLength(1)
    expect(stream.counts().noiseBytes['FRAME_CHECKSUM']).toBe(1)
  })

  test('a length that nothing confirms does not hold up the frames behind it', () => {
    const falseStart = bytes('6811111111111168110a')
    const good = bytes('68610100000000681104333334331416')
    expect(framesOf('dlt645', [falseStart, good])).toEqual([toHex(good)])
    // two length fields that differ are no header at all
    expect(framesOf('gdw1376', [bytes('68ff0fff0e68'), login])).toEqual([toHex(login)])
  })

  test('a candidate above the limit is given up at once', () => {
    expect(framesOf('gdw1376', [bytes('68feffFEff68'), login])).toEqual([toHex(login)])
    expect(framesOf('dlt645', [bytes('6811111111111168 11ff'), bytes('68610100000000681104333334331416')])).toHaveLength(1)
  })

  test('an idle connection gives up what is open, and what follows is searched again', () => {
    const stream = createStreamDecoder(codecOf('gdw1376'))
    expect(stream.push(bytes('683200320068'))).toEqual([])
    expect(stream.counts().bytesOpen).toBe(6)
    while (stream.counts().bytesOpen > 0) stream.giveUpOpen()
    expect(stream.push(login)).toHaveLength(1)
    expect(stream.counts().noiseBytes['FRAME_INCOMPLETE']).toBeGreaterThan(0)
  })

  test('memory is bounded: no more bytes wait than the limit says', () => {
    const stream = createStreamDecoder(codecOf('gdw1376'), { maximumOpenBytes: 64 })
    stream.push(bytes('6802100210 68'.replace(' ', '')))
    for (let index = 0; index < 500; index++) stream.push(new Uint8Array(16).fill(0x68))
    expect(stream.counts().bytesOpen).toBeLessThanOrEqual(64)
    for (let steps = 0; stream.counts().bytesOpen > 0 && steps < 200; steps++) stream.giveUpOpen()
    expect(stream.push(login)).toHaveLength(1)
  })
})
