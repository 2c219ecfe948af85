import type { World } from './channel.ts'
import { tripKind } from './event-buckets.ts'
import type { Incident } from './incidents.ts'

/**
 * The TRIP that dispatch passes on when a feeder's breaker opens, for a lasting fault of the feeder as for a reclosing: a few seconds late,
 * in a stream of its own. Nothing tells that the breaker has closed again.
 */
export function reportTrip(world: World, incident: Incident): void {
  const { parameters, events, streams } = world
  if (incident.node.level !== 'FEEDER' || (incident.kind !== 'FAULT' && incident.kind !== 'MOMENTARY') || parameters.tripDelivered === 0) return
  const random = streams('trip', incident.number)
  if (!random.chance(parameters.tripDelivered)) return
  const occurredAtMs = incident.startAtMs + Math.round(random.between(0, 200)) // relays need up to ten periods
  events.add(incident.feeder, tripKind, Math.round(occurredAtMs + random.between(1_000, 5_000) * parameters.delayFactor), occurredAtMs, Number.NaN)
}
