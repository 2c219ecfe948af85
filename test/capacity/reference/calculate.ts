import { epochDay, formatEpochDay } from '../../../src/core/time.ts'
import type { CaseInput, WorkedCase } from '../../../src/capacity/cases/form.ts'
import { above, atLeast, Curves, entryOn, inForce, meteringPoints, type Meter, type User } from './inputs.ts'
import { energyOfDay } from './energy.ts'
import { daysOf, fillGaps, runFigures, runsOf } from './runs.ts'

const kd: Readonly<Record<string, number>> = { RES: 0.4, COM: 0.7, IND: 0.8, EV: 0.8, AGR: 0.6 }
const open = ['ACCEPTED', 'SURVEYED', 'PLAN_REPLIED', 'IN_WORK', 'ACCEPTANCE']
const phases = ['A', 'B', 'C'] as const

/** All 15 indicators of a worked case, as its `expect` would hold them, not rounded. */
export function calculate(input: CaseInput): WorkedCase['expect'] {
  const firstDay = epochDay(input.window.from)!
  const days = epochDay(input.window.to)! - firstDay + 1
  const length = days * 96
  const dayOf = (t: number): number => firstDay + Math.floor(t / 96)
  const at = (t: number): string => `${formatEpochDay(dayOf(t))}T${String(Math.floor((t % 96) / 4)).padStart(2, '0')}:${String(((t % 96) % 4) * 15).padStart(2, '0')}:00+08:00`
  const points = Array.from({ length }, (_, t) => t)
  const curves = new Curves(input.curves)
  const rated = (day: number): number | null => entryOn(input.area.rated, day)?.kva ?? null
  const gateway = meteringPoints(input.meters.filter(({ role }) => role === 'GATEWAY'))
  const users = input.users.map((user) => ({ user, points: meteringPoints(input.meters.filter(({ role, userId }) => role === 'USER' && userId === user.userId)) }))
  const belongs = (user: User, day: number): boolean => {
    const stays = user.membership == null || user.membership.length === 0 ? [{ areaId: input.area.areaId }] : user.membership
    return entryOn(stays, day)?.areaId === input.area.areaId
  }
  const userP = users.map(({ user, points: own }) => points.map((t) => (belongs(user, dayOf(t)) ? curves.sum(own, dayOf(t), 'P', t % 96) : null)))
  const userQ = users.map(({ user, points: own }) => points.map((t) => (belongs(user, dayOf(t)) ? curves.sum(own, dayOf(t), 'Q', t % 96) : null)))

  // steps 1 and 4: the load of each day
  const plausible = (value: number | null, t: number): number | null => {
    const capacity = rated(dayOf(t))
    return value !== null && capacity !== null && above(Math.abs(value), 2 * capacity) ? null : value
  }
  const rawP = points.map((t) => plausible(curves.sum(gateway, dayOf(t), 'P', t % 96), t))
  const rawQ = points.map((t) => plausible(curves.sum(gateway, dayOf(t), 'Q', t % 96), t))
  for (let day = 0; day < days; day++) {
    if (rawP.slice(day * 96, day * 96 + 96).filter((value) => value !== null).length >= 72) continue
    for (let t = day * 96; t < day * 96 + 96; t++) {
      const members = users.flatMap(({ user }, index) => (belongs(user, dayOf(t)) ? [userP[index]![t]!] : []))
      const valid = members.filter((value) => value !== null)
      rawQ[t] = null
      rawP[t] = valid.length > 0 && valid.length * 10 >= members.length * 9 ? (valid.reduce((sum, value) => sum + value, 0) * members.length) / valid.length : null
    }
  }
  const p = fillGaps(rawP)
  const q = fillGaps(rawQ)
  const s = points.map((t) => (p.values[t] === null ? null : q.values[t] === null ? Math.abs(p.values[t]!) / 0.95 : Math.hypot(p.values[t]!, q.values[t]!)))
  const rate = points.map((t) => {
    const capacity = rated(dayOf(t))
    return s[t] === null || capacity === null || capacity === 0 ? null : (s[t]! / capacity) * 100
  })
  const measured = (t: number): boolean => !p.filled[t] && !(q.values[t] !== null && q.filled[t]!)
  const largest = (values: readonly (number | null)[], allowed: (t: number) => boolean): number | null => {
    let best: number | null = null
    for (const t of points) if (values[t] !== null && allowed(t) && (best === null || above(values[t]!, values[best]!))) best = t
    return best
  }
  const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length)
  const present = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null)

  const peak = largest(p.values, (t) => p.values[t]! > 0 && !p.filled[t])
  const peakKw = peak === null ? null : p.values[peak]!
  const ratePeak = largest(rate, measured)
  const meanPositive = mean(present(p.values).map((value) => Math.max(value, 0)))

  // I04, I05
  const valleys: { readonly day: number; readonly pct: number; readonly kw: number }[] = []
  const energies: number[] = []
  for (let day = 0; day < days; day++) {
    const values = present(p.values.slice(day * 96, day * 96 + 96))
    const high = Math.max(...values)
    const low = Math.min(...values)
    if (values.length >= 87 && high > 0) valleys.push({ day, pct: ((high - low) / high) * 100, kw: high - low })
    const energy = energyOfDay(gateway, input.registers, firstDay + day) ?? (values.length >= 87 ? (values.reduce((sum, value) => sum + Math.max(value, 0), 0) * 0.25 * 96) / values.length : null)
    if (energy !== null) energies.push(energy)
  }
  let deepest: (typeof valleys)[number] | undefined
  for (const valley of valleys) if (deepest === undefined || above(valley.kw, deepest.kw)) deepest = valley
  const energy = energies.length === 0 ? null : energies.reduce((sum, value) => sum + value, 0)

  // I06, I07
  const overloads = runsOf(length, (t) => rate[t] !== null && atLeast(rate[t]!, 100), 8)
  const heavies = runsOf(length, (t) => rate[t] !== null && atLeast(rate[t]!, 80), 8)
  const overloadDays = daysOf(overloads)

  // I08
  const currents = phases.map((phase) => fillGaps(points.map((t) => curves.sum(gateway, dayOf(t), `I${phase}`, t % 96))))
  const imbalance = points.map((t) => {
    const values = currents.map(({ values: series }) => series[t]!)
    const capacity = rated(dayOf(t))
    if (values.some((value) => value === null) || capacity === null || capacity === 0) return null
    const high = Math.max(...values)
    if (high <= 0 || !atLeast(high, 0.2 * (capacity / (Math.sqrt(3) * 0.4)))) return null
    return ((high - Math.min(...values)) / high) * 100
  })
  const limit = input.area.connection === 'Yyn0' ? 15 : 25
  const unbalanced = runsOf(length, (t) => imbalance[t] !== null && above(imbalance[t]!, limit), 8)
  const worst = largest(imbalance, (t) => currents.every(({ filled }) => !filled[t]))

  // I12, I13
  const consuming = points.filter((t) => p.values[t] !== null && p.values[t]! > 0 && q.values[t] !== null)
  const sumP = consuming.reduce((sum, t) => sum + p.values[t]!, 0)
  const sumQ = consuming.reduce((sum, t) => sum + Math.abs(q.values[t]!), 0)
  const withData = users.map((_, index) => userP[index]!.some((value) => value !== null))
  let coincident: number | null = null
  for (const t of points) {
    const members = users.flatMap(({ user }, index) => (withData[index] && belongs(user, dayOf(t)) ? [userP[index]![t]!] : []))
    const valid = present(members)
    if (valid.length === 0 || valid.length * 10 < members.length * 9) continue
    const sum = (valid.reduce((total, value) => total + Math.max(value, 0), 0) * members.length) / valid.length
    if (coincident === null || sum > coincident) coincident = sum
  }
  const maxima = users.flatMap((_, index) => (withData[index] ? [Math.max(0, ...present(userP[index]!))] : []))
  const sumOfMaxima = maxima.reduce((sum, value) => sum + value, 0)

  // I14, I15
  const lastCapacity = rated(firstDay + days - 1)
  const requests = input.applications.filter(({ kva, status }) => kva > 0 && open.includes(status)).map(({ kva, category, phases: on }) => ({ demand: kva * (kd[category] ?? 1), on }))
  const committed = requests.reduce((sum, { demand }) => sum + demand, 0)
  const consumingPeak = largest(s, (t) => measured(t) && p.values[t]! > 0)
  const maxKva = consumingPeak === null ? null : s[consumingPeak]!
  const phaseRoom = phases.map((phase, index) => {
    const { values, filled } = currents[index]!
    const loads = points.flatMap((t) => {
      if (values[t] === null || filled[t] || (p.values[t] !== null && (p.filled[t] || p.values[t]! <= 0))) return []
      const volts = gateway[0] === undefined ? null : curves.primary(gateway[0], dayOf(t), `U${phase}`, t % 96)
      return [((volts === null || !atLeast(volts, 154) || above(volts, 264) ? 220 : volts) * values[t]!) / 1000]
    })
    if (loads.length === 0 || lastCapacity === null) return null
    const taken = requests.reduce((sum, { demand, on }) => sum + (on.includes(phase) ? demand / on.length : 0), 0)
    return Math.max(0, (0.8 * lastCapacity) / 3 - Math.max(...loads) - taken)
  })
  let recommended: number | null = null
  for (const [index, room] of phaseRoom.entries()) if (room !== null && (recommended === null || above(room, phaseRoom[recommended]!))) recommended = index

  const voltages = voltageFigures(input, { curves, points, dayOf, belongs, users, gateway })
  const over = overCapacity({ points, dayOf, users, userP, userQ })
  return {
    I01: { kw: peakKw, at: peak === null ? null : at(peak) },
    I02: { max_pct: ratePeak === null ? null : rate[ratePeak]!, at: ratePeak === null ? null : at(ratePeak), avg_pct: mean(present(rate)) },
    I03: { pct: peakKw === null || meanPositive === null ? null : (meanPositive / peakKw) * 100 },
    I04: { mean_pct: mean(valleys.map(({ pct }) => pct)), max_diff_kw: deepest?.kw ?? null, max_diff_date: deepest === undefined ? null : formatEpochDay(firstDay + deepest.day), days: valleys.length },
    I05: { energy_kwh: energy, energy_days: energies.length, hours: energy === null || peakKw === null ? null : ((energy / energies.length) * 365) / peakKw },
    I06: runFigures(heavies, [...daysOf(heavies)].filter((day) => !overloadDays.has(day)).length),
    I07: runFigures(overloads, overloadDays.size),
    I08: { ...runFigures(unbalanced, daysOf(unbalanced).size), max_pct: worst === null ? null : imbalance[worst]!, at: worst === null ? null : at(worst) },
    I09: voltages.shares,
    I10: { count: voltages.low.length, users: voltages.low },
    I11: { count: over.length, users: over },
    I12: { pf: sumP === 0 ? null : sumP / Math.hypot(sumP, sumQ) },
    I13: { factor: coincident === null || sumOfMaxima === 0 ? null : Math.min(1, coincident / sumOfMaxima), coincident_kw: coincident, sum_of_max_kw: sumOfMaxima, users: maxima.length },
    I14: { kva: lastCapacity === null || maxKva === null ? null : Math.max(0, 0.8 * lastCapacity - maxKva - committed), allowed_kva: lastCapacity === null ? null : 0.8 * lastCapacity, max_kva: maxKva, committed_kva: committed },
    I15: { A: phaseRoom[0]!, B: phaseRoom[1]!, C: phaseRoom[2]!, recommend: recommended === null ? null : phases[recommended]! },
  }
}

