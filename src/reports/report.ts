import { formatInstant } from '../core/time.ts'
import { capacitySection, type CapacityReportData } from './capacity-section.ts'
import { outageSection, type OutageReportData } from './outage-section.ts'
import { renderPage } from './page.ts'

export interface ReportContent {
  readonly title: string
  readonly outages: OutageReportData | null
  readonly capacity: CapacityReportData | null
  readonly generatedAtMs: number
  readonly zone: string
  readonly version: string
}

/** The whole page as text, and the titles of its sections. */
export function renderReport(content: ReportContent): { readonly text: string; readonly sections: readonly string[] } {
  const { title, outages, capacity, generatedAtMs, zone, version } = content
  const sections = [...(outages === null ? [] : [outageSection(outages)]), ...(capacity === null ? [] : [capacitySection(capacity)])]
  const parts = [...(outages === null ? [] : ['outages found in a stream of meter reports']), ...(capacity === null ? [] : [`what the transformers have left, ${capacity.windowFrom} to ${capacity.windowTo}`])]
  const text = renderPage({ title, subtitle: parts.join(' · '), footer: `station ${version} · ${formatInstant(generatedAtMs, zone).slice(0, 16).replace('T', ' ')} · times in ${zone}`, sections })
  return { text, sections: sections.map((section) => section.title) }
}
