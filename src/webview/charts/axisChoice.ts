import { html, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import type { Axis } from '../../shared/protocol'
import { axisWord } from './words'

const axes: readonly Axis[] = ['step', 'time', 'relative']

/** The choice of x axis for the charts of a page: radio buttons, moved through with the arrow keys. */
export function renderAxisChoice(axis: Axis, choose: (axis: Axis) => void): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const direction = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (direction === undefined || !(event.currentTarget instanceof HTMLElement)) return
    event.preventDefault()
    const index = (axes.indexOf(axis) + direction + axes.length) % axes.length
    choose(axes[index] ?? axis)
    event.currentTarget.querySelectorAll('button')[index]?.focus()
  }
  return html`<div class="choice" role="radiogroup" aria-label=${t('X axis')} @keydown=${onKey}>
    ${axes.map(
      (candidate) =>
        html`<button
          class="plain"
          role="radio"
          aria-checked=${candidate === axis}
          tabindex=${candidate === axis ? 0 : -1}
          @click=${() => choose(candidate)}
        >
          ${axisWord(candidate)}
        </button>`,
    )}
  </div>`
}
