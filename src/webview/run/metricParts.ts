/** The parts of a run's page that are about metrics: their tables and charts, those of the machine apart from the run's own. */
import { html, nothing, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import type { RunDetails } from '../../shared/protocol'
import { renderAxisChoice } from '../charts/axisChoice'
import type { LoadCurve, Range } from '../charts/types'
import type { Host } from '../ui/host'
import type { Runs, RunSlot } from '../ui/runs'
import type { Histories } from './histories'
import type { ChartEvent } from './metricCharts'
import './metricCharts'
import type { SplitMetrics } from './metricColumns'
import './metricTable'
import type { PageView } from './pageView'
import type { RenderSection } from './surroundings'

type Metrics = RunDetails['metrics']

export interface MetricPage {
  readonly metrics: SplitMetrics
  readonly slot: RunSlot
  readonly runs: Runs
  readonly view: PageView
  readonly histories: Histories
  readonly channel: Host['channel']
  readonly load: LoadCurve
  readonly section: RenderSection
  readonly openMetric: (key: string) => void
}

export interface MetricParts {
  readonly own: TemplateResult
  readonly charts: TemplateResult | typeof nothing
  readonly system: TemplateResult | typeof nothing
}

export function metricParts(page: MetricPage): MetricParts {
  const { metrics, section, view } = page
  const { own, system } = metrics
  const empty = html`<lens-empty>${t('This run has logged no metrics.')}</lens-empty>`
  return {
    own: section(
      'metrics',
      t('Metrics'),
      own.keys.length,
      own.keys.length === 0 ? empty : table(page, t('Metrics'), own),
    ),
    charts: ownCharts(page),
    system:
      system.keys.length === 0
        ? nothing
        : section(
            'system-metrics',
            t('System metrics'),
            system.keys.length,
            view.isFolded('system-metrics')
              ? nothing
              : html`${table(page, t('System metrics'), system)}
                ${charts(page, t('charts of system metrics'), system.keys, 120)}`,
          ),
  }
}

/** Of the metrics that have more than one point, and of that which somebody has opened. */
function ownCharts(page: MetricPage): TemplateResult | typeof nothing {
  const { metrics, section, view } = page
  const keys = metrics.own.keys.filter(
    (key, index) => key === view.now.opened || hasHistory(page, key, metrics.own.steps[index] ?? 0),
  )
  if (keys.length === 0) return nothing
  const axis = renderAxisChoice(view.now.axis, (chosen) => view.set({ axis: chosen, ranges: [] }))
  return section('charts', t('Charts'), keys.length, charts(page, t('charts'), keys, 170), axis)
}

/** A metric with a later step than its first has more than one point, as far as can be told before its history is read. */
function hasHistory({ histories }: MetricPage, key: string, step: number): boolean {
  const stats = histories.stats.get(key)
  if (stats && typeof stats === 'object' && 'count' in stats) return stats.count > 1
  return step > 0
}

function table(
  { histories, view, channel, slot, runs, openMetric }: MetricPage,
  label: string,
  metrics: Metrics,
): TemplateResult {
  return html`<lens-metric-table
    .label=${label}
    .metrics=${metrics}
    .color=${slot.mark.color}
    .stats=${histories.stats}
    .curves=${histories.curves}
    .opened=${view.now.opened}
    @need-stats=${({ detail: key }: CustomEvent<string>) =>
      void histories.need(channel, slot, key, runs.chartRun(slot, key).version)}
    @open-metric=${(event: CustomEvent<string>) => openMetric(event.detail)}
  ></lens-metric-table>`
}

function charts(
  { view, slot, runs, load }: MetricPage,
  label: string,
  keys: readonly string[],
  height: number,
): TemplateResult {
  return html`<lens-metric-charts
    .label=${label}
    .keys=${keys}
    .opened=${view.now.opened}
    .axis=${view.now.axis}
    .height=${height}
    .runOf=${(key: string) => runs.chartRun(slot, key)}
    .settingsOf=${(key: string) => ({ range: view.rangeOf(key), logY: view.now.logY.includes(key) })}
    .load=${load}
    @range=${({ detail: { key, value } }: CustomEvent<ChartEvent<Range | null>>) => view.setRange(key, value)}
    @logy=${({ detail: { key, value } }: CustomEvent<ChartEvent<boolean>>) => view.setLogY(key, value)}
    @close=${() => view.set({ opened: undefined })}
  ></lens-metric-charts>`
}
