/** Figures as people read them; `–` where there is none. */
export function fixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.')
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ',')
  const sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? '−' : ''
  return `${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}

export function percent(value: number | null | undefined, decimals = 2): string {
  return value === null || value === undefined ? '–' : `${fixed(value, decimals)} %`
}

export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 90_000) return `${fixed(ms / 1_000, 1)} s`
  if (ms < 5_400_000) return `${fixed(ms / 60_000, 1)} min`
  return `${fixed(ms / 3_600_000, 1)} h`
}
