import type { ItemName } from '../items.ts'
import type { Layout } from '../layout/layout.ts'

/**
 * One row of the tables of data identifiers.
 * `di`: four tokens DI3 DI2 DI1 DI0 (1997: two, DI1 DI0), each a hex byte, a range `01-0C`, or either with `*` where FF (1997: low nibble F) means the block of all members.
 */
export interface DataItem {
  readonly di: string
  readonly words: string
  readonly layout: Layout
  /** Item of the normal form; by the value of the token marked in `varies` when it differs. */
  readonly item?: ItemName | Readonly<Record<number, ItemName>>
  /** Which byte the item depends on (0 = DI0). */
  readonly varies?: 0 | 1 | 2
  /** DI1 is the tariff, DI0 the n-th last settlement day. */
  readonly tariffs?: true
  /** A second scale for the normal form (1997 voltages are whole volts). */
  readonly unit?: string
}

export interface FoundItem {
  readonly entry: DataItem
  /** Layout of the whole value: of a block, the list of its members. */
  readonly layout: Layout
  readonly block: boolean
  /** Lowest value of the byte that is FF in the identifier, and its index (0 = DI0). */
  readonly blockByte: number
  readonly blockFirst: number
}

interface Token {
  readonly low: number
  readonly high: number
  readonly block: boolean
}

interface Rule {
  readonly entry: DataItem
  readonly tokens: readonly Token[]
}

function parseToken(text: string): Token {
  const block = text.endsWith('*')
  const [low = '', high = low] = (block ? text.slice(0, -1) : text).split('-')
  return { low: parseInt(low, 16), high: parseInt(high, 16), block }
}

/** Finds table rows by identifier; rows are grouped by their first byte, answers are remembered (a bounded number, identifiers come from the wire). */
export class ItemTable {
  private readonly groups = new Map<number, Rule[]>()
  private readonly known = new Map<string, FoundItem | null>()

  constructor(entries: readonly DataItem[]) {
    for (const entry of entries) {
      const tokens = entry.di.split(' ').map(parseToken)
      const first = tokens[0] as Token
      for (let byte = first.low; byte <= first.high; byte++) {
        const group = this.groups.get(byte) ?? []
        group.push({ entry, tokens })
        this.groups.set(byte, group)
      }
    }
  }

  /** @param di upper-case hex, most significant byte first, as the standard prints identifiers. */
  find(di: string): FoundItem | null {
    const known = this.known.get(di)
    if (known !== undefined) return known
    const found = this.search(di)
    if (this.known.size < 4096) this.known.set(di, found)
    return found
  }

  private search(di: string): FoundItem | null {
    const bytes = (di.match(/../g) ?? []).map((pair) => parseInt(pair, 16))
    for (const { entry, tokens } of this.groups.get(bytes[0] ?? -1) ?? []) {
      if (tokens.length !== bytes.length) continue
      let blockAt = -1
      const matches = tokens.every((token, at) => {
        const byte = bytes[at] as number
        if (byte >= token.low && byte <= token.high) return true
        if (!token.block || byte !== (tokens.length === 2 ? (token.high & 0xf0) | 0x0f : 0xff)) return false
        blockAt = at
        return true
      })
      if (!matches) continue
      const block = blockAt >= 0
      return {
        entry,
        block,
        layout: block ? { type: 'list', of: entry.layout, count: 'rest', labels: [] } : entry.layout,
        blockByte: block ? bytes.length - 1 - blockAt : -1,
        blockFirst: block ? (tokens[blockAt] as Token).low : 0,
      }
    }
    return null
  }
}
