/** More warnings are counted, not printed. */
const maxWarnings = 50

export function shortened(warnings: readonly string[]): readonly string[] {
  return warnings.length <= maxWarnings ? warnings : [...warnings.slice(0, maxWarnings), `and ${warnings.length - maxWarnings} more`]
}
