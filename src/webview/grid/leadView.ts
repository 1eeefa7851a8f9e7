import { html, nothing, render } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { colorOf } from '../../shared/runColor'
import { icon, statusWord } from '../ui/icons'
import { theme } from '../ui/theme'
import { shorten } from './cellText'
import { make } from './elements'
import { StatusMark } from './statusMark'
import type { TableRow } from './types'

const indent = 14
/** Deeper rows are indented no more: the name must stay in sight. */
const deepest = 8

/** The first cell: tick, tree, colour, state, name, star. */
export function makeLead(): { element: HTMLElement; width: number; show(row: TableRow | undefined): void } {
  const element = make('div', 'cell lead')
  element.setAttribute('role', 'gridcell')
  element.setAttribute('aria-colindex', '1')
  const tick = make('span', 'tick')
  tick.dataset.part = 'tick'
  const twisty = make('span', 'twisty')
  render(icon('chevron'), twisty)
  twisty.dataset.part = 'twisty'
  const swatch = make('span', 'dot')
  const status = new StatusMark()
  const label = make('span', 'name')
  label.dataset.part = 'name'
  const text = document.createTextNode('')
  const count = make('span', 'count')
  const problem = make('span', 'problem')
  const star = make('span', 'star')
  star.dataset.part = 'star'
  render(icon('star'), star)
  label.append(text)
  element.append(tick, twisty, swatch, status.element, label, count, problem, star)
  let before: TableRow | undefined
  let kind = ''
  return {
    element,
    width: -1,
    show(row) {
      if (row === before && kind === theme().kind) return
      before = row
      kind = theme().kind
      twisty.style.marginLeft = `${Math.min(deepest, row?.depth ?? 0) * indent}px`
      const opens = (row?.children ?? 0) > 0
      twisty.classList.toggle('opens', opens)
      twisty.classList.toggle('open', row?.expanded === true)
      if (row && opens) element.setAttribute('aria-expanded', String(row.expanded))
      else element.removeAttribute('aria-expanded')
      swatch.style.background = row && row.color !== null ? colorOf(row.color, theme().kind) : 'transparent'
      status.show(row?.status ?? null)
      text.data = shorten(row?.label ?? '')
      count.textContent = row && opens ? formatCount(row.children) : ''
      render(row?.problem ? html`${icon('warning')}<span class="unseen">${row.problem}</span>` : nothing, problem)
      star.classList.toggle('on', row?.starred === true)
      star.hidden = row?.kind !== 'run'
      tick.hidden = row?.kind !== 'run'
      const said = row ? describe(row) : ''
      if (said === '') element.removeAttribute('aria-description')
      else element.setAttribute('aria-description', said)
    },
  }
}

/** What the look of a first cell says, in words. */
function describe(row: TableRow): string {
  return [
    row.status ? statusWord(row.status) : '',
    row.starred ? t('starred') : '',
    row.pinned ? t('pinned') : '',
    row.deleted ? t('deleted') : '',
    row.context ? t('shown for its children') : '',
    row.depth > 0 ? t('level {0}', row.depth + 1) : '',
  ]
    .filter((word) => word !== '')
    .join(', ')
}
