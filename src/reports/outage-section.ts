import type { OutageRecord } from '../records/outage.ts'
import type { TruthRecord } from '../records/truth.ts'
import { formatInstant, zoneOffsetMs } from '../core/time.ts'
import { duration, fixed, percent } from './format.ts'
import { html, type Html } from './html.ts'
import { dataTable, figure, tiles, type Section } from './page.ts'
import { axisStyle, colors, plot } from './plot.ts'

/** Figures of a score as `station outage score` prints them; null where nothing could be computed. */
export interface ScoreFigures {
  readonly faults: number
  readonly judged: number
  readonly matched: number
  readonly accuracy: number | null
  readonly recall: number | null
  readonly reportedFaults: number | null
  readonly recallReported: number | null
  readonly delayMs: { readonly mean: number | null; readonly p50: number | null; readonly p95: number | null; readonly p99: number | null }
  readonly byLevel: Readonly<Record<string, { readonly faults?: number; readonly judged?: number; readonly matched?: number; readonly accuracy?: number | null; readonly recall?: number | null }>>
}

export interface OutageReportData {
  readonly zone: string
  /** Latest version of each outage. */
  readonly outages: readonly OutageRecord[]
  /** Present when the true faults are known (simulation, replayed past). */
  readonly truth: readonly TruthRecord[] | null
  readonly score: ScoreFigures | null
  /** Reports per interval of `binMs` from `firstAtMs`. */
  readonly arrivals: { readonly firstAtMs: number; readonly binMs: number; readonly off: readonly number[]; readonly on: readonly number[] }
}

const levelOrder = ['FEEDER', 'BRANCH', 'AREA', 'LINE', 'BOX', 'USER']
const levelColors: Readonly<Record<string, string>> = { FEEDER: '#7a1f5c', BRANCH: '#b3261e', AREA: '#d9592a', LINE: '#d98200', BOX: '#2f86b5', USER: '#6f8f3a' }
const shownOutages = 60

export function outageSection(data: OutageReportData): Section {
  const confirmed = data.outages.filter((outage) => outage.confirmedAtMs !== null && outage.state !== 'MERGED')
  return {
    id: 'outages',
    title: 'Outages in real time',
    body: html`${summary(data, confirmed)}
${figure(arrivalsPlot(data), 'Reports of meters and terminals as they arrived (the last per cent, of long outages, came later). A wide fault shows twice: when supply is lost and when it returns.')}
${confirmed.length === 0 ? html`<p>No outage was confirmed.</p>` : figure(timelinePlot(data, confirmed), `Every confirmed outage from its start to its restoration, coloured by the level of its root${data.truth === null ? '' : '; the thin line below a bar is the true fault'}. The dot is the moment of confirmation. ${confirmed.length > shownOutages ? `The ${shownOutages} with the most users of ${confirmed.length} are drawn.` : ''}`)}
<h3>Confirmed outages</h3>${outageTable(data, confirmed)}`,
  }
}

function summary(data: OutageReportData, confirmed: readonly OutageRecord[]): Html {
  const { score } = data
  const users = confirmed.reduce((sum, outage) => sum + outage.affectedUsers, 0)
  const events = [...data.arrivals.off, ...data.arrivals.on].reduce((sum, count) => sum + count, 0)
  return tiles([
    { label: 'reports received', value: fixed(events, 0), note: 'OFF, ON and trips' },
    { label: 'outages confirmed', value: fixed(confirmed.length, 0), note: `${fixed(users, 0)} users affected` },
    ...(score === null
      ? []
      : ([
          { label: 'accuracy', value: percent(score.accuracy), note: `${score.matched} of ${score.judged} judged right`, tone: (score.accuracy ?? 0) >= 95 ? 'good' : 'warn' },
          { label: 'recall of reported faults', value: percent(score.recallReported ?? score.recall), note: `${score.reportedFaults ?? '–'} of ${score.faults} faults reported anything` },
          { label: 'recall of all faults', value: percent(score.recall), note: 'silent faults included' },
          { label: 'fault to confirmation', value: duration(score.delayMs.p50), note: `median; 95 % within ${duration(score.delayMs.p95)}` },
        ] as const)),
  ])
}

