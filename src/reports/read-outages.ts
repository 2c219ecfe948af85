import { problemsError } from '../core/errors.ts'
import { readEventFile } from '../outage/event-file.ts'
import { readRecords, scoreOutageFiles } from '../outage/score/score-files.ts'
import { parseOutageLine, type OutageRecord } from '../records/outage.ts'
import { parseTruthLine } from '../records/truth.ts'
import type { OutageReportData } from './outage-section.ts'

export interface OutageFiles {
  readonly events: string
  readonly outages: string
  /** With both, the outages are scored; truth alone cannot be. */
  readonly grid?: string
  readonly truth?: string
  readonly zone: string
  readonly signal: AbortSignal
}

/** Bars in the plot of arrivals: as many as can be told apart on a page. */
const mostBins = 240
const binChoicesMs = [60_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 21_600_000, 86_400_000] as const

/** Reads what the outage section of a report shows. Throws INPUT_INVALID and FILE_MISSING as the readers of the files do. */
export async function readOutageReport(files: OutageFiles): Promise<OutageReportData> {
  const { zone, signal, grid, truth } = files
  const versions = await readRecords(files.outages, parseOutageLine, (outage) => `${outage.outageId}/${outage.version}`, { signal })
  const latest = new Map<string, OutageRecord>()
  for (const outage of versions) if ((latest.get(outage.outageId)?.version ?? -1) < outage.version) latest.set(outage.outageId, outage)
  return {
    zone,
    outages: [...latest.values()],
    truth: truth === undefined ? null : await readRecords(truth, parseTruthLine, (fault) => fault.faultId, { signal }),
    score: truth === undefined || grid === undefined ? null : await scoreOutageFiles({ grid, truth, outages: files.outages, signal }),
    arrivals: await countArrivals(files),
  }
}

async function countArrivals(files: OutageFiles): Promise<OutageReportData['arrivals']> {
  const minutes = new Map<number, { off: number; on: number }>()
  for await (const batch of readEventFile(files.events, { signal: files.signal, zone: files.zone })) {
    for (const event of batch) {
      if (event.kind !== 'OFF' && event.kind !== 'ON' && event.kind !== 'TRIP') continue
      const minute = Math.floor(event.receivedAtMs / 60_000)
      const counts = minutes.get(minute) ?? { off: 0, on: 0 }
      counts[event.kind === 'ON' ? 'on' : 'off']++
      minutes.set(minute, counts)
    }
  }
  if (minutes.size === 0) throw problemsError('INPUT_INVALID', `${files.events} holds no event`, [])
  const keys = [...minutes.keys()].sort((left, right) => left - right)
  const spanMs = (keys.at(-1)! - keys[0]! + 1) * 60_000
  const binMs = binChoicesMs.find((choice) => spanMs / choice <= mostBins) ?? binChoicesMs.at(-1)!
  const firstAtMs = Math.floor((keys[0]! * 60_000) / binMs) * binMs
  const bins = Math.floor((keys.at(-1)! * 60_000 - firstAtMs) / binMs) + 1
  const off = new Array<number>(bins).fill(0)
  const on = new Array<number>(bins).fill(0)
  for (const [minute, counts] of minutes) {
    const bin = Math.floor((minute * 60_000 - firstAtMs) / binMs)
    off[bin]! += counts.off
    on[bin]! += counts.on
  }
  return { firstAtMs, binMs, off, on }
}
