import { describe, expect, it } from 'vitest'
import { encodeApdu } from '../../../src/protocols/dlt698/apdu.ts'
import { dlt698Codec } from '../../../src/protocols/dlt698/codec.ts'
import { acknowledgeFragment, assemblyTimeoutMs, createFragmentAssembler, fragmentApdu } from '../../../src/protocols/dlt698/fragment.ts'
import type { Dlt698Message } from '../../../src/protocols/dlt698/message.ts'
import { createStreamDecoder } from '../../../src/protocols/stream.ts'
import { vectorsOf } from '../vector-files.ts'

const hexFor = (id: string): string => [...vectorsOf('dlt698'), ...vectorsOf('dlt698-constructed')].find((vector) => vector.id === id)?.hex ?? ''
function read(hex: string): Dlt698Message {
  const decoded = dlt698Codec.decode(Buffer.from(hex, 'hex'))
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.message
}
const whole = read(hexFor('c-curve-report'))
const pieces = fragmentApdu(whole, Buffer.from(encodeApdu(whole.apdu as never)).toString('hex'), 82) ?? []
const [first, middle, last] = pieces as [Dlt698Message, Dlt698Message, Dlt698Message]

describe('link fragments', () => {
  it('are joined to the message they were cut from, and only first and middle are acknowledged', () => {
    const assembler = createFragmentAssembler()
    expect(pieces.map((piece) => piece.frame.fragment?.type)).toEqual(['first', 'middle', 'last'])
    expect(assembler.push(first, 0)).toEqual({ state: 'pending', acknowledge: acknowledgeFragment(first) })
    expect(assembler.push(acknowledgeFragment(first), 0)).toEqual({ state: 'pending' })
    expect(assembler.push(middle, 1)).toMatchObject({ state: 'pending', acknowledge: { frame: { control: { dir: 0, prm: 0, split: 1 }, fragment: { type: 'ack', seq: 1, data: '' } } } })
    expect(assembler.push(last, 2)).toMatchObject({ state: 'whole', message: whole })
  })

  it('acknowledges as the public frames do', () => {
    const real = read(hexFor('qfr-frag-first-0'))
    expect(Buffer.from(dlt698Codec.encode(acknowledgeFragment(real))).toString('hex')).toBe(hexFor('qfr-frag-ack-0'))
  })

  it('acknowledges a repeated fragment again without appending it', () => {
    const assembler = createFragmentAssembler()
    for (const piece of [first, first, middle, middle]) expect(assembler.push(piece, 0)).toMatchObject({ state: 'pending', acknowledge: {} })
    expect(assembler.push(last, 0)).toMatchObject({ state: 'whole', message: whole })
  })

  it('refuses a gap, a middle without a first, and drops a transfer that waits too long', () => {
    expect(createFragmentAssembler().push(middle, 0)).toMatchObject({ state: 'refused' })
    const gap = createFragmentAssembler()
    gap.push(first, 0)
    expect(gap.push(last, 0)).toMatchObject({ state: 'refused' })
    expect(gap.push(middle, 0)).toMatchObject({ state: 'refused' })
    const late = createFragmentAssembler()
    late.push(first, 0)
    expect(late.push(middle, assemblyTimeoutMs)).toMatchObject({ state: 'refused' })
  })

  it('begins again with a new first fragment', () => {
    const assembler = createFragmentAssembler()
    assembler.push(first, 0)
    assembler.push(middle, 0)
    assembler.push(first, 0)
    assembler.push(middle, 0)
    expect(assembler.push(last, 0)).toMatchObject({ state: 'whole', message: whole })
  })

  it('keeps transfers of different addresses apart and bounds their number and size', () => {
    const assembler = createFragmentAssembler()
    const from = (ca: number, message: Dlt698Message): Dlt698Message => ({ ...message, frame: { ...message.frame, ca } })
    assembler.push(from(1, first), 0)
    assembler.push(from(2, first), 0)
    assembler.push(from(1, middle), 0)
    assembler.push(from(2, middle), 0)
    expect(assembler.push(from(2, last), 0)).toMatchObject({ state: 'whole', message: { frame: { ca: 2 } } })
    const many = createFragmentAssembler()
    const states = Array.from({ length: 40 }, (_, ca) => many.push(from(ca, first), 0).state)
    expect(states.filter((state) => state === 'pending')).toHaveLength(16)
    const endless = createFragmentAssembler()
    endless.push(first, 0)
    let state = 'pending'
    for (let seq = 1; seq < 2000 && state === 'pending'; seq++) state = endless.push({ ...middle, frame: { ...middle.frame, fragment: { type: 'middle', seq, data: 'aa'.repeat(100) } } }, 0).state
    expect(state).toBe('refused')
  })

  it('leaves an APDU that fits one frame alone', () => {
    expect(fragmentApdu(whole, '0501', 82)).toBeNull()
  })
})

describe('a stream of frames', () => {
  const hex = hexFor('c-stream-resync')

  it('gives the same frames and counts at every split point', () => {
    const bytes = Buffer.from(hex, 'hex')
    const run = (cuts: readonly number[]): object => {
      const decoder = createStreamDecoder(dlt698Codec)
      const found: string[] = []
      let from = 0
      for (const cut of [...cuts, bytes.length]) {
        for (const frame of decoder.push(bytes.subarray(from, cut))) found.push(Buffer.from(frame.bytes).toString('hex'))
        from = cut
      }
      return { found, counts: decoder.counts() }
    }
    const atOnce = run([])
    expect((atOnce as { found: string[] }).found).toHaveLength(2)
    for (let cut = 0; cut <= bytes.length; cut++) expect(run([cut])).toEqual(atOnce)
    expect(run(Array.from(bytes, (_, at) => at))).toEqual(atOnce)
  })

  it('does not wait for a length whose header check fails', () => {
    const lying = Buffer.from(`68ff3f81053322110001330007a3${'00'.repeat(4)}`, 'hex')
    const decoder = createStreamDecoder(dlt698Codec)
    decoder.push(lying)
    expect(decoder.counts().bytesOpen).toBe(0)
  })

  it('skips the wake-up bytes of a serial line', () => {
    expect(dlt698Codec.decode(Buffer.from(`fefefefe${hexFor('wen-inner-get')}`, 'hex'))).toMatchObject({ ok: true })
    expect(dlt698Codec.search(Buffer.from('fefefefe68', 'hex'), 0)).toEqual({ found: 'noise', skip: 4, reason: 'PREAMBLE' })
  })
})
