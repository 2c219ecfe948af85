import { describe, expect, it } from 'vitest'
import { buildTopologyRecords } from '../../src/grid/topology.ts'
import { changed, readChanged } from './archive-fixture.ts'

const effectiveAtMs = Date.UTC(2026, 2, 5)

describe('topology records', () => {
  it('hold one skeleton a feeder with counts of user meters on line only', async () => {
    const [first, second] = [...buildTopologyRecords(await readChanged(), { version: 17, effectiveAtMs })]
    expect(first).toEqual({
      feederId: 'F1',
      version: 17,
      effectiveAtMs,
      nodes: {
        id: ['F1', 'R1', 'A1', 'A2', 'L1', 'B1', 'B2'],
        parent: [-1, 0, 1, 0, 2, 4, 2],
        level: [0, 1, 2, 2, 3, 4, 4],
        expected: [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]],
        users: [0, 0, 0, 1, 0, 3, 0],
        terminal: [null, null, 'T1', 'T2', null, null, null],
        callable: [[], [], [], ['M4'], [], ['M1', 'M2'], []],
      },
      planned: [],
      controlled: [{ meterId: 'M1', startAtMs: Date.UTC(2026, 2, 5), endAtMs: Date.UTC(2100, 0, 1) }],
    })
    expect(second?.nodes.id).toEqual(['F2', 'R2', 'A3', 'L3', 'B3'])
    expect(second?.planned).toHaveLength(1)
  })

  it('count only meters that are valid at the instant', async () => {
    const [first] = [...buildTopologyRecords(await readChanged(), { version: 1, effectiveAtMs: Date.UTC(2023, 0, 1) })]
    expect(first?.nodes.expected[5]).toEqual([2, 1, 0, 0])
  })

  it('spread the callable meters over the phases', async () => {
    const more = ['A', 'A', 'A', 'A', 'C'].map((phase, index) => `N${index},1,P,USER,U1,A1,B2,${phase},1P,1,1,1,2020-01-01,`).join('\n')
    const archive = await readChanged(changed('meter.csv', 'M4,4', `${more}\nM4,4`))
    const [first] = [...buildTopologyRecords(archive, { version: 1, effectiveAtMs })]
    expect(first?.nodes.callable[6]).toEqual(['N0', 'N4', 'N1', 'N2'])
  })
})
