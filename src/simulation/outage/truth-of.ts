import type { OutagePhase } from '../../records/levels.ts'
import type { TruthRecord } from '../../records/truth.ts'
import { endOfArea, type Incident } from './incidents.ts'
import type { IncidentReports } from './reports.ts'
import { at, idOf, sameNodes, type SimGrid, type SimNode } from './sim-grid.ts'

const phases: readonly OutagePhase[] = ['A', 'B', 'C']

/** The truth of an incident, and of the fault nested in it. */
export function truthOf(grid: SimGrid, incident: Incident, reports: IncidentReports | null): readonly TruthRecord[] {
  const faultId = `g-${incident.number + 1}`
  const named = (node: SimNode): Pick<TruthRecord, 'nodeId' | 'level' | 'sameAs'> => ({ nodeId: idOf(grid, node), level: node.level, sameAs: sameNodes(grid, node).map((other) => idOf(grid, other)) })
  const main: TruthRecord = {
    faultId,
    kind: incident.kind,
    ...named(incident.node),
    phase: phases[incident.phase] ?? null,
    startAtMs: incident.startAtMs,
    endAtMs: incident.endAtMs,
    nestedIn: null,
    darkSinceMs: null,
    offInTime: reports?.offInTime ?? null,
    terminalOff: reports?.terminalOff ?? null,
  }
  if (incident.nested === null) return [main]
  const box: SimNode = { level: 'BOX', index: incident.nested.box }
  return [
    main,
    {
      ...main, faultId: `${faultId}-n`, ...named(box), phase: null, startAtMs: endOfArea(incident, at(grid.boxArea, box.index)), endAtMs: incident.nested.endAtMs,
      nestedIn: faultId, darkSinceMs: incident.startAtMs, offInTime: null, terminalOff: null,
    },
  ]
}
