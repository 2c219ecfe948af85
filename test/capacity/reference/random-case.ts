import { addDays } from '../../../src/core/time.ts'
import type { CurveKind } from '../../../src/capacity/packed-curve.ts'
import type { WorkedCase } from '../../../src/capacity/cases/form.ts'
import { calculate } from './calculate.ts'
import { Random } from './random.ts'

/*
  Small areas that are made to hit the rules of docs/domain.md, indicators: values at the very limits, gaps of one to four points, replaced meters,
  moved users, registers that roll over or are missing.
*/

type Input = WorkedCase['input']
type Rle = [number, number | null][]

/** A random case whose expected figures are those of the plain implementation. */
export function randomCase(seed: number): WorkedCase {
  const input = randomInput(new Random(seed))
  return { id: `R${seed}`, title: `random case ${seed}`, input, expect: calculate(input) }
}

export function randomInput(random: Random): Input {
  const days = random.pick([1, 1, 2, 2, 3, 4])
  const from = random.pick(['2025-07-01', '2025-09-10', '2024-02-28', '2025-12-30'])
  const dates = Array.from({ length: days }, (_, day) => addDays(from, day))
  const window = { from, to: dates.at(-1)! }
  const kva = random.pick([50, 100, 200, 315, 400])
  const rated: Input['area']['rated'] = [{ from: '2020-01-01', kva }]
  if (random.chance(0.2)) rated.push({ from: random.pick(dates), kva: random.pick([50, 100, 200, 400, 630]) })
  if (random.chance(0.05)) rated.splice(0, 1)
  const input: Input = { window, area: { areaId: 'T1', rated, connection: random.pick(['Yyn0', 'Dyn11']) }, meters: [], users: [], curves: [], registers: [], applications: applications(random) }
  gateways(random, input, dates, kva)
  const users = random.pick([0, 1, 2, 3, 5, 10, 11])
  for (let index = 0; index < users; index++) user(random, input, dates, `U${index}`)
  return input
}

function gateways(random: Random, input: Input, dates: readonly string[], kva: number): void {
  const count = random.pick([0, 1, 1, 1, 1, 2])
  for (let index = 0; index < count; index++) {
    const ct = random.pick([1, 20, 40, 60, 100, 12.5])
    const pt = random.pick([1, 1, 1, 2])
    const share = kva / count / ct / pt
    const load = [0.2, 0.3, 0.5, 0.76, 0.8, 0.95, 1, 1.05, 1.9, 2.1].map((part) => round4(part * share))
    for (const meter of chain(random, input, dates, { mpId: `MG${index}`, meterId: `G${index}`, role: 'GATEWAY', wiring: '3P4W', ct, pt })) {
      for (const date of dates) {
        if (random.chance(0.05)) continue
        const feeds = random.chance(0.2)
        push(random, input, meter, date, 'P', feeds ? [...load, round4(-0.3 * share), round4(-1.1 * share)] : load, random.pick([0.02, 0.05, 0.3]))
        if (random.chance(0.7)) push(random, input, meter, date, 'Q', [0, round4(0.1 * share), round4(0.3 * share), round4(-0.3 * share), round4(0.6 * share), round4(2.5 * share)], 0.1)
        if (random.chance(0.6)) {
          const amps = (kva / (Math.sqrt(3) * 0.4)) / ct / count
          for (const phase of ['A', 'B', 'C'] as const) if (!random.chance(0.05)) push(random, input, meter, date, `I${phase}`, [0, 1, 1.2, 1.5, 2, 3, 4, round4(0.2 * amps), round4(0.6 * amps), round4(0.75 * amps), round4(amps)], 0.06)
          for (const phase of ['A', 'B', 'C'] as const) if (random.chance(0.7)) push(random, input, meter, date, `U${phase}`, [150, 154, 204.5, 204.6, 220, 230, 235.4, 235.5, 264, 264.1].map((volts) => volts / pt), 0.05)
        }
      }
    }
  }
}

type MeterOf = Input['meters'][number]

