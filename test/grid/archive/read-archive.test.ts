import { mkdtemp, readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPlaceLookup } from '../../../src/grid/archive/archive.ts'
import { readGridArchive } from '../../../src/grid/archive/read-archive.ts'
import { writeGridArchive } from '../../../src/grid/archive/write-archive.ts'
import { changed, goodFiles, problemsOf, readChanged, writeFiles } from '../archive-fixture.ts'

describe('a right grid archive', () => {
  it('gives the place of meters, terminals and switches', async () => {
    const lookup = createPlaceLookup(await readChanged())
    expect(lookup.placeOf('M2')).toEqual({ feederId: 'F1', branchId: 'R1', areaId: 'A1', lineId: 'L1', boxId: 'B1', phase: 'B' })
    expect(lookup.placeOf('M4')).toEqual({ feederId: 'F1', branchId: null, areaId: 'A2', lineId: null, boxId: null, phase: 'C' })
    expect(lookup.placeOf('T1')).toEqual({ feederId: 'F1', branchId: 'R1', areaId: 'A1', lineId: null, boxId: null, phase: null })
    expect(lookup.placeOf('F1')).toMatchObject({ feederId: 'F1', areaId: null })
    expect(lookup.placeOf('nobody')).toBeNull()
    for (const kind of ['METER', 'TERMINAL', 'SWITCH'] as const) for (const id of ['M2', 'T1', 'F1', 'nobody']) expect(lookup.placeOf(id, kind), `${id} as ${kind}`).toEqual(lookup.placeOf(id))
  })

  it('may lack the histories, hold further columns in any order, CRLF, a byte-order mark and quoted fields', async () => {
    const meter = (goodFiles['meter.csv'] ?? '').trimEnd().split('\n').map((line, index) => (index === 0 ? `note,${line}` : `"a, ""b""",${line}`)).join('\r\n')
    const archive = await readChanged({ 'meter.csv': `\uFEFF${meter}`, 'rated.csv': null, 'planned.csv': null, 'user.csv': 'contract_kva,user_id,category\n8,U1,RES\n30,U2,"COM"\n' })
    expect(archive.meters.ids.size).toBe(6)
    expect(archive.planned).toEqual([])
  })

  it('has warnings that do not forbid its use', async () => {
    const archive = await readChanged(changed('meter.csv', 'M3,3,P3,USER,U2,A1,B1,ABC', 'M3,3,P3,USER,U2,A1,B1,A'))
    expect(archive.warnings.map((warning) => warning.message)).toEqual(["meter 'M3' is wired 3P4W on phase A"])
  })

  it('takes a meter in the box of another area as one without a box, with a warning', async () => {
    const archive = await readChanged(changed('meter.csv', 'U2,A1,B1', 'U2,A1,B3'))
    expect(archive.warnings.map((warning) => warning.message)).toEqual(["meter 'M3' belongs to area 'A1', but its box 'B3' to area 'A3' (box.csv:4): taken as a meter without a box"])
    expect(createPlaceLookup(archive).placeOf('M3')).toMatchObject({ areaId: 'A1', boxId: null, lineId: null })
  })

  it('is written as it was read', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'grid-'))
    const rows = Object.fromEntries(Object.entries(goodFiles).map(([file, text]) => [file.replace('.csv', ''), text.trimEnd().split('\n').slice(1).map((line) => line.split(','))]))
    await writeGridArchive(directory, rows)
    for (const [file, text] of Object.entries(goodFiles)) expect(await readFile(path.join(directory, file), 'utf8')).toBe(text)
    await writeGridArchive(directory, { user: [['U,"1"', null, 8, null, null]] })
    expect(await readFile(path.join(directory, 'user.csv'), 'utf8')).toContain('"U,""1""",,8,,\n')
  })
})

