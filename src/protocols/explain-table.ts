import type { ExplainedField } from './codec.ts'
import { toHex } from './hex.ts'

/** Collects the rows of a field table while a codec walks over the bytes of a frame. */
export class FieldTable {
  readonly rows: ExplainedField[] = []
  private readonly bytes: Uint8Array
  level = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  row(start: number, end: number, field: string, meaning: string): void {
    this.rows.push({ offset: start, length: Math.max(0, end - start), hex: toHex(this.bytes, start, Math.max(start, end)), level: this.level, field, meaning })
  }

  /** A row whose end is known later: give the returned index to `close`. */
  open(start: number, field: string): number {
    this.row(start, start, field, '')
    return this.rows.length - 1
  }

  close(index: number, end: number, meaning: string): void {
    const opened = this.rows[index]
    if (opened === undefined) return
    this.rows[index] = { ...opened, length: end - opened.offset, hex: toHex(this.bytes, opened.offset, end), meaning }
  }

  /** Rows that `inside` adds stand one level deeper. */
  nest(inside: () => void): void {
    this.level++
    inside()
    this.level--
  }
}

const widestHex = 36

/** The field table as text: offset, bytes, field, meaning. Long byte runs are cut with their length. */
export function formatFieldTable(rows: readonly ExplainedField[]): string {
  const cells = rows.map((row) => [
    row.offset.toString(),
    row.hex.length > widestHex ? `${row.hex.slice(0, widestHex - 8)}… (${row.length} bytes)` : row.hex,
    `${'  '.repeat(row.level)}${row.field}`,
    row.meaning,
  ] as const)
  const header = ['offset', 'bytes', 'field', 'meaning'] as const
  const widths = [0, 1, 2].map((column) => Math.max(header[column as 0].length, ...cells.map((cell) => cell[column as 0].length)))
  const line = (cell: readonly [string, string, string, string]): string =>
    `${cell[0].padStart(widths[0] as number)}  ${cell[1].padEnd(widths[1] as number)}  ${cell[2].padEnd(widths[2] as number)}  ${cell[3]}`.trimEnd()
  return [header, ...cells].map(line).join('\n')
}
