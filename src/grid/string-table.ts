/**
 * Identifiers as bytes in one buffer with a hash index: about 25 bytes an identifier instead of more than 100 for a string in a Map,
 * so that a province's meters fit into one process. Entries are numbered in the order of their arrival and never removed.
 */
export class StringTable {
  #bytes = Buffer.allocUnsafe(1 << 12)
  #ends = new Uint32Array(1 << 8)
  /** Hash of each entry, so that growing reads no text. */
  #hashes = new Uint32Array(1 << 8)
  #slots = new Int32Array(1 << 9).fill(-1)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Number of the text, −1 when it is not in the table. */
  find(text: string): number {
    return this.#slots[this.#slotOf(text, hash(text))] ?? -1
  }

  /** Adds a text that is not there yet; returns its number, or −1 when it was there already (then `find` tells which). */
  add(text: string): number {
    const hashed = hash(text)
    const slot = this.#slotOf(text, hashed)
    if (this.#slots[slot] !== -1) return -1
    const start = this.#size === 0 ? 0 : (this.#ends[this.#size - 1] ?? 0)
    const maxBytes = text.length * 3
    if (start + maxBytes > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, start + maxBytes))
      this.#bytes.copy(larger, 0, 0, start)
      this.#bytes = larger
    }
    if (this.#size === this.#ends.length) {
      const larger = new Uint32Array(this.#ends.length * 2)
      larger.set(this.#ends)
      this.#ends = larger
      const hashes = new Uint32Array(larger.length)
      hashes.set(this.#hashes)
      this.#hashes = hashes
    }
    this.#hashes[this.#size] = hashed
    this.#ends[this.#size] = start + this.#bytes.write(text, start, 'utf8')
    this.#slots[slot] = this.#size++
    if (this.#size * 2 > this.#slots.length) this.#grow()
    return this.#size - 1
  }

  get(index: number): string {
    if (index < 0 || index >= this.#size) throw new RangeError(`no entry ${index}`)
    return this.#bytes.toString('utf8', index === 0 ? 0 : this.#ends[index - 1], this.#ends[index])
  }

  /** Slot that holds the text, or the empty slot where it would go. */
  #slotOf(text: string, hashed: number): number {
    const mask = this.#slots.length - 1
    let slot = hashed & mask
    for (;;) {
      const index = this.#slots[slot] ?? -1
      if (index === -1 || (this.#hashes[index] === hashed && this.#equals(index, text))) return slot
      slot = (slot + 1) & mask
    }
  }

  #equals(index: number, text: string): boolean {
    const start = index === 0 ? 0 : (this.#ends[index - 1] ?? 0)
    const length = (this.#ends[index] ?? 0) - start
    if (length < text.length) return false
    for (let at = 0; at < text.length; at++) {
      const char = text.charCodeAt(at)
      if (char > 127) return this.get(index) === text
      if (this.#bytes[start + at] !== char) return false
    }
    return length === text.length
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let index = 0; index < this.#size; index++) {
      let slot = (this.#hashes[index] ?? 0) & mask
      while (slots[slot] !== -1) slot = (slot + 1) & mask
      slots[slot] = index
    }
    this.#slots = slots
  }
}

/** FNV-1a over the UTF-16 units with a final mix: identifiers differ mostly in their last characters. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)
  return (value ^ (value >>> 13)) >>> 0
}
