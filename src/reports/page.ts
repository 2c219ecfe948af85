import { html, Html, type HtmlValue } from './html.ts'

export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
}

export interface Tile {
  readonly label: string
  readonly value: string
  readonly note?: string
  readonly tone?: 'good' | 'warn' | 'bad'
}

export function tiles(entries: readonly Tile[]): Html {
  return html`<div class="tiles">${entries.map((tile) => html`<div class="tile ${tile.tone ?? ''}"><div class="label">${tile.label}</div><div class="value">${tile.value}</div><div class="note">${tile.note ?? ''}</div></div>`)}</div>`
}

export interface Column<Row> {
  readonly heading: string
  readonly title?: string
  readonly numeric?: boolean
  cell(row: Row): HtmlValue
}

export function dataTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  return html`<div class="scroll"><table><thead><tr>${columns.map((column) => html`<th class="${column.numeric === true ? 'number' : ''}" title="${column.title ?? ''}">${column.heading}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td class="${column.numeric === true ? 'number' : ''}">${column.cell(row)}</td>`)}</tr>`)}</tbody></table></div>`
}

export function figure(plot: Html, caption: string): Html {
  return html`<figure>${plot}<figcaption>${caption}</figcaption></figure>`
}

/** One self-contained file: no script, nothing loaded from anywhere; a policy in its head says so to the browser. */
export function renderPage(options: { readonly title: string; readonly subtitle: string; readonly footer: string; readonly sections: readonly Section[] }): string {
  const { title, subtitle, footer, sections } = options
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<header><h1>${title}</h1><p>${subtitle}</p><nav>${sections.map((section) => html`<a href="#${section.id}">${section.title}</a>`)}</nav></header>
<main>${sections.map((section) => html`<section id="${section.id}"><h2>${section.title}</h2>${section.body}</section>`)}</main>
<footer>${footer}</footer>
</body>
</html>
`.text
}

const style = `
:root { --ink: #1c2733; --soft: #5b6b7b; --line: #dde4ea; --paper: #ffffff; --ground: #f4f6f8; --accent: #0b6e99; --good: #1b7f4b; --warn: #b26a00; --bad: #b3261e; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; color: var(--ink); background: var(--ground); }
header { padding: 28px 40px 0; background: #10303f; color: #fff; }
header h1 { margin: 0; font-size: 26px; font-weight: 600; }
header p { margin: 4px 0 18px; color: #b9ccd6; }
nav a { display: inline-block; margin-right: 22px; padding: 8px 0; color: #fff; text-decoration: none; border-bottom: 3px solid transparent; }
nav a:hover { border-color: #4fb3d9; }
main { max-width: 1320px; margin: 0 auto; padding: 8px 40px 40px; }
h2 { margin: 34px 0 12px; font-size: 20px; font-weight: 600; }
h3 { margin: 26px 0 8px; font-size: 16px; font-weight: 600; }
p { max-width: 92ch; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(172px, 1fr)); gap: 12px; margin: 12px 0 18px; }
.tile { background: var(--paper); border: 1px solid var(--line); border-top: 3px solid var(--accent); border-radius: 4px; padding: 10px 14px; }
.tile.good { border-top-color: var(--good); } .tile.warn { border-top-color: var(--warn); } .tile.bad { border-top-color: var(--bad); }
.tile .label { color: var(--soft); font-size: 13px; } .tile .value { font-size: 24px; font-weight: 600; font-variant-numeric: tabular-nums; } .tile .note { color: var(--soft); font-size: 12.5px; min-height: 1.2em; }
figure { margin: 14px 0; padding: 12px 14px; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: 13.5px; margin-top: 6px; max-width: 110ch; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(430px, 1fr)); gap: 14px; } .pair figure { margin: 0; }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px; text-align: left; border-bottom: 1px solid var(--line); } td { white-space: nowrap; } th { vertical-align: bottom; line-height: 1.25; }
th { color: var(--soft); font-weight: 600; background: #fafbfc; position: sticky; top: 0; } tr:last-child td { border-bottom: 0; } .number { text-align: right; }
.mark { padding: 1px 8px; border-radius: 9px; font-size: 12px; background: #e6eef3; } .mark.good { background: #dcf1e5; color: var(--good); } .mark.warn { background: #fbeed9; color: var(--warn); } .mark.bad { background: #f9dedc; color: var(--bad); }
footer { padding: 16px 40px 30px; color: var(--soft); font-size: 13px; text-align: center; }
@media print { header { background: none; color: var(--ink); } header p { color: var(--soft); } nav { display: none; } body { background: #fff; } section { break-before: auto; } }
`
