import { areaLevel, boxLevel, branchLevel, feederLevel, gatewayFlag, type GridArchive, lineLevel, onlineFlag } from '../../grid/archive/archive.ts'
import type { SimGrid } from './sim-grid.ts'

export interface ArchiveGrid {
  readonly grid: SimGrid
  /** Number in the simulation of each meter of the archive, −1 for gateway meters. */
  readonly simMeterOf: Int32Array
}

/** An existing archive as the true grid: its nodes renumbered so that every node holds one range. */
export function createArchiveGrid(archive: GridArchive): ArchiveGrid {
  const { nodes, meters } = archive
  const ancestors = ancestorsByLevel(archive)
  const at = (level: number, node: number): number => ancestors[level]?.[node] ?? -1
  const rank = (value: number): number => (value < 0 ? Number.MAX_SAFE_INTEGER : value) // what hangs higher up comes last
  const ofLevel = (level: number): number[] => [...nodes.level.keys()].filter((node) => nodes.level[node] === level)

  const feeders = ofLevel(feederLevel)
  const areaOrder = ofLevel(areaLevel).sort((a, b) => at(feederLevel, a) - at(feederLevel, b) || rank(at(branchLevel, a)) - rank(at(branchLevel, b)) || a - b)
  const areaNumber = numbers(areaOrder, nodes.level.length)
  const areaOf = (node: number): number => areaNumber[at(areaLevel, node)] ?? -1
  const branches = ofLevel(branchLevel).sort((a, b) => at(feederLevel, a) - at(feederLevel, b) || a - b)
  const lineOrder = ofLevel(lineLevel).sort((a, b) => areaOf(a) - areaOf(b) || a - b)
  const lineNumber = numbers(lineOrder, nodes.level.length)
  const boxOrder = ofLevel(boxLevel).sort((a, b) => areaOf(a) - areaOf(b) || rank(at(lineLevel, a)) - rank(at(lineLevel, b)) || a - b)
  const boxNumber = numbers(boxOrder, nodes.level.length)
  const boxOfMeter = (meter: number): number => boxNumber[at(boxLevel, meters.node[meter] ?? -1)] ?? -1
  const userMeters = [...meters.flags.keys()].filter((meter) => ((meters.flags[meter] ?? 0) & gatewayFlag) === 0)
  const meterArea = (meter: number): number => areaOf(meters.node[meter] ?? -1)
  userMeters.sort((a, b) => meterArea(a) - meterArea(b) || rank(boxOfMeter(a)) - rank(boxOfMeter(b)) || a - b)

  const feederNumber = numbers(feeders, nodes.level.length)
  const branchNumber = numbers(branches, nodes.level.length)
  const areaFeeder = Int32Array.from(areaOrder, (node) => feederNumber[at(feederLevel, node)] ?? -1)
  const areaBranch = Int32Array.from(areaOrder, (node) => branchNumber[at(branchLevel, node)] ?? -1)
  const lineArea = Int32Array.from(lineOrder, areaOf)
  const boxArea = Int32Array.from(boxOrder, areaOf)
  const boxLine = Int32Array.from(boxOrder, (node) => lineNumber[at(lineLevel, node)] ?? -1)
  const meterAreas = Int32Array.from(userMeters, meterArea)
  const meterBox = Int32Array.from(userMeters, boxOfMeter)
  const meterLine = Int32Array.from(meterBox, (box) => (box < 0 ? -1 : (boxLine[box] ?? -1)))
  const name = (order: readonly number[]) => (index: number): string => nodes.ids.get(order[index] ?? -1)
  const terminalOf = (area: number): number => archive.terminalOfNode[areaOrder[area] ?? -1] ?? -1
  return {
    simMeterOf: numbers(userMeters, meters.flags.length),
    grid: {
      feeders: ranges(areaFeeder, feeders.length),
      branches: ranges(areaBranch, branches.length),
      branchFeeder: Int32Array.from(branches, (node) => feederNumber[at(feederLevel, node)] ?? -1),
      areas: areaOrder.length,
      areaFeeder,
      areaBranch,
      areaHasTerminal: Uint8Array.from(areaOrder, (_, area) => (terminalOf(area) < 0 ? 0 : 1)),
      areaMeters: starts(meterAreas, areaOrder.length),
      areaLines: starts(lineArea, areaOrder.length),
      areaBoxes: starts(boxArea, areaOrder.length),
      lineMeters: ranges(meterLine, lineOrder.length),
      lineArea,
      boxMeters: ranges(meterBox, boxOrder.length),
      boxArea,
      boxLine,
      meters: userMeters.length,
      meterArea: meterAreas,
      meterBox,
      meterPhase: Uint8Array.from(userMeters, (meter) => meters.phase[meter] ?? 0),
      meterOnline: Uint8Array.from(userMeters, (meter) => ((meters.flags[meter] ?? 0) & onlineFlag) === 0 ? 0 : 1),
      ids: {
        feeder: name(feeders),
        branch: name(branches),
        area: name(areaOrder),
        terminal: (area) => archive.terminals.ids.get(terminalOf(area)),
        line: name(lineOrder),
        box: name(boxOrder),
        meter: (index) => meters.ids.get(userMeters[index] ?? -1),
      },
    },
  }
}

/** For each level and node: the node of that level at or above it, −1 where there is none. */
function ancestorsByLevel(archive: GridArchive): readonly Int32Array[] {
  const { level, parent } = archive.nodes
  const byLevel = Array.from({ length: boxLevel + 1 }, () => new Int32Array(level.length).fill(-1))
  for (let node = 0; node < level.length; node++) {
    for (const list of byLevel) list[node] = list[parent[node] ?? -1] ?? -1
    const own = byLevel[level[node] ?? 0]
    if (own !== undefined) own[node] = node
  }
  return byLevel
}

/** Position of each member in the order, −1 for others. */
function numbers(order: readonly number[], size: number): Int32Array {
  const positions = new Int32Array(size).fill(-1)
  for (const [position, member] of order.entries()) positions[member] = position
  return positions
}

/** Ranges of positions with an equal key; keys occur in unbroken runs. A key without members gets an empty range. */
function ranges(keys: Int32Array, count: number): { readonly from: Int32Array; readonly to: Int32Array } {
  const from = new Int32Array(count)
  const to = new Int32Array(count)
  for (const [position, key] of keys.entries()) {
    if (key < 0) continue
    if (to[key] === 0) from[key] = position
    to[key] = position + 1
  }
  return { from, to }
}

/** First position of each key of ascending keys, and the end of all. */
function starts(keys: Int32Array, count: number): Int32Array {
  const first = new Int32Array(count + 1)
  for (const key of keys) first[key + 1] = (first[key + 1] ?? 0) + 1
  for (let key = 0; key < count; key++) first[key + 1] = (first[key + 1] ?? 0) + (first[key] ?? 0)
  return first
}
