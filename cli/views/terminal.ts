import pc from 'picocolors'

/** What a view may know of the place it prints to. */
export interface Terminal {
  readonly columns: number
  readonly interactive: boolean
  readonly color: Palette
}

export interface Palette {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

export interface StreamFacts {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Colour only on a terminal, and never with NO_COLOR or TERM=dumb. */
export function createTerminal(stream: StreamFacts, env: Readonly<Record<string, string | undefined>>, colorFlag = true): Terminal {
  const interactive = stream.isTTY === true && env['TERM'] !== 'dumb'
  const forced = (env['FORCE_COLOR'] ?? '') !== ''
  const enabled = colorFlag && (env['NO_COLOR'] ?? '') === '' && (interactive || forced)
  return { columns: stream.columns ?? 100, interactive, color: pc.createColors(enabled) }
}

/** Rows under a heading, columns as wide as their longest cell; numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number | null)[])[], terminal: Terminal): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell))))
  const numeric = headings.map((_, column) => cells.length > 0 && cells.every((row) => /^(?:[-−]?[\d.,]+|–)$/.test(row[column] ?? '')))
  const widths = headings.map((heading, column) => Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const pad = (text: string, column: number): string => (numeric[column] === true ? text.padStart(widths[column]!) : text.padEnd(widths[column]!))
  const head = terminal.color.dim(headings.map(pad).join('  ').trimEnd())
  return [head, ...cells.map((row) => row.map(pad).join('  ').trimEnd())].join('\n')
}
