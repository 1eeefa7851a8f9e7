import { html, nothing, type TemplateResult } from 'lit'

/** One of a few: radio buttons in a row, moved through with the arrow keys. */
export function choice<T extends string>(
  label: string,
  options: readonly (readonly [value: T, word: string, title?: string])[],
  chosen: T,
  choose: (value: T) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const direction = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (direction === undefined || !(event.currentTarget instanceof HTMLElement)) return
    event.preventDefault()
    const at = options.findIndex(([value]) => value === chosen)
    const index = (at + direction + options.length) % options.length
    choose(options[index]?.[0] ?? chosen)
    event.currentTarget.querySelectorAll('button')[index]?.focus()
  }
  return html`<div class="choice" role="radiogroup" aria-label=${label} @keydown=${onKey}>
    ${options.map(
      ([value, word, title]) =>
        html`<button
          class="plain"
          role="radio"
          aria-checked=${value === chosen}
          tabindex=${value === chosen ? 0 : -1}
          title=${title ?? nothing}
          @click=${() => choose(value)}
        >
          ${word}
        </button>`,
    )}
  </div>`
}
