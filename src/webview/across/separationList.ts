import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { tagTitle } from '../../shared/across/differences'
import type { Dimension } from '../../shared/across/dimension'
import { isTelling, type Separation, separations } from '../../shared/across/separates'
import { commitTag, shortCommit } from '../../shared/commits'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { common } from '../ui/styles'
import { Sliced } from './sliced'

const firstRows = 12

/** What two groups of runs differ in most, in words. */
@customElement('lens-separation')
export class SeparationList extends LitElement {
  @property({ attribute: false }) dimensions: readonly Dimension[] = []
  @property({ attribute: false }) first: readonly number[] = []
  @property({ attribute: false }) second: readonly number[] = []
  /** What the first group is called within a sentence. */
  @property() group = ''

  @state() private all = false
  readonly #separations = new Sliced<readonly Separation[]>(this)

  static override styles = [
    common,
    css`
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
        max-width: 900px;
      }
      li {
        display: grid;
        grid-template-columns: 60px minmax(0, 1fr);
        gap: 10px;
        align-items: center;
        min-height: 24px;
        overflow-wrap: anywhere;
      }
      .bar {
        height: 8px;
        border: 1px solid var(--line);
      }
      .bar div {
        height: 100%;
        background: var(--vscode-charts-blue, var(--vscode-focusBorder));
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
    const { dimensions, first, second } = this
    // Versions of packages come a few runs at a time.
    const told = dimensions.map(({ id, kind, values }) => (kind === 'package' ? [id, ...values] : id))
    const question = [told, first, second]
    this.#separations.ask(question, () => separations(dimensions, first, second))
  }

  override render(): TemplateResult {
    const { first, second } = this
    const { found } = this.#separations
    if (first.length === 0 || second.length === 0)
      return html`<lens-empty>${t('One of the two groups has no runs.')}</lens-empty>`
    if (!found) return html`<lens-loading .what=${t('Comparing two groups of runs')}></lens-loading>`
    const telling = found.filter(isTelling)
    const shown = this.all ? telling : telling.slice(0, firstRows)
    const others = found.filter((one) => !isTelling(one))
    return html`${
        telling.length === 0
          ? html`<lens-empty>${t('Nothing parts the two groups more than chance might.')}</lens-empty>`
          : html`<ol>
              ${shown.map((one) => this.#renderOne(one))}
            </ol>`
      }
      ${shown.length < telling.length ? html`<button class="link" @click=${() => (this.all = true)}>${t('Show all {0}', telling.length)}</button>` : nothing}
      <p class="faint">
        ${t(
          '{0} against {1} runs. The longer the bar, the better a parameter or tag parts them: how much likelier a run of one group has the greater number, how much larger a share of it is in a range, or what share of it would have to change. Of a hundred random partings of these runs, about one has a difference that stands out as much anywhere among all {2} parameters and tags that differ: what stands out less is left out. Which is cause and which is effect, this can’t tell.',
          formatCount(first.length),
          formatCount(second.length),
          formatCount(found.length),
        )}
      </p>
      ${
        others.length > 0
          ? html`<p class="faint">
              ${t(
                'No more than chance: {0}.',
                others
                  .slice(0, 10)
                  .map(({ dimension }) => titleOf(dimension))
                  .join(', ') + (others.length > 10 ? ' …' : ''),
              )}
            </p>`
          : nothing
      }`
  }

  #renderOne(one: Separation): TemplateResult {
    return html`<li>
      <div class="bar" title=${t('{0} of 1; by chance up to {1}', one.difference.toFixed(2), one.byChance.toFixed(2))}>
        <div .style=${`width: ${Math.round(one.difference * 100)}%`}></div>
      </div>
      <span>${sentenceOf(one, this.group, this.first.length, this.second.length)}</span>
    </li>`
  }
}

const titleOf = ({ kind, key }: Dimension): string => (kind === 'tag' ? tagTitle(key) : key).slice(0, 100)

function sentenceOf(one: Separation, group: string, first: number, second: number): string {
  const { dimension, by, direction, medians, range, set, word } = one
  const title = titleOf(dimension)
  if (by === 'shift') {
    const [own, other] = medians.map(dimension.format)
    return direction > 0
      ? t('{0} is higher in {1}: median {2} against {3}', title, group, own ?? '', other ?? '')
      : t('{0} is lower in {1}: median {2} against {3}', title, group, own ?? '', other ?? '')
  }
  if (by === 'range') {
    const [inside, others] = range.counts
    const ends = [dimension.format(range.low), dimension.format(range.high)] as const
    return ends[0] === ends[1]
      ? t('{0} is {6} in {2} of {3} of {1}, against {4} of {5}', title, group, inside, first, others, second, ends[0])
      : t('{0} is between {6} and {7} in {2} of {3} of {1}, against {4} of {5}', title, group, inside, first, others, second, ...ends) // prettier-ignore
  }
  if (by === 'set') {
    const [inFirst, inSecond] = set
    return inFirst / first >= inSecond / second
      ? t('{0} has a number in {2} of {3} of {1}, against {4} of {5}', title, group, inFirst, first, inSecond, second)
      : t('{0} has no number in {2} of {3} of {1}, against {4} of {5}', title, group, first - inFirst, first, second - inSecond, second) // prettier-ignore
  }
  const [inFirst, inSecond] = word.counts
  const counts = [inFirst, first, inSecond, second] as const
  if (word.text === undefined)
    return t('{0} is not set in {2} of {3} of {1}, against {4} of {5}', title, group, ...counts)
  const value = dimension.id === `tag:${commitTag}` ? shortCommit(word.text) : word.text.slice(0, 80)
  const text = word.text === '' ? t('empty') : value
  return t('{0} is “{6}” in {2} of {3} of {1}, against {4} of {5}', title, group, ...counts, text)
}
