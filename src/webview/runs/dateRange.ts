import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import type { TableView } from '../../shared/runsTable/view'
import { Popup, popupStyles } from '../ui/popup'
import { common } from '../ui/styles'
import { theme } from '../ui/theme'

type Range = NonNullable<TableView['startedBetween']>

/** Asks between which days runs started; an end may be left open. Fires `choose` (detail: the range in ms) and `close`. */
@customElement('lens-date-range')
export class DateRange extends LitElement {
  @property({ attribute: false }) range: Range | null = null
  @query('form') private readonly form!: HTMLFormElement
  readonly #popup = new Popup(this)

  static override styles = [
    common,
    popupStyles,
    css`
      :host {
        padding: 10px;
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
  }

  /** Opens below an element. */
  async open(anchor: Element): Promise<void> {
    await this.updateComplete
    this.style.colorScheme = /dark/i.test(theme().kind) ? 'dark' : 'light' // of the calendar that the browser draws
    this.#popup.openBelow(anchor)
    this.form.querySelector('input')?.focus()
  }

  override render(): TemplateResult {
    const { from = null, to = null } = this.range ?? {}
    return html`<form @submit=${this.#onSubmit}>
      <label for="from">${t('From')}</label>
      <input id="from" name="from" type="date" max=${lastDay} .value=${dayOf(from)} />
      <label for="to">${t('To')}</label>
      <input id="to" name="to" type="date" max=${lastDay} .value=${dayOf(to === null ? null : to - 1)} />
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

/** Without an end to them, years are typed beyond their four digits. */
const lastDay = '9999-12-31'

/** `2026-11-29` in the reader's time zone. */
function dayOf(time: number | null): string {
  if (time === null) return ''
  const date = new Date(time)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** From the first moment of a day to the last of another, whichever is named first; null where both are left open. */
export function rangeOf(from: string, to: string): Range | null {
  if (from === '' && to === '') return null
  const [first, last] = from === '' || to === '' || from <= to ? [from, to] : [to, from]
  return { from: startOf(first), to: startOf(last, 1) }
}

/** Of a day, or of one so many days later; null of none. */
function startOf(day: string, later = 0): number | null {
  if (day === '') return null
  const date = new Date(`${day}T00:00`)
  date.setDate(date.getDate() + later)
  return date.getTime()
}

/** The days in words. */
export function rangeText({ from, to }: Range): string {
  const first = from === null ? undefined : dayOf(from)
  const last = to === null ? undefined : dayOf(to - 1)
  if (first === undefined) return t('until {0}', last ?? '')
  return last === undefined ? t('since {0}', first) : first === last ? first : t('{0} to {1}', first, last)
}
