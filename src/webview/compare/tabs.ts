import { html } from 'lit'
import { t } from '../../shared/l10n'
import '../across/differencesTab'
import '../across/picturesTab'
import '../across/tuningTab'
import './chartsTab'
import type { Tab } from './comparison'
import { renderMetricPicker } from './metricPicker'

/** The tabs of the page, in their order. */
export const tabs: readonly Tab[] = [
  {
    id: 'charts',
    title: () => t('Charts'),
    render: (comparison) => html`<lens-charts-tab .comparison=${comparison}></lens-charts-tab>`,
    aside: renderMetricPicker,
  },
  {
    id: 'tuning',
    title: () => t('Tuning'),
    render: (comparison) => html`<lens-tuning-tab .comparison=${comparison}></lens-tuning-tab>`,
  },
  {
    id: 'differences',
    title: () => t('Differences'),
    render: (comparison) => html`<lens-differences-tab .comparison=${comparison}></lens-differences-tab>`,
  },
  {
    id: 'pictures',
    title: () => t('Pictures'),
    render: (comparison) => html`<lens-pictures-tab .comparison=${comparison}></lens-pictures-tab>`,
  },
]
