/**
 * Damaged frames against every codec (14 classes), pure random bytes, and generated messages there and back.
 * `npx tsx test/fuzz/protocols.ts [cases per class = 10000] [random megabytes = 8] [messages = 100000]`; RUNS = damaged frames per protocol in all, SEED = first seed.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isStationError } from '../../src/core/errors.ts'
import { protocolNames, type ProtocolName } from '../../src/protocols/codec.ts'
import { fromHex, toHex } from '../../src/protocols/hex.ts'
import { codecOf } from '../../src/protocols/registry.ts'
import { createStreamDecoder, extractFrames } from '../../src/protocols/stream.ts'
import { drawDlms } from '../protocols/dlms/messages.ts'
import { drawDlt645 } from '../protocols/dlt645/messages.ts'
import { drawDlt698 } from '../protocols/dlt698/messages.ts'
import { drawGdw1376 } from '../protocols/gdw1376/messages.ts'
import { Random } from '../protocols/random.ts'
import { hasRightChecksum } from './checksums.ts'
import { mutate, mutationClasses } from './mutations.ts'

const fixtures = path.join(import.meta.dirname, '../fixtures/protocols')
const slowestMs = 50

interface Vector {
  readonly hex: string
  readonly kind?: string
}

/** Public frames that a stream finds as exactly one frame. */
export function corpusOf(protocol: ProtocolName): readonly Uint8Array[] {
  const codec = codecOf(protocol)
  const vectors = JSON.parse(readFileSync(path.join(fixtures, `${protocol}.json`), 'utf8')) as readonly Vector[]
  return vectors.flatMap((vector) => {
    const bytes = fromHex(vector.hex)
    if (bytes === null || vector.kind === 'stream' || !codec.decode(bytes).ok) return []
    const found = extractFrames(codec, bytes)
    return found.length === 1 && found[0]?.decoded.ok === true ? [bytes] : []
  })
}

export interface FuzzReport {
  readonly cases: number
  readonly accepted: number
  /** A damaged frame and the good one after it happened to be one frame with a right checksum. */
  readonly swallowed: number
  readonly faults: readonly string[]
}

function timed(work: () => void): number {
  const begin = performance.now()
  work()
  return performance.now() - begin
}

