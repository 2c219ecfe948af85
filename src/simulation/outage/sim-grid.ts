/*
  The true grid of a simulation as ranges: meters are numbered so that every feeder, branch, area, line and box holds one unbroken
  range of user meters, areas so that every feeder and branch holds one unbroken range of areas. "Which meters hang below", "is one
  above the other" and "do both hold the same" become comparisons of two numbers, for millions of meters in flat arrays.
*/
export interface SimGrid {
  readonly feeders: Ranges
  /** Areas of each branch; areas of a feeder outside any branch come after its branches. */
  readonly branches: Ranges
  /** Feeder of each branch. */
  readonly branchFeeder: Int32Array
  readonly areas: number
  readonly areaFeeder: Int32Array
  /** Branch of each area, −1 when it hangs on the trunk. */
  readonly areaBranch: Int32Array
  readonly areaHasTerminal: Uint8Array
  /** First meter of each area, one more entry than areas. */
  readonly areaMeters: Int32Array
  /** First line of each area, one more entry than areas. */
  readonly areaLines: Int32Array
  /** First box of each area, one more entry than areas. */
  readonly areaBoxes: Int32Array
  readonly lineMeters: Ranges
  readonly lineArea: Int32Array
  readonly boxMeters: Ranges
  readonly boxArea: Int32Array
  /** Line of each box, −1 when it hangs on the area. */
  readonly boxLine: Int32Array
  readonly meters: number
  readonly meterArea: Int32Array
  /** True box of each meter, −1 when it hangs on the area. */
  readonly meterBox: Int32Array
  /** True phase: 0 A, 1 B, 2 C, 3 three-phase. */
  readonly meterPhase: Uint8Array
  readonly meterOnline: Uint8Array
  readonly ids: SimIds
}

/** Begin (inclusive) and end (exclusive) of what each node holds. */
export interface Ranges {
  readonly from: Int32Array
  readonly to: Int32Array
}

export interface SimIds {
  feeder(index: number): string
  branch(index: number): string
  area(index: number): string
  terminal(area: number): string
  line(index: number): string
  box(index: number): string
  meter(index: number): string
}

export const simLevels = ['FEEDER', 'BRANCH', 'AREA', 'LINE', 'BOX', 'USER'] as const
export type SimLevel = (typeof simLevels)[number]

/** A node of the true grid. */
export interface SimNode {
  readonly level: SimLevel
  readonly index: number
}

export interface MeterRange {
  readonly from: number
  readonly to: number
}

/** Areas below or around a node: [from, to). */
export function areasOf(grid: SimGrid, node: SimNode): MeterRange {
  switch (node.level) {
    case 'FEEDER':
      return rangeOf(grid.feeders, node.index)
    case 'BRANCH':
      return rangeOf(grid.branches, node.index)
    default: {
      const area = areaOf(grid, node)
      return { from: area, to: area + 1 }
    }
  }
}

/** User meters below a node: [from, to). */
export function metersOf(grid: SimGrid, node: SimNode): MeterRange {
  switch (node.level) {
    case 'LINE':
      return rangeOf(grid.lineMeters, node.index)
    case 'BOX':
      return rangeOf(grid.boxMeters, node.index)
    case 'USER':
      return { from: node.index, to: node.index + 1 }
    default: {
      const areas = areasOf(grid, node)
      return { from: at(grid.areaMeters, areas.from), to: at(grid.areaMeters, areas.to) }
    }
  }
}

/** Area of a node at or below the area level. */
export function areaOf(grid: SimGrid, node: SimNode): number {
  switch (node.level) {
    case 'AREA':
      return node.index
    case 'LINE':
      return at(grid.lineArea, node.index)
    case 'BOX':
      return at(grid.boxArea, node.index)
    case 'USER':
      return at(grid.meterArea, node.index)
    default:
      throw new RangeError(`a ${node.level} has no single area`)
  }
}

export function feederOf(grid: SimGrid, node: SimNode): number {
  if (node.level === 'FEEDER') return node.index
  if (node.level === 'BRANCH') return at(grid.branchFeeder, node.index)
  return at(grid.areaFeeder, areaOf(grid, node))
}

export function idOf(grid: SimGrid, node: SimNode): string {
  switch (node.level) {
    case 'FEEDER':
      return grid.ids.feeder(node.index)
    case 'BRANCH':
      return grid.ids.branch(node.index)
    case 'AREA':
      return grid.ids.area(node.index)
    case 'LINE':
      return grid.ids.line(node.index)
    case 'BOX':
      return grid.ids.box(node.index)
    case 'USER':
      return grid.ids.meter(node.index)
  }
}

/** All other nodes that hold exactly the same user meters: they cannot be told apart by what happens. */
export function sameNodes(grid: SimGrid, node: SimNode): readonly SimNode[] {
  const range = metersOf(grid, node)
  if (range.from === range.to) return []
  const meter = range.from
  const area = at(grid.meterArea, meter)
  const box = at(grid.meterBox, meter)
  const line = box < 0 ? -1 : at(grid.boxLine, box)
  const branch = at(grid.areaBranch, area)
  const path: readonly SimNode[] = [
    { level: 'FEEDER', index: at(grid.areaFeeder, area) },
    ...(branch < 0 ? [] : [{ level: 'BRANCH', index: branch } as const]),
    { level: 'AREA', index: area },
    ...(line < 0 ? [] : [{ level: 'LINE', index: line } as const]),
    ...(box < 0 ? [] : [{ level: 'BOX', index: box } as const]),
    { level: 'USER', index: meter },
  ]
  return path.filter((other) => {
    if (other.level === node.level) return false
    const meters = metersOf(grid, other)
    return meters.from === range.from && meters.to === range.to
  })
}

export function rangeOf(ranges: Ranges, index: number): MeterRange {
  return { from: at(ranges.from, index), to: at(ranges.to, index) }
}

export function at(array: Int32Array | Uint8Array, index: number): number {
  const value = array[index]
  if (value === undefined) throw new RangeError(`no entry ${index} of ${array.length}`)
  return value
}