/** Stragglers of the last per cent would leave most of the plot empty. */
const drawnShare = 0.99

function arrivalsPlot(data: OutageReportData): Html {
  const { firstAtMs, binMs } = data.arrivals
  const bins = drawnBins(data.arrivals)
  const off = data.arrivals.off.slice(0, bins)
  const on = data.arrivals.on.slice(0, bins)
  const labels = off.map((_, index) => formatInstant(firstAtMs + index * binMs, data.zone).slice(5, 16).replace('T', ' '))
  return plot(
    {
      grid: { left: 60, right: 20, top: 40, bottom: 40 },
      legend: { data: ['OFF', 'ON'], top: 0, right: 16 },
      xAxis: { type: 'category', data: labels, ...axisStyle, axisLabel: { color: colors.soft, interval: Math.max(0, Math.ceil(labels.length / 12) - 1) } },
      yAxis: { type: 'value', name: 'reports', ...axisStyle },
      series: [
        { name: 'OFF', type: 'bar', stack: 'all', data: [...off], itemStyle: { color: colors.bad }, barCategoryGap: '0%' },
        { name: 'ON', type: 'bar', stack: 'all', data: [...on], itemStyle: { color: colors.pale }, barCategoryGap: '0%' },
      ],
    },
    { width: 1200, height: 240 },
  )
}

function drawnBins({ off, on }: OutageReportData['arrivals']): number {
  const total = [...off, ...on].reduce((sum, count) => sum + count, 0)
  let seen = 0
  const last = off.findIndex((count, index) => (seen += count + (on[index] ?? 0)) >= total * drawnShare)
  return last < 0 ? off.length : last + 1
}

function timelinePlot(data: OutageReportData, confirmed: readonly OutageRecord[]): Html {
  const rows = [...confirmed]
    .sort((left, right) => right.affectedUsers - left.affectedUsers)
    .slice(0, shownOutages)
    .sort((left, right) => right.startAtMs - left.startAtMs)
  // a few very long ones are cut at the edge, or all others would be too short to see
  const ends = rows.map((outage) => outage.restoredAtMs ?? outage.decidedAtMs).sort((left, right) => left - right)
  const end = Math.max(ends[Math.floor((ends.length - 1) * 0.9)] ?? 0, ...rows.map((outage) => outage.startAtMs + 3_600_000))
  const hours = hourAxis(Math.min(...rows.map((outage) => outage.startAtMs)), end, data.zone)
  const truths = rows.map((outage) => trueFaultOf(outage, data.truth))
  const names = rows.map((outage) => `${outage.nodeId}${outage.phase === null ? '' : ` ${outage.phase}`}`)
  const levels = levelOrder.filter((level) => rows.some((outage) => outage.level === level))
  type Bar = readonly [row: number, from: number, to: number]
  const bars = (level: string): Bar[] => rows.flatMap((outage, row): Bar[] => (outage.level === level ? [[row, outage.startAtMs, Math.min(outage.restoredAtMs ?? end, end)]] : []))
  const clock = (value: number): string => formatInstant(value, data.zone).slice(11, 16)
  const drawn = (thickness: number, shift: number) => (_: unknown, api: { value(index: number): number | string; coord(point: readonly number[]): number[]; size(point: readonly number[]): number | number[]; visual(key: string): unknown }) => {
    const row = Number(api.value(0))
    const [x = 0, y = 0] = api.coord([Number(api.value(1)), row])
    const [right = 0] = api.coord([Number(api.value(2)), row])
    const band = (api.size([0, 1]) as number[])[1] ?? 10
    return { type: 'rect' as const, shape: { x, y: y - band / 2 + band * shift, width: Math.max(2, right - x), height: Math.max(2, band * thickness) }, style: { fill: String(api.visual('color')) } }
  }
  const trueBars = truths.flatMap((truth, row): Bar[] => (truth === null ? [] : [[row, truth.startAtMs, Math.min(truth.endAtMs, end)]]))
  return plot(
    {
      grid: { left: 130, right: 20, top: 40, bottom: 36 },
      legend: { data: levels, top: 0, right: 16 },
      xAxis: { type: 'value', ...hours, ...axisStyle, axisLabel: { color: colors.soft, formatter: clock } },
      yAxis: { type: 'category', data: names, ...axisStyle, axisLabel: { color: colors.ink, fontSize: 10, interval: 0 } },
      series: [
        ...levels.map((level) => ({ name: level, type: 'custom' as const, renderItem: drawn(0.52, 0.12) as never, encode: { x: [1, 2], y: 0 }, data: bars(level) as never, itemStyle: { color: levelColors[level] ?? colors.accent } })),
        { name: 'true fault', type: 'custom' as const, renderItem: drawn(0.14, 0.74) as never, encode: { x: [1, 2], y: 0 }, data: trueBars as never, itemStyle: { color: colors.ink } },
        { name: 'confirmed', type: 'scatter' as const, symbolSize: 6, itemStyle: { color: '#fff', borderColor: colors.ink, borderWidth: 1.5 }, data: rows.map((outage, row) => [outage.confirmedAtMs ?? outage.decidedAtMs, row]), z: 5 },
      ],
    },
    { width: 1200, height: 90 + rows.length * 17 },
  )
}

