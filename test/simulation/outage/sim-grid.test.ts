import { describe, expect, it } from 'vitest'
import { createRandomStreams } from '../../../src/simulation/random.ts'
import { createArchiveGrid } from '../../../src/simulation/outage/archive-grid.ts'
import { createArchiveErrors } from '../../../src/simulation/outage/archive-errors.ts'
import { createParameters } from '../../../src/simulation/outage/parameters.ts'
import { idOf, metersOf, sameNodes, type SimGrid, type SimLevel } from '../../../src/simulation/outage/sim-grid.ts'
import { createSyntheticGrid } from '../../../src/simulation/outage/synthetic-grid.ts'
import { readChanged } from '../../grid/archive-fixture.ts'

const streams = createRandomStreams('grid')
const synthetic = createSyntheticGrid(streams, { areas: 4_000, moduleOnline: 0.96, prefix: '' })

/** Every node of every level, for checks over all of them. */
function nodesOf(grid: SimGrid): readonly { readonly level: SimLevel; readonly index: number }[] {
  const counts: readonly (readonly [SimLevel, number])[] = [['FEEDER', grid.feeders.from.length], ['BRANCH', grid.branchFeeder.length], ['AREA', grid.areas], ['LINE', grid.lineArea.length], ['BOX', grid.boxArea.length]]
  return counts.flatMap(([level, count]) => Array.from({ length: count }, (_, index) => ({ level, index })))
}

describe('a made grid', () => {
  it('has the cardinalities of a province', () => {
    const share = (phase: number): number => synthetic.meterPhase.filter((value) => value === phase).length / synthetic.meters
    expect(synthetic.meters / synthetic.areas).toBeCloseTo(111, -1)
    expect(synthetic.meters / synthetic.boxArea.length).toBeCloseTo(2, 1)
    expect(synthetic.lineArea.length / synthetic.areas).toBeCloseTo(3, 1)
    expect(synthetic.areas / synthetic.feeders.from.length).toBeGreaterThan(18)
    expect(share(3)).toBeCloseTo(0.08, 2)
    expect(share(0) / (1 - share(3))).toBeCloseTo(0.36, 2)
    expect(synthetic.meterOnline.reduce((sum, online) => sum + online, 0) / synthetic.meters).toBeCloseTo(0.96, 2)
  })

  it('gives every node one range that its children fill', () => {
    const wrong = [...synthetic.boxArea.keys()].filter((box) => {
      const { from, to } = metersOf(synthetic, { level: 'BOX', index: box })
      return !(to > from && synthetic.meterBox[from] === box && synthetic.meterBox[to - 1] === box)
    })
    expect(wrong).toEqual([])
    for (let branch = 0; branch < synthetic.branchFeeder.length; branch++) {
      const inside = metersOf(synthetic, { level: 'BRANCH', index: branch })
      const around = metersOf(synthetic, { level: 'FEEDER', index: synthetic.branchFeeder[branch] ?? -1 })
      expect(inside.from >= around.from && inside.to <= around.to && inside.to > inside.from).toBe(true)
    }
  })

  it('grows without changing the areas before', () => {
    const smaller = createSyntheticGrid(streams, { areas: 100, moduleOnline: 0.96, prefix: '' })
    expect(smaller.meterPhase).toEqual(synthetic.meterPhase.slice(0, smaller.meters))
  })

  it('is mistyped in about three and a half per cent of the meters', () => {
    const errors = createArchiveErrors(synthetic, streams, createParameters({ noise: 'default', density: 1 }))
    expect(errors.wrong.length / synthetic.meters).toBeCloseTo(0.034, 2)
    const moved = errors.wrong.filter((meter) => errors.areaOf(meter) !== synthetic.meterArea[meter])
    expect(moved.length / synthetic.meters).toBeCloseTo(0.005, 3)
    const odd = errors.wrong.filter((meter) => {
      const { area, box, phase } = errors.placeOf(meter)
      const isRight = area === synthetic.meterArea[meter] && box === synthetic.meterBox[meter] && phase === synthetic.meterPhase[meter]
      return isRight || (box >= 0 && synthetic.boxArea[box] !== area)
    })
    expect(odd).toEqual([])
  })
})

describe('an existing archive as a grid', () => {
  it('keeps every id with the meters below it', async () => {
    const { grid, simMeterOf } = createArchiveGrid(await readChanged())
    const held = Object.fromEntries(nodesOf(grid).map((node) => {
      const { from, to } = metersOf(grid, node)
      return [idOf(grid, node), Array.from({ length: to - from }, (_, index) => grid.ids.meter(from + index)).sort()]
    }))
    expect(held).toEqual({ F1: ['M1', 'M2', 'M3', 'M4', 'M5'], F2: [], R1: ['M1', 'M2', 'M3', 'M5'], R2: [], A1: ['M1', 'M2', 'M3', 'M5'], A2: ['M4'], A3: [], L1: ['M1', 'M2', 'M3', 'M5'], L3: [], B1: ['M1', 'M2', 'M3', 'M5'], B2: [], B3: [] })
    expect([...simMeterOf]).toEqual([0, 1, 2, 4, -1, 3]) // the gateway meter is no part of it, the meter without a box comes last of its area
    expect([...grid.meterOnline]).toEqual([1, 1, 0, 1, 1])
    expect([...grid.areaHasTerminal]).toEqual([1, 1, 0])
  })

  it('knows which nodes cannot be told apart', async () => {
    const { grid } = createArchiveGrid(await readChanged())
    const names = (level: SimLevel, id: string): readonly string[] => {
      const node = [...nodesOf(grid), ...Array.from({ length: grid.meters }, (_, index) => ({ level: 'USER' as const, index }))].find((candidate) => candidate.level === level && idOf(grid, candidate) === id)
      return node === undefined ? [] : sameNodes(grid, node).map((other) => idOf(grid, other))
    }
    expect(names('BOX', 'B1')).toEqual(['R1', 'A1', 'L1'])
    expect(names('AREA', 'A2')).toEqual(['M4'])
    expect(names('FEEDER', 'F1')).toEqual([])
    expect(names('BOX', 'B2')).toEqual([])
  })
})
