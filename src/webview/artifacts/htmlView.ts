/** An HTML file as a page in which nothing runs and nothing is fetched: cleaned, sandboxed, and under this page's own policy. */
import { html, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'

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

/** Exported for tests. */
export function cleaned(source: string): string {
  const page = new DOMParser().parseFromString(source, 'text/html') // which runs and fetches nothing
  for (const element of page.querySelectorAll(dangerous)) element.remove()
  for (const element of page.querySelectorAll('*'))
    for (const { name } of [...element.attributes]) if (!harmless.has(name)) element.removeAttribute(name)
  for (const picture of page.querySelectorAll('img')) picture.replaceWith(`[${picture.alt || t('picture')}]`)
  return `<!DOCTYPE html><meta charset="utf-8">${page.documentElement.outerHTML}`
}
