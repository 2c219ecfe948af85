import type { MeterPhase } from '../../records/levels.ts'
import type { GridRows, GridValue } from '../archive/write-archive.ts'

/** What every importer makes of a source: transformer areas with their low-voltage lines, boxes and meters. */
export interface ImportedArea {
  readonly areaId: string
  readonly feederId: string
  readonly branchId: string | null
  readonly ratedKva: number
  readonly connection: 'Yyn0' | 'Dyn11'
  /** A customer with a transformer of its own, metered at medium voltage. Default false. */
  readonly isSpecial?: boolean
  readonly lines: readonly ImportedLine[]
}

export interface ImportedLine {
  /** Null: its boxes hang on the transformer itself. */
  readonly lineId: string | null
  readonly boxes: readonly ImportedBox[]
}

export interface ImportedBox {
  readonly boxId: string
  readonly meters: readonly ImportedMeter[]
}

export interface ImportedMeter {
  readonly meterId: string
  readonly phase: MeterPhase
  readonly category: string
  readonly contractKva: number
  /** Name of the load profile the source gives it. */
  readonly profile: string
}

export interface ImportedGrid {
  readonly feeders: readonly { readonly feederId: string; readonly substationId: string }[]
  readonly branches: readonly { readonly branchId: string; readonly feederId: string }[]
  readonly areas: readonly ImportedArea[]
}

/** A validity that covers every use: the sources name none. */
const since = '2000-01-01'
const orgId = '344010101'
const ctRatios = [10, 15, 20, 30, 40, 60, 80, 100, 120, 160, 200, 240, 300, 400]

/** Rated phase current 1.443 · S (A, kVA) through a transformer n/5 A. */
function ctRatio(ratedKva: number): number {
  return ctRatios.find((ratio) => ratio * 5 >= 1.443 * ratedKva) ?? 600
}

/** Rows of the archive: a terminal, a gateway meter and, for each meter, a user. */
export function importedRows(grid: ImportedGrid): GridRows {
  const boxes = grid.areas.flatMap((area) => area.lines.flatMap((line) => line.boxes.map((box) => ({ area, line, box }))))
  const meters = boxes.flatMap(({ area, box }) => box.meters.map((meter) => ({ area, box, meter })))
  const address = (start: number, index: number): string => String(start + index)
  const gateways = grid.areas.map((area, index): GridValue[] => [`${area.areaId}-G`, address(900_000_000_001, index), `P-${area.areaId}-G`, 'GATEWAY', null, area.areaId, null, 'ABC', '3P4W', ctRatio(area.ratedKva), 1, 1, since, null])
  return {
    feeder: grid.feeders.map(({ feederId, substationId }) => [feederId, substationId, orgId]),
    branch: grid.branches.map(({ branchId, feederId }) => [branchId, feederId]),
    area: grid.areas.map((area) => [area.areaId, area.feederId, area.branchId, orgId, area.ratedKva, area.connection, area.isSpecial === true ? '02' : '01', `${area.areaId}-T`]),
    line: grid.areas.flatMap((area) => area.lines.flatMap((line) => (line.lineId === null ? [] : [[line.lineId, area.areaId]]))),
    box: boxes.map(({ area, line, box }) => [box.boxId, area.areaId, line.lineId]),
    terminal: grid.areas.map((area, index) => [`${area.areaId}-T`, address(100_000_000_001, index), area.areaId, 'dlt698']),
    user: meters.map(({ meter }) => [`U-${meter.meterId}`, meter.category, meter.contractKva, null, null]),
    meter: [
      ...gateways,
      ...meters.map(({ area, box, meter }, index): GridValue[] => [meter.meterId, address(200_000_000_001, index), `P-${meter.meterId}`, 'USER', `U-${meter.meterId}`, area.areaId, box.boxId, meter.phase, meter.phase === 'ABC' ? '3P4W' : '1P', 1, 1, 1, since, null]),
    ],
  }
}

/** Which profile of the source each meter has (`profile.csv`, beside the archive's own files). */
export function* profileRows(grid: ImportedGrid): Generator<string> {
  yield 'meter_id,profile'
  for (const area of grid.areas) for (const line of area.lines) for (const box of line.boxes) for (const meter of box.meters) yield `${meter.meterId},${meter.profile}`
}
