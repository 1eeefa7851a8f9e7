import { html, type TemplateResult } from 'lit'
import type { PlotMark } from './plotMarks'

/** What there is to say of a mark, beside it. @param width of the plot, px, as is `height` */
export function renderTip(mark: PlotMark, width: number, height: number): TemplateResult {
  const side = mark.x > width / 2 ? `right: ${width - mark.x + 12}px` : `left: ${mark.x + 12}px`
  const edge = mark.y > height / 2 ? `bottom: ${height - mark.y + 4}px` : `top: ${mark.y + 4}px`
  return html`<div class="tip" aria-hidden="true" .style=${`${side}; ${edge}`}>
    <strong class="clip">${mark.title}</strong>
    ${mark.facts.map(([name, value]) => html`<div><span class="clip faint">${name}</span><span class="clip">${value}</span></div>`)}
  </div>`
}
