import { html, render } from 'lit'
import { t } from '../../shared/l10n'
import type { ShownRun } from '../../shared/protocol'
import { Host } from './host'
import './states'
import { pageStyles } from './styles'
import { defineToolkit } from './toolkit'

/** What every page element is given. */
export interface PageElement extends HTMLElement {
  host: Host
  runs: readonly ShownRun[]
  leftOut: number
}

/** Starts a page: says hello to the host, then shows `tag`. */
export function startPage(tag: string): void {
  defineToolkit()
  if (pageStyles.styleSheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, pageStyles.styleSheet]
  void show(tag, new Host())
}

async function show(tag: string, host: Host): Promise<void> {
  const showWaiting = (): unknown =>
    render(html`<lens-loading .what=${t('Connecting to the extension')}></lens-loading>`, document.body)
  showWaiting()
  try {
    const { runs, leftOut } = await host.hello()
    const page = document.createElement(tag) as PageElement
    page.setAttribute('role', 'main')
    Object.assign(page, { host, runs, leftOut })
    render(page, document.body)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    render(html`<lens-error .message=${message} @retry=${() => void show(tag, host)}></lens-error>`, document.body)
  }
}
