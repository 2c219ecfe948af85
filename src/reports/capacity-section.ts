import type { AreaShape } from '../capacity/read-shapes.ts'
import { fixed, percent } from './format.ts'
import { html, type Html } from './html.ts'
import { dataTable, figure, tiles, type Section } from './page.ts'
import { axisStyle, colors, plot, rankColors } from './plot.ts'

/** Columns of `area_indicator` by their names (docs/domain.md 4.3), as numbers, texts or null. */
export interface AreaIndicators {
  readonly areaId: string
  readonly ratedKva: number
  readonly figures: Readonly<Record<string, number | string | null>>
}

export interface CapacityReportData {
  readonly windowFrom: string
  readonly windowTo: string
  readonly areas: readonly AreaIndicators[]
  readonly shapes: readonly AreaShape[]
}

export const tightestCount = 10

export function numberOf(area: AreaIndicators, column: string): number | null {
  const value = area.figures[column]
  return typeof value === 'number' ? value : null
}

/** Share of the rated capacity that is still open: the tightest areas first, areas without data last. */
export function openShare(area: AreaIndicators): number | null {
  const open = numberOf(area, 'i14_kva')
  return open === null || area.ratedKva <= 0 ? null : (open / area.ratedKva) * 100
}

export function tightestFirst(areas: readonly AreaIndicators[]): readonly AreaIndicators[] {
  const rank = (area: AreaIndicators): number => openShare(area) ?? Number.POSITIVE_INFINITY
  const peak = (area: AreaIndicators): number => numberOf(area, 'i02_max_pct') ?? -1
  return [...areas].sort((left, right) => rank(left) - rank(right) || peak(right) - peak(left) || (left.areaId < right.areaId ? -1 : 1))
}

export function capacitySection(data: CapacityReportData): Section {
  const ranked = tightestFirst(data.areas)
  const tightest = ranked.slice(0, tightestCount)
  const shapes = tightest.flatMap((area) => data.shapes.filter((shape) => shape.areaId === area.areaId))
  return {
    id: 'capacity',
    title: 'Capacity of the transformer areas',
    body: html`<p>Window ${data.windowFrom} to ${data.windowTo}.</p>${summary(data.areas)}
${figure(rankingPlot(ranked.slice(0, 40)), 'What each transformer has left for new connections (I14) beside its peak and its committed load; the dashed line is the allowed 80 % of the rated capacity.')}
${data.shapes.length === 0 ? '' : figure(heatPlot(data.shapes, ranked), 'Greatest load rate of each area in each month, in per cent of the rated capacity.')}
<h3>The ${tightest.length} tightest areas</h3>${indicatorTable(tightest)}
${shapes.length === 0 ? '' : html`<h3>How they are loaded</h3><div class="pair">${figure(durationPlot(shapes), 'Load-duration curves: for what share of the window the load was at least this high.')}${figure(phasePlot(tightest), 'Open capacity by phase (I15): a single-phase customer belongs on the longest bar.')}</div>`}
${shapes.map((shape) => areaPair(shape))}`,
  }
}

function summary(areas: readonly AreaIndicators[]): Html {
  const count = (test: (area: AreaIndicators) => boolean): number => areas.filter(test).length
  const open = areas.reduce((sum, area) => sum + (numberOf(area, 'i14_kva') ?? 0), 0)
  const heavy = count((area) => (numberOf(area, 'i06_days') ?? 0) > 0)
  const over = count((area) => (numberOf(area, 'i07_days') ?? 0) > 0)
  const unbalanced = count((area) => (numberOf(area, 'i08_days') ?? 0) > 0)
  const voltage = areas.map((area) => numberOf(area, 'i09_pass_pct')).filter((value) => value !== null)
  return tiles([
    { label: 'areas computed', value: fixed(areas.length, 0), note: '15 indicators each' },
    { label: 'capacity still open', value: `${fixed(open, 0)} kVA`, note: 'sum over all areas' },
    { label: 'areas with heavy load', value: fixed(heavy, 0), note: 'load rate ≥ 80 % for 2 h', tone: heavy > 0 ? 'warn' : 'good' },
    { label: 'areas with overload', value: fixed(over, 0), note: 'load rate ≥ 100 % for 2 h', tone: over > 0 ? 'bad' : 'good' },
    { label: 'areas out of balance', value: fixed(unbalanced, 0), note: 'phase currents, 2 h', tone: unbalanced > 0 ? 'warn' : 'good' },
    { label: 'voltage pass rate', value: voltage.length === 0 ? '–' : percent(voltage.reduce((sum, value) => sum + value, 0) / voltage.length), note: 'mean of the areas' },
  ])
}

