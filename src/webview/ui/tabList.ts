import { css, html, type TemplateResult } from 'lit'

/** Of a list of tabs: as VS Code's panel titles look. */
export const tabListStyles = css`
  [role='tablist'] {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    min-width: 0;
  }
  [role='tab'] {
    height: 30px;
    line-height: 30px;
    font-size: 11px;
    text-transform: uppercase;
    white-space: nowrap;
    color: var(--vscode-panelTitle-inactiveForeground, var(--faint));
    border-bottom: 1px solid transparent;
  }
  [role='tab']:hover,
  [role='tab'][aria-selected='true'] {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  }
  [role='tab'][aria-selected='true'] {
    border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
  }
`

/** Id of the element of class `tabpanel` that the tabs rule. */
export const tabPanelId = 'panel'

/** Tabs in a row, moved through with the arrow keys. Each has the id `tab-` and its own. */
export function renderTabList(
  label: string,
  tabs: readonly { readonly id: string; readonly title: () => string }[],
  chosen: string,
  choose: (id: string) => void,
): TemplateResult {
  const onKey = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === chosen)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key]
    if (next === undefined || !(event.currentTarget instanceof HTMLElement)) return
    event.preventDefault()
    const index = (next + tabs.length) % tabs.length
    choose(tabs[index]?.id ?? chosen)
    event.currentTarget.querySelectorAll('button')[index]?.focus()
  }
  return html`<div role="tablist" aria-label=${label} @keydown=${onKey}>
    ${tabs.map(
      ({ id, title }) =>
        html`<button
          class="plain"
          role="tab"
          id="tab-${id}"
          aria-controls=${tabPanelId}
          aria-selected=${id === chosen}
          tabindex=${id === chosen ? 0 : -1}
          @click=${() => choose(id)}
        >
          ${title()}
        </button>`,
    )}
  </div>`
}
