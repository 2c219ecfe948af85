import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StationError } from '../../../src/core/errors.ts'
import { importGrid } from '../../../src/grid/import/import-grid.ts'
import { importSimbench } from '../../../src/grid/import/simbench.ts'

const examples = path.resolve(import.meta.dirname, '../../../examples')

const goodFiles: Readonly<Record<string, string>> = {
  'Line.csv': [
    'id;nodeA;nodeB;type;length;loadingMax;subnet;voltLvl',
    'MV Line 1;MV1.1 busbar1.1_1;MV1.1 Bus 4_1;x;1;100;MV1.1_Feeder1;5',
    'MV Line 2;MV1.1 Bus 4_2;MV1.1 Bus 5_1;x;1;100;MV1.1_Feeder1;5',
    'MV Line 3;MV1.1 Bus 4_3;MV1.1 Bus 6_1;x;1;100;MV1.1_Feeder1;5',
    'MV Line 4;MV1.1 Bus 6_2;MV1.1 Bus 7_1;x;1;100;MV1.1_Feeder1;5',
    'MV Ring;MV1.1 Bus 5_2;MV1.1 Bus 7_2;x;1;100;MV1.1_Loop_Line;5',
    ...['LV1.4', 'LV1.5', 'LV1.6', 'LV1.7'].flatMap((area) => [`${area} Line 1;${area} Bus 1_1;${area} Bus 2_1;x;0.1;100;${area};7`, `${area} Line 2;${area} Bus 1_2;${area} Bus 3_1;x;0.1;100;${area};7`]),
  ].join('\n') + '\n',
  'Load.csv': ['id;node;profile;pLoad;qLoad;sR;subnet;voltLvl', ...['LV1.4', 'LV1.5', 'LV1.6', 'LV1.7'].flatMap((area) => [`${area} Load 1;${area} Bus 2;H0-A;0.003;0.001;0.0032;${area};7`, `${area} Load 2;${area} Bus 2;G1-A;0.01;0.001;0.0102;${area};7`, `${area} Load 3;${area} Bus 3;L2-A;0.01;0.001;0.0102;${area};7`])].join('\n') + '\n',
  'Transformer.csv': ['id;nodeHV;nodeLV;type;tappos;autoTap;autoTapSide;loadingMax;substation;subnet;voltLvl', ...[4, 5, 6, 7].map((bus) => `T${bus};MV1.1 Bus ${bus}_9;LV1.${bus} Bus 1_5;0.16 MVA;0;0;NULL;100;NULL;LV1.${bus};6`)].join('\n') + '\n',
  'TransformerType.csv': 'id;sR;vmHV;vmLV;va0\n0.16 MVA;0.16;20;0.4;150\n',
}

async function writeFolder(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'simbench-'))
  for (const [name, text] of Object.entries({ ...goodFiles, ...changes })) if (text !== null) await writeFile(path.join(directory, name), text)
  return directory
}

async function problemsOf(changes: Readonly<Record<string, string | null>>): Promise<readonly string[]> {
  const error = await importSimbench(await writeFolder(changes)).then(() => null, (thrown: unknown) => thrown as StationError)
  if (error === null) throw new Error('the data was accepted')
  return error.problems.map((problem) => `${path.basename(problem.where?.file ?? '')}:${problem.where?.line ?? ''} ${problem.message}`)
}

const replaced = (file: string, piece: string, by: string): Readonly<Record<string, string>> => ({ [file]: (goodFiles[file] ?? '').replace(piece, by) })

describe('the SimBench importer', () => {
  it('takes a year’s benchmark area with its transformer and customers', async () => {
    const out = await mkdtemp(path.join(os.tmpdir(), 'simbench-out-'))
    expect(await importGrid({ source: 'simbench', from: path.join(examples, 'simbench-lv-rural1'), out })).toMatchObject({ feeders: 1, areas: 1, userMeters: 13, threePhase: 13, ratedKva: 160 })
    expect(await readFile(path.join(out, 'profile.csv'), 'utf8')).toContain('LV1.101-M1,L2-A\n')
  })

  it('hangs areas on the feeders of their medium-voltage lines, side ways as branches, rings left out', async () => {
    const grid = await importSimbench(await writeFolder())
    expect(grid.feeders).toEqual([{ feederId: 'MV1.1_Feeder1', substationId: 'MV1.1' }])
    expect(grid.areas.map(({ areaId, branchId }) => [areaId, branchId])).toEqual([['LV1.4', null], ['LV1.5', 'MV1.1_Feeder1-R1'], ['LV1.6', null], ['LV1.7', null]])
    expect(grid.areas[0]?.lines).toEqual([
      { lineId: 'LV1.4-L1', boxes: [{ boxId: 'LV1.4-L1-B1', meters: [expect.objectContaining({ meterId: 'LV1.4-M1', category: 'RES', contractKva: 3.2, phase: 'ABC' }), expect.objectContaining({ category: 'COM' })] }] },
      { lineId: 'LV1.4-L2', boxes: [{ boxId: 'LV1.4-L2-B1', meters: [expect.objectContaining({ category: 'AGR' })] }] },
    ])
  })

  it.each([
    ['a loop', replaced('Line.csv', 'LV1.4 Bus 1_2;LV1.4 Bus 3_1', 'LV1.4 Bus 1_2;LV1.4 Bus 2_2'), "Line.csv:8 segment 'LV1.4 Line 2' closes a loop: LV1.4 Bus 1 and LV1.4 Bus 2 are joined already"],
    ['a load on a bus that nothing joins', replaced('Load.csv', 'LV1.5 Bus 3', 'LV1.5 Bus 9'), "Load.csv:7 load 'LV1.5 Load 3' hangs on 'LV1.5 Bus 9', which no line joins with the transformer"],
    ['an unknown transformer type', replaced('Transformer.csv', 'LV1.4 Bus 1_5;0.16 MVA', 'LV1.4 Bus 1_5;0.17 MVA'), "Transformer.csv:2 type '0.17 MVA' of transformer 'T4' is not in TransformerType.csv"],
    ['an id that occurs twice', replaced('Load.csv', 'LV1.4 Load 2', 'LV1.4 Load 1'), "Load.csv:3 id 'LV1.4 Load 1' occurs twice, first in line 2"],
    ['a truncated file', { 'Load.csv': (goodFiles['Load.csv'] ?? '').slice(0, -20) }, 'Load.csv:13 the row has 5 fields, the header has 8: the file is truncated'],
    ['a missing file', { 'Transformer.csv': null }, 'Transformer.csv: there is no file Transformer.csv (nor Transformer.csv.gz)'],
  ])('names %s', async (_, changes, expected) => {
    expect(await problemsOf(changes)).toContain(expected)
  })
})
