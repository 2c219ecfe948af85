import { readFileSync } from 'node:fs'
import type { VectorInput } from '../../src/protocols/codec.ts'

export interface Vector extends VectorInput {
  readonly layer: string
  readonly valid?: boolean
  readonly expect: Readonly<Record<string, unknown>>
}

export function vectorsOf(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`../fixtures/protocols/${name}.json`, import.meta.url), 'utf8')) as Vector[]
}

/** Paths at which `actual` does not meet `expect`, by the rule of the vector files. */
export function differences(expect: unknown, actual: unknown, path = 'expect'): readonly string[] {
  if (Array.isArray(expect)) {
    if (!Array.isArray(actual) || actual.length !== expect.length) return [`${path}: ${Array.isArray(actual) ? `${actual.length} items` : JSON.stringify(actual)} instead of ${expect.length} items`]
    return expect.flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`))
  }
  if (typeof expect === 'object' && expect !== null) {
    const there = typeof actual === 'object' && actual !== null ? (actual as Record<string, unknown>) : {}
    return Object.entries(expect).flatMap(([name, value]) => (name === 'reason' ? [] : differences(value, there[name], `${path}.${name}`)))
  }
  if (typeof expect === 'number' && typeof actual === 'number') return Math.abs(expect - actual) <= 1e-9 ? [] : [`${path}: ${actual} instead of ${expect}`]
  return expect === actual ? [] : [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expect)}`]
}
