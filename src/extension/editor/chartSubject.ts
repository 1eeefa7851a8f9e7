/** What the chart beside the code shows: of a metric in the runs of a file. Pure. */
import type { BesideSubject } from '../../shared/besideProtocol'
import { formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import { oneLine } from '../tree/text'
import { commitTag } from '../../shared/commits'
import type { Known } from './lineNotes'
import { changeText, metricFacts, type Comparison, type Reference } from './metricFacts'

/** How the chart is set. */
export interface ChartSetting {
  readonly file: string
  readonly pinned: boolean
  readonly count: BesideSubject['count']
  readonly epoch: number
}

/** Without runs. */
export function emptySubject(
  setting: ChartSetting,
  state: BesideSubject['state'],
  metric = '',
  problem = '',
): BesideSubject {
  const numbers = new Float64Array()
  return {
    ...setting,
    ...{ state, metric, problem, metrics: [], runs: [], total: 0, why: '', reference: '', comparison: '' },
    ...{ values: numbers, steps: numbers, timestamps: numbers },
  }
}

export interface Shown {
  readonly connection: string
  readonly metric: string
  readonly metrics: readonly string[]
  readonly known: Known
  /** Why the runs could not be brought up to date; empty where they are. */
  readonly problem: string
  readonly why: string
  /** This workspace may run git. */
  readonly mayReadCode: boolean
}

/** @param colorOf index of a run's colour */
export function chartSubject(setting: ChartSetting, shown: Shown, colorOf: (runId: string) => number): BesideSubject {
  const { connection, metric, metrics, known, problem, why, mayReadCode } = shown
  const { frame } = known.runs
  const facts = metricFacts(known.runs, metric, known.by, setting.count)
  const { comparison, values = [] } = facts ?? {}
  const reference = comparison?.with
  const all = reference && values.every(({ runId }) => runId !== reference.runId) ? [...values, reference] : [...values]
  const logged = frame.metric(metric)?.logged
  return {
    ...setting,
    state: 'shown',
    problem,
    metric,
    metrics: metrics.includes(metric) ? [...metrics] : [metric, ...metrics],
    runs: all.map(({ runId, runName, isRunning }) => {
      const row = frame.rowOf(runId)
      const otherwise = isRunning ? 'RUNNING' : 'FINISHED'
      return {
        ...{ connection, runId, name: runName, color: colorOf(runId), isReference: runId === reference?.runId },
        status: row >= 0 ? frame.info(row).status : otherwise,
        hasCode: mayReadCode && row >= 0 && frame.tagAt(row, commitTag) !== undefined,
      }
    }),
    values: Float64Array.from(all, ({ value }) => value),
    steps: Float64Array.from(all, ({ step }) => step),
    timestamps: Float64Array.from(all, ({ timestamp }) => timestamp),
    total: logged ? known.runs.rows.filter((row) => logged[row] === 1).length : 0,
    why,
    reference: referenceWord(known.by.reference),
    comparison: comparison ? comparisonText(comparison) : '',
  }
}

export const referenceWord = (reference: Reference): string =>
  ({ last: t('The Run Before'), best: t('The Best Run'), production: t('The Version in Production') })[reference]

/** How the latest value compares; `worse` and `better` only where the user said which way that is. */
export function comparisonText(comparison: Comparison): string {
  const change = changeText(comparison)
  const { runName, value } = comparison.with
  const than = t('{0} against {1} ({2}).', change, oneLine(runName, 40), formatMetric(value))
  if (comparison.isWorse === undefined || comparison.difference === 0) return than
  return `${than} ${comparison.isWorse ? t('That is worse.') : t('That is better.')}`
}
