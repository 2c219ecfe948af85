import type { Where } from '../../core/errors.ts'
import type { ProblemList } from '../archive/problem-list.ts'
import { type DssCircuit, type DssElement, lastValue } from './dss-circuit.ts'
import { type DssBus, dssBus, dssNumber } from './dss-language.ts'
import { type DssTransformer, type DssWinding, highestWinding, readTransformer } from './dss-transformers.ts'
import { DisjointSets, type NetworkTree } from './tree.ts'

/** Up to here a voltage is low: customers hang on it (IEC 60038). */
export const lowVoltageKv = 1
/** From here on a voltage carries substations, not feeders: a transformer down from it stands in a substation. */
const subtransmissionKv = 35

/** A network as it hangs under its source, all switches as they stand. */
export interface DssNetwork {
  readonly tree: NetworkTree
  /** Buses as they are written. */
  nameOf(bus: string): string
  /** Busbar of the substation above a bus; the source itself where the circuit begins at medium voltage. */
  busbarOf(bus: string): string
  /** Low-voltage bus of the distribution transformer above a bus, or null at medium voltage. */
  areaOf(bus: string): string | null
  /** Phases (0 A, 1 B, 2 C) of these nodes of a bus, in their order: what of the source feeds them. Empty: nothing does. */
  phasesOf(bus: DssBus): readonly number[]
  /** Transformers down to low voltage. */
  readonly distribution: readonly DssTransformer[]
  /** Transformer that feeds a busbar; null for the source. */
  transformerOf(busbar: string): DssTransformer | null
}

interface Link {
  readonly from: string
  readonly to: string
  readonly pairs: readonly (readonly [from: number, to: number])[]
  /** Only walked from `from` to `to`. */
  readonly downOnly: boolean
  readonly transformer: DssTransformer | null
}

/** Joins lines, reactors, series capacitors and transformers. Loops become problems with their place: outages are judged on radial networks. */
export function createDssNetwork(circuit: DssCircuit, problems: ProblemList): DssNetwork {
  const names = new Map<string, string>()
  const named = (bus: DssBus): DssBus => {
    if (!names.has(bus.key)) names.set(bus.key, bus.name)
    return bus
  }
  const loops = new LoopFinder(problems)
  const links: Link[] = []
  for (const element of [...circuit.elements('line'), ...circuit.elements('reactor'), ...circuit.elements('capacitor')]) {
    const link = seriesLink(element, circuit, named, problems)
    if (link === null) continue
    loops.join(element.name, element.where, link)
    links.push(link)
  }
  const transformers = circuit.elements('transformer').flatMap((element) => readTransformer(element, circuit, problems))
  const distribution: DssTransformer[] = []
  for (const transformer of transformers) {
    const high = highestWinding(transformer)
    const isDistribution = high.kv > lowVoltageKv && transformer.windings.some(({ kv }) => kv <= lowVoltageKv)
    if (isDistribution) distribution.push(transformer)
    for (const winding of transformer.windings) {
      named(winding.bus)
      if (winding === high || winding.bus.key === high.bus.key) continue
      const link = { from: high.bus.key, to: winding.bus.key, pairs: windingPairs(transformer, high, winding), downOnly: winding.kv <= lowVoltageKv && isDistribution, transformer }
      if (!link.downOnly) loops.join(transformer.name, transformer.where, link)
      links.push(link)
    }
  }
  for (const link of links) if (link.downOnly && link.transformer !== null) loops.feed(link.transformer, link)
  return walk(circuit, links, distribution, names)
}

/** Nodes a terminal uses: the named ones, else as many as there are phases, from 1. */
function nodesOf(bus: DssBus, phases: number): readonly number[] {
  return bus.nodes.length > 0 ? bus.nodes : Array.from({ length: phases }, (_, index) => index + 1)
}

function pairUp(from: readonly number[], to: readonly number[]): Link['pairs'] {
  return from.flatMap((node, index) => (node > 0 && (to[index] ?? 0) > 0 ? [[node, to[index] ?? 0] as const] : []))
}

/** Null for an open switch and for what only hangs on one bus (reactors and capacitors to ground). */
function seriesLink(element: DssElement, circuit: DssCircuit, named: (bus: DssBus) => DssBus, problems: ProblemList): Link | null {
  const { className, name, where, properties } = element
  const [one, two] = [lastValue(properties, 'bus1'), lastValue(properties, 'bus2')]
  if (one === null || one === '' || two === null || two === '') {
    if (className === 'line') problems.add(`line ${name} has no ${one === null || one === '' ? 'bus1' : 'bus2'} (a line cut short?)`, where)
    return null
  }
  if (circuit.open.has(`${className}.${name.toLowerCase()}`)) return null
  const code = circuit.find('linecode', (className === 'line' ? lastValue(properties, 'linecode') : null) ?? '')
  const phases = dssNumber(lastValue(properties, 'phases') || (code === null ? null : lastValue(code.properties, 'nphases')) || '3')
  const [from, to] = [named(dssBus(one)), named(dssBus(two))]
  if (from.key === to.key) {
    if (className === 'line') problems.add(`line ${name} joins ${from.name} with itself`, where)
    return null // a device to ground
  }
  return { from: from.key, to: to.key, pairs: pairUp(nodesOf(from, phases), nodesOf(to, phases)), downOnly: false, transformer: null }
}

