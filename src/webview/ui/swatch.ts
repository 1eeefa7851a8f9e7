import { html, render, svg, type TemplateResult } from 'lit'
import { colorOf, type Mark } from '../../shared/runColor'
import { theme } from './theme'

/** A run's mark: a short line in its colour and dash pattern, as its curves are drawn. */
export function swatch({ color, dash }: Mark): TemplateResult {
  return html`<svg class="swatch" width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">
    ${svg`<line x1="1" y1="6" x2="21" y2="6" stroke=${colorOf(color, theme().kind)} stroke-width="2.5" stroke-dasharray=${dash.join(' ')} />`}
  </svg>`
}

/** The same where no template is rendered. */
export function swatchElement(mark: Mark): Node {
  const place = document.createDocumentFragment()
  render(swatch(mark), place)
  return place
}