/** One metering point: mostly one meter for ever, sometimes replaced at noon, at midnight or off the grid of points. */
function chain(random: Random, input: Input, dates: readonly string[], meter: Omit<MeterOf, 'from' | 'to' | 'phase'> & { readonly phase?: MeterOf['phase'] }): readonly MeterOf[] {
  const first: MeterOf = { ...meter }
  const meters = [first]
  const start = random.integer(0, 9_999_00) / 100
  let register = random.chance(0.2) ? 999_990 : start
  const kind = random.next()
  if (kind < 0.25) {
    const change = `${random.pick(dates)}T${random.pick(['12:00', '00:00', '07:10', '23:50', '18:15'])}`
    const restart = random.chance(0.1) ? `${change.slice(0, 11)}23:59` : change
    first.to = change
    meters.push({ ...meter, meterId: `${meter.meterId}n`, from: restart, ct: random.pick([meter.ct, meter.ct, meter.ct * 2]) })
    if (random.chance(0.8)) first.stopEf = round2(register + random.integer(0, 3_000) / 100)
    if (random.chance(0.8)) meters[1]!.startEf = random.integer(0, 100) / 100
  } else if (kind < 0.3) {
    first.from = `${random.pick(dates)}T${random.pick(['12:00', '00:00'])}`
    if (random.chance(0.5)) first.startEf = 0
  } else if (kind < 0.33) {
    first.to = `${random.pick(dates)}T06:00`
    first.stopEf = round2(register + 5)
  }
  input.meters.push(...meters)
  if (meter.role === 'GATEWAY' && random.chance(0.7)) {
    for (const date of [...dates, addDays(dates.at(-1)!, 1)]) {
      const current = meters.length === 2 && date > meters[1]!.from!.slice(0, 10) ? meters[1]! : first
      if (current !== first && register > 200) register = random.integer(100, 5_000) / 100
      if (random.chance(0.93)) input.registers.push({ meterId: current.meterId, date, ef: round2(register) })
      register += random.integer(0, 3_000) / 100
      if (register >= 1_000_000) register -= 1_000_000
      if (random.chance(0.03)) register = Math.max(0, register - 50)
    }
  }
  return meters
}

function user(random: Random, input: Input, dates: readonly string[], userId: string): void {
  const contractKva = random.pick([4, 8, 10, 20])
  const entry: Input['users'][number] = { userId, contractKva }
  if (random.chance(0.1)) entry.contract = [{ from: '2020-01-01', kva: contractKva }, { from: random.pick(dates), kva: random.pick([4, 8, 16]) }]
  const moves = random.next()
  if (moves < 0.1) entry.membership = [{ areaId: 'T1', from: '2020-01-01', to: random.pick(dates) }, { areaId: 'T2', from: dates.at(-1)! }]
  else if (moves < 0.2) entry.membership = [{ areaId: 'T2', from: '2020-01-01' }, { areaId: 'T1', from: random.pick(dates) }]
  else if (moves < 0.23) entry.membership = [{ areaId: 'T2', from: '2020-01-01' }]
  input.users.push(entry)
  const points = random.pick([1, 1, 1, 1, 2, 0])
  for (let point = 0; point < points; point++) {
    const single = random.chance(0.7)
    const phase = random.pick(['A', 'B', 'C'] as const)
    const common = { mpId: `M${userId}${point}`, meterId: `${userId}p${point}`, role: 'USER' as const, userId, ct: random.pick([1, 1, 1, 1, 2]), pt: 1 }
    const meters = chain(random, input, dates, single ? { ...common, wiring: '1P', phase } : { ...common, wiring: '3P4W', phase: 'ABC' })
    const withQ = random.chance(0.3)
    const unit = contractKva / points / common.ct
    for (const meter of meters) {
      for (const date of dates) {
        if (random.chance(0.08)) continue
        push(random, input, meter, date, 'P', [0.1, 0.3, 0.5, 0.8, 1, 1.045, 1.05, 1.1, 1.2, 0.66].map((part) => round4(part * unit)).concat(random.chance(0.1) ? [-2, -0.5] : []), random.pick([0.01, 0.05, 0.2]))
        if (withQ && random.chance(0.9)) push(random, input, meter, date, 'Q', [0, 0.2, 0.3, 0.88, -0.4].map((part) => round4(part * unit)), 0.05)
        if (random.chance(0.5)) {
          for (const on of single ? [phase] : (['A', 'B', 'C'] as const)) push(random, input, meter, date, `U${on}`, [190, 197.9, 198, 204.5, 204.6, 215, 220, 235.4, 236, 150, 153.9, 154, 264], 0.04)
        }
      }
    }
  }
}

function applications(random: Random): Input['applications'] {
  return Array.from({ length: random.pick([0, 0, 1, 2, 4]) }, () => ({
    kva: random.pick([5, 7, 10, 20, 50, -10, 0]),
    category: random.pick(['RES', 'COM', 'IND', 'EV', 'AGR', 'OTHER', 'XYZ']),
    phases: random.pick(['A', 'B', 'C', 'ABC']),
    status: random.pick(['ACCEPTED', 'SURVEYED', 'PLAN_REPLIED', 'IN_WORK', 'ACCEPTANCE', 'ENERGIZED', 'CANCELLED', 'REJECTED']),
  }))
}

function push(random: Random, input: Input, meter: MeterOf, date: string, kind: CurveKind, values: readonly number[], missing: number): void {
  if (random.chance(0.02)) return void input.curves.push({ meterId: meter.meterId, date, kind, rle: [[96, null]] })
  const rle: Rle = []
  let left = 96
  while (left > 0) {
    const gap = random.chance(missing)
    const count = Math.min(left, gap ? random.pick([1, 1, 2, 2, 3, 4, 10, 24]) : random.pick([1, 1, 2, 3, 4, 7, 8, 9, 12, 20, 40]))
    rle.push([count, gap ? null : round4(random.pick(values))])
    left -= count
  }
  input.curves.push({ meterId: meter.meterId, date, kind, rle })
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
