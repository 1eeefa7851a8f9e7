/** A report as one HTML file: no scripts, nothing from elsewhere, light or dark as the reader's system is. */
import { chartSvg } from '../chartSvg'
import { formatCount, formatDateTime } from '../format'
import { t } from '../l10n'
import { escapeMarkup } from '../markup'
import { colorOf, paletteSize } from '../runColor'
import type { Report, ReportCell, ReportChart, ReportList, ReportRow, ReportRun } from './report'

/** Pixels; pictures shrink with the page. */
export const chartWidth = 620
const chartHeight = 260

const colors = { text: 'var(--faint)', axis: 'var(--line)', grid: 'var(--grid)' }

/** The file, piece by piece: of many runs it is long. */
export function* reportHtml(report: Report): Generator<string> {
  const { title, madeAt, runs, facts, leftOut } = report
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(title)}</title>
<style>${style()}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(title)}</h1>
<p class="faint">${escapeMarkup(countText(runs.length))} · ${escapeMarkup(t('Made {0} by MLflow Lens', formatDateTime(madeAt)))}</p>
`
  for (const one of report.lists) yield* section(one.heading, [listTable(one)])
  yield* section(t('Runs'), table([{ rows: facts }], runs))
  if (report.groups.length > 0)
    yield* runs.length === 1
      ? section(t('Values'), rowsOf(report, 'same'))
      : section(t('Differences'), differences(report))
  if (report.charts.length > 0) yield* section(t('Metrics'), charts(report))
  if (leftOut.length > 0) yield* section(t('Not in this report'), [list(leftOut)])
  yield `</main>
</body>
</html>
`
}

export const countText = (count: number): string => (count === 1 ? t('1 run') : t('{0} runs', formatCount(count)))

function* section(heading: string, content: Iterable<string>): Generator<string> {
  yield `<section><h2>${escapeMarkup(heading)}</h2>\n`
  yield* content
  yield '</section>\n'
}

const list = (sentences: readonly string[]): string =>
  `<ul>${sentences.map((sentence) => `<li>${escapeMarkup(sentence)}</li>`).join('')}</ul>`

type Kind = 'differing' | 'same'

const rowsOf = ({ groups, runs }: Report, kind: Kind): Iterable<string> =>
  table(
    groups.filter((group) => group[kind].length > 0).map((group) => ({ heading: group.heading, rows: group[kind] })),
    runs,
  )

function* differences(report: Report): Generator<string> {
  const differing = report.groups.flatMap((group) => group.differing)
  const same = report.groups.reduce((sum, group) => sum + group.same.length, 0)
  if (differing.length > 0) yield* rowsOf(report, 'differing')
  else yield paragraph(t('All parameters, metrics and tags are the same.'))
  if (differing.some(({ cells }) => cells.some((cell) => cell?.change !== undefined))) yield paragraph(changesText())
  if (same === 0) return
  yield `<details><summary>${escapeMarkup(sameText(same))}</summary>`
  yield* rowsOf(report, 'same')
  yield '</details>'
}

const paragraph = (text: string): string => `<p class="faint">${escapeMarkup(text)}</p>`

export const changesText = (): string =>
  t('Percentages are changes against the first run. Whether more is better is not assumed.')

export const sameText = (count: number): string =>
  count === 1 ? t('1 value is the same in all runs') : t('{0} values are the same in all runs', formatCount(count))

function* table(
  groups: readonly { readonly heading?: string; readonly rows: readonly ReportRow[] }[],
  runs: readonly ReportRun[],
): Generator<string> {
  const head = runs.map((run) => `<th scope="col">${swatch(run)}${escapeMarkup(run.name)}</th>`).join('')
  yield `<div class="scroll" tabindex="0"><table><thead><tr><td></td>${head}</tr></thead>`
  for (const { heading, rows } of groups) {
    yield heading === undefined
      ? '<tbody>'
      : `<tbody><tr class="group"><th scope="rowgroup" colspan="${runs.length + 1}">${escapeMarkup(heading)}</th></tr>`
    for (const one of rows) yield row(one)
    yield '</tbody>'
  }
  yield '</table></div>\n'
}

function listTable({ head, rows, notes }: ReportList): string {
  const cells = (texts: readonly string[]): string =>
    texts.map((text, at) => (at === 0 ? `<th scope="row">${escapeMarkup(text)}</th>` : `<td>${escapeMarkup(text)}</td>`)).join('') // prettier-ignore
  return [
    `<div class="scroll" tabindex="0"><table><thead><tr>${head.map((text) => `<th scope="col">${escapeMarkup(text)}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.map((texts) => `<tr>${cells(texts)}</tr>`).join('\n')}</tbody></table></div>\n`,
    ...notes.map(paragraph),
  ].join('')
}

