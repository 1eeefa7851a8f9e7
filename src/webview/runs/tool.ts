import { html, nothing, type TemplateResult } from 'lit'
import { icon, type IconName } from '../ui/icons'

interface ToolOptions {
  /** What it is set to; it looks so where there is something. */
  readonly value?: string | undefined
  readonly off?: boolean
  /** It opens a menu. */
  readonly menu?: boolean
}

/** A button with an icon and words, of which a narrow page keeps the icon. */
export function renderTool(
  name: IconName,
  label: string,
  run: (at: Element) => void,
  { value, off = false, menu = false }: ToolOptions = {},
): TemplateResult {
  const words = value === undefined ? label : `${label}: ${value}`
  return html`<button
    class="plain tool ${value === undefined ? '' : 'set'}"
    title=${words.slice(0, 500)}
    aria-label=${words.slice(0, 500)}
    aria-haspopup=${menu ? 'true' : nothing}
    ?disabled=${off}
    @click=${(event: Event) => run(event.currentTarget as Element)}
  >
    ${icon(name)}<span class="label clip">${words.slice(0, 100)}</span>${menu ? icon('down', 'down') : nothing}
  </button>`
}
