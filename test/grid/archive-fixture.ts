import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { StationError } from '../../src/core/errors.ts'
import type { GridArchive } from '../../src/grid/archive/archive.ts'
import { readGridArchive } from '../../src/grid/archive/read-archive.ts'

/** A small right archive: two feeders, three areas, a box without a line, a meter without a box. */
export const goodFiles: Readonly<Record<string, string>> = {
  'feeder.csv': 'feeder_id,substation_id,org_id\nF1,S1,3440101\nF2,S1,3440101\n',
  'branch.csv': 'branch_id,feeder_id\nR1,F1\nR2,F2\n',
  'area.csv': 'area_id,feeder_id,branch_id,org_id,rated_kva,connection,public,terminal_id\nA1,F1,R1,3440101,400,Dyn11,01,T1\nA2,F1,,3440101,200,Yyn0,01,T2\nA3,F2,R2,3440101,315.5,Dyn11,02,\n',
  'line.csv': 'line_id,area_id\nL1,A1\nL3,A3\n',
  'box.csv': 'box_id,area_id,line_id\nB1,A1,L1\nB2,A1,\nB3,A3,L3\n',
  'terminal.csv': 'terminal_id,address,area_id,protocol\nT1,000000000001,A1,dlt698\nT2,000000000002,A2,gdw1376\n',
  'user.csv': 'user_id,category,contract_kva,priority,second_area_id\nU1,RES,8,,\nU2,COM,30,1,A2\n',
  'meter.csv':
    'meter_id,address,mp_id,role,user_id,area_id,box_id,phase,wiring,ct,pt,online,from,to\n' +
    'M1,1,P1,USER,U1,A1,B1,A,1P,1,1,1,2020-01-01,\nM2,2,P2,USER,U1,A1,B1,B,1P,1,1,1,2020-01-01,2030-01-01\nM3,3,P3,USER,U2,A1,B1,ABC,3P4W,20,1,0,2020-01-01T08:30,\n' +
    'M4,4,P4,USER,U2,A2,,C,1P,1,1,1,2020-01-01,\nG1,5,P5,GATEWAY,,A1,,ABC,3P4W,120,1,1,2020-01-01,\nM5,6,P6,USER,U1,A1,B1,A,1P,1,1,1,2020-01-01,2024-01-01\n',
  'rated.csv': 'id,value,from,to\nA1,315,2020-01-01,2023-05-01\nA1,400,2023-05-01,\n',
  'membership.csv': 'id,value,from,to\nU1,A1,2020-01-01,\n',
  'contract.csv': 'id,value,from,to\nU1,8,2020-01-01,\n',
  'application.csv': 'application_id,area_id,kva,category,phases,status\nX1,A1,20,RES,C,PLAN_REPLIED\n',
  'planned.csv': 'order_id,node_id,start_at,end_at\nO1,A3,2026-03-05T08:00:00.000+08:00,2026-03-05T10:00:00.000+08:00\n',
  'controlled.csv': 'meter_id,start_at,end_at\nM1,2026-03-05T08:00:00.000+08:00,\n',
}

/** Writes the good files with some replaced; null leaves a file out. */
export async function writeFiles(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'grid-'))
  for (const [name, text] of Object.entries({ ...goodFiles, ...changes })) if (text !== null) await writeFile(path.join(directory, name), text)
  return directory
}

export async function readChanged(changes: Readonly<Record<string, string | null>> = {}): Promise<GridArchive> {
  return readGridArchive(await writeFiles(changes))
}

/** The problems of a changed archive as `file:line message`; throws when it was accepted. */
export async function problemsOf(changes: Readonly<Record<string, string | null>>): Promise<readonly string[]> {
  const error = await readChanged(changes).then(() => null, (thrown: unknown) => thrown as StationError)
  if (error === null) throw new Error('the archive was accepted')
  return error.problems.map((problem) => `${path.basename(problem.where?.file ?? '')}:${problem.where?.line ?? ''} ${problem.message}`)
}

/** The good text of a file with a piece replaced; throws when the piece does not occur. */
export function changed(file: string, piece: string, by: string): Readonly<Record<string, string>> {
  const text = goodFiles[file] ?? ''
  if (!text.includes(piece)) throw new Error(`'${piece}' does not occur in ${file}`)
  return { [file]: text.replace(piece, by) }
}
