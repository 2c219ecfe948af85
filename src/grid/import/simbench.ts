import { stat } from 'node:fs/promises'
import { problemsError, StationError } from '../../core/errors.ts'
import { ProblemList } from '../archive/problem-list.ts'
import type { ImportedArea, ImportedBox, ImportedGrid, ImportedLine } from './area-model.ts'
import { type ConnectedLoad, groupByNode } from './boxes.ts'
import { hangOnFeeders } from './simbench-feeders.ts'
import { busOfNode, readSimbenchTable, type SimbenchRow } from './simbench-table.ts'
import { createNetworkTree, type NetworkTree, pathToRoot, type Segment } from './tree.ts'

/*
  SimBench grids: a MV/LV transformer (voltLvl 6) becomes an area, each way out of its LV busbar a line, loads of one bus a
  box, a load a three-phase meter (SimBench names no phases). Feeders are the MV lines' subnets `…_FeederK`; an area whose MV bus is in
  none hangs on a feeder named after its MV subnet.
*/
export interface SimbenchOptions {
  readonly signal?: AbortSignal
}

interface Load extends ConnectedLoad {
  readonly profile: string
  readonly contractKva: number
}

const lowVoltage = '7'
const transformerLevel = '6'

/** Reads a folder of SimBench CSV files. Throws INPUT_INVALID with every problem, FILE_MISSING. */
export async function importSimbench(directory: string, options: SimbenchOptions = {}): Promise<ImportedGrid> {
  if ((await stat(directory).catch(() => null))?.isDirectory() !== true) throw new StationError('FILE_MISSING', `there is no folder ${directory}`, { where: { file: directory } })
  const problems = new ProblemList()
  const lines = await readSimbenchTable(directory, 'Line', ['id', 'nodeA', 'nodeB', 'subnet', 'voltLvl'], problems, options)
  const loads = await readSimbenchTable(directory, 'Load', ['id', 'node', 'profile', 'sR', 'subnet', 'voltLvl'], problems, options)
  const transformers = await readSimbenchTable(directory, 'Transformer', ['id', 'nodeHV', 'nodeLV', 'type', 'voltLvl'], problems, options)
  const types = await readSimbenchTable(directory, 'TransformerType', ['id', 'sR', 'va0'], problems, options)
  refuseTwice([lines, loads, transformers, types], problems)

  const ratedOf = new Map(types.map((row) => [row.value('id'), row]))
  const segments = groupBy(lines.filter((row) => row.value('voltLvl') === lowVoltage), (row) => row.value('subnet'))
  const loadsOf = groupBy(loads.filter((row) => row.value('voltLvl') === lowVoltage), (row) => row.value('subnet'))
  const areas: { readonly area: Omit<ImportedArea, 'feederId' | 'branchId'>; readonly mvBus: string }[] = []
  const used = new Set<string>()
  for (const transformer of transformers.filter((row) => row.value('voltLvl') === transformerLevel)) {
    const root = busOfNode(transformer.value('nodeLV'))
    const areaId = root.split(' ')[0] ?? root
    if (used.has(areaId)) problems.add(`a second transformer feeds ${areaId}`, transformer.where)
    used.add(areaId)
    const tree = createNetworkTree(root, (segments.get(areaId) ?? []).map(segmentOf), problems)
    const meters = (loadsOf.get(areaId) ?? []).flatMap((row) => loadOf(row, tree, problems))
    areas.push({ area: { areaId, ratedKva: ratedKva(transformer, ratedOf, problems), connection: 'Dyn11', lines: linesOf(areaId, tree, meters) }, mvBus: busOfNode(transformer.value('nodeHV')) })
  }
  for (const [subnet, rows] of loadsOf) if (!used.has(subnet)) problems.add(`${rows.length} loads are in ${subnet}, which no transformer feeds`, rows[0]?.where)
  if (areas.length === 0) problems.add('there is no MV/LV transformer (voltLvl 6)', { file: directory })
  const mv = hangOnFeeders(areas.map(({ mvBus }) => mvBus), lines, problems)
  if (problems.count > 0) throw problemsError('INPUT_INVALID', `the SimBench data in ${directory} is not usable`, problems.all())
  return { feeders: mv.feeders, branches: mv.branches, areas: areas.map(({ area }, index) => ({ ...area, ...mv.placeOf(index) })) }
}

