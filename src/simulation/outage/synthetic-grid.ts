import { GrowingColumn } from '../../grid/growing.ts'
import type { GridRows, GridValue } from '../../grid/archive/write-archive.ts'
import type { Random, RandomStreams } from '../random.ts'
import type { ArchiveErrors } from './archive-errors.ts'
import { at, type SimGrid } from './sim-grid.ts'

/*
  A province in small, by the cardinalities of docs/domain.md 2.3: areas per feeder log-normal (median 18, 95 % below 60), 0–8 branches
  (mean 3), 1–6 lines per area (mean 3), meters per area log-normal (median 95, mean 111, at most 600), boxes of 1, 2, 3 or 4–12 meters
  (mean 2.0), 8 % three-phase meters, phases 36:33:31.
*/
const areasPerFeeder = { mu: Math.log(18), sigma: Math.log(60 / 18) / 1.645 }
const metersPerArea = { mu: Math.log(95), sigma: Math.sqrt(2 * Math.log(111 / 95)), most: 600 }
const transformerSizes = [30, 50, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250]

const int32 = (length: number): Int32Array => new Int32Array(length)
const uint8 = (length: number): Uint8Array => new Uint8Array(length)

export interface SyntheticOptions {
  readonly areas: number
  readonly moduleOnline: number
  /** Put in front of every id, so that several grids can be told apart. */
  readonly prefix: string
}

export function createSyntheticGrid(streams: RandomStreams, options: SyntheticOptions): SimGrid {
  const random = streams('topology')
  const feederTo: number[] = []
  const branchFrom: number[] = []
  const branchTo: number[] = []
  const branchFeeder: number[] = []
  const areaFeeder = int32(options.areas)
  const areaBranch = int32(options.areas).fill(-1)
  for (let area = 0; area < options.areas; ) {
    const feeder = feederTo.length
    const size = Math.min(options.areas - area, Math.max(1, Math.round(random.logNormal(areasPerFeeder.mu, areasPerFeeder.sigma))))
    areaFeeder.fill(feeder, area, area + size)
    const branches = Math.min(random.binomial(8, 3 / 8), size)
    let next = area
    for (const share of splitAreas(random, size, branches)) {
      branchFrom.push(next)
      branchTo.push(next + share)
      areaBranch.fill(branchFeeder.length, next, next + share)
      branchFeeder.push(feeder)
      next += share
    }
    area += size
    feederTo.push(area)
  }
  const levels = fillAreas(streams, options)
  const feederFrom = [0, ...feederTo.slice(0, -1)]
  const { prefix } = options
  const pad = (value: number, digits: number): string => String(value + 1).padStart(digits, '0')
  return {
    feeders: { from: Int32Array.from(feederFrom), to: Int32Array.from(feederTo) },
    branches: { from: Int32Array.from(branchFrom), to: Int32Array.from(branchTo) },
    branchFeeder: Int32Array.from(branchFeeder),
    areas: options.areas,
    areaFeeder,
    areaBranch,
    areaHasTerminal: uint8(options.areas).fill(1),
    ...levels,
    ids: {
      feeder: (index) => `${prefix}F${pad(index, 5)}`,
      branch: (index) => `${prefix}R${pad(index, 6)}`,
      area: (index) => `${prefix}A${pad(index, 6)}`,
      terminal: (index) => `${prefix}T${pad(index, 6)}`,
      line: (index) => `${prefix}L${pad(index, 7)}`,
      box: (index) => `${prefix}B${pad(index, 7)}`,
      meter: (index) => `${prefix}M${pad(index, 8)}`,
    },
  }
}

/** Sizes of the branches of a feeder: every branch gets an area at least, about one share of the rest stays on the trunk. */
function splitAreas(random: Random, areas: number, branches: number): readonly number[] {
  const sizes = Array.from({ length: branches }, () => 1)
  for (let left = areas - branches; left > 0; left--) {
    const branch = random.below(branches + 1)
    if (branch < branches) sizes[branch] = (sizes[branch] ?? 0) + 1
  }
  return sizes
}

function boxSize(random: Random): number {
  const draw = random.unit()
  if (draw < 0.6) return 1
  if (draw < 0.8) return 2
  return draw < 0.9 ? 3 : 4 + random.binomial(8, 3 / 8)
}

type AreaLevels = Pick<SimGrid, 'areaMeters' | 'areaLines' | 'areaBoxes' | 'lineMeters' | 'lineArea' | 'boxMeters' | 'boxArea' | 'boxLine' | 'meters' | 'meterArea' | 'meterBox' | 'meterPhase' | 'meterOnline'>

