import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { addDays } from '../../src/core/time.ts'
import type { CaseInput } from '../../src/capacity/cases/form.ts'

/*
  The rural SimBench grid with its measured year 2016 as one case: 13 consumers with P and Q, four photovoltaic plants as users that feed in, and the gateway
  that would have measured their sum. Rows are taken in their order, 96 a day: the clock changes of the file's stamps do not matter here.
*/

const from = '2016-01-01'
const ct = 50
/** Shares of the phases, so that the imbalance is not zero. */
const shares = { IA: 0.37, IB: 0.34, IC: 0.29 } as const

export function simbenchYear(directory: string): CaseInput {
  const table = (name: string): readonly Readonly<Record<string, string>>[] => {
    const file = path.join(directory, name)
    const [header, ...lines] = (file.endsWith('.gz') ? gunzipSync(readFileSync(file)).toString() : readFileSync(file, 'utf8')).trim().split(/\r?\n/)
    const names = header!.split(';')
    return lines.map((line) => Object.fromEntries(line.split(';').map((value, index) => [names[index]!, value])))
  }
  const loadProfiles = table('LoadProfile.csv.gz')
  const plantProfiles = table('RESProfile.csv.gz')
  const kw = (share: string | undefined, megawatt: string | undefined): number => Number((Number(share) * Number(megawatt) * 1_000).toFixed(3))
  const series = [
    ...table('Load.csv').map(({ id, profile, pLoad, qLoad, sR }) => ({
      userId: id!, contractKva: Number((Number(sR) * 1_000).toFixed(4)), p: loadProfiles.map((row) => kw(row[`${profile}_pload`], pLoad)), q: loadProfiles.map((row) => kw(row[`${profile}_qload`], qLoad)),
    })),
    ...table('RES.csv').map(({ id, profile, pRES, sR }) => ({ userId: id!, contractKva: Number((Number(sR) * 1_000).toFixed(4)), p: plantProfiles.map((row) => -kw(row[profile!], pRES)), q: null })),
  ]
  const length = loadProfiles.length
  const days = length / 96
  const total = (of: (one: (typeof series)[number]) => readonly number[] | null): readonly number[] => Array.from({ length }, (_, t) => series.reduce((sum, one) => sum + (of(one)?.[t] ?? 0), 0))
  const p = total((one) => one.p)
  const q = total((one) => one.q)
  const curves: CaseInput['curves'] = []
  const push = (meterId: string, kind: CaseInput['curves'][number]['kind'], values: readonly number[]): void => {
    for (let day = 0; day < days; day++) curves.push({ meterId, date: addDays(from, day), kind, rle: values.slice(day * 96, day * 96 + 96).map((value) => [1, Number(value.toFixed(4))]) })
  }
  for (const { userId, p: active, q: reactive } of series) {
    push(userId, 'P', active)
    if (reactive !== null) push(userId, 'Q', reactive)
  }
  push('gateway', 'P', p.map((value) => value / ct))
  push('gateway', 'Q', q.map((value) => value / ct))
  for (const [kind, share] of Object.entries(shares) as readonly (readonly [keyof typeof shares, number])[]) push('gateway', kind, p.map((value, t) => (Math.hypot(value, q[t]!) * share) / 0.23 / ct))
  let register = 999_000
  const registers: CaseInput['registers'] = []
  for (let day = 0; day <= days; day++) {
    registers.push({ meterId: 'gateway', date: addDays(from, day), ef: Number(register.toFixed(2)) })
    for (let t = day * 96; t < Math.min(length, day * 96 + 96); t++) register += (Math.max(0, p[t]!) * 0.25) / ct
    if (register >= 1_000_000) register -= 1_000_000
  }
  return {
    window: { from, to: addDays(from, days - 1) },
    area: { areaId: 'LV1.101', rated: [{ from: undefined, to: undefined, kva: 160 }], connection: 'Dyn11' },
    meters: [
      { meterId: 'gateway', role: 'GATEWAY', wiring: '3P4W', ct, pt: 1 },
      ...series.map(({ userId }) => ({ meterId: userId, role: 'USER' as const, userId, wiring: '3P4W' as const, phase: 'ABC' as const, ct: 1, pt: 1 })),
    ],
    users: series.map(({ userId, contractKva }) => ({ userId, contractKva })),
    curves,
    registers,
    applications: [{ kva: 20, category: 'EV', phases: 'ABC', status: 'ACCEPTED' }, { kva: 7, category: 'RES', phases: 'B', status: 'IN_WORK' }],
  }
}