const row = ({ key, cells }: ReportRow): string =>
  `<tr><th scope="row">${escapeMarkup(key)}</th>${cells.map(cell).join('')}</tr>\n`

const cell = (value: ReportCell): string =>
  value === undefined
    ? `<td class="faint" title="${escapeMarkup(t('Not logged'))}">–</td>`
    : `<td>${escapeMarkup(value.text)}${value.change === undefined ? '' : ` <span class="change">${escapeMarkup(value.change)}</span>`}</td>`

const swatch = ({ mark }: ReportRun): string => {
  const dashes = mark.dash.length > 0 ? ` stroke-dasharray="${mark.dash.join(' ')}"` : ''
  return `<svg class="swatch" width="22" height="8" aria-hidden="true"><path d="M0 4h22" stroke-width="3" style="stroke:${runColor(mark.color)}"${dashes}/></svg>`
}

const legend = (runs: readonly ReportRun[]): string =>
  `<p class="legend">${runs.map((run) => `<span>${swatch(run)}${escapeMarkup(run.name)}</span>`).join(' ')}</p>\n`

function* charts({ charts: all, runs }: Report): Generator<string> {
  const drawn = new Set(all.flatMap(({ curves }) => curves.map(({ run }) => run)))
  yield legend(runs.filter((_, run) => drawn.has(run)))
  yield '<div class="charts">'
  for (const chart of all) yield figure(chart, runs)
  yield '</div>'
}

function figure({ key, axis, curves, note }: ReportChart, runs: readonly ReportRun[]): string {
  const picture = chartSvg({
    title: t('{0}: line chart of {1}.', key, countText(curves.length)),
    axis,
    width: chartWidth,
    height: chartHeight,
    colors,
    font: 'inherit',
    curves: curves.flatMap(({ run: index, x, y }) => {
      const run = runs[index]
      return run ? [{ name: run.name, color: runColor(run.mark.color), dash: run.mark.dash, x, y }] : []
    }),
  })
  return `<figure><h3>${escapeMarkup(key)}</h3>${picture}<figcaption class="faint">${escapeMarkup(note)}</figcaption></figure>`
}

const runColor = (index: number): string => `var(--run-${index % paletteSize})`

const runColors = (theme: 'light' | 'dark'): string =>
  Array.from({ length: paletteSize }, (_, index) => `--run-${index}:${colorOf(index, theme)};`).join('')

function style(): string {
  return `
:root{color-scheme:light dark;--back:#ffffff;--text:#1f2328;--faint:#59636e;--line:#c8ced5;--grid:#e6e9ed;--head:#f4f6f8;${runColors('light')}}
@media (prefers-color-scheme:dark){:root{--back:#1b1d21;--text:#e4e7eb;--faint:#9aa4af;--line:#4a5159;--grid:#2f343a;--head:#25282d;${runColors('dark')}}}
body{margin:0;background:var(--back);color:var(--text);font:14px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1320px;margin:0 auto;padding:24px 24px 64px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:18px;margin:32px 0 10px}
h3{font-size:14px;margin:0 0 4px;overflow-wrap:anywhere}
p{margin:0 0 8px}
.faint{color:var(--faint)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;margin-bottom:10px}
table{border-collapse:collapse;min-width:100%;font-variant-numeric:tabular-nums}
th,td{padding:5px 12px;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid);max-width:360px;overflow-wrap:anywhere;white-space:pre-wrap}
td{min-width:150px;box-sizing:border-box}
tbody:last-child tr:last-child>*{border-bottom:0}
thead>tr>*{background:var(--head);border-bottom:1px solid var(--line);font-weight:600;min-width:150px;box-sizing:border-box}
tr>:first-child{position:sticky;left:0;background:var(--back);border-right:1px solid var(--grid);font-weight:400;min-width:110px;max-width:260px}
thead tr>:first-child{background:var(--head);font-weight:600}
tr.group>th{background:var(--head);font-weight:600;font-size:12px;position:static}
.change{color:var(--faint);font-size:12px;white-space:nowrap;margin-left:6px}
.swatch{margin-right:7px;vertical-align:middle}
.swatch path{fill:none}
.legend{display:flex;flex-wrap:wrap;gap:2px 18px;margin-bottom:12px}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,520px),1fr));gap:20px 24px}
figure{margin:0;min-width:0;overflow-x:auto;break-inside:avoid}
figure svg{display:block;width:100%;min-width:440px;height:auto}
figcaption{font-size:12px}
summary{cursor:pointer;padding:4px 0}
ul{padding-left:20px;margin:0}
@media print{main{max-width:none;padding:0}.scroll{overflow:visible}}
`
}
