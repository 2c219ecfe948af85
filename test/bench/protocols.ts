/**
 * G1 and G2 of the protocols: frames per second on one core, link and typed APDU (no explanation, no normal form), over the public positive vectors with equal weights,
 * beside protobuf.js decoding an equal message in the same run. `npx tsx test/bench/protocols.ts [seconds per run]`
 */
import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import protobuf from 'protobufjs'
import { protocolNames, type ProtocolName } from '../../src/protocols/codec.ts'
import { fromHex } from '../../src/protocols/hex.ts'
import { codecOf } from '../../src/protocols/registry.ts'

const runs = 5
const secondsPerRun = Number(process.argv[2] ?? 1)
const fixtures = path.join(import.meta.dirname, '../fixtures/protocols')

interface Vector {
  readonly hex: string
  readonly kind?: string
  readonly valid?: boolean
  readonly expect: { readonly valid?: boolean }
}

/** Whole frames that decode: what a head-end meets, not the negative and the partial ones. */
function corpus(protocol: ProtocolName): readonly Uint8Array[] {
  const vectors = JSON.parse(readFileSync(path.join(fixtures, `${protocol}.json`), 'utf8')) as readonly Vector[]
  return vectors.flatMap((vector) => {
    const bytes = fromHex(vector.hex)
    return bytes !== null && vector.kind !== 'stream' && vector.expect.valid !== false && codecOf(protocol).decode(bytes).ok ? [bytes] : []
  })
}

let kept = 0

/** Calls per second of processor time of `work` over all inputs again and again: a busy machine does not change what one core can do. */
function rate<Input>(inputs: readonly Input[], work: (input: Input) => unknown): number {
  const begin = process.cpuUsage()
  let count = 0
  for (;;) {
    for (let round = 0; round < 20; round++) for (const input of inputs) if (work(input) !== null) kept++
    count += 20 * inputs.length
    const { user, system } = process.cpuUsage(begin)
    const seconds = (user + system) / 1e6
    if (seconds >= secondsPerRun) return count / seconds
  }
}

/** The same information as a protobuf message: decoded objects as a schema of the fields that occur, numbers as doubles, text as strings, lists as repeated. */
function equalMessages(protocol: ProtocolName, frames: readonly Uint8Array[]): { readonly type: protobuf.Type; readonly encoded: readonly Uint8Array[] } {
  const messages = frames.map((frame) => {
    const decoded = codecOf(protocol).decode(frame)
    return decoded.ok ? (decoded.message as Record<string, unknown>) : {}
  })
  const root = new protobuf.Root()
  const type = describe(root, 'Message', messages)
  root.resolveAll()
  return { type, encoded: messages.map((message) => type.encode(type.fromObject(shape(type, message))).finish()) }
}

type Kind = 'double' | 'string' | 'bool' | 'object' | 'bytes'

function kindOf(value: unknown): Kind {
  if (typeof value === 'number') return 'double'
  if (typeof value === 'boolean') return 'bool'
  if (value instanceof Uint8Array) return 'bytes'
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'object' : 'string'
}

/** A message type for objects: a field for each name and kind, nested types for nested objects. */
function describe(parent: protobuf.Root | protobuf.Type, name: string, objects: readonly Record<string, unknown>[]): protobuf.Type {
  const type = new protobuf.Type(name)
  parent.add(type)
  const samples = new Map<string, { kind: Kind; repeated: boolean; values: unknown[] }>()
  for (const object of objects) {
    for (const [field, value] of Object.entries(object)) {
      const repeated = Array.isArray(value)
      for (const each of repeated ? (value as readonly unknown[]).flat(3) : [value]) {
        if (each === null || each === undefined) continue
        const kind = kindOf(each)
        const key = `${field}_${kind}${repeated ? '_list' : ''}`
        const sample = samples.get(key) ?? { kind, repeated, values: [] }
        sample.values.push(each)
        samples.set(key, sample)
      }
    }
  }
  let id = 1
  for (const [key, sample] of samples) {
    const fieldType = sample.kind === 'object' ? describe(type, `T_${key}`, sample.values as Record<string, unknown>[]).name : sample.kind
    type.add(new protobuf.Field(key, id++, fieldType, sample.repeated ? 'repeated' : undefined))
  }
  return type
}

function shape(type: protobuf.Type, object: Record<string, unknown>): Record<string, unknown> {
  const shaped: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(object)) {
    const repeated = Array.isArray(value)
    for (const each of repeated ? (value as readonly unknown[]).flat(3) : [value]) {
      if (each === null || each === undefined) continue
      const kind = kindOf(each)
      const key = `${field}_${kind}${repeated ? '_list' : ''}`
      const inner = kind === 'object' ? shape(type.lookupType(`T_${key}`), each as Record<string, unknown>) : typeof each === 'bigint' ? each.toString() : each
      if (repeated) ((shaped[key] ??= []) as unknown[]).push(inner)
      else shaped[key] = inner
    }
  }
  return shaped
}

function spread(values: readonly number[]): readonly [minimum: number, median: number, maximum: number] {
  const sorted = [...values].sort((a, b) => a - b)
  return [sorted[0] as number, sorted[Math.floor(sorted.length / 2)] as number, sorted.at(-1) as number]
}

const thousands = (value: number): string => Math.round(value).toLocaleString('en')

console.log(`machine: ${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${os.cpus().length} CPUs, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}; load ${os.loadavg()[0]?.toFixed(1) ?? '?'}`)
console.log(`${runs} runs of ${secondsPerRun} s processor time each; G1 good 300,000 frames/s/core (must 150,000, top 500,000); G2 good 10 % (must 5 %, top 25 %)`)
console.log('protocol   frames  bytes/frame   frames/s min   median      max    protobuf.js median   ratio')
for (const protocol of protocolNames) {
  const frames = corpus(protocol)
  const codec = codecOf(protocol)
  const { type, encoded } = equalMessages(protocol, frames)
  rate(frames, (frame) => codec.decode(frame))
  rate(encoded, (bytes) => type.decode(bytes))
  const ours: number[] = []
  const theirs: number[] = []
  for (let run = 0; run < runs; run++) {
    ours.push(rate(frames, (frame) => codec.decode(frame)))
    theirs.push(rate(encoded, (bytes) => type.decode(bytes)))
  }
  const [minimum, median, maximum] = spread(ours)
  const [, other] = spread(theirs)
  const size = frames.reduce((sum, frame) => sum + frame.length, 0) / Math.max(1, frames.length)
  console.log(`${protocol.padEnd(9)} ${frames.length.toString().padStart(7)} ${size.toFixed(0).padStart(12)} ${thousands(minimum).padStart(14)} ${thousands(median).padStart(8)} ${thousands(maximum).padStart(8)} ${thousands(other).padStart(20)} ${((100 * median) / other).toFixed(0).padStart(6)} %`)
}
if (kept === 0) throw new Error('nothing was decoded')
