import * as echarts from 'echarts'
import { Html } from './html.ts'

export type PlotOption = echarts.EChartsOption

export const colors = { ink: '#1c2733', soft: '#5b6b7b', line: '#dde4ea', accent: '#0b6e99', good: '#1b7f4b', warn: '#d98200', bad: '#b3261e', phaseA: '#c9a400', phaseB: '#1b7f4b', phaseC: '#b3261e', pale: '#9db8c6' } as const

/** One colour for each of the areas that are drawn beside each other, the tightest first. */
export const rankColors = ['#7f1d1d', '#d9482b', '#e69500', '#8a9a00', '#1b7f4b', '#15a3a3', '#2f7fd1', '#3a3f9e', '#9b4fc0', '#7d8792'] as const

const fontFamily = '"Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif'

/** Draws a plot to SVG text, without a browser. Text in options is drawn as text, so ids of a grid need no escaping here. */
export function plot(option: PlotOption, size: { readonly width: number; readonly height: number }): Html {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size })
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily, color: colors.ink }, ...option })
    // the drawing scales with the page; fixed sizes would not
    return new Html(chart.renderToSVGString().replace(/^<svg width="\d+" height="\d+"/, '<svg role="img"'))
  } finally {
    chart.dispose()
  }
}

export const axisStyle = { axisLine: { lineStyle: { color: colors.soft } }, axisLabel: { color: colors.soft }, splitLine: { lineStyle: { color: colors.line } }, nameTextStyle: { color: colors.soft } } as const
