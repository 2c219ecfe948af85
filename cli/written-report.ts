import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { renderReport, summarizeReport, type Context, type ReportContent, type ReportSummary } from '../src/index.ts'
import { reportSummary } from './views/report-summary.ts'
import type { Terminal } from './views/terminal.ts'

export interface WrittenReport extends ReportSummary {
  readonly file: string
  readonly sizeBytes: number
  readonly sections: readonly string[]
}

/** Renders the page into a file; its folder is made. */
export async function writeReport(report: Pick<ReportContent, 'title' | 'outages' | 'capacity' | 'zone'> & { readonly out: string }, context: Context): Promise<WrittenReport> {
  const { out, outages, capacity } = report
  const page = renderReport({ ...report, generatedAtMs: context.clock.now(), version: context.version })
  const file = path.resolve(context.cwd, out)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, page.text)
  return { file, sizeBytes: Buffer.byteLength(page.text), sections: page.sections, ...summarizeReport({ outages, capacity }) }
}

export function writtenReport(result: WrittenReport, terminal: Terminal): string {
  return [reportSummary(result, terminal), `report: ${result.file} (${(result.sizeBytes / 1_024).toFixed(0)} KiB)`].filter((part) => part !== '').join('\n\n')
}
