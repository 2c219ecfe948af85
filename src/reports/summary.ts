import { numberOf, tightestCount, tightestFirst, type CapacityReportData } from './capacity-section.ts'
import type { OutageReportData, ScoreFigures } from './outage-section.ts'

/** What a report says in a few figures, for the terminal and for programs. */
export interface ReportSummary {
  readonly outages: OutageSummary | null
  readonly tightestAreas: readonly AreaSummary[] | null
}

export interface OutageSummary {
  readonly reports: number
  readonly confirmed: number
  readonly confirmedByLevel: Readonly<Record<string, number>>
  readonly affectedUsers: number
  readonly score: Pick<ScoreFigures, 'faults' | 'judged' | 'matched' | 'accuracy' | 'recall' | 'reportedFaults' | 'recallReported' | 'delayMs'> | null
}

export interface AreaSummary {
  readonly areaId: string
  readonly ratedKva: number
  /** Columns of `area_indicator`. */
  readonly figures: Readonly<Record<string, number | string | null>>
}

export function summarizeReport(data: { readonly outages: OutageReportData | null; readonly capacity: CapacityReportData | null }): ReportSummary {
  const { outages, capacity } = data
  return {
    outages: outages === null ? null : summarizeOutages(outages),
    tightestAreas: capacity === null ? null : tightestFirst(capacity.areas).filter((area) => numberOf(area, 'i14_kva') !== null).slice(0, tightestCount),
  }
}

function summarizeOutages({ outages, score, arrivals }: OutageReportData): OutageSummary {
  const confirmed = outages.filter((outage) => outage.confirmedAtMs !== null && outage.state !== 'MERGED')
  const byLevel: Record<string, number> = {}
  for (const { level } of confirmed) byLevel[level] = (byLevel[level] ?? 0) + 1
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
  return {
    reports: sum(arrivals.off) + sum(arrivals.on),
    confirmed: confirmed.length,
    confirmedByLevel: byLevel,
    affectedUsers: sum(confirmed.map((outage) => outage.affectedUsers)),
    score: score === null ? null : { faults: score.faults, judged: score.judged, matched: score.matched, accuracy: score.accuracy, recall: score.recall, reportedFaults: score.reportedFaults, recallReported: score.recallReported, delayMs: score.delayMs },
  }
}
