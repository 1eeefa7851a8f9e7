import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { formatCount, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import { rowsInSight, trackOf } from '../grid/windowing'
import { icon, type IconName, statusLabel } from '../ui/icons'
import { nameOf, type RunSlot } from '../ui/runs'
import { statusStyles } from '../ui/statusStyles'
import { common } from '../ui/styles'
import { swatch } from '../ui/swatch'
import { ThemeController } from '../ui/theme'
import { isChecked, valueOf } from '../ui/toolkit'

/** Height of a row, px. */
const rowHeight = 24
/** Rows beyond those in sight that are there nevertheless. */
const over = 8
/** Runs from which on there is a filter. */
const many = 8

/**
 * The legend: which runs are compared, each with its mark, and whether it is shown. Of many runs only the rows in sight are
 * there. Fires `hide` (detail: ids of the slots that are hidden now) and `open-run` (detail: the slot's ref).
 */
@customElement('lens-run-list')
export class RunList extends LitElement {
  @property({ attribute: false }) slots: readonly RunSlot[] = []
  @property({ attribute: false }) hiddenRuns: ReadonlySet<string> = new Set()
  @state() private filter = ''
  @state() private scrolled = 0
  @state() private height = 400
  @query('.scroll') private readonly scroller!: HTMLElement
  readonly #resizing = new ResizeObserver(() => (this.height = this.scroller.clientHeight))

  constructor() {
    super()
    new ThemeController(this)
  }

  static override styles = [
    common,
    statusStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .scroll {
        position: relative;
        overflow-y: auto;
        min-height: 0;
        flex: 0 1 auto;
      }
      vscode-text-field {
        flex: none;
        width: 100%;
        margin-bottom: 4px;
      }
      ul {
        position: relative;
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: grid;
        grid-template-columns: auto 22px minmax(0, 1fr) auto auto;
        align-items: center;
        gap: 0 8px;
        position: absolute;
        left: 0;
        right: 0;
        height: 24px;
        padding: 0 4px;
      }
      .only {
        padding: 0 4px;
        border-radius: 3px;
        font-size: 11px;
        opacity: 0;
      }
      li:hover .only,
      .only:focus-visible,
      .only[aria-pressed='true'] {
        opacity: 1;
      }
      .only:hover {
        background: var(--vscode-toolbar-hoverBackground);
      }
      li:hover {
        background: var(--hover);
      }
      li.hidden .name {
        color: var(--vscode-disabledForeground, var(--faint));
        text-decoration: line-through;
      }
      li.hidden .swatch {
        opacity: 0.35;
      }
      vscode-checkbox {
        margin: 0;
      }
      .name {
        text-align: left;
      }
      .name:hover {
        text-decoration: underline;
      }
      .error {
        color: var(--vscode-errorForeground);
      }
      .warning {
        color: var(--vscode-list-warningForeground, var(--vscode-editorWarning-foreground));
      }
      .state {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .all {
        display: flex;
        flex: none;
        flex-wrap: wrap;
        gap: 0 12px;
        padding: 0 4px 4px;
        font-size: 12px;
      }
    `,
  ]

  override firstUpdated(): void {
    this.#resizing.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#resizing.disconnect()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#resizing.observe(this)
  }

  override render(): TemplateResult {
    const found = this.slots.filter((slot) => matches(slot, this.filter))
    const { from, to } = rowsInSight(trackOf(found.length, rowHeight, this.height), this.scrolled, this.height, over)
    return html`${this.#renderHead(found)}
      <div
        class="scroll"
        tabindex="-1"
        @scroll=${(event: Event) => (this.scrolled = (event.currentTarget as HTMLElement).scrollTop)}
      >
        <ul aria-label=${t('Runs')} .style=${`height: ${found.length * rowHeight}px`}>
          ${repeat(
            found.slice(from, to),
            ({ id }) => id,
            (slot, index) => this.#renderRun(slot, from + index, found.length),
          )}
        </ul>
      </div>`
  }

  #renderHead(found: readonly RunSlot[]): TemplateResult {
    const { slots, hiddenRuns } = this
    const narrowed = found.length < slots.length
    const ids = found.map(({ id }) => id)
    const shown = slots.filter(({ id }) => !hiddenRuns.has(id)).length
    return html`${
      slots.length > many
        ? html`<vscode-text-field
            placeholder=${t('Filter {0} runs', slots.length)}
            title=${t('By name, run ID, or a parameter as lr=0.1')}
            aria-label=${t('Filter runs')}
            .value=${this.filter}
            @input=${(event: Event) => {
              this.filter = valueOf(event)
              this.scroller.scrollTop = 0
            }}
          ></vscode-text-field>`
        : nothing
    }
    ${
      slots.length > 2
        ? html`<div class="all">
            <button class="link" @click=${() => this.#show(ids)}>
              ${narrowed ? t('Show these {0}', found.length) : t('Show all')}
            </button>
            <button class="link" @click=${() => this.#hide([...hiddenRuns, ...ids])}>
              ${narrowed ? t('Hide these {0}', found.length) : t('Hide all')}
            </button>
            ${
              narrowed
                ? html`<button class="link" @click=${() => this.#only(ids)}>${t('Only these')}</button>`
                : nothing
            }
            ${shown < slots.length ? html`<span class="faint">${t('{0} of {1} shown', formatCount(shown), formatCount(slots.length))}</span>` : nothing}
          </div>`
        : nothing
    }
    ${found.length === 0 ? html`<p class="faint">${t('Nothing matches “{0}”.', this.filter)}</p>` : nothing}`
  }

  #renderRun(slot: RunSlot, index: number, count: number): TemplateResult {
    const { hiddenRuns, slots } = this
    const shown = !hiddenRuns.has(slot.id)
    const alone = shown && hiddenRuns.size === slots.length - 1
    const name = nameOf(slot)
    return html`<li
      class=${shown ? '' : 'hidden'}
      aria-setsize=${count}
      aria-posinset=${index + 1}
      .style=${`top: ${index * rowHeight}px`}
    >
      <vscode-checkbox
        aria-label=${t('Show {0}', name)}
        .checked=${shown}
        @change=${(event: Event) => {
          // It also fires when the page ticks it; then that is known already.
          if (isChecked(event) !== this.hiddenRuns.has(slot.id)) return
          if (isChecked(event)) this.#show([slot.id])
          else this.#hide([...this.hiddenRuns, slot.id])
        }}
      ></vscode-checkbox>
      ${swatch(slot.mark)}
      <button class="plain name clip" title=${tooltipOf(slot, name)} @click=${() => this.#fire('open-run', slot.ref)}>
        ${name}
      </button>
      ${
        slots.length > 1
          ? html`<button
              class="plain only"
              title=${alone ? t('Show all runs again') : t('Show only this run')}
              aria-label=${t('Only {0}', name)}
              aria-pressed=${alone}
              @click=${() => (alone ? this.#hide([]) : this.#only([slot.id]))}
            >
              ${t('only')}
            </button>`
          : nothing
      }
      ${statusOf(slot)}
    </li>`
  }

  #hide(ids: readonly string[]): void {
    this.#fire('hide', [...new Set(ids)])
  }

  #show(ids: readonly string[]): void {
    this.#hide([...this.hiddenRuns].filter((id) => !ids.includes(id)))
  }

  #only(ids: readonly string[]): void {
    this.#hide(this.slots.flatMap(({ id }) => (ids.includes(id) ? [] : [id])))
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

/** Whether a run's name, id or one of its parameters, as `lr=0.1`, has a text in it. */
function matches(slot: RunSlot, filter: string): boolean {
  const wanted = filter.trim().toLowerCase()
  const params = (slot.details?.params ?? []).map((pair) => pair.join('='))
  return wanted === '' || [nameOf(slot), slot.ref.runId, ...params].some((text) => text.toLowerCase().includes(wanted))
}

function statusOf(slot: RunSlot): TemplateResult {
  if (slot.details) {
    const { problem, status, deleted } = slot.details
    return html`<span class="state">
      ${problem === null ? nothing : mark('warning', problem, 'warning')}
      ${deleted ? mark('trash', t('Deleted'), 'faint') : nothing} ${statusLabel(status, false)}
    </span>`
  }
  if (slot.error !== undefined) return mark('warning', slot.error, 'error')
  return html`<span class="faint" title=${t('Loading')}>…</span>`
}

const mark = (shape: IconName, word: string, colour: string): TemplateResult =>
  html`<span class=${colour} title=${word}>${icon(shape)}<span class="unseen">${word}</span></span>`

function tooltipOf(slot: RunSlot, name: string): string {
  const { details } = slot
  if (!details) return slot.ref.runId
  const started = details.startTime === null ? '' : formatRelativeTime(details.startTime, Date.now())
  return [
    name,
    slot.ref.runId,
    [details.experimentName, started].filter(Boolean).join(' · '),
    details.connection.name,
  ].join('\n')
}
