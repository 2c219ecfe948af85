/** Hex text and bytes. Lower case out, either case and blanks in. */

const pairs: readonly string[] = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'))

/** Lower-case hex of `bytes[start, end)`. */
export function toHex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (end - start > 24) return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex')
  let text = ''
  for (let at = start; at < end; at++) text += pairs[bytes[at] as number] as string
  return text
}

/** Two lower-case hex digits of one byte. */
export function byteHex(value: number): string {
  return pairs[value & 0xff] as string
}

/** Hex of bytes in reversed order: numbers and addresses that travel least significant byte first. */
export function toHexReversed(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = end - 1; at >= start; at--) text += pairs[bytes[at] as number] as string
  return text
}

/**
 * Bytes of hex text; blanks, commas, colons and `0x` prefixes between the pairs are allowed. Null when the text is anything else.
 */
export function fromHex(text: string): Uint8Array | null {
  const digits = text.replace(/0x/gi, '').replace(/[\s,:]/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return null
  return new Uint8Array(Buffer.from(digits, 'hex'))
}

/** Bytes of hex text without any separators, in reversed order. Null when the text is not hex. */
export function fromHexReversed(text: string): Uint8Array | null {
  const bytes = fromHex(text)
  return bytes === null ? null : bytes.reverse()
}
