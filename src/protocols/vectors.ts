import path from 'node:path'
import { StationError } from '../core/errors.ts'
import { protocolNames, type ProtocolName, type VectorInput } from './codec.ts'
import { fromHex } from './hex.ts'
import { codecOf, detectProtocol } from './registry.ts'

export interface VectorResult {
  readonly id: string
  /** Every named field of the vector's `expect` is met. */
  readonly ok: boolean
  /** What the codec says about the vector's bytes, computed without looking at `expect`. */
  readonly actual: unknown
}

export interface VectorFile {
  readonly fileName: string
  readonly text: string
  /** Overrides what the file's name says. */
  readonly protocol?: ProtocolName
}

/**
 * Runs a file of codec vectors (contracts, codec vectors): an array of `{id, hex, expect, …}`, one result each in file order.
 * @throws StationError INPUT_INVALID when the text is no such file.
 */
export function runVectors(file: VectorFile): readonly VectorResult[] {
  const named = file.protocol ?? protocolOfFile(file.fileName)
  return parseVectors(file).map((vector) => {
    const { expect, ...input } = vector
    const actual = judge(input, named)
    return { id: vector.id, ok: meets(expect, actual), actual }
  })
}

/** Base name up to the first `-` or `.`, when that is a protocol. */
export function protocolOfFile(fileName: string): ProtocolName | null {
  const base = path.basename(fileName).split(/[-.]/, 1)[0]
  return protocolNames.find((name) => name === base) ?? null
}

function judge(input: VectorInput, named: ProtocolName | null): unknown {
  const protocol = named ?? detectProtocol(fromHex(input.hex) ?? new Uint8Array(0))
  if (protocol === null) return { valid: false, code: 'UNKNOWN_PROTOCOL', reason: 'the bytes are of no known protocol' }
  const codec = codecOf(protocol)
  try {
    return codec.judgeVector(input)
  } catch (error) {
    // a codec never throws on bytes; should one do so, the other vectors still get their line
    return { valid: false, code: 'UNEXPECTED', reason: error instanceof Error ? error.message : String(error) }
  }
}

interface VectorLine {
  readonly id: string
  readonly hex: string
  readonly expect: unknown
  readonly [field: string]: unknown
}

function parseVectors(file: VectorFile): readonly VectorLine[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(file.text)
  } catch (error) {
    throw new StationError('INPUT_INVALID', `${file.fileName} is not JSON`, { where: { file: file.fileName }, cause: error })
  }
  if (!Array.isArray(parsed)) throw new StationError('INPUT_INVALID', `${file.fileName} must hold an array of vectors`, { where: { file: file.fileName } })
  return parsed.map((each: unknown, index) => {
    const fields = (typeof each === 'object' && each !== null ? each : {}) as Record<string, unknown>
    return { ...fields, id: typeof fields['id'] === 'string' ? fields['id'] : `#${index + 1}`, hex: typeof fields['hex'] === 'string' ? fields['hex'] : '', expect: fields['expect'] ?? {} }
  })
}

/**
 * Objects: each named field must match, others are free, `reason` is ignored. Arrays: same length, element by element. Numbers: equal within 1e-9. null equals only null.
 */
export function meets(expect: unknown, actual: unknown): boolean {
  if (Array.isArray(expect)) return Array.isArray(actual) && expect.length === actual.length && expect.every((each, index) => meets(each, actual[index]))
  if (typeof expect === 'object' && expect !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false
    return Object.entries(expect).every(([name, value]) => name === 'reason' || (Object.hasOwn(actual, name) && meets(value, (actual as Record<string, unknown>)[name])))
  }
  if (typeof expect === 'number' && typeof actual === 'number') return Math.abs(expect - actual) <= 1e-9
  return expect === actual
}
