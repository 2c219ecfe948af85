/** Numbers of one column whose length is not known before: doubles its array as it grows. */
export class GrowingColumn<A extends Int32Array | Uint8Array | Float64Array> {
  #array: A
  #length = 0
  readonly #create: (length: number) => A

  constructor(create: (length: number) => A) {
    this.#create = create
    this.#array = create(1_024)
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#array.length) {
      const larger = this.#create(this.#array.length * 2)
      larger.set(this.#array)
      this.#array = larger
    }
    this.#array[this.#length++] = value
  }

  at(index: number): number {
    return this.#array[index] ?? Number.NaN
  }

  set(index: number, value: number): void {
    this.#array[index] = value
  }

  /** The values so far; shares memory with the column. */
  values(): A {
    return this.#array.subarray(0, this.#length) as A
  }
}
