import { html, render } from 'lit'
import { t } from '../../shared/l10n'
import './states'
import { pageStyles } from './styles'
import { defineToolkit } from './toolkit'

/** A host that can say what its page is about: the properties of the page's element. */
interface Greeting {
  hello(): Promise<object>
}

/** Starts a page: says hello to the host, then shows `tag`, with `host` and what it answered as its properties. */
export function startPage(tag: string, host: Greeting): void {
  defineToolkit()
  if (pageStyles.styleSheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, pageStyles.styleSheet]
  void show(tag, host)
}

async function show(tag: string, host: Greeting): Promise<void> {
  const showWaiting = (): unknown =>
    render(html`<lens-loading .what=${t('Connecting to the extension')}></lens-loading>`, document.body)
  showWaiting()
  try {
    const about = await host.hello()
    const page = document.createElement(tag)
    page.setAttribute('role', 'main')
    Object.assign(page, { host, ...about })
    render(page, document.body)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    render(html`<lens-error .message=${message} @retry=${() => void show(tag, host)}></lens-error>`, document.body)
  }
}
