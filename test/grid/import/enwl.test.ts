import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StationError } from '../../../src/core/errors.ts'
import { importEnwl } from '../../../src/grid/import/enwl.ts'
import { importGrid } from '../../../src/grid/import/import-grid.ts'

const examples = path.resolve(import.meta.dirname, '../../../examples/enwl-lv')

/** A feeder in the words of the real files: a main 1–2–3–4 with services at 3 (two homes) and at 4 (one home and, three-phase, a business behind bus 6). */
const goodFiles: Readonly<Record<string, string>> = {
  'Transformers.txt': 'New Transformer.TR1 Buses=[SourceBus 1] Conns=[Delta Wye] kVs=[11 0.416] kVAs=[800 800] XHL=1\n',
  'LineCode.txt': 'New LineCode.4c_70 nphases=3 R1=0.446 X1=0.071 R0=1.505 X0=0.083 C1=0 C0=0 Units=km\nNew LineCode.4c_70 nphases=3 R1=0.446 X1=0.071 R0=1.505 X0=0.083 C1=0 C0=0 Units=km\n',
  'Lines.txt': [[1, 2], [2, 3], [3, 4], [3, 31], [31, 32], [3, 33], [4, 41], [4, 6]].map(([from, to], index) => `New Line.LINE${index + 1} Bus1=${from} Bus2=${to} phases=3 Linecode=4c_70 Length=1.098 Units=m`).join('\n') + '\n',
  'Loads.txt': [['32.1', 1], ['33.2', 1], ['41.3', 1], ['6', 3]].map(([bus, phases], index) => `New Load.LOAD${index + 1} Phases=${phases} Bus1=${bus} kV=0.23 kW=1 PF=0.95 Daily=Shape_${index + 7}`).join('\n') + '\n',
}

async function writeFeeder(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'enwl-'))
  const feeder = path.join(directory, 'networks', 'network_1', 'feeder_1')
  await mkdir(feeder, { recursive: true })
  for (const [name, text] of Object.entries({ ...goodFiles, ...changes })) if (text !== null) await writeFile(path.join(feeder, name), text)
  return directory
}

async function problemsOf(changes: Readonly<Record<string, string | null>>): Promise<readonly string[]> {
  const error = await importEnwl(await writeFeeder(changes)).then(() => null, (thrown: unknown) => thrown as StationError)
  if (error === null) throw new Error('the data was accepted')
  expect(error.code).toBe('INPUT_INVALID')
  return error.problems.map((problem) => `${path.basename(problem.where?.file ?? '')}:${problem.where?.line ?? ''} ${problem.message}`)
}

const replaced = (file: string, piece: string, by: string): Readonly<Record<string, string>> => {
  const text = goodFiles[file] ?? ''
  if (!text.includes(piece)) throw new Error(`'${piece}' does not occur in ${file}`)
  return { [file]: text.replace(piece, by) }
}

describe('the ENWL importer', () => {
  it('turns the 15 real networks into an archive with every customer and phase', async () => {
    const out = await mkdtemp(path.join(os.tmpdir(), 'enwl-out-'))
    expect(await importGrid({ source: 'enwl', from: examples, out })).toMatchObject({
      feeders: 3, branches: 6, areas: 15, lines: 77, terminals: 15, userMeters: 4_766, gatewayMeters: 15, phaseA: 1_580, phaseB: 1_691, phaseC: 1_487, threePhase: 8, ratedKva: 12_000,
    })
  })

  it('puts customers of one service tee into one box', async () => {
    const grid = await importEnwl(await writeFeeder())
    expect(grid.areas[0]).toMatchObject({ areaId: 'N01', feederId: 'F01', branchId: null, ratedKva: 800, connection: 'Dyn11' })
    expect(grid.areas[0]?.lines[0]?.boxes).toEqual([
      { boxId: 'N01-L1-B1', meters: [expect.objectContaining({ meterId: 'N01-L1-M1', phase: 'A', profile: '7', contractKva: 8 }), expect.objectContaining({ meterId: 'N01-L1-M2', phase: 'B', profile: '8' })] },
      { boxId: 'N01-L1-B2', meters: [expect.objectContaining({ meterId: 'N01-L1-M3', phase: 'C' }), expect.objectContaining({ meterId: 'N01-L1-M4', phase: 'ABC', category: 'COM' })] },
    ])
  })

  it('understands comments, continuations, quotes and any case', async () => {
    const grid = await importEnwl(await writeFeeder({ 'Transformers.txt': '! the source\nnew transformer.tr1 BUSES=(SourceBus, 1) conns=[Wye Wye] // two lines\n~ kVs="11 0.416" kVAs=[800, 500]\n' }))
    expect(grid.areas[0]).toMatchObject({ ratedKva: 500, connection: 'Yyn0' })
  })

  it.each([
    ['a loop', replaced('Lines.txt', 'Bus1=4 Bus2=41', 'Bus1=4 Bus2=2'), 'Lines.txt:7 segment LINE7 closes a loop: 4 and 2 are joined already'],
    ['a segment from a bus to itself', replaced('Lines.txt', 'Bus1=4 Bus2=6', 'Bus1=4 Bus2=4'), 'Lines.txt:8 segment LINE8 joins 4 with itself'],
    ['a load on a bus that nothing joins', replaced('Loads.txt', 'Bus1=6', 'Bus1=99'), 'Loads.txt:4 load LOAD4 hangs on bus 99, which no line joins with the transformer'],
    ['an unknown linecode', replaced('Lines.txt', 'Bus2=3 phases=3 Linecode=4c_70', 'Bus2=3 phases=3 Linecode=4c_71'), 'Lines.txt:2 linecode 4c_71 of line LINE2 is not in LineCode.txt'],
    ['a line that occurs twice', replaced('Lines.txt', 'Line.LINE3', 'Line.line2'), 'Lines.txt:3 line line2 occurs twice, first in line 2'],
    ['a load on no phase', replaced('Loads.txt', '32.1', '32.4'), 'Loads.txt:1 load LOAD1 at 32.4 with Phases=1 is on no single phase and not on all'],
    ['a length of 0', replaced('Lines.txt', 'Length=1.098', 'Length=0'), 'Lines.txt:1 Length=0 of line LINE1 is not a number above 0'],
    ['a truncated file', { 'Lines.txt': (goodFiles['Lines.txt'] ?? '').slice(0, -30) }, 'Lines.txt:8 line LINE8 has no Length (a line cut short?)'],
    ['a missing file', { 'Loads.txt': null }, 'Loads.txt: there is no file Loads.txt (nor Loads.txt.gz)'],
    ['an empty file', { 'Loads.txt': '' }, 'Loads.txt:1 the file holds no statement'],
    ['another statement', replaced('Lines.txt', 'New Line.LINE1', 'Edit Line.LINE1'), "Lines.txt:1 'Edit Line.LINE1 Bus1=1 Bus2=2 phases=3 L' is no New statement"],
  ])('names %s', async (_, changes, expected) => {
    expect(await problemsOf(changes)).toContain(expected)
  })

  it('reports all problems at once', async () => {
    const problems = await problemsOf({ ...replaced('Lines.txt', 'Bus1=4 Bus2=41', 'Bus1=4 Bus2=2'), ...replaced('Loads.txt', '32.1', '32.4') })
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['Lines.txt:7', 'Loads.txt:1', 'Loads.txt:3']) // load 3 has lost its line by the loop
  })
})