/** All legs of a single-phase transformer are on the phase of its (first) high node; others go through by position. */
function windingPairs(transformer: DssTransformer, high: DssWinding, low: DssWinding): Link['pairs'] {
  const [from, to] = [nodesOf(high.bus, transformer.phases), nodesOf(low.bus, transformer.phases)]
  if (transformer.phases > 1) return pairUp(from, to)
  const own = from.find((node) => node > 0)
  return own === undefined ? [] : to.flatMap((node) => (node > 0 ? [[own, node] as const] : []))
}

/** Loops conductor by conductor: three single-phase lines may take three ways. Two devices between the same two buses are no loop. */
class LoopFinder {
  readonly #problems: ProblemList
  readonly #joined = new DisjointSets()
  readonly #parallel = new Set<string>()
  readonly #feeds = new Map<string, { readonly transformer: DssTransformer; readonly from: string }>()

  constructor(problems: ProblemList) {
    this.#problems = problems
  }

  join(name: string, where: Where, { from, to, pairs }: Link): void {
    for (const [fromNode, toNode] of pairs) {
      const ends = [`${from}.${fromNode}`, `${to}.${toNode}`].sort()
      if (this.#parallel.has(ends.join(' '))) continue
      this.#parallel.add(ends.join(' '))
      if (this.#joined.join(ends[0] ?? '', ends[1] ?? '')) continue
      this.#problems.add(`${name} closes a loop: ${from} and ${to} are joined already`, where, 'A distribution network must be radial: open a switch (Open Line.NAME 1) or disable a line.')
      return
    }
  }

  /** One low-voltage network is fed from one medium-voltage bus. */
  feed(transformer: DssTransformer, { from, to, pairs }: Link): void {
    for (const [, node] of pairs) {
      const network = this.#joined.top(`${to}.${node}`)
      const before = this.#feeds.get(network)
      if (before === undefined) this.#feeds.set(network, { transformer, from })
      else if (before.from !== from) {
        this.#problems.add(`transformer ${transformer.name} feeds a network that ${before.transformer.name} feeds from another bus`, transformer.where, 'A low-voltage network must have one source.')
        return
      }
    }
  }
}

function walk(circuit: DssCircuit, links: readonly Link[], distribution: readonly DssTransformer[], names: ReadonlyMap<string, string>): DssNetwork {
  const source = circuit.find('vsource', 'source')
  const root = dssBus((source === null ? null : lastValue(source.properties, 'bus1')) ?? 'sourcebus')
  const neighbours = new Map<string, { readonly link: Link; readonly to: string; readonly pairs: Link['pairs'] }[]>()
  const put = (from: string, to: string, link: Link, pairs: Link['pairs']): void => {
    const list = neighbours.get(from)
    if (list === undefined) neighbours.set(from, [{ link, to, pairs }])
    else list.push({ link, to, pairs })
  }
  for (const link of links) {
    put(link.from, link.to, link, link.pairs)
    if (!link.downOnly) put(link.to, link.from, link, link.pairs.map(([from, to]) => [to, from]))
  }
  const phases = new Map<string, Map<number, number>>([[root.key, new Map(nodesOf(root, 3).map((node, index) => [node, index % 3]))]])
  const parentOf = new Map<string, string>()
  const areaOf = new Map<string, string | null>([[root.key, null]])
  const busbarOf = new Map<string, string>([[root.key, root.key]])
  const transformers = new Map<string, DssTransformer>()
  const queue = [root.key]
  for (let next = 0; next < queue.length; next++) {
    const bus = queue[next] ?? ''
    for (const { link, to, pairs } of neighbours.get(bus) ?? []) {
      const there = phases.get(to) ?? new Map<number, number>()
      const fresh = pairs.filter(([from, node]) => phases.get(bus)?.has(from) === true && !there.has(node))
      if (fresh.length === 0) continue
      for (const [from, node] of fresh) there.set(node, phases.get(bus)?.get(from) ?? 0)
      phases.set(to, there)
      queue.push(to)
      if (areaOf.has(to)) continue // reached already, now on more phases
      parentOf.set(to, bus)
      areaOf.set(to, areaOf.get(bus) ?? (link.downOnly ? to : null))
      const isSubstation = link.transformer !== null && !link.downOnly && highestWinding(link.transformer).kv >= subtransmissionKv && link.from === bus
      busbarOf.set(to, isSubstation ? to : (busbarOf.get(bus) ?? root.key))
      if (isSubstation && link.transformer !== null) transformers.set(to, link.transformer)
    }
  }
  const childrenOf = new Map<string, string[]>([...areaOf.keys()].map((bus) => [bus, []]))
  for (const [bus, parent] of parentOf) childrenOf.get(parent)?.push(bus)
  return {
    tree: { root: root.key, parentOf, childrenOf, has: (bus) => areaOf.has(bus) },
    nameOf: (bus) => names.get(bus) ?? bus,
    busbarOf: (bus) => busbarOf.get(bus) ?? root.key,
    areaOf: (bus) => areaOf.get(bus) ?? null,
    phasesOf: ({ key, nodes }) => [...new Set(nodes.flatMap((node) => phases.get(key)?.get(node) ?? []))],
    distribution,
    transformerOf: (busbar) => transformers.get(busbar) ?? null,
  }
}
