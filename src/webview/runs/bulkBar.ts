import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { renderTool } from './tool'

export interface BulkActions {
  readonly compare: () => void
  readonly open: () => void
  /** Opens the menu of all there is to do. */
  readonly more: (at: Element) => void
  readonly export: (at: Element) => void
  readonly star: () => void
  readonly pin: () => void
  readonly hide: () => void
  readonly clear: () => void
}

/** What can be done with the runs that are selected; nothing while none is. */
export function renderBulkBar(count: number, does: BulkActions): TemplateResult | typeof nothing {
  if (count === 0) return nothing
  return html`<div class="bulk" role="group" aria-label=${t('Selected runs')}>
    <span class="count" role="status">${count === 1 ? t('1 selected') : t('{0} selected', formatCount(count))}</span>
    ${count > 1 ? renderTool('chart', t('Compare'), does.compare) : renderTool('external', t('Open'), does.open)}
    ${renderTool('more', t('Actions'), does.more, { menu: true })}
    ${renderTool('export', t('Export'), does.export, { menu: true })} ${renderTool('star', t('Star'), does.star)}
    ${renderTool('pin', t('Keep at the top'), does.pin)} ${renderTool('eyeClosed', t('Hide'), does.hide)}
    ${renderTool('close', t('Clear selection'), does.clear)}
  </div>`
}
