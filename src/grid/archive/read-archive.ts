import { stat } from 'node:fs/promises'
import { problemsError, StationError } from '../../core/errors.ts'
import { defaultZone } from '../../records/instants.ts'
import type { GridArchive } from './archive.ts'
import type { LoadContext } from './load-context.ts'
import { DeviceLoader } from './load-devices.ts'
import { loadHistories } from './load-histories.ts'
import { NodeLoader } from './load-nodes.ts'
import { ProblemList } from './problem-list.ts'

export interface ReadArchiveOptions {
  readonly signal?: AbortSignal
  /** Zone of local dates in the archive. Default Asia/Shanghai. */
  readonly zone?: string
}

/**
 * Reads and checks a grid archive (a folder of CSV files).
 * Throws FILE_MISSING when there is no such folder, else INPUT_INVALID with everything that is wrong in all files, with file and line.
 */
export async function readGridArchive(directory: string, options: ReadArchiveOptions = {}): Promise<GridArchive> {
  const found = await stat(directory).catch(() => null)
  if (found === null || !found.isDirectory()) throw new StationError('FILE_MISSING', `there is no grid archive ${directory}`, { where: { file: directory }, hint: 'A grid archive is a folder with feeder.csv, area.csv, meter.csv and so on.' })
  const context: LoadContext = {
    directory,
    zone: options.zone ?? defaultZone,
    problems: new ProblemList(),
    warnings: new ProblemList(),
    options: options.signal === undefined ? {} : { signal: options.signal },
  }
  const nodes = new NodeLoader(context)
  await nodes.load()
  const devices = new DeviceLoader(context, nodes)
  const terminalOfNode = await devices.load()
  const orders = await loadHistories(context, nodes, devices)
  if (context.problems.count > 0) throw problemsError('INPUT_INVALID', `the grid archive ${directory} is not usable`, context.problems.all())
  return {
    directory,
    zone: context.zone,
    nodes: { ids: nodes.ids, level: nodes.level.values(), parent: nodes.parent.values() },
    meters: { ids: devices.meterIds, node: devices.node.values(), phase: devices.phase.values(), flags: devices.flags.values(), from: devices.from.values(), to: devices.to.values() },
    terminals: { ids: devices.terminalIds, area: devices.terminalArea.values() },
    terminalOfNode,
    ratedKva: nodes.ratedKva.values(),
    users: devices.userIds.size,
    planned: orders.planned,
    controlled: orders.controlled,
    warnings: context.warnings.all(),
  }
}