/** Everything below the areas. Each area has its own stream: more areas do not change the ones before. */
function fillAreas(streams: RandomStreams, options: SyntheticOptions): AreaLevels {
  const areaMeters = int32(options.areas + 1)
  const areaLines = int32(options.areas + 1)
  const areaBoxes = int32(options.areas + 1)
  const [lineFrom, lineTo, lineArea, boxFrom, boxTo, boxArea, boxLine, meterArea, meterBox] = Array.from({ length: 9 }, () => new GrowingColumn(int32)) as [GrowingColumn<Int32Array>, GrowingColumn<Int32Array>, GrowingColumn<Int32Array>, GrowingColumn<Int32Array>, GrowingColumn<Int32Array>, GrowingColumn<Int32Array>, GrowingColumn<Int32Array>, GrowingColumn<Int32Array>, GrowingColumn<Int32Array>]
  const meterPhase = new GrowingColumn(uint8)
  const meterOnline = new GrowingColumn(uint8)
  for (let area = 0; area < options.areas; area++) {
    const random = streams('area', area)
    const meters = Math.min(metersPerArea.most, Math.max(4, Math.round(random.logNormal(metersPerArea.mu, metersPerArea.sigma))))
    const sizes: number[] = []
    for (let left = meters; left > 0; left -= sizes.at(-1) ?? left) sizes.push(Math.min(left, boxSize(random)))
    const lines = Math.min(1 + random.binomial(5, 0.4), sizes.length)
    const cuts = lineCuts(random, sizes.length, lines)
    for (const [line, from] of cuts.entries()) {
      const to = cuts[line + 1] ?? sizes.length
      lineArea.push(area)
      lineFrom.push(meterArea.length)
      for (const size of sizes.slice(from, to)) {
        boxArea.push(area)
        boxLine.push(lineArea.length - 1)
        boxFrom.push(meterArea.length)
        for (let meter = 0; meter < size; meter++) {
          meterArea.push(area)
          meterBox.push(boxArea.length - 1)
          meterPhase.push(drawPhase(random))
          meterOnline.push(random.chance(options.moduleOnline) ? 1 : 0)
        }
        boxTo.push(meterArea.length)
      }
      lineTo.push(meterArea.length)
    }
    areaMeters[area + 1] = meterArea.length
    areaLines[area + 1] = lineArea.length
    areaBoxes[area + 1] = boxArea.length
  }
  return {
    areaMeters, areaLines, areaBoxes,
    lineMeters: { from: lineFrom.values(), to: lineTo.values() }, lineArea: lineArea.values(),
    boxMeters: { from: boxFrom.values(), to: boxTo.values() }, boxArea: boxArea.values(), boxLine: boxLine.values(),
    meters: meterArea.length, meterArea: meterArea.values(), meterBox: meterBox.values(), meterPhase: meterPhase.values(), meterOnline: meterOnline.values(),
  }
}

/** First box of each line: every line gets one at least. */
function lineCuts(random: Random, boxes: number, lines: number): readonly number[] {
  const inner = new Set<number>()
  while (inner.size < lines - 1) inner.add(1 + random.below(boxes - 1))
  return [0, ...[...inner].sort((left, right) => left - right)]
}

function drawPhase(random: Random): number {
  const draw = random.unit()
  if (draw < 0.08) return 3
  const single = (draw - 0.08) / 0.92
  return single < 0.36 ? 0 : single < 0.69 ? 1 : 2
}

const phaseNames = ['A', 'B', 'C', 'ABC'] as const

/** Rows of the archive as people typed it in: with the errors. Users own one meter each. */
export function syntheticRows(grid: SimGrid, errors: ArchiveErrors): GridRows {
  const { ids } = grid
  const org = (feeder: number): string => `34401${String(1 + (Math.trunc(feeder / 40) % 89)).padStart(2, '0')}${String(1 + (Math.trunc(feeder / 8) % 97)).padStart(2, '0')}`
  return {
    feeder: rows(grid.feeders.from.length, (feeder) => [ids.feeder(feeder), `S${String(1 + Math.trunc(feeder / 12)).padStart(4, '0')}`, org(feeder)]),
    branch: rows(grid.branchFeeder.length, (branch) => [ids.branch(branch), ids.feeder(at(grid.branchFeeder, branch))]),
    area: rows(grid.areas, (area) => {
      const feeder = at(grid.areaFeeder, area)
      const branch = at(grid.areaBranch, area)
      const meters = at(grid.areaMeters, area + 1) - at(grid.areaMeters, area)
      return [ids.area(area), ids.feeder(feeder), branch < 0 ? null : ids.branch(branch), org(feeder), transformerSizes.find((size) => size >= meters * 2.2) ?? 1250, area % 3 === 0 ? 'Yyn0' : 'Dyn11', '01', ids.terminal(area)]
    }),
    line: rows(grid.lineArea.length, (line) => [ids.line(line), ids.area(at(grid.lineArea, line))]),
    box: rows(grid.boxArea.length, (box) => [ids.box(box), ids.area(at(grid.boxArea, box)), at(grid.boxLine, box) < 0 ? null : ids.line(at(grid.boxLine, box))]),
    terminal: rows(grid.areas, (area) => [ids.terminal(area), String(100_000_000_001 + area), ids.area(area), area % 4 === 0 ? 'gdw1376' : 'dlt698']),
    user: rows(grid.meters, (meter) => [`U${ids.meter(meter)}`, at(grid.meterPhase, meter) === 3 ? 'COM' : 'RES', at(grid.meterPhase, meter) === 3 ? 30 : 8, null, null]),
    meter: meterRows(grid, errors),
  }
}

function* rows(count: number, rowOf: (index: number) => readonly GridValue[]): Generator<readonly GridValue[]> {
  for (let index = 0; index < count; index++) yield rowOf(index)
}

function* meterRows(grid: SimGrid, errors: ArchiveErrors): Generator<readonly GridValue[]> {
  const { ids } = grid
  for (let area = 0; area < grid.areas; area++) {
    const gateway = `${ids.area(area)}G`
    yield [gateway, String(900_000_000_001 + area), `P${gateway}`, 'GATEWAY', null, ids.area(area), null, 'ABC', '3P4W', 120, 1, 1, '2020-01-01', null]
    for (let meter = at(grid.areaMeters, area); meter < at(grid.areaMeters, area + 1); meter++) {
      const meterId = ids.meter(meter)
      const place = errors.placeOf(meter)
      const phase = at(grid.meterPhase, meter)
      yield [
        meterId, String(200_000_000_001 + meter), `P${meterId}`, 'USER', `U${meterId}`, ids.area(place.area), place.box < 0 ? null : ids.box(place.box),
        phaseNames[place.phase] ?? 'A', phase === 3 ? '3P4W' : '1P', 1, 1, at(grid.meterOnline, meter), '2020-01-01', null,
      ]
    }
  }
}
