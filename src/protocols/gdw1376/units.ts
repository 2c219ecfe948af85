import type { Layout, LayoutRecord } from '../layout/layout.ts'
import { readLayout } from '../layout/read.ts'
import { writeLayout } from '../layout/write.ts'
import { Reader } from '../reader.ts'
import { invalidField, type Writer } from '../writer.ts'
import { missingByte } from './formats.ts'
import { findUnit, isKnownAfn } from './lookup.ts'
import type { Gdw1376Unit } from './message.ts'
import { isPlausibleUnitId, readUnitId, unitIdBytes, writeUnitId, type UnitId } from './unit-id.ts'
import type { Direction } from './unit-layout.ts'

/** Where a unit lies: identifier at `start` (equal to `dataStart` for the further units of one identifier), data up to `end`. */
export interface UnitSpan {
  readonly start: number
  readonly dataStart: number
  readonly end: number
}

export interface ReadUnits {
  readonly units: readonly Gdw1376Unit[]
  readonly spans: readonly UnitSpan[]
  /** Everything before it is interpreted. */
  readonly end: number
  /** End of the bytes that were to be interpreted. */
  readonly limit: number
  readonly unparsed: string | null
}

/** `shared`: one piece of data for all classes of an identifier, as some masters send requests of class 2. */
export type UnitMode = 'each' | 'shared'

interface UnitFrame {
  readonly afn: number
  readonly direction: Direction
  readonly mode: UnitMode
}

/*
  Application data (4.3.3): one or several of
    identifier 4 bytes
    data of every combination, points ascending and inside them classes ascending
  Data carry no length: an unknown class ends the interpretation.
*/
export function readUnits(bytes: Uint8Array, start: number, end: number, frame: UnitFrame, isNested = false): ReadUnits {
  const { afn, direction, mode } = frame
  const reader = new Reader(bytes, start, end)
  const units: Gdw1376Unit[] = []
  const spans: UnitSpan[] = []
  let done = start
  let unparsed: string | null = isKnownAfn(afn) ? null : `AFN ${afn} is not of the standard`
  while (unparsed === null && reader.remaining >= unitIdBytes && isPlausibleUnitId(reader)) {
    const before = units.length
    let from = reader.offset
    const id = readUnitId(reader)
    for (const each of combine(id, afn, direction, reader.remaining, mode)) {
      const dataStart = reader.offset
      const data = readData(each, frame, reader, { id, isFirst: from === start, isNested })
      if (data === undefined || !reader.ok) {
        unparsed = data === undefined ? `AFN ${afn} F${each.fn.join('+')} has no known layout` : (reader.failure?.reason ?? 'too short')
        break
      }
      units.push(data === null ? each : { pn: each.pn, fn: each.fn, data })
      spans.push({ start: from, dataStart, end: reader.offset })
      from = reader.offset
    }
    // an identifier is interpreted whole or not at all
    if (unparsed === null) done = reader.offset
    else units.length = spans.length = before
  }
  if (unparsed === null && reader.remaining > 0) unparsed = 'no data unit identifier'
  return { units, spans, end: done, limit: end, unparsed }
}

/** Units of one identifier: itself where no combination has data of its own. */
function combine(id: UnitId, afn: number, direction: Direction, remaining: number, mode: UnitMode): readonly UnitId[] {
  if (id.fn.length === 1 && (typeof id.pn === 'string' || id.pn.length === 1)) return [id]
  if (mode === 'shared' || remaining === 0 || id.fn.every((fn) => findUnit(afn, direction, fn)?.layout === null)) return [id]
  const points = typeof id.pn === 'string' ? [id.pn] : id.pn.map((point) => [point])
  return points.flatMap((pn) => id.fn.map((fn) => ({ pn, fn: [fn] })))
}

/**
 * Null = no data, undefined = unknown. An identifier at the very end without data is a bare one (2009 heartbeats, queries);
 * behind the units of an answer it is one of the leftovers that some terminals append.
 */
function readData(each: UnitId, frame: UnitFrame, reader: Reader, place: { readonly id: UnitId; readonly isFirst: boolean; readonly isNested: boolean }): LayoutRecord | null | undefined {
  const found = findUnit(frame.afn, frame.direction, each.fn[0] ?? 0)
  if (reader.remaining === 0 && each === place.id && (place.isFirst || frame.direction === 'down' || found?.layout === null)) return null
  if (found === undefined) return undefined
  return found.layout === null ? null : (readLayout(editionOf(found.layout, reader, frame, place.isNested), reader) as LayoutRecord)
}

/** Of two editions of a layout the one with which the frame ends exactly or goes on to its end; inside that trial a look at the next identifier must do, so that a frame costs no more than its length squared. */
function editionOf(layout: Layout, reader: Reader, frame: UnitFrame, isNested: boolean): Layout {
  if (layout.type !== 'choice') return layout
  const { options } = layout
  const fits = options.find((option) => option.bytes === reader.remaining)
    ?? options.find((option) => option.bytes < reader.remaining && (isNested ? isPlausibleUnitId(reader, option.bytes) : readUnits(reader.bytes, reader.offset + option.bytes, reader.end, frame, true).unparsed === null))
  return (fits ?? options[0])?.layout ?? layout
}

/** The inverse: units one after another, each with its own identifier. */
export function writeUnits(writer: Writer, units: readonly Gdw1376Unit[], frame: { readonly afn: number; readonly direction: Direction }): void {
  units.forEach((unit, index) => {
    const field = `units[${index}]`
    writeUnitId(writer, unit, field)
    if (unit.data === undefined) return
    const found = findUnit(frame.afn, frame.direction, unit.fn[0] ?? 0)
    if (found === undefined || found.layout === null) throw invalidField(`${field}.data`, `has no layout for AFN ${frame.afn} F${unit.fn.join('+')} ${frame.direction}`)
    writeLayout(found.layout, writer, unit.data, { field: `${field}.data`, fill: missingByte })
  })
}
