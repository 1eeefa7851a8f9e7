import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import type { TableView } from '../../shared/runsTable/view'
import { common } from '../ui/styles'
import { theme } from '../ui/theme'

type Range = NonNullable<TableView['startedBetween']>

/** Asks between which days runs started; an end may be left open. Fires `choose` (detail: the range in ms) and `close`. */
@customElement('lens-date-range')
export class DateRange extends LitElement {
  @property({ attribute: false }) range: Range | null = null
  @query('form') private readonly form!: HTMLFormElement

  static override styles = [
    common,
    css`
      :host {
        position: fixed;
        inset: auto;
        margin: 0;
        padding: 10px;
        border: 1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder, var(--line)));
        border-radius: 5px;
        color: var(--vscode-editorHoverWidget-foreground, inherit);
        background: var(--vscode-editorHoverWidget-background, var(--vscode-editor-background));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      form {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 8px;
        align-items: center;
      }
      input {
        height: 26px;
        padding: 0 6px;
        font: inherit;
        border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, var(--line)));
        border-radius: 4px;
        background: var(--vscode-input-background);
        color: var(--vscode-input-foreground);
      }
      vscode-button {
        grid-column: 2;
        justify-self: end;
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.setAttribute('role', 'dialog')
    this.setAttribute('aria-label', t('Started between'))
    this.popover = 'auto'
    this.addEventListener('toggle', (event) => {
      if (event.newState === 'closed') this.dispatchEvent(new Event('close'))
    })
  }

  /** Opens below an element. */
  async open(anchor: Element): Promise<void> {
    await this.updateComplete
    const { left, bottom } = anchor.getBoundingClientRect()
    this.style.colorScheme = /dark/i.test(theme().kind) ? 'dark' : 'light' // of the calendar that the browser draws
    this.showPopover()
    const { width } = this.getBoundingClientRect()
    this.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`
    this.style.top = `${bottom + 2}px`
    this.form.querySelector('input')?.focus()
  }

  override render(): TemplateResult {
    const { from = null, to = null } = this.range ?? {}
    return html`<form @submit=${this.#onSubmit}>
      <label for="from">${t('From')}</label>
      <input id="from" name="from" type="date" .value=${dayOf(from)} />
      <label for="to">${t('To')}</label>
      <input id="to" name="to" type="date" .value=${dayOf(to === null ? null : to - 1)} />
      <vscode-button @click=${() => this.form.requestSubmit()}>${t('Apply')}</vscode-button>
      <input type="submit" hidden />
    </form>`
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault()
    const data = new FormData(this.form)
    const [from, to] = ['from', 'to'].map((name) => data.get(name))
    this.hidePopover()
    this.dispatchEvent(new CustomEvent('choose', { detail: rangeOf(text(from), text(to)) }))
  }
}

const text = (value: FormDataEntryValue | null | undefined): string => (typeof value === 'string' ? value : '')

/** `2026-11-29` in the reader's time zone. */
function dayOf(time: number | null): string {
  if (time === null) return ''
  const date = new Date(time)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** From the first moment of a day to the last of another; null where both are left open. */
export function rangeOf(from: string, to: string): Range | null {
  const start = from === '' ? null : new Date(`${from}T00:00`).getTime()
  const last = to === '' ? null : new Date(`${to}T00:00`)
  last?.setDate(last.getDate() + 1)
  if (start === null && last === null) return null
  return { from: start, to: last?.getTime() ?? null }
}

/** The days in words. */
export function rangeText({ from, to }: Range): string {
  const first = from === null ? undefined : dayOf(from)
  const last = to === null ? undefined : dayOf(to - 1)
  if (first === undefined) return t('until {0}', last ?? '')
  return last === undefined ? t('since {0}', first) : first === last ? first : t('{0} to {1}', first, last)
}
