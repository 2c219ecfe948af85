import type { GridArchive } from '../../../src/grid/archive/archive.ts'
import type { OutageRecord } from '../../../src/records/outage.ts'
import type { TruthRecord } from '../../../src/records/truth.ts'
import { readChanged } from '../../grid/archive-fixture.ts'

export const at = (clock: string): number => Date.parse(`2026-03-05T${clock}+08:00`)

export function truth(faultId: string, level: TruthRecord['level'], nodeId: string, start: string, more: Partial<TruthRecord> = {}): TruthRecord {
  return { faultId, kind: 'FAULT', nodeId, level, phase: null, startAtMs: at(start), endAtMs: at(start) + 3_600_000, sameAs: [], nestedIn: null, darkSinceMs: null, offInTime: null, terminalOff: null, ...more }
}

let nextId = 0
export function outage(level: OutageRecord['level'], nodeId: string, start: string, confirmed: string | null, more: Partial<OutageRecord> = {}): OutageRecord {
  const confirmedAtMs = confirmed === null ? null : at(confirmed)
  return {
    outageId: `o-${nextId++}`, version: 1, state: confirmed === null ? 'SUSPECT' : 'CONFIRMED', nodeId, level, phase: null, feederId: null, areaId: null, startAtMs: at(start), confirmedAtMs,
    restoredAtMs: null, affectedUsers: 1, probability: 0.99, evidence: null, decidedAtMs: confirmedAtMs ?? at(start), topologyVersion: 1, ...more,
  }
}

/** F1 with areas T7 (line LN of four boxes, one meter each, and a box of two with M9, M11) and T8; F2 with an area TL of a single line of a single box. */
export async function scoreGrid(): Promise<GridArchive> {
  const meters = [
    ...['BX1', 'BX2', 'B3', 'BX4'].flatMap((box) => [`${box}M1`, `${box}M2`].map((meter) => [meter, 'T7', box])),
    ['M9', 'T7', 'B5'], ['M11', 'T7', 'B5'], ['M8', 'T8', ''], ['M12', 'TL', 'BL'], ['M13', 'TL', 'BL'], ['MS', 'T8', 'BS'],
  ].map(([meter, area, box]) => `${meter},1,P,USER,U1,${area},${box},A,1P,1,1,1,2020-01-01,`)
  return readChanged({
    'feeder.csv': 'feeder_id,substation_id,org_id\nF1,S,1\nF2,S,1\n', 'branch.csv': 'branch_id,feeder_id\n',
    'area.csv': 'area_id,feeder_id,branch_id,org_id,rated_kva,connection,public,terminal_id\nT7,F1,,1,400,Dyn11,01,\nT8,F1,,1,400,Dyn11,01,\nTL,F2,,1,400,Dyn11,01,\n',
    'line.csv': 'line_id,area_id\nLN,T7\nLL,TL\n', 'box.csv': 'box_id,area_id,line_id\nBX1,T7,LN\nBX2,T7,LN\nB3,T7,LN\nBX4,T7,LN\nB5,T7,\nBL,TL,LL\nBS,T8,\n',
    'terminal.csv': 'terminal_id,address,area_id,protocol\n', 'user.csv': 'user_id,category,contract_kva\nU1,RES,8\n',
    'meter.csv': `meter_id,address,mp_id,role,user_id,area_id,box_id,phase,wiring,ct,pt,online,from,to\nGT,1,P,GATEWAY,,TL,,ABC,3P4W,100,1,1,2020-01-01,\n${meters.join('\n')}\n`,
    'rated.csv': null, 'membership.csv': null, 'contract.csv': null, 'application.csv': null, 'planned.csv': null, 'controlled.csv': null,
  })
}
