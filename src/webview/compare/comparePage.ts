import * as v from 'valibot'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { maxComparedRuns, type RunRef, type ShownRun } from '../../shared/protocol'
import { Across } from '../across/across'
import { FrameElement } from '../ui/frameElement'
import type { Host } from '../ui/host'
import { icon } from '../ui/icons'
import { openMenu } from '../ui/menu'
import { type RunSlot, Runs } from '../ui/runs'
import '../ui/section'
import '../ui/states'
import { common } from '../ui/styles'
import { renderTabList, tabListStyles, tabPanelId } from '../ui/tabList'
import { actionsOf } from './actions'
import { comparePageStyles } from './comparePageStyles'
import { type Comparison, type View, viewSchema } from './comparison'
import './runList'
import { tabs } from './tabs'

@customElement('lens-compare-page')
export class ComparePage extends FrameElement {
  @property({ attribute: false }) host!: Host
  @property({ attribute: false }) runs: readonly ShownRun[] = []
  @property({ type: Number }) leftOut = 0

  @state() private view: View = v.parse(viewSchema, {})

  readonly #runs = new Runs(this)
  #across: Across | undefined

  static override styles = [common, tabListStyles, comparePageStyles]

  override firstUpdated(): void {
    this.view = this.host.view(viewSchema)
    this.#runs.start(this.host, this.runs)
    const across = (this.#across = new Across(this.host, this.runs))
    this.host.listen({ refresh: (scope) => across.refresh(scope), recolor: (runs) => across.recolor(runs) })
    this.requestUpdate()
  }

  override render(): TemplateResult | typeof nothing {
    const { slots } = this.#runs
    const across = this.#across
    if (slots.length === 0 || !across) return nothing
    const loaded = slots.filter((slot) => slot.details)
    return html`<h1 class="unseen">${t('Compare {0} runs', this.runs.length)}</h1>
      ${loaded.length > 0 ? this.#renderPage(slots, loaded, across) : this.#renderNothingYet(slots)}`
  }

  #renderNothingYet(slots: readonly RunSlot[]): TemplateResult {
    const failed = slots.find((slot) => slot.error !== undefined)
    if (failed && slots.every((slot) => !slot.loading))
      return html`<lens-error
        page
        log
        .message=${failed.error ?? ''}
        @retry=${() => this.#runs.retry()}
        @showlog=${this.#showLog}
      ></lens-error>`
    return html`<lens-loading
      page
      cancellable
      .what=${t('Reading {0} runs', slots.length)}
      @cancel=${() => this.#runs.cancel()}
    ></lens-loading>`
  }

  #renderPage(slots: readonly RunSlot[], loaded: readonly RunSlot[], across: Across): TemplateResult {
    const hidden = new Set(this.view.hidden)
    const comparison: Comparison = {
      ...{ host: this.host, runs: this.#runs, view: this.view, remember: this.#remember, slots, loaded, across },
      shown: loaded.filter((slot) => !hidden.has(slot.id)),
      details: loaded.flatMap((slot) => slot.details ?? []),
    }
    const tab = tabs.find(({ id }) => id === this.view.tab) ?? tabs[0]
    if (!tab) return html``
    return html`<div class="page">
      <div class="header">
        ${renderTabList(t('Ways to compare'), tabs, tab.id, (id) => this.#remember({ tab: id }))}
        <button
          class="plain more"
          title=${t('More actions')}
          aria-label=${t('More actions')}
          aria-haspopup="menu"
          @click=${(event: Event) =>
            openMenu(t('More actions'), () => actionsOf(comparison), event.currentTarget as HTMLElement)}
        >
          ${icon('more')}
        </button>
      </div>
      ${this.#renderNotices(slots, loaded)}
      <div class="body">
        <nav class=${tab.aside ? 'shared' : ''} aria-label=${t('What is compared')}>
          ${this.#renderRuns(slots, hidden)} ${tab.aside?.(comparison) ?? nothing}
        </nav>
        <div class="main" role="tabpanel" id=${tabPanelId} aria-labelledby="tab-${tab.id}">
          ${tab.render(comparison)}
        </div>
      </div>
    </div>`
  }

  #renderRuns(slots: readonly RunSlot[], hidden: ReadonlySet<string>): TemplateResult {
    return html`<lens-section
      .heading=${t('Runs')}
      .count=${slots.length}
      .folded=${this.view.folded.includes('runs')}
      @fold=${(event: CustomEvent<boolean>) => this.#fold('runs', event.detail)}
    >
      <lens-run-list
        .slots=${slots}
        .hiddenRuns=${hidden}
        @hide=${(event: CustomEvent<string[]>) => this.#remember({ hidden: event.detail })}
        @open-run=${(event: CustomEvent<RunRef>) => this.host.channel.command('openRun', { run: event.detail })}
      ></lens-run-list>
    </lens-section>`
  }

  #renderNotices(slots: readonly RunSlot[], loaded: readonly RunSlot[]): TemplateResult {
    const failed = slots.filter((slot) => slot.error !== undefined && !slot.details)
    const stale = loaded.find((slot) => slot.error !== undefined)
    const waiting = slots.some((slot) => slot.loading && !slot.details)
    return html`
      ${
        this.leftOut > 0
          ? html`<p class="notice">
              ${t('A comparison takes {0} runs: the first {0} are shown, {1} are left out.', maxComparedRuns, formatCount(this.leftOut))}
            </p>`
          : nothing
      }
      ${
        waiting
          ? html`<lens-loading
              cancellable
              .what=${t('{0} of {1} runs loaded', loaded.length, slots.length)}
              @cancel=${() => this.#runs.cancel()}
            ></lens-loading>`
          : nothing
      }
      ${
        failed[0] && !waiting
          ? html`<lens-error
              log
              .message=${t('{0} of {1} runs loaded; {2} failed: {3}', loaded.length, slots.length, failed.length, failed[0].error ?? '')}
              @retry=${() => this.#runs.retry()}
              @showlog=${this.#showLog}
            ></lens-error>`
          : nothing
      }
      ${
        stale
          ? html`<lens-stale
              .asOf=${stale.asOf ?? 0}
              .reason=${stale.error ?? ''}
              @retry=${() => this.#runs.retry()}
              @showlog=${this.#showLog}
            ></lens-stale>`
          : nothing
      }
    `
  }

  #fold(section: string, folded: boolean): void {
    const others = this.view.folded.filter((other) => other !== section)
    this.#remember({ folded: folded ? [...others, section] : others })
  }

  readonly #remember = (change: Partial<View>): void => {
    this.view = { ...this.view, ...change }
    this.host.rememberView(this.view)
  }

  readonly #showLog = (): void => this.host.channel.command('showLog', null)
}
