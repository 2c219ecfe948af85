import { meterPhases } from '../records/levels.ts'
import type { PhaseCounts, TopologyRecord } from '../records/topology.ts'
import { type GridArchive, gatewayFlag, onlineFlag } from './archive/archive.ts'
import { localMinuteOf } from './archive/validity.ts'

export interface TopologyOptions {
  readonly version: number
  readonly effectiveAtMs: number
}

/** How many meters of a node can be called at most. */
const maxCallable = 4
/** At most this many meters of a node are looked through for callable ones of each phase. */
const maxCandidates = 64

/**
 * One skeleton for each feeder of the archive, in the order of feeder.csv: nodes with parents before children, expected meters by phase
 * (role USER, module on line, valid at the effective instant), callable devices, planned orders and cut-offs of the feeder.
 */
export function* buildTopologyRecords(archive: GridArchive, options: TopologyOptions): Generator<TopologyRecord> {
  const { nodes, meters } = archive
  const feederOf = feedersOfNodes(archive)
  const nodesOf = groupBy(feederOf)
  const nowMinute = localMinuteOf(options.effectiveAtMs, archive.zone)
  const counted = (meter: number): boolean =>
    ((meters.flags[meter] ?? 0) & gatewayFlag) === 0 && (meters.from[meter] ?? 0) <= nowMinute && nowMinute < (meters.to[meter] ?? 0)
  const metersOf = groupBy(meters.node)
  const orders = ordersByFeeder(archive, feederOf)
  const local = new Int32Array(nodes.level.length).fill(-1)
  for (let feeder = 0; feeder < nodes.level.length && nodes.level[feeder] === 0; feeder++) {
    const members = nodesOf.of(feeder)
    for (const [index, node] of members.entries()) local[node] = index
    const expected: PhaseCounts[] = []
    const users: number[] = []
    const callable: string[][] = []
    for (const node of members) {
      const counts: [number, number, number, number] = [0, 0, 0, 0]
      const candidates: [number[], number[], number[], number[]] = [[], [], [], []]
      let all = 0
      for (const meter of metersOf.of(node)) {
        if (!counted(meter)) continue
        all++
        if (((meters.flags[meter] ?? 0) & onlineFlag) === 0) continue
        const phase = (meters.phase[meter] ?? 0) as 0 | 1 | 2 | 3
        counts[phase]++
        if (candidates[phase].length < maxCandidates) candidates[phase].push(meter)
      }
      expected.push(counts)
      users.push(all)
      callable.push(spread(candidates).map((meter) => meters.ids.get(meter)))
    }
    const terminals = Array.from(members, (node) => archive.terminalOfNode[node] ?? -1)
    yield {
      feederId: nodes.ids.get(feeder),
      version: options.version,
      effectiveAtMs: options.effectiveAtMs,
      nodes: {
        id: Array.from(members, (node) => nodes.ids.get(node)),
        parent: Array.from(members, (node) => ((nodes.parent[node] ?? -1) < 0 ? -1 : (local[nodes.parent[node] ?? 0] ?? -1))),
        level: Array.from(members, (node) => nodes.level[node] ?? 0),
        expected,
        users,
        terminal: terminals.map((terminal) => (terminal < 0 ? null : archive.terminals.ids.get(terminal))),
        callable,
      },
      planned: orders.planned.get(feeder) ?? [],
      controlled: orders.controlled.get(feeder) ?? [],
    }
  }
}

/** Up to four devices taken in turns from the phases. */
function spread(candidates: readonly (readonly number[])[]): readonly number[] {
  const taken: number[] = []
  for (let round = 0; taken.length < maxCallable; round++) {
    const before = taken.length
    for (const phase of meterPhases.keys()) {
      const meter = candidates[phase]?.[round]
      if (meter !== undefined && taken.length < maxCallable) taken.push(meter)
    }
    if (taken.length === before) break
  }
  return taken
}

/** Feeder node above each node; −1 for one that hangs on nothing. */
function feedersOfNodes(archive: GridArchive): Int32Array {
  const { level, parent } = archive.nodes
  const feeders = new Int32Array(level.length)
  for (let node = 0; node < level.length; node++) feeders[node] = level[node] === 0 ? node : (feeders[parent[node] ?? -1] ?? -1)
  return feeders
}

interface Groups {
  of(key: number): Int32Array
}

/** Positions grouped by their key, in order, by counting: two arrays however many groups there are. */
function groupBy(keys: Int32Array): Groups {
  let largest = -1
  for (const key of keys) if (key > largest) largest = key
  const starts = new Int32Array(largest + 2)
  for (const key of keys) if (key >= 0) starts[key + 1] = (starts[key + 1] ?? 0) + 1
  for (let key = 0; key <= largest; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0)
  const next = starts.slice()
  const members = new Int32Array(starts[largest + 1] ?? 0)
  for (const [position, key] of keys.entries()) {
    if (key < 0) continue
    const at = next[key] ?? 0
    members[at] = position
    next[key] = at + 1
  }
  return { of: (key) => (key > largest ? members.subarray(0, 0) : members.subarray(starts[key], starts[key + 1])) }
}

function ordersByFeeder(archive: GridArchive, feederOf: Int32Array): { readonly planned: Map<number, TopologyRecord['planned'][number][]>; readonly controlled: Map<number, TopologyRecord['controlled'][number][]> } {
  const planned = new Map<number, TopologyRecord['planned'][number][]>()
  const controlled = new Map<number, TopologyRecord['controlled'][number][]>()
  const push = <T>(map: Map<number, T[]>, feeder: number, value: T): void => {
    const list = map.get(feeder)
    if (list === undefined) map.set(feeder, [value])
    else list.push(value)
  }
  const feederOfMeter = (meterId: string): number => feederOf[archive.meters.node[archive.meters.ids.find(meterId)] ?? -1] ?? -1
  for (const order of archive.planned) {
    const node = archive.nodes.ids.find(order.nodeId)
    push(planned, node >= 0 ? (feederOf[node] ?? -1) : feederOfMeter(order.nodeId), order)
  }
  for (const cutOff of archive.controlled) push(controlled, feederOfMeter(cutOff.meterId), cutOff)
  return { planned, controlled }
}
