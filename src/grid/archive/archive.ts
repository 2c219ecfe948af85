import type { Problem } from '../../core/errors.ts'
import type { DeviceKind, DevicePlace } from '../../records/event.ts'
import type { MeterPhase } from '../../records/levels.ts'
import { meterPhases } from '../../records/levels.ts'
import type { StringTable } from '../string-table.ts'

/*
  A grid archive in memory as columns. Nodes are feeders, branches, areas, lines and boxes in this order, so that a parent always
  has a smaller index than its child. Meters are a table of their own. About 60 bytes a meter and 50 a node: a province's
  60,000 areas with 6.7 M meters and 3.4 M boxes take less than 1 GB.
*/

/** Index of a node's level: 0 feeder, 1 branch, 2 area, 3 line, 4 box (as `skeletonLevels`). */
export const feederLevel = 0
export const branchLevel = 1
export const areaLevel = 2
export const lineLevel = 3
export const boxLevel = 4

export interface NodeTable {
  readonly ids: StringTable
  readonly level: Uint8Array
  /** Index of the parent node, −1 for a feeder. */
  readonly parent: Int32Array
}

/** Bits of `MeterTable.flags`. */
export const onlineFlag = 1
export const gatewayFlag = 2

export interface MeterTable {
  readonly ids: StringTable
  /** Node the meter hangs on: its box, or its area when it has none. */
  readonly node: Int32Array
  /** Index into `meterPhases`. */
  readonly phase: Uint8Array
  readonly flags: Uint8Array
  /** Validity `[from, to)` as local minutes. */
  readonly from: Int32Array
  readonly to: Int32Array
}

export interface TerminalTable {
  readonly ids: StringTable
  /** Area node of each terminal. */
  readonly area: Int32Array
}

export interface PlannedOrder {
  readonly orderId: string
  readonly nodeId: string
  readonly startAtMs: number
  readonly endAtMs: number
}

export interface CutOff {
  readonly meterId: string
  readonly startAtMs: number
  /** Far ahead when the archive names no end. */
  readonly endAtMs: number
}

export interface GridArchive {
  readonly directory: string
  readonly zone: string
  readonly nodes: NodeTable
  readonly meters: MeterTable
  readonly terminals: TerminalTable
  /** Terminal index of an area node, −1 when it has none; indexed by node. */
  readonly terminalOfNode: Int32Array
  /** Rated capacity (kVA) of an area node, NaN for other levels; indexed by node. */
  readonly ratedKva: Float64Array
  readonly users: number
  readonly planned: readonly PlannedOrder[]
  readonly controlled: readonly CutOff[]
  /** Oddities that do not forbid the use of the archive. */
  readonly warnings: readonly Problem[]
}

/** Node on the given level at or above `node`; −1 when there is none. */
export function ancestorAt(nodes: NodeTable, node: number, level: number): number {
  let at = node
  while (at >= 0 && (nodes.level[at] ?? 0) > level) at = nodes.parent[at] ?? -1
  return at >= 0 && nodes.level[at] === level ? at : -1
}

/** Place of a node with everything above it. */
function placeOfNode(archive: GridArchive, node: number): DevicePlace {
  const ids: (string | null)[] = [null, null, null, null, null]
  for (let at = node; at >= 0; at = archive.nodes.parent[at] ?? -1) ids[archive.nodes.level[at] ?? 0] = archive.nodes.ids.get(at)
  return { feederId: ids[feederLevel] ?? null, branchId: ids[branchLevel] ?? null, areaId: ids[areaLevel] ?? null, lineId: ids[lineLevel] ?? null, boxId: ids[boxLevel] ?? null, phase: null }
}

export interface PlaceLookup {
  /** Where the archive says a meter or terminal hangs; null when it knows no such device. Feeder switches have the id of their node. The kind only says where to look first. */
  placeOf(deviceId: string, kind?: DeviceKind): DevicePlace | null
}

/** Looks up devices; remembers the places of nodes that were asked for, as events come in crowds from few areas. */
export function createPlaceLookup(archive: GridArchive): PlaceLookup {
  const known = new Map<number, readonly DevicePlace[]>()
  function placesOf(node: number): readonly DevicePlace[] {
    let places = known.get(node)
    if (places === undefined) {
      const place = placeOfNode(archive, node)
      places = [place, ...meterPhases.map((phase: MeterPhase) => ({ ...place, phase }))]
      if (known.size >= 1_000_000) known.clear()
      known.set(node, places)
    }
    return places
  }
  return {
    placeOf(deviceId, kind) {
      let terminal = kind === 'TERMINAL' ? archive.terminals.ids.find(deviceId) : -1
      const meter = terminal < 0 ? archive.meters.ids.find(deviceId) : -1
      if (meter >= 0) return placesOf(archive.meters.node[meter] ?? -1)[1 + (archive.meters.phase[meter] ?? 0)] ?? null
      if (terminal < 0) terminal = archive.terminals.ids.find(deviceId)
      if (terminal >= 0) return placesOf(archive.terminals.area[terminal] ?? -1)[0] ?? null
      const node = archive.nodes.ids.find(deviceId)
      return node < 0 ? null : (placesOf(node)[0] ?? null)
    },
  }
}
