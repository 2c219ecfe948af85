/*
  Random numbers of the simulators: sfc32, seeded by hashing (seed, purpose, number). Every purpose and every thing has a stream of its
  own, so that a change in one part of a simulation leaves all others as they were. Nothing here depends on the machine.
*/

export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(a: number, b: number, c: number) {
    this.#a = a | 0
    this.#b = b | 0
    this.#c = c | 0
    for (let round = 0; round < 12; round++) this.uint32()
  }

  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** In [0, 1). */
  unit(): number {
    return this.uint32() / 4_294_967_296
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.unit()
  }

  /** A whole number in [0, size). */
  below(size: number): number {
    return Math.floor(this.unit() * size)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()))
    return radius * Math.cos(2 * Math.PI * this.unit())
  }

  /** Median `exp(mu)`. */
  logNormal(mu: number, sigma: number): number {
    return Math.exp(mu + sigma * this.normal())
  }

  exponential(): number {
    return -Math.log(1 - this.unit())
  }

  /** Marsaglia and Tsang; shapes below 1 by their power trick. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * Math.pow(1 - this.unit(), 1 / shape)
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = this.normal()
      const v = (1 + c * x) ** 3
      if (v > 0 && Math.log(1 - this.unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
    }
  }

  beta(a: number, b: number): number {
    const x = this.gamma(a)
    return x / (x + this.gamma(b))
  }

  binomial(trials: number, probability: number): number {
    let hits = 0
    for (let trial = 0; trial < trials; trial++) if (this.chance(probability)) hits++
    return hits
  }

  /** By multiplication up to a mean of 30, above by splitting the mean. */
  poisson(mean: number): number {
    if (mean > 30) {
      const half = mean / 2
      return this.poisson(half) + this.poisson(mean - half)
    }
    const limit = Math.exp(-mean)
    let product = this.unit()
    let count = 0
    while (product > limit) {
      product *= this.unit()
      count++
    }
    return count
  }
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** A 32-bit hash of a text. */
export function hashText(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return mix(value >>> 0)
}

export type RandomStreams = (purpose: string, number?: number) => Random

/** Streams of one seed: the same (purpose, number) always gives the same sequence. */
export function createRandomStreams(seed: string): RandomStreams {
  const root = hashText(`seed ${seed}`)
  const purposes = new Map<string, number>()
  return (purpose, number = 0) => {
    let hashed = purposes.get(purpose)
    if (hashed === undefined) {
      hashed = hashText(purpose)
      purposes.set(purpose, hashed)
    }
    return new Random(root, mix(hashed ^ mix(number)), mix(hashed + number + 0x9e3779b9))
  }
}
