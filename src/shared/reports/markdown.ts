/** A report as Markdown, with its charts in files beside it. */
import { chartSvg } from '../chartSvg'
import { formatDateTime } from '../format'
import { t } from '../l10n'
import { escapeMarkdown } from '../markup'
import { colorOf } from '../runColor'
import { changesText, chartWidth, countText, sameText } from './html'
import type { Report, ReportCell, ReportChart, ReportRow, ReportRun } from './report'

export interface ChartFile {
  /** Safe on any disk; to be linked as it is. */
  readonly name: string
  readonly svg: string
}

export interface MarkdownReport {
  readonly text: string
  /** To be written into `folder`. */
  readonly charts: readonly ChartFile[]
}

/** @param folder of the charts, as the Markdown file names it: of letters, digits, `-`, `_` and `.` only */
export function reportMarkdown(report: Report, folder: string): MarkdownReport {
  const { title, madeAt, runs, facts, leftOut } = report
  const charts = report.charts.map((chart, index) => ({
    chart,
    name: fileName(chart.key, index),
    svg: svgOf(chart, runs),
  }))
  const parts = [
    `# ${escapeMarkdown(title)}`,
    `${countText(runs.length)} · ${t('Made {0} by MLflow Lens', formatDateTime(madeAt))}`,
    `## ${t('Runs')}`,
    table(facts, runs),
    ...values(report),
    ...(charts.length > 0 ? [`## ${t('Metrics')}`] : []),
    ...charts.flatMap(({ chart, name }) => [
      `### ${escapeMarkdown(chart.key)}`,
      `![${escapeMarkdown(chart.key)}](${folder}/${name})`,
      chart.note,
    ]),
    ...(leftOut.length > 0
      ? [`## ${t('Not in this report')}`, leftOut.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n')]
      : []),
  ]
  return { text: `${parts.join('\n\n')}\n`, charts: charts.map(({ name, svg }) => ({ name, svg })) }
}

function values({ groups, runs }: Report): string[] {
  if (groups.length === 0) return []
  const rowsOf = (kind: 'differing' | 'same', level: string): string[] =>
    groups
      .filter((group) => group[kind].length > 0)
      .flatMap((group) => [`${level} ${group.heading}`, table(group[kind], runs)])
  if (runs.length === 1) return [`## ${t('Values')}`, ...rowsOf('same', '###')]
  const differing = groups.flatMap((group) => group.differing)
  const same = groups.reduce((sum, group) => sum + group.same.length, 0)
  const hasChanges = differing.some(({ cells }) => cells.some((cell) => cell?.change !== undefined))
  return [
    `## ${t('Differences')}`,
    ...(differing.length > 0 ? rowsOf('differing', '###') : [t('All parameters, metrics and tags are the same.')]),
    ...(hasChanges ? [changesText()] : []),
    ...(same > 0 ? [`### ${sameText(same)}`, ...rowsOf('same', '####')] : []),
  ]
}

function table(rows: readonly ReportRow[], runs: readonly ReportRun[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(['', ...runs.map(({ name }) => escapeMarkdown(name))]),
    line([':---', ...runs.map(() => ':---')]),
    ...rows.map(({ key, cells }) => line([escapeMarkdown(key), ...cells.map(cell)])),
  ].join('\n')
}

const cell = (value: ReportCell): string =>
  value === undefined
    ? '–'
    : escapeMarkdown(value.change === undefined ? value.text : `${value.text} (${value.change})`)

const fileName = (key: string, index: number): string =>
  `${String(index + 1).padStart(2, '0')}-${key.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 40) || 'metric'}.svg`

/** In colours of its own: what shows Markdown has a background of any colour. */
function svgOf({ key, axis, curves }: ReportChart, runs: readonly ReportRun[]): string {
  return chartSvg({
    title: key,
    axis,
    width: chartWidth,
    height: 280,
    legend: true,
    colors: { text: '#59636e', axis: '#c8ced5', grid: '#e6e9ed', background: '#ffffff' },
    curves: curves.flatMap(({ run: index, x, y }) => {
      const run = runs[index]
      return run ? [{ name: run.name, color: colorOf(run.mark.color, 'light'), dash: run.mark.dash, x, y }] : []
    }),
  })
}
