import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { problemsError, StationError } from '../../core/errors.ts'
import type { MeterPhase } from '../../records/levels.ts'
import { ProblemList } from '../archive/problem-list.ts'
import type { ImportedArea, ImportedGrid, ImportedLine } from './area-model.ts'
import { type ConnectedLoad, groupByServiceTee } from './boxes.ts'
import { type DssStatement, positiveProperty, readDssFile, requiredProperty } from './dss-file.ts'
import { spreadOverFeeders } from './made-feeders.ts'
import { createNetworkTree, type Segment } from './tree.ts'

/*
  ENWL low-voltage networks (Low Voltage Network Solutions project): `network_N/feeder_M/{Transformers,Lines,Loads,LineCode}.txt`,
  each also as `.txt.gz`. A network becomes an area, a feeder of it an LV line, a service tee a box, a load a meter.
  The 10 kV side is not in the data: areas are given to made-up feeders in order.
*/
export interface EnwlOptions {
  /** 10 kV feeders to give the networks to. Default: one for every five networks. */
  readonly feeders?: number
  /** Branches of each of these feeders. Default 2. */
  readonly branches?: number
  readonly signal?: AbortSignal
}

interface Load extends ConnectedLoad {
  readonly phase: MeterPhase
  readonly profile: string
}

interface Transformer {
  readonly root: string
  readonly ratedKva: number
  readonly connection: 'Yyn0' | 'Dyn11'
}

/** Reads the folder that holds `network_…` folders, or `networks` with them. Throws INPUT_INVALID with every problem, FILE_MISSING. */
export async function importEnwl(directory: string, options: EnwlOptions = {}): Promise<ImportedGrid> {
  const problems = new ProblemList()
  const base = await networksFolder(directory)
  const networks: Omit<ImportedArea, 'feederId' | 'branchId'>[] = []
  for (const [network, number] of await numberedFolders(base, 'network')) {
    const areaId = `N${String(number).padStart(2, '0')}`
    const lines: ImportedLine[] = []
    let transformer: Transformer | null = null
    const feeders = await numberedFolders(network, 'feeder')
    if (feeders.length === 0) problems.add(`network_${number} holds no feeder_… folder`, { file: network })
    for (const [feeder, feederNumber] of feeders) {
      options.signal?.throwIfAborted()
      const own = await readTransformer(feeder, problems, options)
      if (transformer !== null && own !== null && JSON.stringify(own) !== JSON.stringify(transformer)) problems.add(`the transformer differs from that of the network's first feeder`, { file: path.join(feeder, 'Transformers.txt'), line: 1 })
      transformer ??= own
      lines.push(await readFeeder(feeder, `${areaId}-L${feederNumber}`, own?.root ?? '1', problems, options))
    }
    networks.push({ areaId, ratedKva: transformer?.ratedKva ?? 0, connection: transformer?.connection ?? 'Dyn11', lines })
  }
  if (networks.length === 0) problems.add('there is no network_… folder', { file: base })
  if (problems.count > 0) throw problemsError('INPUT_INVALID', `the ENWL data in ${directory} is not usable`, problems.all())
  const made = spreadOverFeeders(networks.length, { feeders: options.feeders ?? Math.ceil(networks.length / 5), branches: options.branches ?? 2 })
  return { feeders: made.feeders, branches: made.branches, areas: networks.map((network, index) => ({ ...network, feederId: made.placeOf(index).feederId, branchId: made.placeOf(index).branchId })) }
}

async function networksFolder(directory: string): Promise<string> {
  for (const candidate of [path.join(directory, 'networks'), directory]) {
    if ((await stat(candidate).catch(() => null))?.isDirectory() === true) return candidate
  }
  throw new StationError('FILE_MISSING', `there is no folder ${directory}`, { where: { file: directory } })
}

async function numberedFolders(base: string, prefix: string): Promise<readonly (readonly [folder: string, number: number])[]> {
  const names = await readdir(base)
  return names
    .flatMap((name) => {
      const match = new RegExp(`^${prefix}_(\\d+)$`, 'i').exec(name)
      return match === null ? [] : [[path.join(base, name), Number(match[1])] as const]
    })
    .sort((left, right) => left[1] - right[1])
}

