import { epochDay } from '../../../src/core/time.ts'
import type { CaseInput } from '../../../src/capacity/cases/form.ts'
import { minuteOf, type Meter } from './inputs.ts'

/** Energy of a day from registers: per metering point the chain of its meters from midnight to midnight; null when one link is missing or runs backwards. */
export function energyOfDay(gateway: readonly (readonly Meter[])[], registers: CaseInput['registers'], day: number): number | null {
  if (gateway.length === 0) return null
  const start = day * 1_440
  const end = start + 1_440
  const reading = (meterId: string, onDay: number): number | null => registers.findLast((register) => register.meterId === meterId && epochDay(register.date) === onDay)?.ef ?? null
  let total = 0
  for (const meters of gateway) {
    const stays = meters
      .map((meter) => ({ meter, from: meter.from == null ? -Infinity : minuteOf(meter.from), to: meter.to == null ? Infinity : minuteOf(meter.to) }))
      .filter(({ from, to }) => from < end && to > start && from < to)
    if (!stays.some(({ from }) => from <= start) || !stays.some(({ to }) => to >= end)) return null
    for (const { meter, from, to } of stays) {
      const first = from >= start ? (meter.startEf ?? null) : reading(meter.meterId, day)
      const last = to <= end ? (meter.stopEf ?? null) : reading(meter.meterId, day + 1)
      if (first === null || last === null) return null
      if (last < first && !(first >= 900_000 && last <= 100_000)) return null
      total += (last < first ? last - first + 1_000_000 : last - first) * meter.ct * meter.pt
    }
  }
  return total
}
