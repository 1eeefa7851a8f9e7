import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Related, RunDetails } from '../../shared/protocol'
import type { SplitMetrics } from './metricColumns'
import { kinOf } from './surroundings'

/** Where the page's parts are, since it is long. */
export function renderJumps(
  run: RunDetails,
  { own, system }: SplitMetrics,
  related: Related | undefined,
  jump: (id: string) => void,
): TemplateResult {
  const versions = related?.versions.length ?? 0
  const jumps: readonly (readonly [id: string, word: string, count: number | undefined])[] = [
    ['metrics', t('Metrics'), own.keys.length],
    ['params', t('Parameters'), run.params.length],
    ['family', t('Parent and children'), kinOf(related)],
    ['versions', t('Registered versions'), versions],
    ['data', t('Datasets'), run.datasets.length],
    ['system-metrics', t('System metrics'), system.keys.length],
    ['reproduce', t('Reproduce'), undefined],
    ['artifacts', t('Artifacts'), undefined],
  ]
  const always = new Set(['metrics', 'params'])
  return html`<nav aria-label=${t('Parts of this page')}>
    ${jumps
      .filter(([id, , count]) => count !== 0 || always.has(id))
      .map(
        ([id, word, count]) =>
          html`<button class="link" @click=${() => jump(id)}>
            ${word}${count === undefined ? nothing : html` <span class="faint">${formatCount(count)}</span>`}
          </button>`,
      )}
  </nav>`
}
