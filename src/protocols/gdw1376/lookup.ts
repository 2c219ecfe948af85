import { confirmRows, controlRows, fileRowsDown, fileRowsUp, informationRows, linkRows, resetRows, taskRows } from './afn-control.ts'
import { currentRows } from './afn-current.ts'
import { eventRowsDown, eventRowsUp } from './afn-events.ts'
import { forwardRowsDown, forwardRowsUp } from './afn-forward.ts'
import { historyRequestRows, historyRows } from './afn-history.ts'
import { parameterRows, queryRows } from './afn-parameters.ts'
import { indexRows, type Direction, type UnitLayout, type UnitRow } from './unit-layout.ts'

interface AfnEntry {
  readonly name: string
  readonly down: ReadonlyMap<number, UnitLayout>
  readonly up: ReadonlyMap<number, UnitLayout>
  /** Classes that no row names have no data (queries name only what they want). */
  readonly bareDown: boolean
}

const none: readonly UnitRow[] = []

function entry(name: string, rows: { readonly down?: readonly UnitRow[]; readonly up?: readonly UnitRow[]; readonly bareDown?: boolean }): AfnEntry {
  return { name, down: indexRows(rows.down ?? none), up: indexRows(rows.up ?? none), bareDown: rows.bareDown ?? false }
}

/** Queries name their classes as the answers do. */
const asHeaders = (rows: readonly UnitRow[]): readonly UnitRow[] => rows.map((row) => ({ ...row, layout: null }))

/** Clause 4.3.3.1, table of application functions. 03, 06 and 08 have no public layouts. */
const afns: ReadonlyMap<number, AfnEntry> = new Map([
  [0x00, entry('confirm or deny', { down: confirmRows, up: confirmRows })],
  [0x01, entry('reset', { down: resetRows })],
  [0x02, entry('link interface test', { up: linkRows, down: linkRows })],
  [0x03, entry('relay station command', {})],
  [0x04, entry('set parameters', { down: parameterRows })],
  [0x05, entry('control', { down: controlRows })],
  [0x06, entry('authentication', {})],
  [0x08, entry('cascaded terminal', {})],
  [0x09, entry('terminal information', { down: asHeaders(informationRows), up: informationRows, bareDown: true })],
  [0x0a, entry('query parameters', { down: [...asHeaders(parameterRows), ...queryRows], up: parameterRows, bareDown: true })],
  [0x0b, entry('task data', { down: taskRows })],
  [0x0c, entry('class 1 data', { down: asHeaders(currentRows), up: currentRows, bareDown: true })],
  [0x0d, entry('class 2 data', { down: historyRequestRows, up: historyRows })],
  [0x0e, entry('class 3 data', { down: eventRowsDown, up: eventRowsUp })],
  [0x0f, entry('file transfer', { down: fileRowsDown, up: fileRowsUp })],
  [0x10, entry('data forwarding', { down: forwardRowsDown, up: forwardRowsUp })],
])

export function afnName(afn: number): string {
  return afns.get(afn)?.name ?? 'vendor function'
}

export function isKnownAfn(afn: number): boolean {
  return afns.has(afn)
}

const bareUnit: UnitLayout = { words: 'without data', layout: null }

/** Layout of class Fn; undefined when the tables do not know it. */
export function findUnit(afn: number, direction: Direction, fn: number): UnitLayout | undefined {
  const found = afns.get(afn)
  if (found === undefined) return undefined
  return found[direction].get(fn) ?? (direction === 'down' && found.bareDown ? bareUnit : undefined)
}
