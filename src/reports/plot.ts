import * as echarts from 'echarts'
import { Html } from './html.ts'

export type PlotOption = echarts.EChartsOption

export const colors = { ink: '#1c2733', soft: '#5b6b7b', line: '#dde4ea', accent: '#0b6e99', good: '#1b7f4b', warn: '#d98200', bad: '#b3261e', phaseA: '#c9a400', phaseB: '#1b7f4b', phaseC: '#b3261e', pale: '#9db8c6' } as const

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
