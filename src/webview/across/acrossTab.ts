import { html, nothing, type TemplateResult } from 'lit'
import { property } from 'lit/decorators.js'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Comparison } from '../compare/comparison'
import { FrameElement } from '../ui/frameElement'
import '../ui/section'
import { ThemeController } from '../ui/theme'
import type { Loaded } from './across'

/** A tab over all runs of a comparison: it shows how their reading goes until they are there. */
export abstract class AcrossTab extends FrameElement {
  @property({ attribute: false }) comparison!: Comparison
  #detach: (() => void) | undefined

  constructor() {
    super()
    new ThemeController(this)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#detach = this.comparison.across.attach(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#detach?.()
  }

  /** @param rows the runs that are there and not hidden */
  protected abstract renderRuns(loaded: Loaded, rows: readonly number[]): TemplateResult

  override render(): TemplateResult {
    const { across, view, host } = this.comparison
    const { loaded, error, runs } = across
    const showLog = (): void => host.channel.command('showLog', null)
    if (!loaded)
      return error === undefined
        ? html`<lens-loading
            page
            cancellable
            .what=${t('Reading {0} runs', formatCount(runs.length))}
            @cancel=${() => across.cancel()}
          ></lens-loading>`
        : html`<lens-error page log .message=${error} @retry=${() => across.retry()} @showlog=${showLog}></lens-error>`
    const hidden = new Set(view.hidden)
    const rows = [...loaded.data.runs.keys()].filter(
      (row) => loaded.data.runs[row]?.found && !hidden.has(runs[row]?.id ?? ''),
    )
    return html`${
      error === undefined
        ? nothing
        : html`<lens-stale
            .asOf=${loaded.asOf}
            .reason=${error}
            @retry=${() => across.retry()}
            @showlog=${showLog}
          ></lens-stale>`
    }
    ${this.#renderMissing(loaded)}
    ${rows.length === 0 ? html`<lens-empty>${t('All runs are hidden, or gone.')}</lens-empty>` : this.renderRuns(loaded, rows)}`
  }

  /** A part of the tab that can be folded away. @param id which is kept */
  protected section(id: string, heading: string, body: unknown): TemplateResult {
    const { view, remember } = this.comparison
    const isFolded = view.folded.includes(id)
    return html`<lens-section
      .heading=${heading}
      .folded=${isFolded}
      @fold=${(event: CustomEvent<boolean>) => {
        const others = view.folded.filter((other) => other !== id)
        remember({ folded: event.detail ? [...others, id] : others })
      }}
      >${isFolded ? nothing : body}</lens-section
    >`
  }

  #renderMissing({ data }: Loaded): TemplateResult | typeof nothing {
    const gone = data.runs.filter(({ found }) => !found)
    const [first] = gone
    if (!first) return nothing
    return html`<lens-warning
      >${t('{0} of {1} runs could not be read: {2}', gone.length, data.runs.length, first.problem ?? '')}</lens-warning
    >`
  }
}

/** What a run is called, and whether it is deleted: such a run is compared like others. */
export const nameAt = ({ data }: Loaded, comparison: Comparison, row: number): string => {
  const { name = '', deleted } = data.runs[row] ?? {}
  const shown = name === '' ? (comparison.across.runs[row]?.ref.runId.slice(0, 8) ?? '') : name
  return deleted ? t('{0} (deleted)', shown) : shown
}