/** No throw, no hang, no accepted frame with a wrong checksum, and the next good frame is found. */
export function fuzzMutations(protocol: ProtocolName, perClass: number, seed: number): FuzzReport {
  const codec = codecOf(protocol)
  const frames = corpusOf(protocol)
  const faults: string[] = []
  let cases = 0
  let accepted = 0
  let swallowed = 0
  for (const kind of mutationClasses) {
    for (let index = 0; index < perClass && faults.length < 20; index++) {
      cases++
      const random = new Random(seed + index * 31 + kind.length * 7919)
      const damaged = mutate(protocol, kind, frames, random)
      const good = random.pick(frames)
      const complain = (what: string): void => { faults.push(`${protocol} ${kind} #${index}: ${what}: ${toHex(damaged)} then ${toHex(good)}`) }
      const once = (): void => {
        const decoded = codec.decode(damaged)
        if (decoded.ok) {
          accepted++
          if (!hasRightChecksum(protocol, damaged)) complain('accepted with a wrong checksum')
        }
        const stream = createStreamDecoder(codec)
        const found = [...stream.push(damaged), ...stream.push(good)]
        for (let steps = 0; stream.counts().bytesOpen > 0 && steps < 10_000; steps++) found.push(...stream.giveUpOpen())
        for (const frame of found) if (frame.decoded.ok && !hasRightChecksum(protocol, frame.bytes)) complain('the stream accepted a wrong checksum')
        const counts = stream.counts()
        const noise = Object.values(counts.noiseBytes).reduce((total, each) => total + each, 0)
        if (counts.bytesReceived !== counts.bytesInFrames + noise + counts.bytesOpen) complain('bytes do not add up')
        const wanted = toHex(extractFrames(codec, good)[0]?.bytes ?? good)
        if (!found.some((frame) => toHex(frame.bytes) === wanted)) {
          // a frame with a right checksum, or of a layer without one, that begins in the damage and ends in the good frame
          const whole = toHex(damaged) + toHex(good)
          const covers = found.some((frame) => {
            const at = whole.indexOf(toHex(frame.bytes)) / 2
            return at >= 0 && at < damaged.length && at + frame.bytes.length > damaged.length
          })
          if (covers) swallowed++
          else complain('the next good frame was lost')
        }
      }
      try {
        // a busy machine may stop this process: only what is slow again is slow
        if (timed(once) > slowestMs && timed(once) > slowestMs && timed(once) > slowestMs) complain('took more than 50 ms')
      } catch (error) {
        complain(`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      }
    }
  }
  return { cases, accepted, swallowed, faults }
}

/** Frames accepted in pure noise: all must have a right checksum; their number is chance. */
export function fuzzRandomBytes(protocol: ProtocolName, bytes: number, seed: number): FuzzReport {
  const codec = codecOf(protocol)
  const random = new Random(seed)
  const stream = createStreamDecoder(codec)
  const faults: string[] = []
  let accepted = 0
  try {
    for (let sent = 0; sent < bytes && faults.length < 20; sent += 4096) {
      const chunk = random.bytes(4096)
      // start bytes are rare in noise: make them common
      for (let at = 0; at < 40; at++) chunk[random.below(4096)] = random.pick([0x68, 0x68, 0x16, 0x7e, 0xa0, 0xfe])
      for (const frame of stream.push(chunk)) {
        accepted++
        if (frame.decoded.ok && !hasRightChecksum(protocol, frame.bytes)) faults.push(`${protocol}: accepted with a wrong checksum: ${toHex(frame.bytes)}`)
      }
    }
  } catch (error) {
    faults.push(`${protocol}: random bytes threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
  return { cases: bytes, accepted, swallowed: 0, faults }
}

const generators = { dlt698: drawDlt698, gdw1376: drawGdw1376, dlt645: drawDlt645, dlms: drawDlms } as const

/** decode(encode(m)) = m for generated messages. */
export function fuzzMessages(protocol: ProtocolName, count: number, seed: number): FuzzReport {
  const codec = codecOf(protocol)
  const faults: string[] = []
  let accepted = 0
  for (let index = 0; index < count && faults.length < 5; index++) {
    const message = generators[protocol](new Random(seed + index))
    try {
      const decoded = codec.decode(codec.encode(message))
      if (decoded.ok && isDeepStrictEqual(decoded.message, message)) accepted++
      else faults.push(`${protocol} message ${seed + index} did not come back: ${JSON.stringify(message)} became ${JSON.stringify(decoded)}`)
    } catch (error) {
      // a drawn value may be longer than one frame can be
      if (!isStationError(error, 'INPUT_INVALID') || !error.message.includes('the limit is')) faults.push(`${protocol} message ${seed + index} threw ${String(error)}`)
    }
  }
  return { cases: count, accepted, swallowed: 0, faults }
}

function main(args: readonly string[]): void {
  const runs = process.env['RUNS']
  const perClass = runs === undefined ? Number(args[0] ?? 10_000) : Math.ceil(Number(runs) / mutationClasses.length)
  const megabytes = Number(args[1] ?? 8)
  const messages = Number(args[2] ?? 100_000)
  const seed = Number(process.env['SEED'] ?? 1)
  let faults = 0
  const print = (name: string, report: FuzzReport): void => {
    console.log(`${name}: ${report.cases} cases, ${report.accepted} accepted${report.swallowed > 0 ? `, ${report.swallowed} swallowed by chance` : ''}, ${report.faults.length} faults`)
    for (const fault of report.faults) console.log(`  ${fault}`)
    faults += report.faults.length
  }
  console.log(`seed ${seed}`)
  for (const protocol of protocolNames) {
    const begin = performance.now()
    print(`${protocol} mutations`, fuzzMutations(protocol, perClass, seed))
    print(`${protocol} random bytes`, fuzzRandomBytes(protocol, megabytes * 2 ** 20, seed))
    print(`${protocol} messages`, fuzzMessages(protocol, messages, seed))
    console.log(`${protocol}: ${((performance.now() - begin) / 1000).toFixed(0)} s`)
  }
  process.exitCode = faults > 0 ? 3 : 0
}

if (process.argv[1]?.endsWith('protocols.ts') === true) main(process.argv.slice(2))
