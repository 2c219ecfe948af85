import type { GridSummary } from '../../src/index.ts'
import { table, type Terminal } from './terminal.ts'

export function summaryTable(summary: GridSummary, terminal: Terminal): string {
  return table(['what', 'number'], Object.entries(summary).filter((entry): entry is [string, number] => typeof entry[1] === 'number'), terminal)
}