function rankingPlot(areas: readonly AreaIndicators[]): Html {
  const share = (column: string) => areas.map((area) => (area.ratedKva > 0 ? Number((((numberOf(area, column) ?? 0) / area.ratedKva) * 100).toFixed(2)) : 0))
  return plot(
    {
      grid: { left: 56, right: 20, top: 40, bottom: 60 },
      legend: { data: ['peak load', 'committed', 'open'], top: 0, right: 16, itemGap: 24 },
      xAxis: { type: 'category', data: areas.map((area) => area.areaId), ...axisStyle, axisLabel: { color: colors.soft, rotate: areas.length > 12 ? 45 : 0, interval: 0 } },
      yAxis: { type: 'value', name: '% of rated capacity', ...axisStyle },
      series: [
        { name: 'peak load', type: 'bar', stack: 'share', data: share('i14_max_kva'), itemStyle: { color: colors.pale }, barMaxWidth: 42, markLine: { silent: true, symbol: 'none', lineStyle: { color: colors.ink, type: 'dashed' }, label: { formatter: '80 %', position: 'insideEndTop' }, data: [{ yAxis: 80 }] } },
        { name: 'committed', type: 'bar', stack: 'share', data: share('i14_committed_kva'), itemStyle: { color: colors.warn } },
        { name: 'open', type: 'bar', stack: 'share', data: share('i14_kva'), itemStyle: { color: colors.good } },
      ],
    },
    { width: 1200, height: 320 },
  )
}

function heatPlot(shapes: readonly AreaShape[], ranked: readonly AreaIndicators[]): Html {
  const months = [...new Set(shapes.flatMap((shape) => shape.monthlyLoadRatePct.map((entry) => entry.month)))].sort()
  const order = ranked.map((area) => area.areaId).filter((areaId) => shapes.some((shape) => shape.areaId === areaId)).reverse()
  const cells = shapes.flatMap((shape) => shape.monthlyLoadRatePct.filter((entry) => entry.maximumPct !== null).map((entry) => [months.indexOf(entry.month), order.indexOf(shape.areaId), Number(entry.maximumPct!.toFixed(1))]))
  return plot(
    {
      grid: { left: 90, right: 90, top: 10, bottom: 30 },
      xAxis: { type: 'category', data: months, ...axisStyle, splitArea: { show: false } },
      yAxis: { type: 'category', data: order, ...axisStyle, axisLabel: { color: colors.ink, fontSize: 11 } },
      visualMap: { min: 0, max: 120, calculable: false, orient: 'vertical', right: 0, top: 'middle', text: ['120 %', '0 %'], inRange: { color: ['#eef5f9', '#9cc9de', '#f2c464', '#d9592a', '#8c1d18'] } },
      series: [{ type: 'heatmap', data: cells, label: { show: true, fontSize: 11, formatter: (parameters) => String(Math.round((parameters.value as number[])[2] ?? 0)) }, itemStyle: { borderColor: '#fff', borderWidth: 1 } }],
    },
    { width: 1200, height: 60 + order.length * 24 },
  )
}

function durationPlot(shapes: readonly AreaShape[]): Html {
  return plot(
    {
      color: [...rankColors],
      grid: { left: 56, right: 20, top: 60, bottom: 40 },
      legend: { data: shapes.map((shape) => shape.areaId), top: 0, right: 16, itemWidth: 14, textStyle: { fontSize: 11 } },
      xAxis: { type: 'value', name: '% of the time', nameLocation: 'middle', nameGap: 26, min: 0, max: 100, ...axisStyle },
      yAxis: { type: 'value', name: 'kW', ...axisStyle },
      series: shapes.map((shape) => ({ name: shape.areaId, type: 'line' as const, showSymbol: false, lineStyle: { width: 1.8 }, data: shape.loadDurationKw.map((kw, index, all) => [all.length < 2 ? 0 : (index / (all.length - 1)) * 100, kw]) })),
    },
    { width: 600, height: 360 },
  )
}

function phasePlot(areas: readonly AreaIndicators[]): Html {
  const names = areas.map((area) => area.areaId)
  const series = (['a', 'b', 'c'] as const).map((phase) => ({ name: `phase ${phase.toUpperCase()}`, type: 'bar' as const, data: areas.map((area) => numberOf(area, `i15_${phase}`) ?? 0), itemStyle: { color: { a: colors.phaseA, b: colors.phaseB, c: colors.phaseC }[phase] } }))
  return plot(
    {
      grid: { left: 56, right: 20, top: 60, bottom: 56 },
      legend: { data: series.map((entry) => entry.name), top: 0, right: 16, itemGap: 24 },
      xAxis: { type: 'category', data: names, ...axisStyle, axisLabel: { color: colors.soft, interval: 0, rotate: names.length > 6 ? 40 : 0, fontSize: 11 } },
      yAxis: { type: 'value', name: 'kVA', ...axisStyle },
      series,
    },
    { width: 600, height: 360 },
  )
}

