import type { Where } from '../../core/errors.ts'
import type { ProblemList } from '../archive/problem-list.ts'

/** A piece of line between two nodes of a network. */
export interface Segment {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly where: Where
}

/** A radial network seen from its root: every other node has one parent. */
export interface NetworkTree {
  readonly root: string
  readonly parentOf: ReadonlyMap<string, string>
  readonly childrenOf: ReadonlyMap<string, readonly string[]>
  has(node: string): boolean
}

/**
 * Hangs segments under a root. A segment that closes a loop (both ends are joined already) is a problem with its place, and is left out.
 * Nodes that are joined to nothing the root is joined to are not part of the tree: who needs one of them reports it.
 */
export function createNetworkTree(root: string, segments: readonly Segment[], problems: ProblemList): NetworkTree {
  const joined = new DisjointSets()
  const neighbours = new Map<string, string[]>([[root, []]])
  for (const { name, from, to, where } of segments) {
    if (!joined.join(from, to)) {
      problems.add(from === to ? `segment ${name} joins ${from} with itself` : `segment ${name} closes a loop: ${from} and ${to} are joined already`, where, 'A low-voltage network must be radial.')
      continue
    }
    for (const [end, other] of [[from, to], [to, from]] as const) {
      const list = neighbours.get(end)
      if (list === undefined) neighbours.set(end, [other])
      else list.push(other)
    }
  }
  const parentOf = new Map<string, string>()
  const childrenOf = new Map<string, readonly string[]>()
  const open = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const parent = parentOf.get(node)
    const children = (neighbours.get(node) ?? []).filter((other) => other !== parent)
    childrenOf.set(node, children)
    for (const child of children) {
      parentOf.set(child, node)
      open.push(child)
    }
  }
  return { root, parentOf, childrenOf, has: (node) => childrenOf.has(node) }
}

/** Number of wanted things at or below each node of the tree. */
export function countBelow(tree: NetworkTree, ownOf: (node: string) => number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const order = [tree.root]
  for (let at = 0; at < order.length; at++) order.push(...(tree.childrenOf.get(order[at] ?? '') ?? []))
  for (const node of order.reverse()) {
    const below = (tree.childrenOf.get(node) ?? []).reduce((sum, child) => sum + (counts.get(child) ?? 0), 0)
    counts.set(node, below + ownOf(node))
  }
  return counts
}

/** Nodes from the node itself up to the root. */
export function* pathToRoot(tree: NetworkTree, node: string): Generator<string> {
  for (let at: string | undefined = node; at !== undefined; at = tree.parentOf.get(at)) yield at
}

/** Nodes at and below a node. */
export function subtreeOf(tree: NetworkTree, top: string): readonly string[] {
  const nodes = [top]
  for (let at = 0; at < nodes.length; at++) nodes.push(...(tree.childrenOf.get(nodes[at] ?? '') ?? []))
  return nodes
}

/** Nodes of each lateral: walking down from the root along the child with most things, every other child's whole subtree. */
export function laterals(tree: NetworkTree, ownOf: (node: string) => number): readonly (readonly string[])[] {
  const counts = countBelow(tree, ownOf)
  const found: (readonly string[])[] = []
  for (let at: string | undefined = tree.root; at !== undefined; ) {
    const children: readonly string[] = tree.childrenOf.get(at) ?? []
    const [next, ...others] = [...children].sort((left, right) => (counts.get(right) ?? 0) - (counts.get(left) ?? 0) || left.localeCompare(right, 'en', { numeric: true }))
    for (const other of others) found.push(subtreeOf(tree, other))
    at = next
  }
  return found
}

/** Sets of nodes that are joined, by union with path halving. */
export class DisjointSets {
  readonly #above = new Map<string, string>()

  /** A node that stands for all of a set, until the set is joined with another. */
  top(node: string): string {
    let at = node
    for (;;) {
      const above = this.#above.get(at)
      if (above === undefined) return at
      const further = this.#above.get(above)
      if (further !== undefined) this.#above.set(at, further)
      at = above
    }
  }

  /** False when both were joined already. */
  join(left: string, right: string): boolean {
    const [leftTop, rightTop] = [this.top(left), this.top(right)]
    if (leftTop === rightTop) return false
    this.#above.set(rightTop, leftTop)
    return true
  }
}
