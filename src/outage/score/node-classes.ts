import { areaLevel, gatewayFlag, type GridArchive } from '../../grid/archive/archive.ts'
import { localMinuteOf } from '../../grid/archive/validity.ts'

/** Tells nodes apart by what hangs on them. Scoring calls two nodes the same when they hold the same set of user meters (docs/domain.md, scoring). */
export interface NodeClasses {
  /** Equal for two ids exactly when they hold the same user meters in the archive tree; an id the archive does not know equals itself only. */
  classOf(nodeId: string): string
  /** Ids from the node itself up to its feeder; only the id when it is unknown. */
  pathOf(nodeId: string): readonly string[]
  /** Area of the node; null above areas and for unknown ids. */
  areaOf(nodeId: string): string | null
}

/** In a tree two nodes hold the same non-empty set exactly when one is above the other and both hold as many: the deepest such node stands for all. */
export function createNodeClasses(archive: GridArchive, atMs: number): NodeClasses {
  const { nodes, meters } = archive
  const size = nodes.level.length
  const minute = localMinuteOf(atMs, archive.zone)
  const counts = new Int32Array(size)
  /** Deepest equal: a node, or −2 − meter. */
  const deepest = Int32Array.from({ length: size }, (_, node) => node)
  for (let meter = 0; meter < meters.node.length; meter++) {
    const node = meters.node[meter] ?? -1
    const isUser = ((meters.flags[meter] ?? 0) & gatewayFlag) === 0 && (meters.from[meter] ?? 0) <= minute && minute < (meters.to[meter] ?? 0)
    if (node < 0 || !isUser) continue
    counts[node] = (counts[node] ?? 0) + 1
    deepest[node] = -2 - meter // holds while it stays the only one
  }
  const own = counts.slice()
  for (let node = size - 1; node >= 0; node--) {
    const parent = nodes.parent[node] ?? -1
    if (parent >= 0) counts[parent] = (counts[parent] ?? 0) + (counts[node] ?? 0)
  }
  for (let node = 0; node < size; node++) if (own[node] !== 1 || counts[node] !== 1) deepest[node] = node
  for (let node = size - 1; node >= 0; node--) {
    const parent = nodes.parent[node] ?? -1
    if (parent >= 0 && counts[node] === counts[parent] && counts[node] !== 0) deepest[parent] = deepest[node] ?? node
  }
  return {
    classOf(nodeId) {
      const node = nodes.ids.find(nodeId)
      const stands = node < 0 ? node : (deepest[node] ?? node)
      if (stands <= -2) return meters.ids.get(-2 - stands)
      return stands < 0 ? nodeId : nodes.ids.get(stands)
    },
    pathOf(nodeId) {
      const path = [nodeId]
      let at = nodes.ids.find(nodeId)
      if (at < 0) at = nodeOfMeter(archive, nodeId)
      else at = nodes.parent[at] ?? -1
      for (; at >= 0; at = nodes.parent[at] ?? -1) path.push(nodes.ids.get(at))
      return path
    },
    areaOf(nodeId) {
      let at = nodes.ids.find(nodeId)
      if (at < 0) at = nodeOfMeter(archive, nodeId)
      for (; at >= 0; at = nodes.parent[at] ?? -1) if (nodes.level[at] === areaLevel) return nodes.ids.get(at)
      return null
    },
  }
}

function nodeOfMeter(archive: GridArchive, meterId: string): number {
  const meter = archive.meters.ids.find(meterId)
  return meter < 0 ? -1 : (archive.meters.node[meter] ?? -1)
}
