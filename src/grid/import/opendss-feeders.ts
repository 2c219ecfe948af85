import type { MadeFeeders } from './made-feeders.ts'
import type { DssNetwork } from './dss-network.ts'
import { laterals, type NetworkTree, subtreeOf } from './tree.ts'

/**
 * Feeders and branches of a circuit. Every way out of a substation's busbar (behind a transformer down from 35 kV or more; the source
 * where the circuit begins at medium voltage) that leads to areas is a feeder; what hangs on the busbar itself is one more. The trunk of
 * a feeder follows the way with more areas; what leaves it sideways with two areas or more is a branch, a single area hangs on the trunk.
 */
export function hangOnDssFeeders(circuit: string, network: DssNetwork, buses: readonly string[]): MadeFeeders {
  const { tree } = network
  const members = new Map<string, number[]>()
  for (const [area, bus] of buses.entries()) {
    const head = headOf(bus)
    const list = members.get(head)
    if (list === undefined) members.set(head, [area])
    else list.push(area)
  }
  const feeders: { readonly feederId: string; readonly substationId: string }[] = []
  const branches: { readonly branchId: string; readonly feederId: string }[] = []
  const places: { readonly feederId: string; readonly branchId: string | null }[] = []
  for (const [index, [head, areas]] of [...members].entries()) {
    const feederId = `${circuit}-F${index + 1}`
    const busbar = network.busbarOf(head)
    feeders.push({ feederId, substationId: network.transformerOf(busbar)?.name ?? network.nameOf(busbar) })
    for (const area of areas) places[area] = { feederId, branchId: null }
    if (head === busbar) continue
    const at = new Map<string, number[]>()
    for (const area of areas) at.set(buses[area] ?? '', [...(at.get(buses[area] ?? '') ?? []), area])
    for (const side of laterals(mediumVoltagePart(network, head), (bus) => at.get(bus)?.length ?? 0)) {
      const beside = side.flatMap((bus) => at.get(bus) ?? [])
      if (beside.length < 2) continue
      const branchId = `${feederId}-R${branches.filter((branch) => branch.feederId === feederId).length + 1}`
      branches.push({ branchId, feederId })
      for (const area of beside) places[area] = { feederId, branchId }
    }
  }
  return { feeders, branches, placeOf: (area) => places[area] ?? { feederId: `${circuit}-F1`, branchId: null } }

  /** First bus behind the busbar on the way to a bus; the busbar for itself. */
  function headOf(bus: string): string {
    const busbar = network.busbarOf(bus)
    let at = bus
    for (let above = tree.parentOf.get(at); at !== busbar && above !== undefined && above !== busbar; above = tree.parentOf.get(at)) at = above
    return at
  }
}

function mediumVoltagePart(network: DssNetwork, head: string): NetworkTree {
  const { tree } = network
  const nodes = subtreeOf(tree, head).filter((bus) => network.areaOf(bus) === null)
  const childrenOf = new Map(nodes.map((bus) => [bus, (tree.childrenOf.get(bus) ?? []).filter((child) => network.areaOf(child) === null)]))
  return { root: head, parentOf: tree.parentOf, childrenOf, has: (bus) => childrenOf.has(bus) }
}
