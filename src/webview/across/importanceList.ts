import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Dimension } from '../../shared/across/dimension'
import { type Importance, importances, type Importances, leastRuns } from '../../shared/across/importance'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { common, tables } from '../ui/styles'
import { Sliced } from './sliced'

/** Parameters listed at first. */
const firstRows = 20

/** What each parameter has to do with the metric. Fires `choose` (detail: the id of a parameter). */
@customElement('lens-importance')
export class ImportanceList extends LitElement {
  @property({ attribute: false }) params: readonly Dimension[] = []
  @property({ attribute: false }) metric: Dimension | undefined
  @property({ attribute: false }) rows: readonly number[] = []

  @state() private all = false
  readonly #importances = new Sliced<Importances>(this)

  static override styles = [
    common,
    tables,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        max-width: 860px;
      }
      td.bar {
        width: 40%;
        min-width: 90px;
      }
      svg {
        display: block;
        width: 100%;
        height: 12px;
        margin-top: 5px;
      }
      rect.bar {
        fill: var(--vscode-charts-blue, var(--vscode-focusBorder));
      }
      line {
        stroke: var(--vscode-foreground);
        stroke-width: 1;
        opacity: 0.5;
      }
      th .key {
        max-width: 260px;
        display: inline-block;
        vertical-align: top;
      }
      p {
        max-width: 90ch;
        padding-top: 6px;
        font-size: 12px;
        overflow-wrap: anywhere;
      }
    `,
  ]

  override willUpdate(): void {
    const { metric, params, rows } = this
    if (!metric) return
    const question = [metric.id, [...metric.values], params.map(({ id }) => id), rows]
    this.#importances.ask(question, () => importances(params, metric, rows))
  }

  override render(): TemplateResult {
    const { metric } = this
    const { found, isStopped } = this.#importances
    if (!metric) return html`<lens-empty>${t('Choose a metric.')}</lens-empty>`
    if (isStopped)
      return html`<lens-empty
        >${t('Stopped.')}
        <button class="link" @click=${() => this.#importances.again()}>${t('Compute')}</button></lens-empty
      >`
    if (!found)
      return html`<lens-loading
        cancellable
        .what=${t('Growing a forest over {0} runs', formatCount(this.rows.length))}
        @cancel=${() => this.#importances.stop()}
      ></lens-loading>`
    if (found.all.length === 0)
      return html`<lens-empty
        >${found.runs === 0 ? t('No run has a finite value of {0}.', metric.key) : t('No parameter differs between these runs.')}</lens-empty
      >`
    return html`${this.#renderTable(found)} ${this.#renderLimits(found, metric)}`
  }

  #renderTable({ all }: Importances): TemplateResult {
    const shown = this.all ? all : all.slice(0, firstRows)
    const most = Math.max(0.01, ...all.map(({ importance }) => importance || 0))
    return html`<div class="scroll">
        <table aria-label=${t('Importance of parameters')}>
          <thead>
            <tr>
              <th scope="col">${t('Parameter')}</th>
              <th scope="col" class="number">${t('Rank correlation')}</th>
              <th scope="col"><span class="unseen">${t('Direction')}</span></th>
              <th scope="col" class="number">${t('Forest')}</th>
              <th scope="col"><span class="unseen">${t('Forest')}</span></th>
            </tr>
          </thead>
          <tbody>
            ${shown.map((one) => this.#renderRow(one, most))}
          </tbody>
        </table>
      </div>
      ${
        shown.length < all.length
          ? html`<button class="link" @click=${() => (this.all = true)}>
              ${t('Show all {0}', formatCount(all.length))}
            </button>`
          : nothing
      }`
  }

  #renderRow({ feature, correlation, importance, runs }: Importance, most: number): TemplateResult {
    const sign = feature.numeric && correlation >= 0 ? '+' : ''
    const width = Number.isNaN(importance) ? 0 : (Math.max(0, importance) / most) * 100
    const strength = Number.isNaN(correlation) ? 0 : Math.abs(correlation) * 50
    // What has no direction goes to both sides.
    const from = feature.numeric && correlation >= 0 ? 50 : 50 - strength
    return html`<tr>
      <th scope="row">
        <button
          class="plain key clip mono"
          title=${t('Plot {0} against the metric', feature.key.slice(0, 500))}
          @click=${() => this.dispatchEvent(new CustomEvent('choose', { detail: feature.id }))}
        >
          ${feature.key}
        </button>
        ${feature.twins.length > 0 ? html`<span class="faint" title=${feature.twins.join(', ').slice(0, 500)}>${t('and {0} that change with it', feature.twins.length)}</span>` : nothing}
      </th>
      <td class="number" title=${t('{0} runs', runs)}>
        ${Number.isNaN(correlation) ? '–' : `${feature.numeric ? '' : 'η '}${sign}${correlation.toFixed(2).replace('-', '−')}`}
      </td>
      <td class="bar" aria-hidden="true">
        <svg viewBox="0 0 100 12" preserveAspectRatio="none">
          <rect class="bar" x=${from} y="2" width=${feature.numeric ? strength : 2 * strength} height="8" />
          <line x1="50" x2="50" y1="0" y2="12" />
        </svg>
      </td>
      <td class="number">
        ${Number.isNaN(importance) ? '–' : `${(Math.max(0, importance) * 100).toFixed(importance > 0.1 ? 0 : 1)} %`}
      </td>
      <td class="bar" aria-hidden="true">
        <svg viewBox="0 0 100 12" preserveAspectRatio="none">
          <rect class="bar" x="0" y="2" width=${width} height="8" />
        </svg>
      </td>
    </tr>`
  }

