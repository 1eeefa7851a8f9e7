import { html, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import type { Column } from '../../shared/runsTable/view'
import { icon } from '../ui/icons'
import { openMenu } from '../ui/menu'
import { columnLabel } from './columns'
import { startedMenu, startedText, statusMenu, statusText } from './filterMenus'
import { groupMenu, orderText, sortMenu } from './orderMenus'
import type { TableModel } from './tableModel'
import { renderTool } from './tool'

/** Opens what is chosen in, below a tool. */
type Opens = Readonly<
  Record<'dates' | 'datasets' | 'group' | 'sort' | 'columns' | 'views' | 'export', (at: Element) => void>
>

/** Which runs and columns show, each thing a button that says what it is set to. */
export function renderToolBar(table: TableModel, open: Opens): TemplateResult {
  const { view, change } = table
  const groups = view.groupBy.map(columnLabel).join(', ')
  // A menu that stays open asks again.
  const openStatus = (at: Element): void => openMenu(t('Status'), () => statusMenu(table.view, change), at)
  const openStarted = (at: Element): void =>
    openMenu(t('Started'), () => startedMenu(table.view, change, () => open.dates(at)), at)
  const openGroup = (at: Element): void =>
    openMenu(t('Group'), () => groupMenu(table.view, change, () => open.group(at)), at)
  const openSort = (at: Element): void => {
    const sort = (column: Column): void => table.sort(column, true)
    openMenu(t('Sort'), () => sortMenu(table.view, sort, change, () => open.sort(at)), at)
  }
  return html`<div class="tools" role="group" aria-label=${t('Which runs and columns')}>
    ${renderTool('pass', t('Status'), openStatus, { menu: true, value: statusText(view) })}
    ${renderTool('clock', t('Started'), openStarted, { menu: true, value: startedText(view) })}
    ${renderTool('table', t('Dataset'), open.datasets, { menu: true, value: view.dataset ?? undefined })}
    ${renderTool('group', t('Group'), openGroup, { menu: true, value: groups === '' ? undefined : groups })}
    ${renderTool('arrowDown', t('Sort'), openSort, { menu: true, value: orderText(view) })}
    ${renderTool('columns', t('Columns'), open.columns, { menu: true })}
    <button
      class="plain tool ${view.onlyChanged ? 'set' : ''}"
      aria-pressed=${view.onlyChanged}
      title=${t('Only columns in which runs differ')}
      aria-label=${t('Only differences')}
      @click=${() => change({ onlyChanged: !table.view.onlyChanged })}
    >
      ${icon('branch')}<span class="label clip">${t('Only differences')}</span>
    </button>
    ${renderTool('views', t('Views'), open.views, { menu: true })}
    ${renderTool('export', t('Export'), open.export, { menu: true })}
  </div>`
}
