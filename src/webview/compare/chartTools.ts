/** What is set for all charts at once. */
import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { renderAxisChoice } from '../charts/axisChoice'
import { choice } from '../ui/choice'
import { icon } from '../ui/icons'
import { type Menu, openMenu } from '../ui/menu'
import { valueOf } from '../ui/toolkit'
import type { Comparison } from './comparison'
import { groupings } from './groups'
import type { GroupBy } from './layout'

/** Entries of a menu: of more, the first. */
const mostListed = 200

export interface ChartTools {
  readonly comparison: Comparison
  /** Keys of all metrics, and of those that have a chart. */
  readonly metrics: readonly string[]
  readonly chosen: readonly string[]
  readonly search: string
  readonly searched: (search: string) => void
  /** Finds out what is in the menu of layouts. */
  readonly layouts: (open: (menu: Menu) => void) => void
}

export function renderChartTools(tools: ChartTools): TemplateResult {
  const { comparison, metrics, chosen, search, searched } = tools
  const { view, remember } = comparison
  return html`<div class="tools" role="toolbar" aria-label=${t('Charts')}>
    <vscode-text-field
      placeholder=${t('Search charts')}
      aria-label=${t('Search charts')}
      .value=${search}
      @input=${(event: Event) => searched(valueOf(event))}
    ></vscode-text-field>
    <span class="tool-group">
      ${renderAxisChoice(
        view.axis,
        (axis) => {
          const xKey = view.xKey === '' ? (metrics.find((key) => key !== chosen[0]) ?? metrics[0] ?? '') : view.xKey
          remember({ axis, range: null, ...(axis === 'metric' ? { xKey } : {}) })
        },
        ['step', 'time', 'relative', 'metric'],
      )}
      ${
        view.axis === 'metric'
          ? menuButton(t('Metric of the x axis'), view.xKey, () =>
              metrics.slice(0, mostListed).map((key) => ({
                label: key,
                checked: key === view.xKey,
                run: () => remember({ xKey: key, range: null }),
              })),
            )
          : nothing
      }
      ${
        view.axis === 'time'
          ? nothing
          : toggle(t('Log x'), t('Logarithmic x axis'), view.logX, (logX) => remember({ logX, range: null }))
      }
    </span>
    <label class="smoothing">
      ${t('Smoothing')}
      <input
        type="range"
        min="0"
        max="0.99"
        step="0.01"
        title=${t('Exponential moving average, weighted by distance along x; what was logged is drawn behind it')}
        .value=${String(view.smoothing)}
        @input=${(event: Event) => remember({ smoothing: Number((event.target as HTMLInputElement).value) })}
      />
      <output class="number">${view.smoothing.toFixed(2)}</output>
    </label>
    ${toggle(
      t('Ignore outliers'),
      t('y axes from the 5th to the 95th percentile of each curve'),
      view.noOutliers,
      (noOutliers) => remember({ noOutliers }),
    )}
    <span class="tool-group">
      ${menuButton(t('Group runs'), view.groupBy ? t('Grouped by {0}', wordOf(view.groupBy)) : t('Group'), () => groupMenu(comparison))}
      ${
        view.groupBy
          ? choice(
              t('Width of the bands'),
              [
                ['range', t('min–max'), t('From the lowest to the highest run')],
                [
                  'deviation',
                  t('±1 SD'),
                  t('One standard deviation of the runs (n − 1) to both sides of their mean; of one run there is none'),
                ],
              ],
              view.spread,
              (spread) => remember({ spread }),
            )
          : nothing
      }
    </span>
    <button
      class="plain tool"
      aria-haspopup="menu"
      @click=${(event: Event) => {
        const button = event.currentTarget as HTMLElement
        tools.layouts((menu) => openMenu(t('Layouts'), () => menu, button))
      }}
    >
      ${icon('views')} ${t('Layouts')}
    </button>
    ${
      view.range
        ? html`<button class="link" @click=${() => remember({ range: null })}>${t('Reset zoom')}</button>`
        : nothing
    }
  </div>`
}

const wordOf = ({ kind, key }: GroupBy): string => (kind === 'experiment' ? t('experiment') : key)

function groupMenu({ loaded, view, remember }: Comparison): Menu {
  const found = groupings(loaded)
  const isChosen = (by: GroupBy): boolean => by.kind === view.groupBy?.kind && by.key === view.groupBy.key
  return [
    { label: t('Each run by itself'), checked: view.groupBy === null, run: () => remember({ groupBy: null }) },
    'line',
    ...found.slice(0, mostListed).map(({ by, values }) => ({
      label: wordOf(by),
      detail: by.kind === 'tag' ? t('tag, {0} groups', formatCount(values)) : t('{0} groups', formatCount(values)),
      checked: isChosen(by),
      run: () => remember({ groupBy: by }),
    })),
    ...(found.length === 0
      ? [{ label: t('The runs are alike in all parameters and tags'), off: t('nothing to group by') }]
      : []),
  ]
}

function toggle(word: string, title: string, on: boolean, change: (on: boolean) => void): TemplateResult {
  return html`<button class="plain tool" title=${title} aria-pressed=${on} @click=${() => change(!on)}>${word}</button>`
}

function menuButton(label: string, word: string, items: () => Menu): TemplateResult {
  return html`<button
    class="plain tool menu"
    title=${label}
    aria-label="${label}: ${word}"
    aria-haspopup="menu"
    @click=${(event: Event) => openMenu(label, items, event.currentTarget as HTMLElement)}
  >
    <span class="clip">${word}</span>${icon('down')}
  </button>`
}
