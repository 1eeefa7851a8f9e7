import * as v from 'valibot'
import { css, html, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { ranked } from '../../shared/across/best'
import { differencesOf } from '../../shared/across/differences'
import type { Dimension } from '../../shared/across/dimension'
import { commitTag } from '../../shared/commits'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { choice } from '../ui/choice'
import { icon } from '../ui/icons'
import '../ui/section'
import '../ui/states'
import { common } from '../ui/styles'
import { isChecked, valueOf } from '../ui/toolkit'
import type { Loaded } from './across'
import { AcrossTab, nameAt } from './acrossTab'
import type { Line } from './differenceTable'
import './codeChanges'
import './differenceTable'
import { fewRuns } from './environments'
import { type Goal, goalOf, isUnread, renderReading } from './goal'
import './separationList'
import { tabStyles } from './tabStyles'

const viewSchema = v.object({
  /** Id of a run; empty: the best one where that is known, else the first. */
  baseline: v.fallback(v.string(), ''),
  /** Id of the run whose code is compared with that of the baseline; empty: the first of another commit. */
  against: v.fallback(v.string(), ''),
  groups: v.fallback(v.picklist(['best', 'shown']), 'best'),
  /** Share of the runs that are the best ones, percent. */
  share: v.fallback(v.pipe(v.number(), v.minValue(1), v.maxValue(50)), 10),
})
type View = v.InferOutput<typeof viewSchema>

/** What changed: all values against a baseline, and what parts good runs from the others. */
@customElement('lens-differences-tab')
export class DifferencesTab extends AcrossTab {
  @state() private filter = ''
  #seen: Loaded | undefined

  static override styles = [
    common,
    tabStyles,
    css`
      lens-section {
        margin-top: 16px;
      }
      .small {
        padding-top: 4px;
        font-size: 12px;
      }
      vscode-text-field {
        width: 180px;
      }
    `,
  ]

  get #view(): View {
    return v.parse(viewSchema, this.comparison.view.tabs.differences ?? {})
  }

  #remember(change: Partial<View>): void {
    const { view, remember } = this.comparison
    remember({ tabs: { ...view.tabs, differences: { ...this.#view, ...change } } })
  }

  protected renderRuns(loaded: Loaded, shown: readonly number[]): TemplateResult {
    const view = this.#view
    const { runs } = this.comparison.across
    const goal = goalOf(this.comparison, loaded, shown)
    // The best run is the baseline where nobody chose another: it would change under the reader.
    if (isUnread(goal) && goal.reading?.isStopped === false && view.baseline === '')
      return html`${renderReading(goal, this.comparison.across.histories)}`
    const order = rankedBy(goal, shown)
    const ranks = new Set(order)
    const rows = [...order, ...shown.filter((row) => !ranks.has(row))]
    const rowOf = (id: string): number | undefined => rows.find((row) => runs[row]?.id === id)
    const baseline = rowOf(view.baseline) ?? rows[0] ?? 0
    return html`${renderReading(goal, this.comparison.across.histories)} ${this.#renderTable(loaded, rows, baseline)}
    ${this.section(
      'differences/code',
      t('Code'),
      html`<lens-code-changes
        .comparison=${this.comparison}
        .rows=${rows.filter((row) => row !== baseline)}
        .baseline=${baseline}
        .against=${rowOf(view.against)}
        .commits=${loaded.dimensions.get(`tag:${commitTag}`)}
        .metric=${order.length > 0 ? goal.metric : undefined}
        .nameOf=${(row: number) => nameAt(loaded, this.comparison, row)}
        @against=${(event: CustomEvent<number>) => this.#remember({ against: runs[event.detail]?.id ?? '' })}
      ></lens-code-changes>`,
    )}
    ${this.section('differences/separates', t('What separates these runs'), this.#renderSeparation(loaded, rows, order, goal))}`
  }

  #renderTable(loaded: Loaded, rows: readonly number[], baseline: number): TemplateResult {
    const { view, remember, across, host } = this.comparison
    const groups = differencesOf(loaded.data, loaded.dimensions, rows)
    const wanted = this.filter.trim().toLowerCase()
    const onlyDifferences = view.onlyDifferences && rows.length > 1
    const found = groups.map(({ heading, rows: all }) => ({
      heading,
      rows: all.filter(({ key, differs }) => (!onlyDifferences || differs) && key.toLowerCase().includes(wanted)),
    }))
    const lines = found.flatMap(({ heading, rows: kept }): Line[] =>
      kept.length === 0 ? [] : [{ heading, count: kept.length }, ...kept],
    )
    const count = found.reduce((sum, { rows: kept }) => sum + kept.length, 0)
    const total = groups.reduce((sum, { rows: all }) => sum + all.length, 0)
    const nameOf = (row: number): string => nameAt(loaded, this.comparison, row)
    return html`<div class="tools">
        <span class="field"
          ><label for="baseline">${t('Baseline')}</label>
          <select
            id="baseline"
            @change=${(event: Event) => this.#setBaseline(Number((event.currentTarget as HTMLSelectElement).value))}
          >
            ${rows.map((row) => html`<option value=${row} ?selected=${row === baseline}>${nameOf(row).slice(0, 100)}</option>`)}
          </select></span
        >
        <vscode-text-field
          placeholder=${t('Filter rows')}
          aria-label=${t('Filter rows')}
          .value=${this.filter}
          @input=${(event: Event) => (this.filter = valueOf(event))}
        ></vscode-text-field>
        <vscode-checkbox
          .checked=${view.onlyDifferences}
          @change=${(event: Event) => {
            if (isChecked(event) !== view.onlyDifferences) remember({ onlyDifferences: isChecked(event) })
          }}
          >${t('Only differences')}</vscode-checkbox
        >
        <span class="faint">${t('{0} of {1} rows', formatCount(count), formatCount(total))}</span>
      </div>
      ${
        lines.length === 0
          ? html`<lens-empty
              >${
                wanted === ''
                  ? t('The runs are alike in everything they have logged.')
                  : t('Nothing matches “{0}”.', this.filter)
              }</lens-empty
            >`
          : html`<lens-difference-table
              .lines=${lines}
              .dimensions=${loaded.dimensions}
              .rows=${rows.filter((row) => row !== baseline)}
              .baseline=${baseline}
              .nameOf=${nameOf}
              .markOf=${(row: number) => across.runs[row]?.mark ?? { color: 0, dash: [] }}
              @baseline=${(event: CustomEvent<number>) => this.#setBaseline(event.detail)}
              @open-row=${(event: CustomEvent<number>) => {
                const run = across.runs[event.detail]?.ref
                if (run) host.channel.command('openRun', { run })
              }}
            ></lens-difference-table>`
      }
      ${this.#renderEnvironments(loaded, rows)}`
  }

  /** What is known of the Python environments, and how to learn more: of many runs only who asks has them read. */
  #renderEnvironments({ data }: Loaded, rows: readonly number[]): TemplateResult {
    const { environments, runs } = this.comparison.across
    const wanted = rows.flatMap((row) => runs[row] ?? [])
    const known = environments.countOf(wanted)
    const read = (): void => void environments.read(wanted)
    if (environments.isReading)
      return html`<lens-loading
        cancellable
        .what=${t('Python environments: {0} of {1} runs', known, wanted.length)}
        @cancel=${() => environments.cancel()}
      ></lens-loading>`
    if (known === wanted.length) {
      const logged = new Set(data.packages.rows)
      return html`<p class="faint small">
        ${t('{0} of {1} runs have logged a Python environment with a model.', rows.filter((row) => logged.has(row)).length, rows.length)}
      </p>`
    }
    return html`<p class="small">
      ${environments.problem === undefined ? nothing : html`${icon('warning')} ${t('{0} of {1} runs could not be read: {2}', wanted.length - known, wanted.length, environments.problem)}`}
      <button class="link" @click=${read}>
        ${known === 0 ? t('Compare the Python environments too') : t('Read the other {0} Python environments', wanted.length - known)}
      </button>
    </p>`
  }

  /** Those of a few runs are read without being asked for. */
  override updated(): void {
    const { across } = this.comparison
    if (!across.loaded || across.loaded === this.#seen) return
    this.#seen = across.loaded
    const found = across.runs.filter((_, row) => across.loaded?.data.runs[row]?.found)
    const { environments } = across
    if (found.length <= fewRuns && environments.problem === undefined && environments.countOf(found) < found.length)
      void environments.read(found)
  }

  #setBaseline(row: number): void {
    this.#remember({ baseline: this.comparison.across.runs[row]?.id ?? '' })
  }

  #renderSeparation(loaded: Loaded, rows: readonly number[], order: readonly number[], goal: Goal): TemplateResult {
    const { metric, direction } = goal
    const view = this.#view
    const hidden = [...loaded.data.runs.keys()].filter((row) => loaded.data.runs[row]?.found && !rows.includes(row))
    const count = Math.max(1, Math.round((order.length * view.share) / 100))
    const best = view.groups === 'best'
    const [first, second] = best ? [order.slice(0, count), order.slice(count)] : [rows, hidden]
    return html`<div class="tools">
        ${choice(
          t('Groups'),
          [
            ['best', t('Best runs against the rest')],
            ['shown', t('Shown against hidden runs')],
          ],
          view.groups,
          (groups) => this.#remember({ groups }),
        )}
        ${
          best && order.length > 0
            ? html`<span class="field"
                  >${t('Best')}
                  <select
                    aria-label=${t('Share of the runs that count as best')}
                    @change=${(event: Event) => this.#remember({ share: Number((event.currentTarget as HTMLSelectElement).value) })}
                  >
                    ${[5, 10, 20, 25, 50].map((share) => html`<option value=${share} ?selected=${share === view.share}>${t('{0} %', share)}</option>`)}
                  </select></span
                >
                <span class="faint"
                  >${t('by {0}, {1}', (metric?.key ?? '').slice(0, 100), direction === 'higher' ? t('higher is better') : t('lower is better'))}</span
                >`
            : nothing
        }
      </div>
      ${
        best && order.length === 0
          ? isUnread(goal)
            ? nothing
            : html`<lens-empty
                >${t('Choose a metric, and whether higher or lower is better, in the tab “{0}”.', t('Tuning'))}
                <button class="link" @click=${() => this.comparison.remember({ tab: 'tuning' })}>
                  ${t('Go there')}
                </button></lens-empty
              >`
          : html`<lens-separation
              .dimensions=${this.#dimensions(loaded)}
              .first=${first}
              .second=${second}
              .group=${best ? t('the best {0}', first.length) : t('the {0} shown', first.length)}
            ></lens-separation>`
      }`
  }

  /** What may part runs: all but metrics, and what MLflow keeps for itself. */
  #dimensions({ dimensions, names }: Loaded): readonly Dimension[] {
    return names
      .filter(
        ({ kind, key }) =>
          kind === 'param' || kind === 'dataset' || kind === 'package' || (kind === 'tag' && isComparable(key)),
      )
      .flatMap(({ id }) => dimensions.get(id) ?? [])
  }
}

/** The best first; none where nobody said what is better, or it is not known yet. */
function rankedBy(goal: Goal, rows: readonly number[]): readonly number[] {
  const { metric, direction } = goal
  return metric && direction && !isUnread(goal) ? ranked(metric, rows, direction) : []
}

const isComparable = (tag: string): boolean =>
  !tag.startsWith('mlflow.') || tag.startsWith('mlflow.source.') || tag === 'mlflow.user'
