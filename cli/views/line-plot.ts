const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** Values as columns of block characters under a scale, `height` lines tall; values that are missing leave a hole. */
export function columnPlot(values: readonly (number | null)[], options: { readonly height: number; readonly unit: string; readonly maximum?: number }): string {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return '(nothing measured)'
  const top = Math.max(options.maximum ?? 0, ...known, 1e-9)
  const label = (share: number): string => `${(top * share).toFixed(top < 10 ? 1 : 0)} ${options.unit}`
  const width = Math.max(label(1).length, label(0).length)
  return Array.from({ length: options.height }, (_, index) => {
    const line = options.height - 1 - index
    const cells = values.map((value) => {
      if (value === null) return ' '
      const eighths = Math.round((Math.max(0, value) / top) * options.height * 8) - line * 8
      return blocks[Math.max(0, Math.min(8, eighths))]!
    })
    const mark = line === options.height - 1 ? label(1) : line === 0 ? label(0) : ''
    return `${mark.padStart(width)} │${cells.join('').trimEnd()}`
  }).join('\n')
}
