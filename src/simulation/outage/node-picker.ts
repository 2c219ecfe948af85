import type { Random } from '../random.ts'
import { at, idOf, metersOf, type MeterRange, rangeOf, type SimGrid, type SimLevel, type SimNode } from './sim-grid.ts'

export interface NodePicker {
  /** Feeders and branches uniform over feeders and branches, areas and lines over areas, boxes and users over meters; within a range of areas when one is given. */
  pick(level: SimLevel, random: Random, areas?: MeterRange): SimNode
  /** A node that holds about as many user meters: one of those within a fifth of it, else one of the nearest. */
  pickBySize(customers: number, random: Random): SimNode
}

export function createNodePicker(grid: SimGrid): NodePicker {
  let bySize: { readonly nodes: readonly SimNode[]; readonly sizes: readonly number[] } | null = null
  const everywhere: MeterRange = { from: 0, to: grid.areas }

  function pick(level: SimLevel, random: Random, areas: MeterRange = everywhere): SimNode {
    const area = areas.from + random.below(areas.to - areas.from)
    switch (level) {
      case 'FEEDER': {
        // by feeder, not by area: a large feeder is not hit more often
        const first = at(grid.areaFeeder, areas.from)
        return { level, index: first + random.below(at(grid.areaFeeder, areas.to - 1) - first + 1) }
      }
      case 'BRANCH': {
        const { from, to } = branchesWithin(grid, areas)
        return from === to ? { level: 'AREA', index: area } : { level, index: from + random.below(to - from) }
      }
      case 'AREA':
        return { level, index: area }
      case 'LINE':
        for (let tries = 0; tries < 50; tries++) {
          const other = tries === 0 ? area : areas.from + random.below(areas.to - areas.from)
          const lines = at(grid.areaLines, other + 1) - at(grid.areaLines, other)
          if (lines > 0) return { level, index: at(grid.areaLines, other) + random.below(lines) }
        }
        return { level: 'AREA', index: area }
      case 'BOX':
      case 'USER': {
        const from = at(grid.areaMeters, areas.from)
        const to = at(grid.areaMeters, areas.to)
        if (from === to) return { level: 'AREA', index: area }
        const meter = from + random.below(to - from)
        const box = at(grid.meterBox, meter)
        return level === 'USER' || box < 0 ? { level: 'USER', index: meter } : { level, index: box }
      }
    }
  }

  return {
    pick,
    pickBySize(customers, random) {
      if (customers <= 1) return pick('USER', random)
      bySize ??= sortBySize(grid)
      const { nodes, sizes } = bySize
      const low = firstAtLeast(sizes, customers / 1.2)
      const high = firstAtLeast(sizes, customers * 1.2 + 1e-9)
      if (low < high) return nodes[low + random.below(high - low)] ?? pick('AREA', random)
      const from = Math.max(0, Math.min(low, sizes.length) - 2)
      const near = Array.from({ length: Math.min(4, sizes.length - from) }, (_, offset) => from + offset)
      const apart = (index: number): number => Math.abs(Math.log((sizes[index] ?? 1) / customers))
      const best = near.reduce((least, index) => (apart(index) < apart(least) ? index : least), near[0] ?? 0)
      return nodes[best] ?? pick('AREA', random)
    },
  }
}

function branchesWithin(grid: SimGrid, areas: MeterRange): MeterRange {
  if (areas.from === 0 && areas.to === grid.areas) return { from: 0, to: grid.branchFeeder.length }
  // branches are numbered in the order of their areas
  const from = grid.branches.from.findIndex((first) => first >= areas.from)
  let to = from
  while (to >= 0 && to < grid.branchFeeder.length && rangeOf(grid.branches, to).to <= areas.to) to++
  return from < 0 ? { from: 0, to: 0 } : { from, to }
}

function sortBySize(grid: SimGrid): { readonly nodes: readonly SimNode[]; readonly sizes: readonly number[] } {
  const counts: readonly (readonly [SimLevel, number])[] = [['FEEDER', grid.feeders.from.length], ['BRANCH', grid.branchFeeder.length], ['AREA', grid.areas], ['LINE', grid.lineArea.length], ['BOX', grid.boxArea.length]]
  const sized = counts.flatMap(([level, count]) => Array.from({ length: count }, (_, index) => { const node = { level, index }; const meters = metersOf(grid, node); return { node, size: meters.to - meters.from } })).filter(({ size }) => size > 0)
  sized.sort((left, right) => left.size - right.size || (idOf(grid, left.node) < idOf(grid, right.node) ? -1 : 1))
  return { nodes: sized.map(({ node }) => node), sizes: sized.map(({ size }) => size) }
}

function firstAtLeast(sizes: readonly number[], limit: number): number {
  let low = 0
  let high = sizes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sizes[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}
