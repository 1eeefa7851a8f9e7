import { activeId } from './elements'
import { rowHeight } from './geometry'
import { headRow } from './head'
import type { Layout } from './layout'
import type { Shown } from './rowCache'
import { RowViews } from './rowViews'
import { Sparks } from './sparks'
import type { RowSource } from './types'
import type { GridView } from './view'
import { clampSpan, sameSpan, type Span } from './windowing'

/** Rows drawn beyond what is in sight. */
const overRows = 4
/** Views of rows that are fetched ahead, the way the user scrolls. */
const aheadViews = 2
/** A grid less wide than this, px, shows in a row's name only what no other column shows. */
const narrow = 480

interface Options {
  readonly view: GridView
  readonly source: () => RowSource | undefined
  readonly selected: () => ReadonlySet<string>
  /** Something came that the rows in sight show. */
  readonly arrived: () => void
}

/** Draws the rows and columns that are in sight, and fetches what is missing of them and soon will be. */
export class Painter {
  readonly rows = new RowViews()
  readonly #options: Options
  readonly #sparks: Sparks
  #columns: Span = { from: 0, to: 0 }
  #lastTop = 0
  #direction: 1 | -1 = 1
  /** Some row has been in a tree: the others keep its place free. */
  #tree = false

  constructor(options: Options) {
    this.#options = options
    this.#sparks = new Sparks(options.arrived)
  }

  /** Scrolling columns that are drawn; the same span until it changes. */
  get columns(): Span {
    return this.#columns
  }

  /** Other rows are to be drawn, from their top. */
  forgetTree(): void {
    this.#tree = false
  }

  /** The view is scrolled to `top`, px. @param byUser which way tells what is wanted next */
  scrolled(top: number, byUser: boolean): void {
    if (byUser && top !== this.#lastTop) this.#direction = top > this.#lastTop ? 1 : -1
    this.#lastTop = top
  }

  paint(): void {
    const { view, selected } = this.#options
    const { shown, layout, active } = view
    if (!shown || !layout) return
    const { scroller, stuck, body } = view.elements
    const { geometry } = layout
    const { scrollTop, scrollLeft, classList } = scroller
    const columns = layout.columnsAt(scrollLeft)
    if (!sameSpan(columns, this.#columns)) this.#columns = columns
    const rows = layout.rowsAt(scrollTop, overRows)
    this.rows.show(
      { rows: { from: 0, to: geometry.stuck }, parent: stuck },
      { rows, parent: body },
      columns,
      {
        columns: geometry.columns,
        pinned: geometry.pinned,
        starts: geometry.starts,
        cache: shown.cache,
        selected: selected(),
        active,
        now: Date.now(),
        spark: (key, column) => this.#sparks.of(key, column),
      },
      (row) => layout.topOf(row, scrollTop),
    )
    this.#fetch(rows, shown, layout)
    this.#tree ||= this.rows.all.some(({ inTree }) => inTree)
    classList.toggle('tree', this.#tree)
    classList.toggle('narrow', view.width < narrow)
    classList.toggle('selecting', selected().size > 0)
    scroller.setAttribute('aria-activedescendant', this.#activeElementId(view, shown))
  }

  /** Nothing, where the active cell is out of sight. */
  #activeElementId({ active: { row, column } }: GridView, { data }: Shown): string {
    if (data.columns.length === 0) return ''
    return row === headRow || this.rows.at(row) ? activeId(row, column) : ''
  }

  #fetch(span: Span, { cache, data }: Shown, layout: Layout): void {
    const source = this.#options.source()
    if (!source) return
    const { geometry } = layout
    const ids = layout.columnIds(this.#columns)
    const far = Math.ceil(geometry.viewHeight / rowHeight) * aheadViews
    const ahead = clampSpan(
      this.#direction > 0 ? { from: span.to, to: span.to + far } : { from: span.from - far, to: span.from },
      data.rows,
    )
    cache.want([{ from: 0, to: geometry.stuck }, span], ahead, ids)
    const drawn = geometry.columns.filter(({ draw, id }) => draw === 'sparkline' && ids.includes(id))
    if (drawn.length === 0) return
    const keys = this.rows.all.flatMap(({ key, index }) =>
      key !== undefined && cache.row(index)?.kind === 'run' ? [key] : [],
    )
    this.#sparks.want(keys, drawn, data.revision, source)
  }
}
