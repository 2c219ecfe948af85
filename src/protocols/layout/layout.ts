/**
 * Field layouts as data. DL/T 645 and Q/GDW 1376.1 describe hundreds of data items in tables; here each is one `Layout` value,
 * and one reader, one writer and one explainer (read.ts, write.ts, explain.ts) serve them all, so that they cannot disagree.
 * Everything is least significant byte first, as both standards send it.
 */
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'

export type LayoutValue = number | string | boolean | null | readonly LayoutValue[] | LayoutRecord
export interface LayoutRecord {
  readonly [name: string]: LayoutValue
}

/** How many items a list has: a fixed number, the value of an earlier field of the same record (+ `plus`), the points of a density code, or all that is left. */
export type ListCount = number | 'rest' | { readonly field: string; readonly plus?: number; readonly of?: (value: number) => number }

/** BCD number: `decimals` of its digits stand behind the point; missing → null. */
export interface NumberLayout { readonly type: 'number'; readonly bytes: number; readonly decimals: number; readonly signed: boolean; readonly unit: string }
/** Unsigned binary. */
export interface BinaryLayout { readonly type: 'binary'; readonly bytes: number; readonly unit: string }
/** Set of flags as a number; names by bit. */
export interface BitsLayout { readonly type: 'bits'; readonly bytes: number; readonly names: readonly (string | null)[] }
/** BCD time parts, one byte each, in wire order: s m h D M Y, W = weekday byte, w = month byte whose D7–D5 are the weekday. */
export interface TimeLayout { readonly type: 'time'; readonly order: string }
/** Raw bytes in wire order as hex text; null bytes = all that is left; `field` = the earlier field that tells how many. */
export interface HexLayout { readonly type: 'hex'; readonly bytes: number | null | { readonly field: string } }
/** 2·bytes decimal digits, most significant first in text: addresses and numbers that are names. Missing → null. */
export interface DigitsLayout { readonly type: 'digits'; readonly bytes: number }
/** Text, padded with 00; `reversed`: the last character travels first. */
export interface AsciiLayout { readonly type: 'ascii'; readonly bytes: number; readonly reversed: boolean }
export interface RecordLayout { readonly type: 'record'; readonly fields: readonly Field[] }
export interface ListLayout { readonly type: 'list'; readonly of: Layout; readonly count: ListCount; readonly labels: readonly string[] }
/** A constant byte between fields. */
export interface MarkLayout { readonly type: 'mark'; readonly value: number }
/** The first option whose size is exactly what is left, else the first. Written: the first whose `key` the value has. */
export interface ChoiceLayout { readonly type: 'choice'; readonly options: readonly { readonly bytes: number; readonly key: string; readonly layout: Layout }[] }
/** What no table can say. `read` reports failures through its reader, `write` throws INPUT_INVALID. */
export interface CustomLayout {
  readonly type: 'custom'
  readonly minimumBytes: number
  read(reader: Reader): LayoutValue
  write(writer: Writer, value: LayoutValue, field: string): void
  describe(value: LayoutValue): string
}

export type Layout = NumberLayout | BinaryLayout | BitsLayout | TimeLayout | HexLayout | DigitsLayout | AsciiLayout | RecordLayout | ListLayout | MarkLayout | ChoiceLayout | CustomLayout
export interface Field { readonly name: string; readonly layout: Layout }

export const number = (bytes: number, decimals: number, unit = ''): NumberLayout => ({ type: 'number', bytes, decimals, signed: false, unit })
export const signed = (bytes: number, decimals: number, unit = ''): NumberLayout => ({ type: 'number', bytes, decimals, signed: true, unit })
export const binary = (bytes: number, unit = ''): BinaryLayout => ({ type: 'binary', bytes, unit })
export const bits = (bytes: number, names: readonly (string | null)[] = []): BitsLayout => ({ type: 'bits', bytes, names })
export const time = (order: string): TimeLayout => ({ type: 'time', order })
export const hex = (bytes: number | null): HexLayout => ({ type: 'hex', bytes })
export const digits = (bytes: number): DigitsLayout => ({ type: 'digits', bytes })
export const ascii = (bytes: number): AsciiLayout => ({ type: 'ascii', bytes, reversed: false })
export const asciiReversed = (bytes: number): AsciiLayout => ({ type: 'ascii', bytes, reversed: true })
export const mark = (value: number): MarkLayout => ({ type: 'mark', value })
export const list = (of: Layout, count: ListCount, labels: readonly string[] = []): ListLayout => ({ type: 'list', of, count, labels })
export const choice = (...options: ChoiceLayout['options']): ChoiceLayout => ({ type: 'choice', options })

/** A record of named fields in wire order; marks are written as `['', mark(0xaa)]`. */
export function record(...fields: readonly (readonly [string, Layout])[]): RecordLayout {
  return { type: 'record', fields: fields.map(([name, layout]) => ({ name, layout })) }
}

/** Smallest size of a value of this layout: what a count from the wire is checked against. */
export function minimumBytes(layout: Layout): number {
  switch (layout.type) {
    case 'number':
    case 'binary':
    case 'bits':
    case 'digits':
    case 'ascii':
      return layout.bytes
    case 'time':
      return layout.order.length
    case 'hex':
      return typeof layout.bytes === 'number' ? layout.bytes : 0
    case 'mark':
      return 1
    case 'record':
      return layout.fields.reduce((sum, field) => sum + minimumBytes(field.layout), 0)
    case 'list':
      return typeof layout.count === 'number' ? layout.count * minimumBytes(layout.of) : 0
    case 'choice':
      return Math.min(...layout.options.map((option) => option.bytes))
    case 'custom':
      return layout.minimumBytes
  }
}

/** Items of a list whose count is told by a field of its record. */
export function countFrom(count: Exclude<ListCount, number | 'rest'>, scope: Readonly<Record<string, LayoutValue>>): number {
  const value = scope[count.field]
  const base = typeof value === 'number' ? value : 0
  return (count.of === undefined ? base : count.of(base)) + (count.plus ?? 0)
}
