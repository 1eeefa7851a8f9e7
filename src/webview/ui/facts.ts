/** Facts in lines: what each is called, and what it is. */
import { css, html, nothing, type TemplateResult } from 'lit'

/** Characters of a fact. */
const longest = 2000

/** Of a `dl.facts`. */
export const factStyles = css`
  dl.facts {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 2px 16px;
    margin: 4px 0;
  }
  dl.facts dt {
    color: var(--faint);
  }
  dl.facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
`

/** A line of a `dl.facts`; nothing for what is not known. */
export function renderFact(label: string, value: string | TemplateResult): TemplateResult | typeof nothing {
  if (value === '') return nothing
  return html`<dt>${label}</dt>
    <dd>${typeof value === 'string' ? value.slice(0, longest) : value}</dd>`
}
