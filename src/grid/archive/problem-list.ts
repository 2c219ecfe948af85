import type { Problem, Where } from '../../core/errors.ts'

/** More problems than anybody reads are only counted, so that a wrong file of millions of rows does not fill the memory. */
const maxKept = 5_000

/** Collects everything that is wrong with an input, so that it can be mended in one go. */
export class ProblemList {
  readonly #kept: Problem[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  add(message: string, where?: Where, hint?: string): void {
    this.#count++
    if (this.#kept.length < maxKept) this.#kept.push({ message, ...(where === undefined ? {} : { where }), ...(hint === undefined ? {} : { hint }) })
  }

  all(): readonly Problem[] {
    const more = this.#count - this.#kept.length
    return more === 0 ? this.#kept : [...this.#kept, { message: `and ${more} further problems that are not listed` }]
  }
}
