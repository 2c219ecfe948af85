import type { ProblemList } from '../archive/problem-list.ts'
import type { MadeFeeders } from './made-feeders.ts'
import { busOfNode, type SimbenchRow } from './simbench-table.ts'
import { createNetworkTree, laterals, type Segment } from './tree.ts'

const mediumVoltage = '5'

/**
 * Feeders and branches from the MV lines whose subnet ends in `_FeederK` (ring and backbone lines between feeders stay out: their switches
 * are open in normal running). The trunk of a feeder follows the way with more areas; what leaves it sideways is a branch.
 */
export function hangOnFeeders(mvBuses: readonly string[], lines: readonly SimbenchRow[], problems: ProblemList): MadeFeeders {
  const bySubnet = new Map<string, Segment[]>()
  const feederOfBus = new Map<string, string>()
  for (const row of lines) {
    const subnet = row.value('subnet')
    if (row.value('voltLvl') !== mediumVoltage || !/_Feeder\d+$/.test(subnet)) continue
    const [from, to] = [busOfNode(row.value('nodeA')), busOfNode(row.value('nodeB'))]
    const list = bySubnet.get(subnet)
    const segment = { name: `'${row.value('id')}'`, from, to, where: row.where }
    if (list === undefined) bySubnet.set(subnet, [segment])
    else list.push(segment)
    for (const bus of [from, to]) if (!isBusbar(bus)) feederOfBus.set(bus, subnet)
  }
  const feederIdOf = (mvBus: string): string => feederOfBus.get(mvBus) ?? `${mvBus.split(' ')[0] ?? mvBus}_Feeder`
  const places: { feederId: string; branchId: string | null }[] = mvBuses.map((mvBus) => ({ feederId: feederIdOf(mvBus), branchId: null }))
  const branches: { branchId: string; feederId: string }[] = []
  const feederIds = [...new Set(places.map(({ feederId }) => feederId))].sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))
  for (const feederId of feederIds) {
    const segments = bySubnet.get(feederId)
    const busbar = segments?.flatMap(({ from, to }) => [from, to]).find(isBusbar)
    if (segments === undefined || busbar === undefined) continue
    const areasAt = new Map<string, number[]>()
    for (const [area, mvBus] of mvBuses.entries()) if (places[area]?.feederId === feederId) areasAt.set(mvBus, [...(areasAt.get(mvBus) ?? []), area])
    const tree = createNetworkTree(busbar, segments, problems)
    for (const [index, side] of laterals(tree, (bus) => areasAt.get(bus)?.length ?? 0).entries()) {
      const branchId = `${feederId}-R${index + 1}`
      const members = side.flatMap((bus) => areasAt.get(bus) ?? [])
      if (members.length === 0) continue
      branches.push({ branchId, feederId })
      for (const area of members) places[area] = { feederId, branchId }
    }
  }
  return {
    feeders: feederIds.map((feederId) => ({ feederId, substationId: feederId.split('_')[0] ?? feederId })),
    branches,
    placeOf: (area) => places[area] ?? { feederId: '', branchId: null },
  }
}

function isBusbar(bus: string): boolean {
  return bus.includes('busbar')
}
