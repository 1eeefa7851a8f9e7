import { html, nothing, type TemplateResult } from 'lit'
import { classMap } from 'lit/directives/class-map.js'
import { ifDefined } from 'lit/directives/if-defined.js'
import { t } from '../../shared/l10n'
import { icon } from '../ui/icons'
import { place } from '../ui/place'
import { type Band, bandsOf, type Geometry } from './geometry'
import { activeId } from './elements'
import type { GridColumn, GridOrder } from './types'
import type { Span } from './windowing'

/** Row of the header in which focus is where it is above the first row. */
export const headRow = -1

export interface HeadContext {
  readonly geometry: Geometry
  readonly order: readonly GridOrder[]
  /** Scrolling columns that are drawn. */
  readonly span: Span
  readonly activeColumn: number | undefined
  /** A column that is being dragged, and before which one it would land. */
  readonly drag: { readonly from: number; readonly to: number } | undefined
}

/** The header: a row of headings over columns that stand together, and a row of names. */
export function renderHead(context: HeadContext): TemplateResult {
  const { geometry, span } = context
  const { columns, pinned, pinnedWidth } = geometry
  const pinnedSpan = { from: 0, to: pinned }
  return html`<div class="headrow groups" role="row" aria-rowindex="1">
      <div class="pane" role="presentation" ${place({ width: pinnedWidth })}>
        ${bandsOf(columns, 0, pinned).map((band) => renderBand(band, geometry, 0))}
      </div>
      ${bandsOf(columns, pinned, columns.length)
        .filter((band) => band.from < span.to && band.to > span.from)
        .map((band) => renderBand(band, geometry, pinnedWidth))}
    </div>
    <div class="headrow names" role="row" aria-rowindex="2">
      <div class="pane" role="presentation" ${place({ width: pinnedWidth })}>
        ${indexes(pinnedSpan).map((index) => renderName(index, context))}
      </div>
      ${indexes(span).map((index) => renderName(index, context))}
    </div>`
}

function renderBand({ label, from, to }: Band, { starts }: Geometry, left: number): TemplateResult {
  const start = starts[from] ?? 0
  return html`<div
    class="th"
    role="columnheader"
    aria-colindex=${from + 1}
    aria-colspan=${to - from}
    ${place({ left: start, width: (starts[to] ?? 0) - start })}
  >
    <span class="band clip" ${place({ left })}>${label}</span>
  </div>`
}

function renderName(index: number, context: HeadContext): TemplateResult | typeof nothing {
  const { geometry, order, activeColumn, drag } = context
  const column = geometry.columns[index]
  if (!column) return nothing
  const rank = order.findIndex(({ id }) => id === column.id)
  const sorted = order[rank]
  const classes = {
    th: true,
    number: column.kind === 'number' || column.kind === 'duration',
    active: activeColumn === index,
    dragged: drag?.from === index,
    'drop-before': drag?.to === index && drag.to < drag.from,
    'drop-after': drag?.to === index && drag.to > drag.from,
  }
  return html`<div
    class=${classMap(classes)}
    role="columnheader"
    id=${ifDefined(activeColumn === index ? activeId(headRow, index) : undefined)}
    aria-colindex=${index + 1}
    aria-sort=${ifDefined(sorted && (sorted.descending ? 'descending' : 'ascending'))}
    aria-description=${ifDefined(headDescription(column, rank, order.length))}
    title=${column.label.slice(0, 1000)}
    data-column=${index}
    ${place({ left: geometry.starts[index] ?? 0, width: column.width })}
  >
    <span class="title">${column.label.slice(0, 300)}</span>
    ${
      sorted
        ? html`<span class="sorted" aria-hidden="true"
            >${icon(sorted.descending ? 'arrowDown' : 'arrowUp')}${order.length > 1 ? rank + 1 : nothing}</span
          >`
        : nothing
    }
    <span class="handle" data-part="handle"></span>
  </div>`
}

function headDescription(column: GridColumn, rank: number, sorted: number): string | undefined {
  const words = [
    rank >= 0 && sorted > 1 ? t('{0} of {1} in the sort order', rank + 1, sorted) : '',
    column.pinned ? t('pinned') : '',
    column.better === 'lower' ? t('lower is better') : '',
    column.better === 'higher' ? t('higher is better') : '',
  ].filter((word) => word !== '')
  return words.length > 0 ? words.join(', ') : undefined
}

const indexes = ({ from, to }: Span): number[] => Array.from({ length: Math.max(0, to - from) }, (_, nth) => from + nth)