  #renderLimits(found: Importances, metric: Dimension): TemplateResult {
    const { explained, runs, leftOut, constant, unique } = found
    const percent = Math.round(explained * 100)
    const forest = Number.isNaN(explained)
      ? runs < leastRuns
        ? t('A forest needs {0} runs or more; there are {1}.', leastRuns, runs)
        : t('No forest was grown: {0} has one value.', metric.key)
      : explained <= 0.1
        ? t(
            'The forest explains {0} % of the variance of {1} in runs it was not shown (out-of-bag R²): next to nothing, so its column says nothing either.',
            percent,
            metric.key,
          )
        : t(
            'The forest explains {0} % of the variance of {1} in runs it was not shown (out-of-bag R²).',
            percent,
            metric.key,
          )
    return html`<p class="faint">
        ${t('Of {0} runs.', formatCount(runs))}
        ${leftOut > 0 ? t('{0} without a finite value are left out.', formatCount(leftOut)) : ''} ${forest}
      </p>
      <p class="faint">
        ${t(
          'Rank correlation (Spearman) tells whether the metric rises (+) or falls (−) with a parameter, and misses a best value in the middle; η tells how far words part the metric, without a direction. The forest’s figure is the share of the metric’s variance that hangs on a parameter, alone or together with others, 100 % at most: half of what shuffling its values adds to the squared error of the forest’s predictions. The shares may add up to more than 100 %. The forest sees curves and combinations, can’t tell apart parameters that change together, and tells of these runs only, not of causes.',
        )}
      </p>
      ${constant.length > 0 ? html`<p class="faint">${t('The same in all runs: {0}.', listed(constant))}</p>` : nothing}
      ${unique.length > 0 ? html`<p class="faint">${t('Another in each run, so nothing can be told: {0}.', listed(unique))}</p>` : nothing}`
  }
}

function listed(keys: readonly string[]): string {
  const shown = keys
    .slice(0, 8)
    .map((key) => key.slice(0, 60))
    .join(', ')
  return keys.length > 8 ? t('{0} and {1} more', shown, keys.length - 8) : shown
}
