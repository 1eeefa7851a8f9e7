import { html, nothing, type TemplateResult } from 'lit'
import { datasetFields, pairsOf } from '../../shared/artifacts/signature'
import { t } from '../../shared/l10n'
import type { RunDetails } from '../../shared/protocol'
import { renderFields } from '../artifacts/fields'
import { renderFact } from '../ui/facts'
import { icon } from '../ui/icons'

type Dataset = RunDetails['datasets'][number]

/** The datasets that a run read: where each came from, how large it is, and its columns. */
export function renderDatasets({ datasets }: RunDetails): TemplateResult {
  return html`<ul class="things">
    ${datasets.map(
      (dataset) =>
        html`<li class="dataset">
          <details>
            <summary>
              ${icon('chevron', 'chevron')}${icon('table')}
              <span class="clip" title=${dataset.name.slice(0, 500)}>${dataset.name}</span>
              ${dataset.context === '' ? nothing : html`<span class="badge clip">${dataset.context}</span>`}
              <span class="space"></span>
              <span class="faint mono clip" title=${t('Digest')}>${dataset.digest}</span>
            </summary>
            ${renderDataset(dataset)}
          </details>
        </li>`,
    )}
  </ul>`
}

function renderDataset({ sourceType, source, profile, schema, digest }: Dataset): TemplateResult {
  const fields = datasetFields(schema)
  return html`<dl class="facts">
      ${renderFact(t('Source type'), sourceType)} ${renderJson(t('Source'), source)}
      ${renderJson(t('Profile'), profile)} ${renderFact(t('Digest'), html`<span class="mono">${digest}</span>`)}
      ${fields ? nothing : renderJson(t('Schema'), schema)}
    </dl>
    ${fields?.map(([label, all]) => renderFields(label, all))}`
}

/** What is an object in JSON as a line for each entry, all else as it is. */
function renderJson(label: string, json: string): TemplateResult | typeof nothing {
  if (json === '' || json === '{}') return nothing
  const pairs = pairsOf(json)
  if (!pairs) return renderFact(label, json)
  const [only] = pairs
  if (pairs.length === 1 && only) return renderFact(label, only[1])
  return html`${pairs.map(([key, value]) => renderFact(`${label}: ${key}`, value))}`
}