function areaPair(shape: AreaShape): Html {
  return html`<div class="pair" style="margin-top:14px">${figure(currentsPlot(shape), `${shape.areaId}: mean current of each phase through the day.`)}${figure(voltagePlot(shape), `${shape.areaId}: phase voltages of all its meters; the band between the lines is inside the limits of a single-phase supply.`)}</div>`
}

function currentsPlot(shape: AreaShape): Html {
  const clock = Array.from({ length: 96 }, (_, point) => `${String(Math.floor(point / 4)).padStart(2, '0')}:${String((point % 4) * 15).padStart(2, '0')}`)
  return plot(
    {
      grid: { left: 56, right: 20, top: 40, bottom: 30 },
      legend: { data: ['A', 'B', 'C'], top: 0, right: 16 },
      xAxis: { type: 'category', data: clock, ...axisStyle, axisLabel: { color: colors.soft, interval: 15 } },
      yAxis: { type: 'value', name: 'A', ...axisStyle },
      series: (['A', 'B', 'C'] as const).map((phase) => ({ name: phase, type: 'line' as const, showSymbol: false, data: [...shape.phaseCurrentsA[phase]], lineStyle: { width: 1.8 }, itemStyle: { color: { A: colors.phaseA, B: colors.phaseB, C: colors.phaseC }[phase] } })),
    },
    { width: 600, height: 250 },
  )
}

function voltagePlot(shape: AreaShape): Html {
  const { fromV, stepV, counts } = shape.voltage
  const limit = { silent: true, symbol: 'none', lineStyle: { color: colors.bad, type: 'dashed' as const }, label: { show: false }, data: [{ xAxis: 198 }, { xAxis: 235.4 }] }
  return plot(
    {
      grid: { left: 70, right: 20, top: 20, bottom: 40 },
      xAxis: { type: 'value', name: 'V', nameLocation: 'middle', nameGap: 26, min: fromV, max: fromV + stepV * counts.length, ...axisStyle, splitLine: { show: false } },
      yAxis: { type: 'value', ...axisStyle },
      series: [{ type: 'bar', barWidth: '92%', data: counts.map((count, index) => [fromV + (index + 0.5) * stepV, count]), itemStyle: { color: colors.accent }, markLine: limit }],
    },
    { width: 600, height: 250 },
  )
}

/** Where nothing is open on any phase, a recommendation would mislead. */
function bestPhase(area: AreaIndicators): string {
  const phase = area.figures['i15_recommend']
  return typeof phase === 'string' && (numberOf(area, `i15_${phase.toLowerCase()}`) ?? 0) > 0 ? phase : '–'
}

function indicatorTable(areas: readonly AreaIndicators[]): Html {
  const figureColumn = (heading: string, column: string, decimals: number, title: string) => ({ heading, title, numeric: true, cell: (area: AreaIndicators) => fixed(numberOf(area, column), decimals) })
  return dataTable<AreaIndicators>(
    [
      { heading: 'area', cell: (area) => area.areaId },
      { heading: 'rated kVA', numeric: true, cell: (area) => fixed(area.ratedKva, 0) },
      figureColumn('max kW', 'i01_kw', 1, 'I01 maximum load'),
      figureColumn('load rate %', 'i02_max_pct', 1, 'I02 greatest load rate'),
      figureColumn('factor %', 'i03_pct', 1, 'I03 load factor'),
      figureColumn('peak–valley %', 'i04_mean_pct', 1, 'I04 mean peak–valley difference'),
      figureColumn('hours', 'i05_hours', 0, 'I05 hours of maximum load'),
      figureColumn('heavy d', 'i06_days', 0, 'I06 days with heavy load'),
      figureColumn('over d', 'i07_days', 0, 'I07 days with overload'),
      figureColumn('unbal. d', 'i08_days', 0, 'I08 days out of balance'),
      figureColumn('voltage %', 'i09_pass_pct', 2, 'I09 voltage pass rate'),
      figureColumn('low V users', 'i10_count', 0, 'I10 low-voltage users'),
      figureColumn('over-cap. users', 'i11_count', 0, 'I11 users over capacity'),
      figureColumn('PF', 'i12_pf', 3, 'I12 power factor'),
      figureColumn('coincid.', 'i13_factor', 3, 'I13 coincidence factor'),
      figureColumn('open kVA', 'i14_kva', 1, 'I14 openable capacity'),
      figureColumn('A', 'i15_a', 1, 'I15 openable on phase A'),
      figureColumn('B', 'i15_b', 1, 'I15 openable on phase B'),
      figureColumn('C', 'i15_c', 1, 'I15 openable on phase C'),
      { heading: 'best phase', title: 'I15 recommended phase, where it has capacity left', cell: bestPhase },
    ],
    areas,
  )
}
