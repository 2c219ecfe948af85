import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { problemsError, StationError } from '../../core/errors.ts'
import type { MeterPhase } from '../../records/levels.ts'
import { ProblemList } from '../archive/problem-list.ts'
import type { ImportedArea, ImportedBox, ImportedGrid, ImportedLine, ImportedMeter } from './area-model.ts'
import { type ConnectedLoad, groupByNode, groupByServiceTee } from './boxes.ts'
import { type DssElement, lastValue, readDssCircuit } from './dss-circuit.ts'
import { dssBus, dssNumber } from './dss-language.ts'
import { createDssNetwork, type DssNetwork } from './dss-network.ts'
import { highestWinding } from './dss-transformers.ts'
import { hangOnDssFeeders } from './opendss-feeders.ts'
import { type NetworkTree, pathToRoot, subtreeOf } from './tree.ts'

/*
  A whole OpenDSS circuit. A network behind distribution transformers (more than 1 kV to 1 kV at most) becomes an area, also behind a
  bank of them; a load at medium voltage a special area of its own (on a substation's busbar it is the sum of other feeders: left out). A way out of the transformer that two loads at least share
  becomes a line, the services of single loads hang on the transformer; loads of a service tee share a box; a load is a meter, on the
  phases that feed it. Feeders and branches: `opendss-feeders.ts`. Assumptions for readers: docs/domain.md 2.5.
*/
export interface OpendssOptions {
  readonly signal?: AbortSignal
}

export interface OpendssImport {
  readonly grid: ImportedGrid
  /** What was left out, with its place. */
  readonly warnings: ProblemList
}

interface Load extends ConnectedLoad {
  readonly meter: ImportedMeter
}

/** Reads a circuit from its main file, or from a folder with one file `Master….dss`. Throws INPUT_INVALID with every problem, FILE_MISSING. */
export async function importOpendss(from: string, options: OpendssOptions = {}): Promise<OpendssImport> {
  const problems = new ProblemList()
  const warnings = new ProblemList()
  const file = await mainFile(from)
  const circuit = await readDssCircuit(file, { problems, warnings, ...options })
  const network = createDssNetwork(circuit, problems)
  const lowLoads = new Map<string, Load[]>()
  const mediumLoads = new Map<string, Load[]>()
  for (const element of circuit.elements('load')) {
    const load = loadOf(element, network, problems)
    if (load === null) continue
    const area = network.areaOf(load.node)
    if (area === null && network.transformerOf(load.node) !== null) {
      warnings.add(`load ${load.name} on the busbar ${network.nameOf(load.node)} stands for other feeders of the substation and is left out`, element.where)
      continue
    }
    const loads = area === null ? mediumLoads : lowLoads
    const place = area ?? load.node
    loads.set(place, [...(loads.get(place) ?? []), load])
  }
  const places = new Map<string, string>()
  const areas = [...networkAreas(network, lowLoads, places, warnings), ...specialAreas(network, mediumLoads, places)]
  if (problems.count === 0 && areas.length === 0) problems.add('no load hangs on a distribution transformer (above 1 kV to 1 kV at most) or at medium voltage', { file })
  if (problems.count > 0) throw problemsError('INPUT_INVALID', `the circuit ${file} is not usable`, problems.all())
  const hung = hangOnDssFeeders(circuit.name, network, areas.map(({ areaId }) => places.get(areaId) ?? network.tree.root))
  return { grid: { feeders: hung.feeders, branches: hung.branches, areas: areas.map((area, index) => ({ ...area, ...hung.placeOf(index) })) }, warnings }
}

async function mainFile(from: string): Promise<string> {
  const found = await stat(from).catch(() => null)
  if (found === null) throw new StationError('FILE_MISSING', `there is no file or folder ${from}`, { where: { file: from } })
  if (!found.isDirectory()) return from
  const masters = (await readdir(from)).filter((name) => /^master.*\.(dss|txt)$/i.test(name)).sort()
  if (masters.length === 1) return path.join(from, masters[0] ?? '')
  throw new StationError(masters.length === 0 ? 'FILE_MISSING' : 'USAGE', masters.length === 0 ? `there is no file Master….dss in ${from}` : `${from} holds ${masters.length} main files: ${masters.join(', ')}`, { where: { file: from }, hint: 'Name the main file of the circuit instead of the folder.' })
}

function loadOf({ name, where, properties }: DssElement, network: DssNetwork, problems: ProblemList): Load | null {
  const value = (property: string): string | null => lastValue(properties, property)
  const phases = dssNumber(value('phases') || '3')
  const written = dssBus(value('bus1') ?? '')
  const bus = { ...written, nodes: written.nodes.length > 0 ? written.nodes : Array.from({ length: phases || 0 }, (_, index) => index + 1) }
  if (written.key === '' || !(phases >= 1)) {
    problems.add(`load ${name} has no bus1 or no number of phases (a line cut short?)`, where)
    return null
  }
  if (!network.tree.has(bus.key)) {
    problems.add(`load ${name} hangs on bus ${bus.name}, which nothing joins with the source`, where, 'An open switch, a disabled or missing line?')
    return null
  }
  const fed = network.phasesOf(bus)
  if (fed.length === 0) {
    problems.add(`load ${name} is on ${bus.name}.${bus.nodes.join('.')}, which no phase of the source reaches`, where)
    return null
  }
  const contractKva = contractOf(properties)
  if (!(contractKva > 0)) {
    problems.add(`the power of load ${name} is not a number above 0 (kVA, xfkVA, or kW with pf)`, where)
    return null
  }
  const phase: MeterPhase = fed.length === 3 || (fed.length === 2 && phases > 1) ? 'ABC' : ((['A', 'B', 'C'] as const)[fed[0] ?? 0] ?? 'A')
  const profile = value('yearly') || value('daily') || value('duty') || ''
  return { name, node: bus.key, meter: { meterId: `M-${name}`, phase, category: phase === 'ABC' ? 'COM' : 'RES', contractKva, profile } }
}

