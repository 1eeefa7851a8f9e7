/** An HTML file as a page in which nothing runs and nothing is fetched: cleaned, sandboxed, and under this page's own policy. */
import { html, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import { theme } from '../ui/theme'

/** What can run, load, navigate or ask; gone with all that is in it. */
const dangerous =
  'script, style, link, meta, base, iframe, frame, frameset, object, embed, applet, form, input, button, textarea, select, svg, math, template, audio, video, source, portal, noscript'
/** Attributes that only say how a thing looks in a table. */
const harmless = new Set(['colspan', 'rowspan', 'title', 'alt', 'dir', 'lang', 'scope', 'align', 'open', 'start'])

/** @param source the text of the file */
export function renderHtml(source: string, label: string): TemplateResult {
  return html`<iframe sandbox="" referrerpolicy="no-referrer" title=${label} srcdoc=${cleaned(source)}></iframe>
    <p class="faint">
      ${t('Shown without scripts, styles, pictures and links: an artifact is not trusted to run here.')}
    </p>`
}

/** Our own, in the theme's colours: the nonce lets it through the policy that the frame inherits. */
function styleSheet(): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? ''
  const { foreground, background, grid, font } = theme()
  const rules = `body{margin:12px;font:13px/1.5 ${font.replace(/[<>{};]/g, '')};color:${foreground};background:${background}}table{border-collapse:collapse}th,td{border:1px solid ${grid};padding:2px 8px;text-align:left}h1{font-size:1.4em}h2{font-size:1.2em}`
  return `<style nonce="${nonce.replace(/"/g, '')}">${rules}</style>`
}

/** Exported for tests. */
export function cleaned(source: string): string {
  const page = new DOMParser().parseFromString(source, 'text/html') // which runs and fetches nothing
  for (const element of page.querySelectorAll(dangerous)) element.remove()
  for (const element of page.querySelectorAll('*'))
    for (const { name } of [...element.attributes]) if (!harmless.has(name)) element.removeAttribute(name)
  for (const picture of page.querySelectorAll('img')) picture.replaceWith(`[${picture.alt || t('picture')}]`)
  return `<!DOCTYPE html><meta charset="utf-8">${styleSheet()}${page.documentElement.outerHTML}`
}