/** Statements of one file of a feeder, plain or packed; a problem when neither is there. */
async function statementsOf(feeder: string, name: string, wanted: string, problems: ProblemList, options: EnwlOptions): Promise<readonly DssStatement[]> {
  const plain = path.join(feeder, `${name}.txt`)
  for (const file of [plain, `${plain}.gz`]) {
    if ((await stat(file).catch(() => null)) === null) continue
    const statements = await readDssFile(file, wanted, problems, options.signal === undefined ? {} : { signal: options.signal })
    if (statements.length === 0) problems.add('the file holds no statement', { file, line: 1 })
    // the networks repeat linecodes; OpenDSS lets the last one hold, and only their names matter here
    if (wanted === 'linecode') return statements
    const seen = new Map<string, DssStatement>()
    for (const statement of statements) {
      const key = statement.name.toLowerCase()
      const before = seen.get(key)
      if (before !== undefined) problems.add(`${wanted} ${statement.name} occurs twice, first in line ${before.where.line ?? 0}`, statement.where)
      seen.set(key, statement)
    }
    return statements
  }
  problems.add(`there is no file ${name}.txt (nor ${name}.txt.gz)`, { file: plain })
  return []
}

async function readTransformer(feeder: string, problems: ProblemList, options: EnwlOptions): Promise<Transformer | null> {
  const [statement, second] = await statementsOf(feeder, 'Transformers', 'transformer', problems, options)
  if (statement === undefined) return null
  if (second !== undefined) problems.add('a network has one transformer', second.where)
  const words = (name: string): readonly string[] => requiredProperty(statement, name, problems).split(/[\s,]+/).filter((word) => word !== '')
  const buses = words('Buses')
  const kvas = words('kVAs').map(Number)
  const connections = words('Conns').map((word) => word.toLowerCase())
  const ratedKva = kvas[1] ?? kvas[0] ?? Number.NaN
  if (buses.length !== 2) problems.add(`transformer ${statement.name} has ${buses.length} buses, not 2`, statement.where)
  if (!(ratedKva > 0)) problems.add(`kVAs of transformer ${statement.name} are not capacities above 0`, statement.where)
  return { root: buses[1] ?? '1', ratedKva, connection: connections[0] === 'delta' ? 'Dyn11' : 'Yyn0' }
}

async function readFeeder(feeder: string, lineId: string, root: string, problems: ProblemList, options: EnwlOptions): Promise<ImportedLine> {
  const codes = new Set((await statementsOf(feeder, 'LineCode', 'linecode', problems, options)).map((code) => code.name.toLowerCase()))
  const segments: Segment[] = []
  for (const line of await statementsOf(feeder, 'Lines', 'line', problems, options)) {
    const from = busOf(requiredProperty(line, 'Bus1', problems))
    const to = busOf(requiredProperty(line, 'Bus2', problems))
    const code = requiredProperty(line, 'Linecode', problems)
    if (code !== '' && !codes.has(code.toLowerCase())) problems.add(`linecode ${code} of line ${line.name} is not in LineCode.txt`, line.where)
    positiveProperty(line, 'Length', problems)
    requiredProperty(line, 'Units', problems)
    if (from !== '' && to !== '') segments.push({ name: line.name, from, to, where: line.where })
  }
  const tree = createNetworkTree(root, segments, problems)
  const loads: Load[] = []
  for (const load of await statementsOf(feeder, 'Loads', 'load', problems, options)) {
    const bus = requiredProperty(load, 'Bus1', problems)
    const phases = Number(requiredProperty(load, 'Phases', problems))
    const node = busOf(bus)
    const phase = phaseOf(bus, phases)
    if (phase === null) problems.add(`load ${load.name} at ${bus} with Phases=${phases} is on no single phase and not on all`, load.where)
    if (node !== '' && !tree.has(node)) problems.add(`load ${load.name} hangs on bus ${node}, which no line joins with the transformer`, load.where)
    const profile = /^shape_(\d+)$/i.exec(load.properties.get('daily') ?? '')?.[1]
    if (phase !== null && tree.has(node)) loads.push({ name: load.name, node, phase, profile: profile ?? '' })
  }
  const boxes = groupByServiceTee(tree, loads)
  return {
    lineId,
    boxes: boxes.map((box, index) => ({
      boxId: `${lineId}-B${index + 1}`,
      meters: box.loads.map((load) => ({
        meterId: `${lineId}-M${load.name.replace(/^LOAD/i, '')}`,
        phase: load.phase,
        // the sources say no more than the wiring: single-phase customers are homes, three-phase ones are businesses
        category: load.phase === 'ABC' ? 'COM' : 'RES',
        contractKva: load.phase === 'ABC' ? 24 : 8,
        profile: load.profile,
      })),
    })),
  }
}

function busOf(bus: string): string {
  return bus.split('.')[0] ?? ''
}

/** `34.1` → A, `34` or `34.1.2.3` → ABC; null when phases and bus do not fit. */
function phaseOf(bus: string, phases: number): MeterPhase | null {
  const wires = bus.split('.').slice(1)
  if (phases === 3 && (wires.length === 0 || wires.slice(0, 3).join('') === '123')) return 'ABC'
  const single = (['A', 'B', 'C'] as const)[['1', '2', '3'].indexOf(wires[0] ?? '')]
  return phases === 1 && wires.length === 1 && single !== undefined ? single : null
}
