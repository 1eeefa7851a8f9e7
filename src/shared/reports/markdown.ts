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

/** The charts, each made when it is asked for. */
export function* chartFiles({ charts, runs }: Report): Generator<ChartFile> {
  for (const [index, chart] of charts.entries()) yield { name: fileName(chart, index), svg: svgOf(chart, runs) }
}

export const chartNames = ({ charts }: Report): string[] => charts.map(fileName)

/** The text, piece by piece: of many runs it is long. @param folder of the charts, as a link has it */
export function* reportMarkdown(report: Report, folder: string): Generator<string> {
  const { title, madeAt, runs, facts, charts, leftOut } = report
  yield `# ${escapeMarkdown(title)}\n`
  yield paragraph(`${countText(runs.length)} · ${t('Made {0} by MLflow Lens', formatDateTime(madeAt))}`)
  for (const { heading, head, rows, notes } of report.lists) {
    yield paragraph(`## ${heading}`)
    yield textTable(head, rows)
    for (const note of notes) yield paragraph(escapeMarkdown(note))
  }
  yield paragraph(`## ${t('Runs')}`)
  yield table(facts, runs)
  yield* values(report)
  if (charts.length > 0) yield paragraph(`## ${t('Metrics')}`)
  for (const [index, chart] of charts.entries()) {
    const key = escapeMarkdown(chart.key)
    yield paragraph(`### ${key}`)
    yield paragraph(`![${key}](${folder}/${fileName(chart, index)})`)
    yield paragraph(escapeMarkdown(chart.note))
  }
  if (leftOut.length === 0) return
  yield paragraph(`## ${t('Not in this report')}`)
  yield paragraph(leftOut.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n'))
}

const paragraph = (text: string): string => `\n${text}\n`

function* values({ groups, runs }: Report): Generator<string> {
  function* rowsOf(kind: 'differing' | 'same', level: string): Generator<string> {
    for (const group of groups) {
      if (group[kind].length === 0) continue
      yield paragraph(`${level} ${group.heading}`)
      yield table(group[kind], runs)
    }
  }
  if (groups.length === 0) return
  yield paragraph(`## ${runs.length === 1 ? t('Values') : t('Differences')}`)
  if (runs.length === 1) {
    yield* rowsOf('same', '###')
    return
  }
  const differing = groups.flatMap((group) => group.differing)
  const same = groups.reduce((sum, group) => sum + group.same.length, 0)
  if (differing.length > 0) yield* rowsOf('differing', '###')
  else yield paragraph(t('All parameters, metrics and tags are the same.'))
  if (differing.some(({ cells }) => cells.some((cell) => cell?.change !== undefined))) yield paragraph(changesText())
  if (same === 0) return
  yield paragraph(`### ${sameText(same)}`)
  yield* rowsOf('same', '####')
}

const table = (rows: readonly ReportRow[], runs: readonly ReportRun[]): string =>
  textTable(
    ['', ...runs.map(({ name }) => name)],
    rows.map(({ key, cells }) => [key, ...cells.map(cell)]),
  )

function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const textLine = (texts: readonly string[]): string => line(texts.map(escapeMarkdown))
  return paragraph([textLine(head), line(head.map(() => ':---')), ...rows.map(textLine)].join('\n'))
}

const cell = (value: ReportCell): string => {
  if (value === undefined) return '–'
  return value.change === undefined ? value.text : `${value.text} (${value.change})`
}

const fileName = ({ key }: ReportChart, index: number): string =>
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
