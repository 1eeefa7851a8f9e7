import { css, html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Dimension } from '../../shared/across/dimension'
import { shortCommit } from '../../shared/commits'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { CodeChanges } from '../../shared/protocol'
import type { Comparison } from '../compare/comparison'
import { Asked } from '../ui/asked'
import { FrameElement } from '../ui/frameElement'
import '../ui/states'
import { common, tables } from '../ui/styles'
import { renderCommits } from './commits'
import { diffStyles, renderFile } from './diffLines'
import { tabStyles } from './tabStyles'

/** Files that are open at first. */
const firstOpen = 3

/** What changed in the code, from one run to another. Fires `against` (detail: a row). */
@customElement('lens-code-changes')
export class CodeChangesElement extends FrameElement {
  @property({ attribute: false }) comparison!: Comparison
  /** Runs without the baseline, the best first where that is known. */
  @property({ attribute: false }) rows: readonly number[] = []
  @property({ type: Number }) baseline = 0
  /** The run that the baseline is compared with, where one was chosen. */
  @property({ attribute: false }) against: number | undefined
  /** The commits of the runs; undefined where no run names one. */
  @property({ attribute: false }) commits: Dimension | undefined
  /** What counts, where that was chosen. */
  @property({ attribute: false }) metric: Dimension | undefined
  @property({ attribute: false }) nameOf: (row: number) => string = String
  readonly #changes = new Asked<CodeChanges>(this)

  static override styles = [
    common,
    tables,
    tabStyles,
    diffStyles,
    css`
      table {
        width: auto;
        margin-bottom: 8px;
      }
      .small {
        font-size: 12px;
        max-width: 90ch;
      }
    `,
  ]

  override render(): TemplateResult {
    const { commits, rows, baseline, comparison } = this
    if (!commits)
      return html`<lens-empty
        >${t('No run names a Git commit. MLflow notes it where the script lies in a repository and GitPython is installed.')}</lens-empty
      >`
    const against =
      rows.find((row) => row === this.against) ?? rows.find((row) => !commits.same(row, baseline)) ?? rows[0]
    if (against === undefined)
      return html`<lens-empty>${t('There is no other run to compare the code with.')}</lens-empty>`
    const [one, other] = [baseline, against].map((row) => comparison.across.runs[row])
    if (!one || !other) return html``
    const question = [one.id, other.id, comparison.runs.epoch].join('\n')
    this.#changes.ask(question, (signal) =>
      comparison.host.channel.request('codeChanges', { runs: [one.ref, other.ref] }, signal),
    )
    const open = (path?: string): void =>
      comparison.host.channel.command('compareCode', {
        runs: [one.ref, other.ref],
        ...(path !== undefined && { path }),
      })
    return html`${renderCommits({ rows, baseline, commits, metric: this.metric, nameOf: this.nameOf, against: this.#choose })}
      <div class="tools">
        <span class="field"
          ><label for="against">${t('Baseline against')}</label>
          <select
            id="against"
            @change=${(event: Event) => this.#choose(Number((event.currentTarget as HTMLSelectElement).value))}
          >
            ${[...Map.groupBy(rows, (row) => commits.textAt(row))].map(
              ([commit, members]) =>
                html`<optgroup label=${commit === undefined ? t('no commit') : shortCommit(commit)}>
                  ${members.map((row) => html`<option value=${row} ?selected=${row === against}>${this.nameOf(row).slice(0, 100)}</option>`)}
                </optgroup>`,
            )}
          </select></span
        >
        <button class="link" @click=${() => open()}>${t('Open in Diff Editor')}</button>
      </div>
      ${this.#renderAnswer(open)}`
  }

  #renderAnswer(open: (path: string) => void): TemplateResult {
    const { answer } = this.#changes
    if (answer === 'waiting')
      return html`<lens-loading
        cancellable
        .what=${t('Comparing code')}
        @cancel=${() => this.#changes.cancel()}
      ></lens-loading>`
    if ('error' in answer)
      return html`<lens-error .message=${answer.error} @retry=${() => this.#changes.retry()}></lens-error>`
    const { left, right, says, files, more } = answer.value
    return html`<p class="tools">${t('{0} → {1}', left, right)}</p>
      ${files.length === 0 ? html`<lens-empty>${t('No file differs.')}</lens-empty>` : nothing}
      ${files.map((file, at) => renderFile(file, at < firstOpen, () => open(file.path)))}
      ${more > 0 ? html`<p class="faint small">${t('{0} more files differ: the diff editor has them.', formatCount(more))}</p>` : nothing}
      ${says.map((sentence) => html`<p class="faint small">${sentence}</p>`)}`
  }

  readonly #choose = (row: number): void => {
    this.dispatchEvent(new CustomEvent('against', { detail: row }))
  }
}
