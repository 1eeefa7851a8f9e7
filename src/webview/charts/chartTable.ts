import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatCount, formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import { common, tables } from '../ui/styles'
import { swatch } from '../ui/swatch'
import { ThemeController } from '../ui/theme'
import { readBetween } from './reading'
import { formatX } from '../../shared/ticks'
import type { Axis, Drawn, Range } from './types'
import { axisWord, readingText, samplesText } from './words'

/** Rows of a table: more positions than that are put together. */
const mostRows = 200

/** A chart as a table: a row for each x, a column for each run. */
@customElement('lens-chart-table')
export class ChartTable extends LitElement {
  @property() metric = ''
  @property() axis: Axis = 'step'
  @property() xKey = ''
  @property({ attribute: false }) drawn: readonly Drawn[] = []
  @property({ attribute: false }) range: Range = [0, 0]

  constructor() {
    super()
    new ThemeController(this)
  }

  static override styles = [
    common,
    tables,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      th.x {
        position: sticky;
        left: 0;
        background: var(--vscode-editor-background);
        z-index: 1;
        text-align: right;
        font-weight: normal;
      }
      thead th.x {
        z-index: 2;
      }
      table {
        width: auto;
        min-width: 100%;
      }
      .name {
        display: inline-block;
        max-width: 140px;
        vertical-align: top;
      }
      caption {
        text-align: left;
        padding: 4px 8px;
        color: var(--faint);
      }
      caption strong {
        display: block;
      }
    `,
  ]

  override render(): TemplateResult {
    const { rows, all } = rowsOf(this.drawn, this.range)
    const summed = rows.length < all
    const samples = samplesText(this.drawn)
    return html`<table>
      <caption>
        ${
          summed
            ? t(
                '{0} positions in {1} rows, each from its lowest to its highest value; zoom in for single points.',
                formatCount(all),
                rows.length,
              )
            : samples === undefined
              ? t('{0}: all {1} positions', this.metric, formatCount(all))
              : t('{0}: {1} positions', this.metric, formatCount(all))
        }
        ${samples === undefined ? nothing : html`<strong>${samples}.</strong>`}
      </caption>
      <thead>
        <tr>
          <th class="x" scope="col">${axisWord(this.axis, this.xKey)}</th>
          ${this.drawn.map(
            ({ run }) =>
              html`<th class="number" scope="col" title=${run.name}>
                ${swatch(run.mark)} <span class="name clip">${run.name}</span>
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([from, to]) =>
            html`<tr>
              <th class="x number" scope="row">
                ${formatX(this.axis, from)}${from === to ? nothing : html` – ${formatX(this.axis, to)}`}
              </th>
              ${this.drawn.map(({ curve }) => {
                const reading = readBetween(curve, [from, to])
                return html`<td class="number">${reading ? readingText(reading) : nothing}</td>`
              })}
            </tr>`,
        )}
      </tbody>
    </table>`
  }
}

/** The x positions in a range, or where they are many, intervals of equally many of them. */
export function rowsOf(drawn: readonly Drawn[], [from, to]: Range): { readonly rows: Range[]; readonly all: number } {
  const positions = new Set<number>()
  let reduced = 0
  for (const { curve } of drawn) {
    for (const x of curve.x) if (x >= from && x <= to) positions.add(x)
    if (curve.reduced && !curve.band) reduced = Math.max(reduced, curve.inRange)
  }
  const sorted = Float64Array.from(positions).sort()
  const per = Math.ceil(sorted.length / mostRows)
  const rows: Range[] = []
  for (let i = 0; i < sorted.length; i += per)
    rows.push([sorted[i] ?? 0, sorted[Math.min(i + per, sorted.length) - 1] ?? 0])
  return { rows, all: Math.max(sorted.length, reduced) }
}

/** The same for screen readers, always there: a row for each run. */
export function summaryTable(metric: string, drawn: readonly Drawn[], range: Range | undefined): TemplateResult {
  // A table is as wide as what is in it, whatever it is told: the element around it hides it.
  return html`<div class="unseen">
    <table>
      <caption>
        ${metric}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('Run')}</th>
          <th scope="col">${t('Lowest')}</th>
          <th scope="col">${t('Highest')}</th>
          <th scope="col">${t('Last')}</th>
          <th scope="col">${t('Points')}</th>
        </tr>
      </thead>
      <tbody>
        ${drawn.map(({ run, curve }) => {
          const reading = range && readBetween(curve, range)
          return html`<tr>
            <th scope="row">${run.name}</th>
            <td>${reading ? formatMetric(reading.low) : t('none')}</td>
            <td>${reading ? formatMetric(reading.high) : t('none')}</td>
            <td>${formatMetric(curve.y.at(-1) ?? NaN)}</td>
            <td>${curve.sampled ? t('{0} samples', curve.inRange) : curve.inRange}</td>
          </tr>`
        })}
      </tbody>
    </table>
  </div>`
}
