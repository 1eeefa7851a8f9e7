import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import { icon, statusLabel } from '../ui/icons'
import { nameOf, type RunSlot } from '../ui/runs'
import { statusStyles } from '../ui/statusStyles'
import { common } from '../ui/styles'
import { swatch } from '../ui/swatch'
import { ThemeController } from '../ui/theme'
import { isChecked } from '../ui/toolkit'

/**
 * The legend: which runs are compared, each with its mark, and whether it is shown. Fires `toggle` (detail: slot id),
 * `toggle-all` (detail: whether to show) and `open-run` (detail: the slot's ref).
 */
@customElement('lens-run-list')
export class RunList extends LitElement {
  @property({ attribute: false }) slots: readonly RunSlot[] = []
  @property({ attribute: false }) hiddenRuns: ReadonlySet<string> = new Set()

  constructor() {
    super()
    new ThemeController(this)
  }

  static override styles = [
    common,
    statusStyles,
    css`
      :host {
        display: block;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: grid;
        grid-template-columns: auto 22px minmax(0, 1fr) auto;
        align-items: center;
        gap: 0 8px;
        min-height: 24px;
        padding: 0 4px;
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
      .all {
        display: flex;
        gap: 12px;
        padding: 0 4px 4px;
        font-size: 12px;
      }
    `,
  ]

  override render(): TemplateResult {
    return html`${
        this.slots.length > 2
          ? html`<div class="all">
              <button class="link" @click=${() => this.#fire('toggle-all', true)}>${t('Show all')}</button>
              <button class="link" @click=${() => this.#fire('toggle-all', false)}>${t('Hide all')}</button>
            </div>`
          : nothing
      }
      <ul aria-label=${t('Runs')}>
        ${this.slots.map((slot) => this.#renderRun(slot))}
      </ul>`
  }

  #renderRun(slot: RunSlot): TemplateResult {
    const shown = !this.hiddenRuns.has(slot.id)
    const name = nameOf(slot)
    return html`<li class=${shown ? '' : 'hidden'}>
      <vscode-checkbox
        aria-label=${t('Show {0}', name)}
        .checked=${shown}
        @change=${(event: Event) => {
          if (isChecked(event) === this.hiddenRuns.has(slot.id)) this.#fire('toggle', slot.id)
        }}
      ></vscode-checkbox>
      ${swatch(slot.mark)}
      <button class="plain name clip" title=${tooltipOf(slot, name)} @click=${() => this.#fire('open-run', slot.ref)}>
        ${name}
      </button>
      ${statusOf(slot)}
    </li>`
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

function statusOf(slot: RunSlot): TemplateResult {
  if (slot.details) {
    const { problem, status } = slot.details
    if (problem === null) return statusLabel(status, false)
    const warning = html`<span class="warning" title=${problem}
      >${icon('warning')}<span class="unseen">${problem}</span></span
    >`
    return html`<span>${warning} ${statusLabel(status, false)}</span>`
  }
  if (slot.error !== undefined)
    return html`<span class="error" title=${slot.error}
      >${icon('warning')}<span class="unseen">${slot.error}</span></span
    >`
  return html`<span class="faint" title=${t('Loading')}>…</span>`
}

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
