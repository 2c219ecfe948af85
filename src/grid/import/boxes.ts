import { countBelow, type NetworkTree, pathToRoot } from './tree.ts'

/** More meters than this do not fit into a meter box (domain: 4–12 in towns). */
export const maxBoxMeters = 12

export interface ConnectedLoad {
  readonly name: string
  readonly node: string
}

export interface LoadBox<L extends ConnectedLoad> {
  /** Node where the box is thought to be. */
  readonly node: string
  readonly loads: readonly L[]
}

/**
 * Groups loads by the place where their service leaves the main: walk up from the load as long as nothing else joins; the node where
 * something does is the service tee. Loads of one tee share a box, at most twelve; a larger star becomes several boxes, in the order
 * of the source. A load that others hang behind stands on the main itself: its node is its box. In the ENWL networks this gives one
 * box for 1.7 meters, most of one or two, as town houses have them.
 */
export function groupByServiceTee<L extends ConnectedLoad>(tree: NetworkTree, loads: readonly L[]): readonly LoadBox<L>[] {
  const own = new Map<string, number>()
  for (const { node } of loads) own.set(node, (own.get(node) ?? 0) + 1)
  const counts = countBelow(tree, (node) => own.get(node) ?? 0)
  return groupBy(loads, (load) => {
    const here = own.get(load.node) ?? 0
    if (here > 1 || (counts.get(load.node) ?? 0) > here) return load.node
    for (const node of pathToRoot(tree, load.node)) if ((counts.get(node) ?? 0) > here) return node
    return load.node
  })
}

/** Groups loads by their node: for sources whose nodes are house connections already. */
export function groupByNode<L extends ConnectedLoad>(loads: readonly L[]): readonly LoadBox<L>[] {
  return groupBy(loads, (load) => load.node)
}

function groupBy<L extends ConnectedLoad>(loads: readonly L[], placeOf: (load: L) => string): readonly LoadBox<L>[] {
  const places = new Map<string, L[]>()
  for (const load of loads) {
    const place = placeOf(load)
    const list = places.get(place)
    if (list === undefined) places.set(place, [load])
    else list.push(load)
  }
  return [...places].flatMap(([node, members]) => {
    const parts = Math.ceil(members.length / maxBoxMeters)
    return Array.from({ length: parts }, (_, part) => ({ node, loads: members.slice(part * maxBoxMeters, (part + 1) * maxBoxMeters) }))
  })
}
