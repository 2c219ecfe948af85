import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StationError } from '../../../src/core/errors.ts'
import type { ImportedArea, ImportedGrid } from '../../../src/grid/import/area-model.ts'
import { importGrid } from '../../../src/grid/import/import-grid.ts'
import { importOpendss, type OpendssImport } from '../../../src/grid/import/opendss.ts'
import { simulateOutages } from '../../../src/simulation/outage/simulate.ts'

const part = path.resolve(import.meta.dirname, '../../fixtures/opendss/ieee-8500-part')

/*
  sourcebus ─ sub (115/12.47) ─ bar ─ l1 ─ a ─ l2 ─ b ─ l3 ─ c    t1 on a (single-phase, centre tap), bank t2a t2b t2c on b,
                                     └ l4 ─ d ─ l5 ─ e            t3 on d, t4 on e (three-phase), a factory at 12.47 kV on c
*/
const master = `Clear
New Circuit.Small basekv=115
Redirect net\\LINES.dss
Redirect loads.dss
Set voltagebases=[115 12.47 0.4]
Solve
`
const lines = `/* the medium-voltage side
New Line.no bus1=x bus2=y */
New Transformer.sub buses=(sourcebus, bar.1.2.3.0) conns=(delta wye) kvs=(115 12.47) kvas=(10000 10000)
New Line.l1 bar a
New Line.l2 bus1=a bus2=b
New Line.l3 b c length=2
New Line.l4 bus1=a.2 bus2=d.1 phases=1
New Line.l5 bus1=d.1
~ bus2=e.1 phases=1
New XfmrCode.tap phases=1 windings=3 kvs=[7.2 0.12 0.12] kVAs=[25 25 25]
New Transformer.t1 XfmrCode=tap buses=[a.3 X1.1.0 X1.0.2]
New Transformer.t2a phases=1 wdg=1 bus=b.1 kv=7.2 kva={100 3 /} wdg=2 bus=X2.1 kv=0.24 kva=33.333
New Transformer.t2b like=t2a wdg=1 bus=b.2 wdg=2 bus=X2.2
New Transformer.t2c like=t2a wdg=1 bus=b.3 wdg=2 bus=X2.3
New Transformer.t3 phases=1 wdg=1 bus=d.1 kv=7.2 kva=15 wdg=2 bus=X3.1 kv=0.24 kva=15
New Transformer.t4 phases=1 wdg=1 bus=e.1 kv=7.2 kva=15 wdg=2 bus=X4.1 kv=0.24 kva=15
New Line.s1 X1.1.2 S1.1.2 phases=2
New Line.s2 bus1=X2 bus2=S2
New Line.s3 bus1=S2.2 bus2=S3.2 phases=1
`
const loads = `New Load.h1 phases=1 bus=S1.1 kv=0.12 kw=1.9 pf=0.95 yearly=House
New Load.h2 phases=2 bus1=S1.1.2 kv=0.208 kva=3
New Load.h3 phases=1 bus1=S3.2 kv=0.24 xfkva=10
New Load.shop bus1=S2 kv=0.4 kw=17 pf=0.85
New Load.h4 phases=1 bus1=X3.1 kv=0.24 kva=2
New Load.h5 phases=1 bus1=X4.1 kv=0.24 kva=2
New Load.factory bus1=c kv=12.47 kva=630
Load.h3.AllocationFactor=0.7
`

async function circuit(changes: { readonly lines?: string; readonly loads?: string; readonly master?: string } = {}): Promise<OpendssImport> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'dss-'))
  await mkdir(path.join(directory, 'net'))
  await writeFile(path.join(directory, 'Master.dss'), changes.master ?? master)
  await writeFile(path.join(directory, 'net', 'lines.DSS'), changes.lines ?? lines)
  await writeFile(path.join(directory, 'loads.dss'), changes.loads ?? loads)
  return importOpendss(directory)
}

async function problemsOf(changes: Parameters<typeof circuit>[0]): Promise<readonly string[]> {
  const error = await circuit(changes).then(() => null, (thrown: unknown) => thrown as StationError)
  if (error === null) throw new Error('the circuit was accepted')
  return error.problems.map(({ message, where }) => `${path.basename(where?.file ?? '')}:${where?.line ?? ''} ${message}`)
}

const areaOf = ({ areas }: ImportedGrid, areaId: string): ImportedArea | undefined => areas.find((area) => area.areaId === areaId)
const metersOf = (area: ImportedArea | undefined): readonly (readonly [string, string])[] => (area?.lines ?? []).flatMap(({ boxes }) => boxes.flatMap(({ meters }) => meters.map(({ meterId, phase }) => [meterId, phase] as const)))

