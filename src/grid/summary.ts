import { areaLevel, boxLevel, branchLevel, feederLevel, gatewayFlag, type GridArchive, lineLevel, onlineFlag } from './archive/archive.ts'

export interface GridSummary {
  readonly directory: string
  readonly feeders: number
  readonly branches: number
  readonly areas: number
  readonly lines: number
  readonly boxes: number
  readonly terminals: number
  readonly users: number
  readonly userMeters: number
  readonly gatewayMeters: number
  readonly offlineMeters: number
  readonly phaseA: number
  readonly phaseB: number
  readonly phaseC: number
  readonly threePhase: number
  readonly ratedKva: number
  readonly plannedOrders: number
  readonly cutOffs: number
}

/** What an archive holds, in numbers; phases count user meters. */
export function gridSummary(archive: GridArchive): GridSummary {
  const levels = [0, 0, 0, 0, 0]
  for (const level of archive.nodes.level) levels[level] = (levels[level] ?? 0) + 1
  const phases = [0, 0, 0, 0]
  let gateways = 0
  let offline = 0
  for (const [meter, flags] of archive.meters.flags.entries()) {
    if ((flags & gatewayFlag) !== 0) {
      gateways++
      continue
    }
    if ((flags & onlineFlag) === 0) offline++
    const phase = archive.meters.phase[meter] ?? 0
    phases[phase] = (phases[phase] ?? 0) + 1
  }
  const rated = archive.ratedKva.reduce((sum, kva) => sum + (Number.isNaN(kva) ? 0 : kva), 0)
  return {
    directory: archive.directory,
    feeders: levels[feederLevel] ?? 0,
    branches: levels[branchLevel] ?? 0,
    areas: levels[areaLevel] ?? 0,
    lines: levels[lineLevel] ?? 0,
    boxes: levels[boxLevel] ?? 0,
    terminals: archive.terminals.ids.size,
    users: archive.users,
    userMeters: archive.meters.ids.size - gateways,
    gatewayMeters: gateways,
    offlineMeters: offline,
    phaseA: phases[0] ?? 0,
    phaseB: phases[1] ?? 0,
    phaseC: phases[2] ?? 0,
    threePhase: phases[3] ?? 0,
    ratedKva: Math.round(rated * 1_000) / 1_000,
    plannedOrders: archive.planned.length,
    cutOffs: archive.controlled.length,
  }
}
