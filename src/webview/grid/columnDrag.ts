import type { Geometry } from './geometry'

/** Pixels after which a press is a drag. */
const threshold = 5

interface Listener {
  geometry(): Geometry | undefined
  resize(index: number, width: number): void
  resized(index: number): void
  /** Makes a column as wide as what it holds. */
  fit(index: number): void
  moved(from: number, to: number): void
  clicked(index: number, event: PointerEvent): void
  changed(): void
}

/** What a pointer does with the header: a click, a drag of a column to another place, a drag of its edge. */
export class ColumnDrag {
  readonly #listener: Listener
  #lastHandle = { index: -1, time: 0 }
  /** A column on its way, and the place where it would land. */
  move: { readonly from: number; readonly to: number } | undefined

  constructor(listener: Listener) {
    this.#listener = listener
  }

  /** The column whose name an event is on. */
  columnOf(event: Event): number | undefined {
    const name = event.composedPath().find((item) => item instanceof HTMLElement && item.dataset.column !== undefined)
    return name instanceof HTMLElement ? Number(name.dataset.column) : undefined
  }

  start(event: PointerEvent): void {
    const index = this.columnOf(event)
    if (index === undefined) return
    const onHandle = event.composedPath().some((item) => item instanceof HTMLElement && item.dataset.part === 'handle')
    if (onHandle) this.#startResize(event, index)
    else this.#startMove(event, index)
  }

  #startResize(event: PointerEvent, index: number): void {
    event.preventDefault()
    const again = this.#lastHandle.index === index && event.timeStamp - this.#lastHandle.time < 400
    this.#lastHandle = { index, time: event.timeStamp }
    if (again) {
      this.#listener.fit(index)
      return
    }
    const width = this.#listener.geometry()?.columns[index]?.width ?? 0
    let last = width
    follow(
      (moved) => this.#listener.resize(index, (last = width + moved.clientX - event.clientX)),
      () => {
        if (last !== width) this.#listener.resized(index)
      },
    )
  }

  #startMove(event: PointerEvent, index: number): void {
    const head = event.composedPath().find((item) => item instanceof HTMLElement && item.classList.contains('headrow'))
    let dragging = false
    follow(
      (moved) => {
        dragging ||= Math.abs(moved.clientX - event.clientX) > threshold
        if (!dragging || !(head instanceof HTMLElement)) return
        // The first column names the row: it stays where it is.
        const to = index === 0 ? 0 : this.#under(head, moved)
        this.move = { from: index, to }
        this.#listener.changed()
      },
      (released) => {
        const { move } = this
        this.move = undefined
        this.#listener.changed()
        if (!dragging) this.#listener.clicked(index, released)
        else if (move && move.to !== move.from) this.#listener.moved(move.from, move.to)
      },
    )
  }

  #under(head: HTMLElement, event: PointerEvent): number {
    const geometry = this.#listener.geometry()
    if (!geometry) return 0
    const x = event.clientX - head.getBoundingClientRect().left
    const seen = event.clientX - (head.parentElement?.parentElement?.parentElement?.getBoundingClientRect().left ?? 0)
    const at = seen < geometry.pinnedWidth ? seen : x
    const index = geometry.starts.findIndex((start, nth) => at >= start && at < (geometry.starts[nth + 1] ?? Infinity))
    return Math.max(1, Math.min(index < 0 ? geometry.columns.length - 1 : index, geometry.columns.length - 1))
  }
}

/** Follows the pointer until it is released, wherever it goes. */
function follow(onMove: (event: PointerEvent) => void, onEnd: (event: PointerEvent) => void): void {
  const controller = new AbortController()
  const { signal } = controller
  const end = (event: PointerEvent): void => {
    controller.abort()
    onEnd(event)
  }
  addEventListener('pointermove', onMove, { signal })
  addEventListener('pointerup', end, { signal })
  addEventListener('pointercancel', end, { signal })
}
