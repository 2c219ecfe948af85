import { StationError } from '../core/errors.ts'

/**
 * A value of a message to be encoded, with its place in the message. Every accessor checks kind and range and throws
 * StationError INPUT_INVALID naming the field, so that encoders accept the JSON that people write.
 */
export class Input {
  readonly value: unknown
  private readonly name: string
  private readonly parent: Input | null

  constructor(value: unknown, name: string, parent: Input | null = null) {
    this.value = value
    this.name = name
    this.parent = parent
  }

  get path(): string {
    if (this.parent === null) return this.name
    return this.name.startsWith('[') ? `${this.parent.path}${this.name}` : `${this.parent.path}.${this.name}`
  }

  fail(problem: string): never {
    throw new StationError('INPUT_INVALID', `${this.path}: ${problem}`, { facts: { field: this.path } })
  }

  get absent(): boolean {
    return this.value === undefined || this.value === null
  }

  get isText(): boolean {
    return typeof this.value === 'string'
  }

  has(name: string): boolean {
    return typeof this.value === 'object' && this.value !== null && (this.value as Record<string, unknown>)[name] !== undefined
  }

  get(name: string): Input {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) this.fail('must be an object')
    return new Input((this.value as Record<string, unknown>)[name], name, this)
  }

  list(): readonly Input[] {
    if (!Array.isArray(this.value)) this.fail('must be a list')
    return this.value.map((item: unknown, index) => new Input(item, `[${index}]`, this))
  }

  int(min: number, max: number): number {
    const { value } = this
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) this.fail(`must be a whole number from ${min} to ${max}`)
    return value
  }

  bigint(min: bigint, max: bigint): bigint {
    const { value } = this
    const whole = typeof value === 'bigint' ? value : typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : null
    if (whole === null || whole < min || whole > max) this.fail(`must be a whole number from ${min} to ${max}`)
    return whole
  }

  number(): number {
    if (typeof this.value !== 'number') this.fail('must be a number')
    return this.value
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') this.fail('must be true or false')
    return this.value
  }

  text(): string {
    if (typeof this.value !== 'string') this.fail('must be a text')
    return this.value
  }

  oneOf<Choice extends string>(choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.value)
    if (found === undefined) this.fail(`must be one of ${choices.join(', ')}`)
    return found
  }

  /** Hex of exactly `count` bytes, or of any whole number of bytes. */
  hex(count?: number): Buffer {
    const text = this.text()
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) this.fail('must be hex digits in pairs')
    if (count !== undefined && text.length !== count * 2) this.fail(`must be ${count * 2} hex digits`)
    return Buffer.from(text, 'hex')
  }
}