function groupBy(rows: readonly SimbenchRow[], keyOf: (row: SimbenchRow) => string): ReadonlyMap<string, readonly SimbenchRow[]> {
  const groups = new Map<string, SimbenchRow[]>()
  for (const row of rows) {
    const list = groups.get(keyOf(row))
    if (list === undefined) groups.set(keyOf(row), [row])
    else list.push(row)
  }
  return groups
}

function refuseTwice(tables: readonly (readonly SimbenchRow[])[], problems: ProblemList): void {
  for (const rows of tables) {
    const lines = new Map<string, number>()
    for (const row of rows) {
      const before = lines.get(row.value('id'))
      if (before !== undefined) problems.add(`id '${row.value('id')}' occurs twice, first in line ${before}`, row.where)
      lines.set(row.value('id'), row.where.line ?? 0)
    }
  }
}

function segmentOf(row: SimbenchRow): Segment {
  return { name: `'${row.value('id')}'`, from: busOfNode(row.value('nodeA')), to: busOfNode(row.value('nodeB')), where: row.where }
}

function loadOf(row: SimbenchRow, tree: NetworkTree, problems: ProblemList): readonly Load[] {
  const node = busOfNode(row.value('node'))
  const contractKva = Math.round(Number(row.value('sR')) * 1_000_000) / 1_000
  if (!(contractKva > 0)) problems.add(`sR '${row.value('sR')}' of load '${row.value('id')}' is not a power above 0`, row.where)
  if (!tree.has(node)) {
    problems.add(`load '${row.value('id')}' hangs on '${node}', which no line joins with the transformer`, row.where)
    return []
  }
  return [{ name: row.value('id'), node, profile: row.value('profile'), contractKva }]
}

function ratedKva(transformer: SimbenchRow, types: ReadonlyMap<string, SimbenchRow>, problems: ProblemList): number {
  const type = types.get(transformer.value('type'))
  const rated = Math.round(Number(type?.value('sR') ?? '') * 1_000_000) / 1_000
  if (type === undefined) problems.add(`type '${transformer.value('type')}' of transformer '${transformer.value('id')}' is not in TransformerType.csv`, transformer.where)
  else if (!(rated > 0)) problems.add(`sR '${type.value('sR')}' of '${type.value('id')}' is not a capacity above 0`, type.where)
  return rated
}

/** A line of the area for each way out of the busbar; loads on the busbar itself get one of their own. */
function linesOf(areaId: string, tree: NetworkTree, loads: readonly Load[]): readonly ImportedLine[] {
  const wayOf = (node: string): string => [...pathToRoot(tree, node)].at(-2) ?? tree.root
  const byWay = new Map<string, Load[]>()
  for (const load of loads) {
    const way = wayOf(load.node)
    const list = byWay.get(way)
    if (list === undefined) byWay.set(way, [load])
    else list.push(load)
  }
  return [...byWay].sort(([left], [right]) => left.localeCompare(right, 'en', { numeric: true })).map(([, members], index) => {
    const lineId = `${areaId}-L${index + 1}`
    return { lineId, boxes: groupByNode(members).map((box, at): ImportedBox => ({ boxId: `${lineId}-B${at + 1}`, meters: box.loads.map((load) => meterOf(areaId, load)) })) }
  })
}

function meterOf(areaId: string, load: Load): ImportedBox['meters'][number] {
  const number = /(\d+)$/.exec(load.name)?.[1] ?? load.name
  return { meterId: `${areaId}-M${number}`, phase: 'ABC', category: categoryOf(load.profile), contractKva: load.contractKva, profile: load.profile }
}

function categoryOf(profile: string): string {
  return profile.startsWith('H') ? 'RES' : profile.startsWith('L') ? 'AGR' : 'COM'
}
