/** What a hover says of a metric: Markdown, with every name escaped. Pure. */
import { formatCount, formatDuration, formatMetric, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import { dotted, oneLine } from '../tree/text'
import type { Rule } from './belonging'
import { comparisonText } from './chartSubject'
import type { Direction, FileRuns, MetricFacts, Reference } from './metricFacts'
import type { Failure } from './runLenses'
import { chart, dataUri, type Contrast, type Curve } from './pictures'

/** Commands that links of the hover may run. */
export const hoverCommands = [
  'mlflow.openRun',
  'mlflow.compareRuns',
  'mlflow.openRuns',
  'mlflow.chooseReference',
  'mlflow.setDirection',
  'mlflow.chooseExperiment',
  'mlflow.showChartBeside',
  'mlflow.openRunCode',
] as const

/** Whose runs are shown, and why. */
export interface SubjectFacts {
  readonly connection: string
  readonly experimentId: string
  readonly experimentName: string
  /** URI of the file. */
  readonly file: string
  readonly rule: Rule
  /** None of the runs says that it came from this file: they are all those of the experiment. */
  readonly isAll: boolean
}

export interface HoverFacts extends SubjectFacts {
  readonly reference: Reference
  readonly facts: MetricFacts
  /** Of the latest run, or over the runs, and of the run it is compared with. */
  readonly curve: Curve | undefined
  readonly otherCurve: Curve | undefined
  /** The curve is over runs, not over steps. */
  readonly isOverRuns: boolean
  /** The latest run names the commit that it ran, and this workspace may run git. */
  readonly hasCode: boolean
}

/** Rows of the table. */
const mostRuns = 5

export function metricHover(hover: HoverFacts, contrast: Contrast, now: number): string {
  const { facts, curve, otherCurve, isOverRuns, hasCode, connection, experimentId, experimentName } = hover
  const isComparable = otherCurve && !isOverRuns && otherCurve.over === curve?.over
  const curves = curve ? [curve, ...(isComparable ? [otherCurve] : [])] : []
  const picture = curves.some(({ x }) => x.length > 1) ? chart(curves, contrast) : undefined
  const shown = facts.values.slice(0, mostRuns)
  const runIds = shown.map(({ runId }) => runId)
  return [
    [`**${escaped(facts.key)}**`, legend(hover, curves.length)].join(' · '),
    picture && `![${alternative(spoken(hover))}](${dataUri(picture)})`,
    [
      link(t('Open Run'), 'mlflow.openRun', { connection, runId: facts.latest.runId, name: facts.latest.runName }),
      runIds.length > 1 && link(t('Compare These'), 'mlflow.compareRuns', { connection, runIds }),
      link(t('All Runs'), 'mlflow.openRuns', { connection, experimentId, name: experimentName }),
      link(t('Chart Beside'), 'mlflow.showChartBeside', { file: hover.file, metric: facts.key }),
      hasCode && link(t('Code at Its Commit'), 'mlflow.openRunCode', { connection, runId: facts.latest.runId }),
    ]
      .filter(Boolean)
      .join(' · '),
    table(hover, shown, now),
    choices(hover),
    subjectHover(hover),
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** The values that the last runs had of a parameter. */
export function paramHover(subject: SubjectFacts, key: string, { frame, rows }: FileRuns): string {
  const { connection } = subject
  const shown = rows.filter((row) => frame.paramAt(row, key) !== undefined).slice(0, mostRuns)
  const cells = shown.map((row) => {
    const { runId, runName } = frame.info(row)
    const name = runName || runId
    return [
      link(oneLine(name, 40), 'mlflow.openRun', { connection, runId, name }),
      escaped(frame.paramAt(row, key) ?? ''),
    ]
  })
  return [
    `**${escaped(key)}**`,
    tableOf([[t('Run'), t('Value')], ['---', '---'], ...cells]),
    subjectHover(subject),
  ].join('\n\n')
}

/** Why these runs are shown, and the way to others. */
export const subjectHover = (subject: SubjectFacts): string =>
  `*${escaped(ruleText(subject))}* ${link(t('Choose Experiment…'), 'mlflow.chooseExperiment', { file: subject.file })}`

/** Why there are no runs to tell of. */
export function failureHover({ missing, problem }: Failure): string | undefined {
  if (missing === undefined) return problem === undefined ? undefined : escaped(t('No runs: {0}', problem))
  return escaped(t('No runs: this code logs to {0}, which is no connection.', missing))
}

/** Nothing in the words for a picture is read as Markdown but these characters, and VS Code takes no escapes there. */
const alternative = (text: string): string => oneLine(text, 400).replace(/[[\]\\<>"`&]/g, ' ')

/** What the chart shows, for those who can't see it. */
function spoken({ facts, curve, isOverRuns }: HoverFacts): string {
  const { latest, key } = facts
  const finite = Array.from(curve?.y ?? []).filter((value) => Math.abs(value) < Number.MAX_VALUE)
  const least = formatMetric(Math.min(...finite))
  const greatest = formatMetric(Math.max(...finite))
  const value = formatMetric(latest.value)
  const [name, run] = [oneLine(key), latest.runName]
  if (isOverRuns)
    return t(
      'Chart of {0} over the last {1} runs: between {2} and {3}, now {4}',
      name,
      finite.length,
      least,
      greatest,
      value,
    )
  if (curve?.over === 'order')
    return t('Chart of {0} in the run {1} in the order of logging: between {2} and {3}, now {4}', name, run, least, greatest, value) // prettier-ignore
  if (curve?.over === 'time') {
    const time = formatDuration(curve.x[curve.x.length - 1] ?? NaN)
    return t('Chart of {0} in the run {1} over {2}: between {3} and {4}, now {5}', name, run, time, least, greatest, value) // prettier-ignore
  }
  return t(
    'Chart of {0} in the run {1} up to step {2}: between {3} and {4}, now {5}',
    name,
    run,
    latest.step,
    least,
    greatest,
    value,
  )
}

/** Which curve is whose. */
function legend({ facts: { latest, comparison, values }, curve, isOverRuns }: HoverFacts, curves: number): string {
  if (isOverRuns && values.length > 1) return escaped(t('the last {0} runs, which log it once each', values.length))
  const whose =
    comparison && curves > 1 ? t('{0}, dashed {1}', latest.runName, comparison.with.runName) : latest.runName
  const overs = {
    time: t('over time: all of it is logged at step {0}', latest.step),
    order: t('in the order of logging: all of it is logged at step {0} in one millisecond', latest.step),
  }
  return escaped(dotted(whose, curve?.over && overs[curve.over]))
}

function table(hover: HoverFacts, shown: MetricFacts['values'], now: number): string {
  const { connection } = hover
  const head = [t('Run'), t('Value'), t('Step'), t('Logged')]
  const rows = shown.map((value) => [
    link(oneLine(value.runName, 40), 'mlflow.openRun', { connection, runId: value.runId, name: value.runName }) +
      (value.isRunning ? ` ${escaped(t('(running)'))}` : ''),
    escaped(formatMetric(value.value)),
    formatCount(value.step),
    escaped(formatRelativeTime(value.timestamp, now)),
  ])
  return tableOf([head, ['---', '---:', '---:', '---'], ...rows])
}

/** Of a head, how the columns are aligned, and what is in them. VS Code leaves no room between columns. */
const tableOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells, at) => `| ${cells.join(at === 1 ? ' | ' : ' | &nbsp;&nbsp; ')} |`).join('\n')

function choices({ facts, reference }: HoverFacts): string {
  const { comparison, direction, key } = facts
  const compared = comparison ? comparisonText(comparison) : noComparison(reference, facts)
  const set = (label: string, to: Direction): string =>
    link(label, 'mlflow.setDirection', { metric: key, direction: to })
  const way =
    direction === undefined
      ? `${set(t('Lower is better'), 'lower')} · ${set(t('Higher is better'), 'higher')}`
      : `${escaped(direction === 'lower' ? t('Lower is better') : t('Higher is better'))} (${link(t('change'), 'mlflow.setDirection', { metric: key })})`
  return `${escaped(compared)} ${link(t('Choose Reference…'), 'mlflow.chooseReference', {})} · ${way}`
}

function noComparison(reference: Reference, { direction, isReference }: MetricFacts): string {
  if (isReference) return t('This run is the one in Production.')
  if (reference === 'production') return t('No run of this experiment with this metric is known to be in Production.')
  if (reference === 'best')
    return direction
      ? t('No other run that has ended has a number for it.')
      : t('Which run is best is not known: is lower or higher better?')
  return t('There is no other run to compare it with.')
}

/** Why these runs are shown. */
export function ruleText({
  rule,
  isAll,
  experimentName,
}: Pick<SubjectFacts, 'rule' | 'isAll' | 'experimentName'>): string {
  const name = oneLine(experimentName, 60)
  const which = isAll ? t('All runs of “{0}”.', name) : t('Runs of “{0}” that came from this file.', name)
  return `${which} ${why(rule)}`
}

function why(rule: Rule): string {
  switch (rule.by) {
    case 'choice':
      return t('You chose the experiment.')
    case 'code':
      return t('The experiment is the one that line {0} sets.', rule.line + 1)
    case 'pattern':
      return t('The experiment is the only one that line {0} can mean.', rule.line + 1)
    case 'environment':
      return t('The experiment is the one that {0} names.', rule.variable)
    case 'source':
      return t('The experiment is the one to which this file logged last.')
    case 'history':
      return t('The experiment is that of a run of the commit {0}, which changed this file.', rule.commit.slice(0, 7))
  }
}

/** Markdown that says just that; a vertical bar would end a table's cell, and an address become a link. */
export const escaped = (text: string): string =>
  oneLine(text, 400).replace(/[\\`*_{}[\]()#+\-.!|<>~$&:]/g, (character) =>
    character === '<' || character === '&' ? `&#${character.charCodeAt(0)};` : `\\${character}`,
  )

function link(label: string, command: string, options: object): string {
  return `[${escaped(label)}](command:${command}?${encodeURIComponent(JSON.stringify([options])).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'))})`
}