interface Place {
  readonly points: readonly number[]
  readonly dayOf: (t: number) => number
  readonly users: readonly { readonly user: User; readonly points: readonly (readonly Meter[])[] }[]
}

/** I09 and I10. */
function voltageFigures(_: CaseInput, place: Place & { readonly curves: Curves; readonly belongs: (user: User, day: number) => boolean; readonly gateway: readonly (readonly Meter[])[] }) {
  const { curves, points, dayOf, belongs, users, gateway } = place
  let monitored = 0
  let high = 0
  let low = 0
  const lowUsers = new Set<string>()
  const watch = (meters: readonly Meter[], counts: (t: number) => boolean, user: string | null): void => {
    for (const phase of phases) {
      const isLow = points.map((t) => {
        if (!counts(t)) return false
        const meter = inForce(meters, dayOf(t) * 1_440 + (t % 96) * 15)
        if (meter === undefined || (meter.wiring === '1P' && meter.phase !== phase)) return false
        const volts = curves.primary(meters, dayOf(t), `U${phase}`, t % 96)
        if (volts === null || !atLeast(volts, 154) || above(volts, 264)) return false
        monitored++
        if (above(volts, 235.4)) high++
        const below = !atLeast(volts, meter.wiring === '1P' ? 198 : 204.6)
        if (below) low++
        return below
      })
      if (user !== null && runsOf(points.length, (t) => isLow[t]!, 4).length > 0) lowUsers.add(user)
    }
  }
  for (const meters of gateway) watch(meters, () => true, null)
  for (const { user, points: own } of users) for (const meters of own) watch(meters, (t) => belongs(user, dayOf(t)), user.userId)
  const share = (count: number): number | null => (monitored === 0 ? null : (count / monitored) * 100)
  return { shares: { pass_pct: share(monitored - high - low), over_pct: share(high), under_pct: share(low), points: monitored }, low: [...lowUsers] }
}

/** I11. */
function overCapacity({ points, dayOf, users, userP, userQ }: Place & { readonly userP: readonly (readonly (number | null)[])[]; readonly userQ: readonly (readonly (number | null)[])[] }) {
  return users.flatMap(({ user }, index) => {
    const ratio = points.map((t) => {
      const p = userP[index]![t]!
      const q = userQ[index]![t]!
      const contract = user.contract == null || user.contract.length === 0 ? (user.contractKva ?? null) : (entryOn(user.contract, dayOf(t))?.kva ?? null)
      if (p === null || p <= 0 || contract === null || contract === 0) return 0
      return (q === null ? p / 0.95 : Math.hypot(p, q)) / contract
    })
    const runs = runsOf(points.length, (t) => above(ratio[t]!, 1.1), 2)
    return runs.length === 0 ? [] : [{ userId: user.userId, max_ratio: Math.max(...runs.flatMap(({ start, end }) => ratio.slice(start, end))) }]
  })
}
