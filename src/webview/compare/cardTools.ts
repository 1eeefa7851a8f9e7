import { html, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import { icon } from '../ui/icons'
import { openMenu } from '../ui/menu'
import { type Card, cardMenu } from './cardMenu'

interface Moving {
  readonly drag: (event: PointerEvent) => void
  readonly moveByKey: (event: KeyboardEvent) => void
}

/** The buttons of a card: what moves it, or leaves the full screen, and its menu. */
export function renderCardTools(card: Card, { drag, moveByKey }: Moving): TemplateResult {
  const { key, full } = card
  return html`<span slot="tools" class="card-tools">
    ${
      full
        ? html`<button
            class="plain tool"
            title=${t('Leave full screen')}
            aria-label=${t('Leave full screen')}
            @click=${() => card.fill(null)}
          >
            ${icon('close')}
          </button>`
        : html`<button
            class="plain tool grip"
            title=${t('Drag to another place, or move with the arrow keys')}
            aria-label=${t('Move {0}', key)}
            @pointerdown=${(event: PointerEvent) => drag(event)}
            @keydown=${(event: KeyboardEvent) => moveByKey(event)}
          >
            ${icon('grip')}
          </button>`
    }
    <button
      class="plain tool"
      title=${t('More actions')}
      aria-label=${t('More actions for {0}', key)}
      aria-haspopup="menu"
      @click=${(event: Event) =>
        openMenu(t('More actions for {0}', key), () => cardMenu(card), event.currentTarget as HTMLElement)}
    >
      ${icon('more')}
    </button>
  </span>`
}
