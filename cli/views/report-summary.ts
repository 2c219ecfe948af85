import type { AreaSummary, OutageSummary, ReportSummary } from '../../src/index.ts'
import { table, type Terminal } from './terminal.ts'

/** A report in a screenful: outages found and how right they are, then the tightest areas with their indicators. */
export function reportSummary(summary: ReportSummary, terminal: Terminal): string {
  const parts = [...(summary.outages === null ? [] : [outageText(summary.outages, terminal)]), ...(summary.tightestAreas === null ? [] : [areaText(summary.tightestAreas, terminal)])]
  return parts.join('\n\n')
}

function outageText(outages: OutageSummary, { color }: Terminal): string {
  const levels = Object.entries(outages.confirmedByLevel).map(([level, count]) => `${count} ${level.toLowerCase()}`).join(', ')
  const lines = [color.bold(`Outages: ${outages.confirmed} confirmed`) + ` (${levels || 'none'}) from ${outages.reports.toLocaleString('en')} reports; ${outages.affectedUsers.toLocaleString('en')} users affected`]
  const { score } = outages
  if (score !== null) {
    const share = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)} %`)
    const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1_000).toFixed(1)} s`)
    lines.push(`  accuracy ${color.green(share(score.accuracy))} (${score.matched} of ${score.judged} judged right)`)
    lines.push(`  recall ${share(score.recallReported)} of the ${score.reportedFaults ?? '–'} faults that reported anything, ${share(score.recall)} of all ${score.faults}`)
    lines.push(`  fault to confirmation: median ${seconds(score.delayMs.p50)}, 95 % within ${seconds(score.delayMs.p95)}`)
  }
  return lines.join('\n')
}

/** One column per indicator; the full set of figures is in the report and in the table area_indicator. */
const columns: readonly (readonly [heading: string, column: string, decimals: number])[] = [
  ['I01 kW', 'i01_kw', 1],
  ['I02 %', 'i02_max_pct', 1],
  ['I03 %', 'i03_pct', 1],
  ['I04 %', 'i04_mean_pct', 1],
  ['I05 h', 'i05_hours', 0],
  ['I06 d', 'i06_days', 0],
  ['I07 d', 'i07_days', 0],
  ['I08 d', 'i08_days', 0],
  ['I09 %', 'i09_pass_pct', 1],
  ['I10', 'i10_count', 0],
  ['I11', 'i11_count', 0],
  ['I12', 'i12_pf', 2],
  ['I13', 'i13_factor', 2],
  ['I14 kVA', 'i14_kva', 1],
  ['I15 A', 'i15_a', 0],
  ['B', 'i15_b', 0],
  ['C', 'i15_c', 0],
]

function areaText(areas: readonly AreaSummary[], terminal: Terminal): string {
  const rows = areas.map(({ areaId, ratedKva, figures }) => [
    areaId,
    ratedKva,
    ...columns.map(([, column, decimals]) => {
      const value = figures[column]
      return typeof value === 'number' ? value.toFixed(decimals) : null
    }),
  ])
  const legend = 'I01 maximum load · I02 load rate · I03 load factor · I04 peak–valley · I05 hours of maximum load · I06 heavy load · I07 overload · I08 imbalance · I09 voltage\nI10 low-voltage users · I11 users over capacity · I12 power factor · I13 coincidence · I14 openable capacity · I15 openable per phase (kVA)'
  return [terminal.color.bold(`Capacity: the ${areas.length} tightest areas`), table(['area', 'kVA', ...columns.map(([heading]) => heading)], rows, terminal), terminal.color.dim(legend)].join('\n')
}
