import MarkdownIt from 'markdown-it'
import { html, type TemplateResult } from 'lit'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'

/** Notes are anybody's: no HTML, links to the web only, pictures as links to them, and no style attributes. */
const markdown = new MarkdownIt('default', { html: false, linkify: true })
markdown.validateLink = (url) => /^https?:\/\//i.test(url)
markdown.renderer.rules.image = (tokens, index) => {
  const source = String(tokens[index]?.attrGet('src') ?? '')
  const { escapeHtml } = markdown.utils
  return `<a href="${escapeHtml(source)}">${escapeHtml(tokens[index]?.content ?? '') || escapeHtml(source)}</a>`
}
for (const rule of ['th_open', 'td_open'])
  markdown.renderer.rules[rule] = (tokens, index, options, _environment, renderer) => {
    const token = tokens[index]
    if (token) token.attrs = null
    return renderer.renderToken(tokens, index, options)
  }

/** A note as elements. A click on a link calls `openLink` and goes nowhere itself. */
export function renderMarkdown(source: string, openLink: (url: string) => void): TemplateResult {
  const onClick = (event: Event): void => {
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement)
    if (!link) return
    event.preventDefault()
    event.stopPropagation()
    openLink(link.href)
  }
  return html`<div class="markdown" @click=${onClick} @auxclick=${onClick}>${unsafeHTML(markdown.render(source))}</div>`
}