/** Bounds and tick distance of a time axis whose ticks fall on full hours of the zone. */
function hourAxis(fromMs: number, toMs: number, zone: string): { readonly min: number; readonly max: number; readonly interval: number } {
  const hourMs = 3_600_000
  const interval = hourMs * ([1, 2, 3, 4, 6, 12, 24].find((step) => (toMs - fromMs) / (step * hourMs) <= 14) ?? 48)
  const shift = zoneOffsetMs(fromMs, zone)
  return { min: Math.floor((fromMs + shift) / interval) * interval - shift, max: Math.ceil((toMs + shift) / interval) * interval - shift, interval }
}

/** The true fault of a judged outage: same node (or a node with the same meters) and starts close together. */
function trueFaultOf(outage: OutageRecord, truth: readonly TruthRecord[] | null): TruthRecord | null {
  return truth?.find((fault) => (fault.nodeId === outage.nodeId || fault.sameAs.includes(outage.nodeId)) && Math.abs(fault.startAtMs - outage.startAtMs) <= 120_000) ?? null
}

function outageTable(data: OutageReportData, confirmed: readonly OutageRecord[]): Html {
  const rows = [...confirmed].sort((left, right) => right.affectedUsers - left.affectedUsers).slice(0, 25)
  const clock = (value: number | null): string => (value === null ? '–' : formatInstant(value, data.zone).slice(5, 19).replace('T', ' '))
  return dataTable<OutageRecord>(
    [
      { heading: 'node', cell: (row) => row.nodeId },
      { heading: 'level', cell: (row) => row.level.toLowerCase() },
      { heading: 'phase', cell: (row) => row.phase ?? '–' },
      { heading: 'state', cell: (row) => html`<span class="mark ${row.state === 'CONFIRMED' ? 'bad' : row.state === 'CANCELLED' ? 'warn' : 'good'}">${row.state.toLowerCase()}</span>` },
      { heading: 'users', numeric: true, cell: (row) => fixed(row.affectedUsers, 0) },
      { heading: 'start', cell: (row) => clock(row.startAtMs) },
      { heading: 'confirmed after', numeric: true, cell: (row) => duration(row.confirmedAtMs === null ? null : row.confirmedAtMs - row.startAtMs) },
      { heading: 'lasted', numeric: true, cell: (row) => duration(row.restoredAtMs === null ? null : row.restoredAtMs - row.startAtMs) },
      { heading: 'probability', numeric: true, cell: (row) => fixed(row.probability, 3) },
      { heading: 'reports', numeric: true, title: 'meters that reported OFF, of those expected to', cell: (row) => (row.evidence === null ? '–' : `${row.evidence.off} / ${row.evidence.expected}`) },
      ...(data.truth === null ? [] : [{ heading: 'truth', cell: (row: OutageRecord) => (trueFaultOf(row, data.truth) === null ? html`<span class="mark warn">other</span>` : html`<span class="mark good">right node</span>`) }]),
    ],
    rows,
  )
}