/** kVA of the load: of its transformer's share when it is allocated by that (xfkVA, allocationfactor 0.5), else by what was said last: kVA, kW with kvar, or kW ÷ pf. Three decimals, 1 VA at least. */
function contractOf(properties: DssElement['properties']): number {
  const number = (property: string, otherwise: number): number => {
    const text = lastValue(properties, property)
    return text === null || text === '' ? otherwise : dssNumber(text)
  }
  const ofTransformer = number('xfkva', 0) * number('allocationfactor', 0.5)
  const kw = number('kw', 10)
  const said = properties.findLast(({ name }) => name === 'kva' || name === 'kvar' || name === 'pf')?.name
  const ofLoad = said === 'kva' ? number('kva', 0) : said === 'kvar' ? Math.hypot(kw, number('kvar', 0)) : Math.abs(kw / (number('pf', 0.88) || 1))
  const kva = ofTransformer > 0 ? ofTransformer : ofLoad
  return kva > 0 ? Math.max(0.001, Math.round(kva * 1_000) / 1_000) : kva
}

type BareArea = Omit<ImportedArea, 'feederId' | 'branchId'>

/** Areas behind distribution transformers; `places` gets the medium-voltage bus of each. */
function networkAreas(network: DssNetwork, loads: ReadonlyMap<string, readonly Load[]>, places: Map<string, string>, warnings: ProblemList): readonly BareArea[] {
  const banks = new Map<string, { ratedKva: number; isDelta: boolean }>()
  for (const transformer of network.distribution) {
    const { name, where, windings } = transformer
    const low = new Map<string, number>()
    const high = highestWinding(transformer)
    for (const { bus, kva } of windings) {
      const area = network.areaOf(bus.key)
      if (area !== null) low.set(area, Math.max(low.get(area) ?? 0, kva))
    }
    if ([...low.keys()].every((area) => !loads.has(area))) warnings.add(`transformer ${name} feeds no load and is left out`, where)
    for (const [area, kva] of low) banks.set(area, { ratedKva: (banks.get(area)?.ratedKva ?? 0) + kva, isDelta: high.isDelta })
  }
  return [...loads].map(([root, members]): BareArea => {
    const areaId = `A-${network.nameOf(root)}`
    places.set(areaId, network.tree.parentOf.get(root) ?? network.tree.root)
    const bank = banks.get(root)
    return { areaId, ratedKva: Math.round((bank?.ratedKva ?? 0) * 1_000) / 1_000, connection: bank?.isDelta === true ? 'Dyn11' : 'Yyn0', lines: linesOf(areaId, treeBelow(network.tree, root), members) }
  })
}

/** The part of a tree at and below a node, as a tree of its own. */
function treeBelow(tree: NetworkTree, root: string): NetworkTree {
  const nodes = subtreeOf(tree, root)
  const childrenOf = new Map(nodes.map((node) => [node, tree.childrenOf.get(node) ?? []]))
  const parentOf = new Map(nodes.slice(1).map((node) => [node, tree.parentOf.get(node) ?? root]))
  return { root, parentOf, childrenOf, has: (node) => childrenOf.has(node) }
}

function linesOf(areaId: string, tree: NetworkTree, loads: readonly Load[]): readonly ImportedLine[] {
  const wayOf = (node: string): string => [...pathToRoot(tree, node)].at(-2) ?? tree.root
  const sizes = new Map<string, number>()
  for (const { node } of loads) sizes.set(wayOf(node), (sizes.get(wayOf(node)) ?? 0) + 1)
  const ways = [...sizes.keys()].filter((way) => way !== tree.root && (sizes.get(way) ?? 0) > 1)
  const lines = new Map<string, { readonly lineId: string | null; readonly boxes: ImportedBox[] }>(ways.map((way, index) => [way, { lineId: `${areaId}-L${index + 1}`, boxes: [] }]))
  const onTransformer: { readonly lineId: null; readonly boxes: ImportedBox[] } = { lineId: null, boxes: [] }
  for (const [index, box] of groupByServiceTee(tree, loads).entries()) {
    const line = lines.get(wayOf(box.node)) ?? onTransformer
    line.boxes.push({ boxId: `${areaId}-B${index + 1}`, meters: box.loads.map(({ meter }) => meter) })
  }
  return [...lines.values(), onTransformer].filter(({ boxes }) => boxes.length > 0)
}

/** Customers at medium voltage: those of one bus are one special area, rated for what they have contracted. */
function specialAreas(network: DssNetwork, loads: ReadonlyMap<string, readonly Load[]>, places: Map<string, string>): readonly BareArea[] {
  return [...loads].map(([bus, members]): BareArea => {
    const areaId = `S-${network.nameOf(bus)}`
    places.set(areaId, bus)
    const boxes = groupByNode(members).map((box, index): ImportedBox => ({ boxId: `${areaId}-B${index + 1}`, meters: box.loads.map(({ meter }) => ({ ...meter, category: 'COM' })) }))
    const ratedKva = Math.round(members.reduce((sum, { meter }) => sum + meter.contractKva, 0) * 1_000) / 1_000
    return { areaId, ratedKva, connection: 'Dyn11', isSpecial: true, lines: [{ lineId: null, boxes }] }
  })
}