describe('a wrong grid archive', () => {
  it('names an area whose branch belongs to another feeder', async () => {
    expect(await problemsOf(changed('area.csv', 'A1,F1,R1', 'A1,F1,R2'))).toEqual(["area.csv:2 area 'A1' belongs to feeder 'F1', but its branch 'R2' belongs to feeder 'F2' (branch.csv:3)"])
  })

  it('names one id at two levels', async () => {
    expect(await problemsOf(changed('line.csv', 'L3,A3', 'L3,A3\nA2,A3'))).toEqual(["line.csv:4 id 'A2' is used on two levels: LINE here, AREA in area.csv:3"])
    expect(await problemsOf(changed('meter.csv', 'M4,4', 'B2,4'))).toEqual(["meter.csv:5 id 'B2' is used on two levels: USER here, BOX in box.csv:3"])
  })

  it('names a truncated file', async () => {
    const cut = (goodFiles['meter.csv'] ?? '').slice(0, -25)
    const problems = await problemsOf({ 'meter.csv': cut })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^meter\.csv:7 the row has \d+ fields, the header has 14: the file is truncated$/)
    expect(await problemsOf({ 'box.csv': '' })).toContain('box.csv:1 the file is empty: it needs at least its header')
  })

  it.each([
    ['an unknown feeder', changed('branch.csv', 'R2,F2', 'R2,F9'), "branch.csv:3 feeder_id 'F9' is not in feeder.csv"],
    ['a reference to another level', changed('line.csv', 'L3,A3', 'L3,F2'), "line.csv:3 area_id 'F2' is a feeder, not an area"],
    ['an orphan', changed('meter.csv', 'U2,A2,,C', 'U2,,,C'), "meter.csv:5 meter 'M4' has no area_id: it hangs on nothing"],
    ['a capacity of 0', changed('area.csv', ',200,', ',0,'), "area.csv:3 rated_kva '0' is not a capacity above 0 (area 'A2')"],
    ['a missing capacity', changed('area.csv', ',200,', ',,'), "area.csv:3 rated_kva is missing (area 'A2')"],
    ['a meter that occurs twice', changed('meter.csv', 'M2,2', 'M1,2'), "meter.csv:3 meter_id 'M1' occurs twice, first in line 2"],
    ['a bad phase', changed('meter.csv', 'B1,B,1P', 'B1,D,1P'), "meter.csv:3 phase 'D' of meter 'M2' is not A, B, C or ABC"],
    ['a bad wiring', changed('meter.csv', 'B1,B,1P', 'B1,B,2P'), "meter.csv:3 wiring '2P' of meter 'M2' is neither 1P nor 3P4W"],
    ['a meter that ends before it begins', changed('meter.csv', '2020-01-01,2030-01-01', '2030-01-01,2030-01-01'), "meter.csv:3 from '2030-01-01' of meter 'M2' is not before to '2030-01-01'"],
    ['a bad ratio', changed('meter.csv', '3P4W,20,1,0', '3P4W,0,1,0'), "meter.csv:4 ct '0' of meter 'M3' is not a ratio above 0"],
    ['a box on the line of another area', changed('box.csv', 'B1,A1,L1', 'B1,A1,L3'), "box.csv:2 box 'B1' belongs to area 'A1', but its line 'L3' belongs to area 'A3' (line.csv:3)"],
    ['a terminal of another area', changed('area.csv', 'Dyn11,01,T1', 'Dyn11,01,T2'), "area.csv:2 terminal 'T2' of area 'A1' stands under area 'A2' in terminal.csv"],
    ['a user that is not there', changed('meter.csv', 'USER,U2,A2', 'USER,U9,A2'), "meter.csv:5 user_id 'U9' is not in user.csv"],
    ['two capacities at one time', changed('rated.csv', '315,2020-01-01,2023-05-01', '315,2020-01-01,2023-05-02'), "rated.csv:3 two values of 'A1' hold at the same time: lines 2 and 3"],
    ['an order for no node', changed('planned.csv', 'O1,A3', 'O1,A9'), "planned.csv:2 node_id 'A9' of order 'O1' is no node of the archive"],
    ['an order that ends before it begins', changed('planned.csv', 'T10:00', 'T07:00'), "planned.csv:2 start_at '2026-03-05T08:00:00.000+08:00' is not before end_at '2026-03-05T07:00:00.000+08:00'"],
    ['a cut-off of no meter', changed('controlled.csv', 'M1,', 'M9,'), "controlled.csv:2 meter_id 'M9' is not in meter.csv"],
    ['a missing column', changed('box.csv', 'line_id', 'lin_id'), 'box.csv:1 the column line_id is missing'],
    ['a missing file', { 'terminal.csv': null }, 'terminal.csv: there is no file terminal.csv'],
  ])('names %s', async (_, changes, expected) => {
    expect(await problemsOf(changes)).toContain(expected)
  })

  it('is reported with all its problems at once', async () => {
    const problems = await problemsOf({ ...changed('area.csv', 'A1,F1,R1', 'A1,F1,R2'), ...changed('meter.csv', 'M2,2', 'M1,2'), ...changed('rated.csv', 'A1,400', 'A7,400') })
    expect(problems).toHaveLength(3)
  })

  it('that is no folder is missing', async () => {
    await expect(readGridArchive(path.join(await writeFiles(), 'none'))).rejects.toMatchObject({ code: 'FILE_MISSING' })
  })
})
