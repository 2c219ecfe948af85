/*
  Events of a whole simulation as columns, in slots of ten minutes of arrival: about 30 bytes an event, sorted only when they are written.
*/
const slotMs = 600_000
const chunkSize = 4_096

export const simEventKinds = ['OFF', 'ON', 'ALIVE', 'TRIP', 'MODULE_CHANGED'] as const
/** Bits of `flags`. */
export const kindMask = 7
export const normalFlag = 8
export const validFlag = 16
/** `device` names no device of the grid. */
export const unknownFlag = 32
/** Kinds of events as the low bits of `flags`. */
export const tripKind = 3
export const moduleChangedKind = 4

/** One event before it gets its id: `device` is a meter ≥ 0, or −1 − area for the terminal of the area; of a TRIP the feeder. */
export interface SimEvent {
  readonly device: number
  readonly flags: number
  readonly receivedAtMs: number
  /** NaN = not known. */
  readonly occurredAtMs: number
  readonly endedAtMs: number
}

class Chunk {
  length = 0
  readonly received = new Float64Array(chunkSize)
  readonly occurred = new Float64Array(chunkSize)
  readonly ended = new Float64Array(chunkSize)
  readonly device = new Int32Array(chunkSize)
  readonly flags = new Uint8Array(chunkSize)
}

export class EventBuckets {
  readonly #slots = new Map<number, Chunk[]>()
  #count = 0

  get count(): number {
    return this.#count
  }

  add(device: number, flags: number, receivedAtMs: number, occurredAtMs: number, endedAtMs: number): void {
    const slot = Math.floor(receivedAtMs / slotMs)
    let chunks = this.#slots.get(slot)
    if (chunks === undefined) {
      chunks = [new Chunk()]
      this.#slots.set(slot, chunks)
    }
    let chunk = chunks[chunks.length - 1]!
    if (chunk.length === chunkSize) {
      chunk = new Chunk()
      chunks.push(chunk)
    }
    const at = chunk.length++
    chunk.received[at] = receivedAtMs
    chunk.occurred[at] = occurredAtMs
    chunk.ended[at] = endedAtMs
    chunk.device[at] = device
    chunk.flags[at] = flags
    this.#count++
  }

  /** All events by arrival; those of one millisecond in the order they were added. Frees each slot as it goes. */
  *sorted(): Generator<SimEvent> {
    for (const slot of [...this.#slots.keys()].sort((left, right) => left - right)) {
      const chunks = this.#slots.get(slot) ?? []
      const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
      // milliseconds in the slot and position in one exact number, sorted natively: 600,000 × 2³² stays below 2⁵³
      const keys = new Float64Array(total)
      let position = 0
      for (const chunk of chunks) for (let at = 0; at < chunk.length; at++) keys[position] = ((chunk.received[at] ?? 0) - slot * slotMs) * 4_294_967_296 + position++
      keys.sort()
      for (const key of keys) {
        const index = key % 4_294_967_296
        const chunk = chunks[Math.floor(index / chunkSize)]!
        const at = index % chunkSize
        yield { device: chunk.device[at]!, flags: chunk.flags[at]!, receivedAtMs: chunk.received[at]!, occurredAtMs: chunk.occurred[at]!, endedAtMs: chunk.ended[at]! }
      }
      this.#slots.delete(slot)
    }
  }
}