describe('the OpenDSS importer', () => {
  it('makes an archive of a part of the IEEE 8500-node feeder that passes every check', async () => {
    const out = await mkdtemp(path.join(os.tmpdir(), 'dss-out-'))
    const warnings: string[] = []
    const summary = await importGrid({ source: 'opendss', from: part, out, onWarning: ({ message, where }) => warnings.push(`${path.basename(where?.file ?? '')}:${where?.line ?? ''} ${message}`) })
    expect(summary).toMatchObject({ feeders: 1, branches: 3, areas: 28, lines: 28, boxes: 28, terminals: 28, userMeters: 56, threePhase: 0 })
    expect(summary.phaseA + summary.phaseB + summary.phaseC).toBe(56)
    expect(warnings).toEqual(['Master-unbal.dss:12 there is no file LineCodes2.DSS; what it would define is left out'])
  })

  it('gives a grid on which outages can be simulated', async () => {
    const grid = await mkdtemp(path.join(os.tmpdir(), 'dss-grid-'))
    await importGrid({ source: 'opendss', from: part, out: grid })
    const out = await mkdtemp(path.join(os.tmpdir(), 'dss-sim-'))
    const summary = await simulateOutages({ seed: '1', areas: 0, grid, hours: 24, faults: 10, noise: 'default', out, alive: false })
    expect(summary).toMatchObject({ areas: 28, meters: 56, faults: 10 })
    expect(summary.offEvents).toBeGreaterThan(0)
  })

  it('hangs areas on the feeder behind the busbar and makes a branch of what leaves the trunk with two areas', async () => {
    const { grid } = await circuit()
    expect(grid.feeders).toEqual([{ feederId: 'Small-F1', substationId: 'sub' }])
    expect(grid.branches).toEqual([{ branchId: 'Small-F1-R1', feederId: 'Small-F1' }])
    expect(grid.areas.map(({ areaId, branchId }) => [areaId, branchId])).toEqual([['A-X1', null], ['A-X2', null], ['A-X3', 'Small-F1-R1'], ['A-X4', 'Small-F1-R1'], ['S-c', null]])
  })

  it('takes a bank for one area with the sum of its capacities and each load on the phases that feed it', async () => {
    const { grid } = await circuit()
    expect(areaOf(grid, 'A-X1')).toMatchObject({ ratedKva: 25, connection: 'Yyn0' })
    expect(areaOf(grid, 'A-X2')).toMatchObject({ ratedKva: 99.999 })
    expect(metersOf(areaOf(grid, 'A-X1'))).toEqual([['M-h1', 'C'], ['M-h2', 'C']]) // both legs of a centre tap are on the phase of the transformer
    expect(metersOf(areaOf(grid, 'A-X2'))).toEqual([['M-h3', 'B'], ['M-shop', 'ABC']])
    expect(metersOf(areaOf(grid, 'A-X3'))).toEqual([['M-h4', 'B']]) // l4 goes from conductor 2 to conductor 1
  })

  it('makes a line of a service that loads share, and a box of each service tee', async () => {
    const { grid } = await circuit()
    expect(areaOf(grid, 'A-X1')?.lines).toMatchObject([{ lineId: 'A-X1-L1', boxes: [{ boxId: 'A-X1-B1', meters: [{ meterId: 'M-h1' }, { meterId: 'M-h2' }] }] }])
    expect(areaOf(grid, 'A-X3')?.lines).toMatchObject([{ lineId: null, boxes: [{ boxId: 'A-X3-B1' }] }])
  })

  it('reads the power of a load from kVA, from its share of the transformer, or from kW and power factor', async () => {
    const { grid } = await circuit()
    const meters = grid.areas.flatMap(({ lines: ways }) => ways.flatMap(({ boxes }) => boxes.flatMap((box) => box.meters)))
    expect(Object.fromEntries(meters.map(({ meterId, contractKva }) => [meterId, contractKva]))).toMatchObject({ 'M-h1': 2, 'M-h2': 3, 'M-h3': 7, 'M-shop': 20, 'M-factory': 630 })
    expect(meters.find(({ meterId }) => meterId === 'M-h1')?.profile).toBe('House')
  })

  it('takes the power that was said last, and the first phase of a single-phase load between two', async () => {
    const { grid } = await circuit({ loads: `${loads}New Load.mill phases=1 bus1=c.3.1 conn=delta kv=12.47 pf=0.5 kw=30 kvar=40\nNew Load.kiln phases=1 bus1=c.2 kv=7.2 kva=9 kw=30 kvar=40 pf=0.75\n` })
    const meters = areaOf(grid, 'S-c')?.lines.flatMap(({ boxes }) => boxes.flatMap((box) => box.meters))
    expect(meters).toMatchObject([{ meterId: 'M-factory' }, { meterId: 'M-mill', contractKva: 50, phase: 'C', category: 'COM' }, { meterId: 'M-kiln', contractKva: 40, phase: 'B' }])
    expect(areaOf(grid, 'S-c')?.ratedKva).toBe(720)
  })

  it('takes a customer at medium voltage for a special area, but a load on the busbar of a substation for other feeders', async () => {
    const { grid, warnings } = await circuit({ loads: `${loads}New Load.rest bus1=bar kv=12.47 kva=5000\n` })
    expect(areaOf(grid, 'S-c')).toMatchObject({ isSpecial: true, ratedKva: 630 })
    expect(areaOf(grid, 'S-bar')).toBeUndefined()
    expect(warnings.all().map(({ message }) => message)).toEqual(['load rest on the busbar bar stands for other feeders of the substation and is left out'])
  })

  it('follows the switches: an open one parts, a normally open tie closes no loop', async () => {
    const tie = `${lines}New Line.tie bus1=c.1 bus2=e.1 phases=1 switch=y\n`
    expect((await circuit({ lines: `${tie}Open Line.tie 1\n` })).grid.areas).toHaveLength(5)
    expect((await circuit({ lines: `${tie}New SwtControl.tie SwitchedObj=Line.tie SwitchedTerm=1 Action=Open\n` })).grid.areas).toHaveLength(5)
    expect((await circuit({ lines: `${tie}Edit Line.tie enabled=no\n` })).grid.areas).toHaveLength(5)
    expect((await circuit({ lines: `${lines}New Line.l2b bus1=a bus2=b\n` })).grid.areas).toHaveLength(5) // two cables side by side are no loop
  })

  it.each<[string, Parameters<typeof circuit>[0], string]>([
    ['a loop', { lines: `${lines}New Line.tie bus1=bar.2 bus2=d.1 phases=1` }, 'lines.DSS:20 tie closes a loop: bar and d are joined already'],
    ['a load behind an open switch', { lines: `${lines}Open Line.l5 1` }, 'loads.dss:6 load h5 hangs on bus X4, which nothing joins with the source'],
    ['a load on a phase that is not there', { loads: loads.replace('S3.2', 'S3.1') }, 'loads.dss:3 load h3 is on S3.1, which no phase of the source reaches'],
    ['a low-voltage network with two sources', { lines: `${lines}New Line.mesh bus1=X3.1 bus2=X4.1 phases=1` }, 'lines.DSS:16 transformer t4 feeds a network that t3 feeds from another bus'],
    ['an element that occurs twice', { lines: `${lines}New Line.L2 bus1=a bus2=z` }, 'lines.DSS:20 line L2 occurs twice, first in lines.DSS:5'],
    ['a transformer without a second bus', { lines: lines.replace('buses=[a.3 X1.1.0 X1.0.2]', 'buses=[a.3]') }, 'lines.DSS:11 transformer t1 has 1 buses, not 2 at least'],
    ['an xfmrcode that is not defined', { lines: lines.replace('XfmrCode=tap', 'XfmrCode=top') }, 'lines.DSS:11 xfmrcode top of transformer t1 is not defined'],
    ['a line cut short', { lines: `${lines}New Line.l9 bus1=a` }, 'lines.DSS:20 line l9 has no bus2 (a line cut short?)'],
    ['a bracket that nothing closes', { lines: `${lines}New Line.l9 bus1=[a bus2=z` }, "lines.DSS:20 '[a bus2=z' has no ]"],
    ['a word that is no command', { master: `${master}Nwe Line.x` }, "Master.dss:7 'Nwe' is no command of OpenDSS"],
    ['an edit of nothing', { loads: `${loads}Load.h9.kw=1` }, "loads.dss:9 there is no element 'Load.h9'"],
    ['a variable', { loads: `${loads}New Load.h9 bus1=a kw=@x` }, 'loads.dss:9 variables (@name) are not understood'],
    ['a power of zero', { loads: loads.replace('kva=630', 'kva=-1') }, 'loads.dss:7 the power of load factory is not a number above 0 (kVA, xfkVA, or kW with pf)'],
    ['files that read one another', { master: `${master}Redirect Master.dss` }, 'Master.dss:7 Master.dss is being read already'],
    ['a circuit without a circuit', { master: master.replace('New Circuit.Small basekv=115', '') }, 'Master.dss: there is no New Circuit'],
    ['a circuit without loads', { loads: '' }, 'Master.dss: no load hangs on a distribution transformer (above 1 kV to 1 kV at most) or at medium voltage'],
  ])('names %s', async (_, changes, expected) => {
    expect(await problemsOf(changes)).toContain(expected)
  })

  it('wants one main file', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'dss-none-'))
    await expect(importOpendss(directory)).rejects.toMatchObject({ code: 'FILE_MISSING' })
    await writeFile(path.join(directory, 'Master.dss'), '')
    await writeFile(path.join(directory, 'master-2.dss'), '')
    await expect(importOpendss(directory)).rejects.toMatchObject({ code: 'USAGE' })
    await expect(importOpendss(path.join(directory, 'nothing'))).rejects.toMatchObject({ code: 'FILE_MISSING' })
  })
})
