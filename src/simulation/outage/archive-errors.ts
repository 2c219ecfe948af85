import type { RandomStreams } from '../random.ts'
import type { Parameters } from './parameters.ts'
import { at, rangeOf, type SimGrid } from './sim-grid.ts'

/** Where the archive puts a meter. */
export interface ArchivePlace {
  readonly area: number
  readonly box: number
  readonly phase: number
}

/** The archive differs from the truth for a few meters: wrong box or phase, wrong area. Only the differences are kept. */
export interface ArchiveErrors {
  placeOf(meter: number): ArchivePlace
  areaOf(meter: number): number
  /** Meters whose archive place is wrong, ascending. */
  readonly wrong: readonly number[]
}

export function createArchiveErrors(grid: SimGrid, streams: RandomStreams, parameters: Parameters): ArchiveErrors {
  const places = new Map<number, ArchivePlace>()
  for (let area = 0; area < grid.areas; area++) {
    const random = streams('archive errors', area)
    const firstBox = at(grid.areaBoxes, area)
    const boxes = at(grid.areaBoxes, area + 1) - firstBox
    for (let meter = at(grid.areaMeters, area); meter < at(grid.areaMeters, area + 1); meter++) {
      const draw = random.unit()
      if (draw >= parameters.wrongBoxOrPhase + parameters.wrongArea) continue
      const box = at(grid.meterBox, meter)
      const phase = at(grid.meterPhase, meter)
      if (draw < parameters.wrongArea) {
        const other = neighbour(grid, area, random.unit())
        const otherBoxes = at(grid.areaBoxes, other + 1) - at(grid.areaBoxes, other)
        if (other !== area) places.set(meter, { area: other, box: otherBoxes === 0 ? -1 : at(grid.areaBoxes, other) + random.below(otherBoxes), phase })
      } else if (phase !== 3 && random.chance(0.5)) {
        places.set(meter, { area, box, phase: (phase + 1 + random.below(2)) % 3 })
      } else if (boxes > 1 && box >= 0) {
        const other = firstBox + random.below(boxes - 1)
        places.set(meter, { area, box: other >= box ? other + 1 : other, phase })
      }
    }
  }
  return {
    placeOf: (meter) => places.get(meter) ?? { area: at(grid.meterArea, meter), box: at(grid.meterBox, meter), phase: at(grid.meterPhase, meter) },
    areaOf: (meter) => places.get(meter)?.area ?? at(grid.meterArea, meter),
    wrong: [...places.keys()],
  }
}

/** Another area of the same feeder, near by; of a feeder with a single area the next area at all. */
function neighbour(grid: SimGrid, area: number, draw: number): number {
  const range = rangeOf(grid.feeders, at(grid.areaFeeder, area))
  const size = range.to - range.from
  if (size < 2) return area + 1 < grid.areas ? area + 1 : Math.max(0, area - 1)
  const step = 1 + Math.floor(draw * Math.min(size - 1, 6))
  return range.from + ((area - range.from + step) % size)
}
