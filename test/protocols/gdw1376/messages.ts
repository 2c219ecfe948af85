import { currentRows } from '../../../src/protocols/gdw1376/afn-current.ts'
import { confirmRows, controlRows, fileRowsDown, fileRowsUp, informationRows, linkRows, resetRows, taskRows } from '../../../src/protocols/gdw1376/afn-control.ts'
import { eventKinds, eventRowsDown, eventRowsUp } from '../../../src/protocols/gdw1376/afn-events.ts'
import { forwardRowsDown, forwardRowsUp } from '../../../src/protocols/gdw1376/afn-forward.ts'
import { historyRequestRows, historyRows } from '../../../src/protocols/gdw1376/afn-history.ts'
import { parameterRows, queryRows } from '../../../src/protocols/gdw1376/afn-parameters.ts'
import { missingByte } from '../../../src/protocols/gdw1376/formats.ts'
import type { Gdw1376Message, Gdw1376Unit } from '../../../src/protocols/gdw1376/message.ts'
import type { UnitRow } from '../../../src/protocols/gdw1376/unit-layout.ts'
import type { Layout, LayoutRecord, LayoutValue } from '../../../src/protocols/layout/layout.ts'
import { writeLayout } from '../../../src/protocols/layout/write.ts'
import { Writer } from '../../../src/protocols/writer.ts'
import { generate } from '../generate.ts'
import type { Random } from '../random.ts'


interface Family {
  readonly afn: number
  readonly up: boolean
  readonly rows: readonly UnitRow[]
}

const bareQueries: readonly UnitRow[] = currentRows.map((row) => ({ ...row, layout: null }))
const families: readonly Family[] = [
  { afn: 0x00, up: true, rows: confirmRows }, { afn: 0x00, up: false, rows: confirmRows }, { afn: 0x01, up: false, rows: resetRows }, { afn: 0x02, up: true, rows: linkRows },
  { afn: 0x04, up: false, rows: parameterRows }, { afn: 0x05, up: false, rows: controlRows }, { afn: 0x09, up: true, rows: informationRows }, { afn: 0x0a, up: true, rows: parameterRows },
  { afn: 0x0a, up: false, rows: queryRows }, { afn: 0x0b, up: false, rows: taskRows }, { afn: 0x0c, up: false, rows: bareQueries }, { afn: 0x0c, up: true, rows: currentRows }, { afn: 0x0c, up: true, rows: currentRows },
  { afn: 0x0d, up: false, rows: historyRequestRows }, { afn: 0x0d, up: true, rows: historyRows }, { afn: 0x0d, up: true, rows: historyRows },
  { afn: 0x0e, up: true, rows: eventRowsUp }, { afn: 0x0e, up: true, rows: eventRowsUp }, { afn: 0x0e, up: false, rows: eventRowsDown }, { afn: 0x0f, up: false, rows: fileRowsDown }, { afn: 0x0f, up: true, rows: fileRowsUp },
  { afn: 0x10, up: false, rows: forwardRowsDown }, { afn: 0x10, up: true, rows: forwardRowsUp },
]

function drawEvent(draw: Random): LayoutRecord {
  const erc = 1 + draw.below(45)
  const layouts = eventKinds[erc]?.layouts ?? []
  if (layouts.length === 0) return { erc, le: 3, raw: '010203' }
  const layout = layouts[draw.below(layouts.length)] as Layout
  const fields = generate(layout, draw) as LayoutRecord
  const writer = new Writer()
  writeLayout(layout, writer, fields, { field: 'event', fill: missingByte })
  return { erc, le: writer.length, ...fields }
}

function drawData(draw: Random, row: UnitRow): LayoutRecord | undefined {
  if (row.layout === null) return undefined
  const data = generate(row.layout, draw, recordsByHand)
  return data as LayoutRecord
}

/** Events are drawn from their own table. */
const recordsByHand = new Map<Layout, (draw: Random) => LayoutValue>()
for (const row of eventRowsUp) {
  if (row.layout?.type !== 'record') continue
  for (const field of row.layout.fields) if (field.name === 'records' && field.layout.type === 'list') recordsByHand.set(field.layout.of, drawEvent)
}

function drawUnit(draw: Random, rows: readonly UnitRow[]): Gdw1376Unit {
  const row = rows[draw.below(rows.length)] as UnitRow
  const [low = '', high = low] = row.fn.split('-')
  const fn = Number(low) + draw.below(Number(high) - Number(low) + 1)
  const pn = draw.pick<readonly number[] | string>([[0], [1 + draw.below(2040)], 'all'])
  const data = drawData(draw, row)
  return { pn, fn: [fn], ...(data === undefined ? {} : { data }) }
}

/** Layouts that take all that is left can only stand last; the same holds for data that may be absent. */
export function drawGdw1376(draw: Random): Gdw1376Message {
  const family = families[draw.below(families.length)] as Family
  const fixed = family.afn === 0x0c || family.afn === 0x0d
  // a layout with two editions is told by what is left: last here, its place between others has a test of its own
  const single = family.rows.filter((row) => row.layout?.type !== 'choice')
  const units = [...Array.from({ length: fixed ? draw.below(3) : 0 }, () => drawUnit(draw, single)), drawUnit(draw, family.rows)]
  const tpv = draw.flip()
  const acd = family.up && draw.flip()
  const hasPassword = !family.up && [0x01, 0x04, 0x05, 0x06, 0x0f, 0x10].includes(family.afn)
  const tp = { pfc: draw.below(256), sent: `day ${10 + draw.below(20)} ${10 + draw.below(13)}:${10 + draw.below(50)}:${10 + draw.below(50)}`, delayMin: draw.below(256) }
  const aux = {
    ...(tpv ? { tp } : {}),
    ...(acd ? { ec: [draw.below(256), draw.below(256)] as const } : {}),
    ...(hasPassword ? { pw: draw.hex(16) } : {}),
  }
  return {
    preamble: draw.below(5),
    protocolId: 2,
    control: family.up ? (acd ? 0xa8 : 0x88) : 0x4b,
    a1: draw.below(10000).toString().padStart(4, '0'),
    a2: draw.below(65536),
    a3: draw.below(256),
    afn: family.afn,
    seq: { tpv, fir: draw.flip(), fin: draw.flip(), con: draw.flip(), no: draw.below(16) },
    units,
    ...(Object.keys(aux).length === 0 ? {} : { aux }),
  }
}
