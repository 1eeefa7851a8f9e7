/** What is to be seen of a runs table's grid, and how it scrolls. */
import type { Locator } from 'playwright-core'

/** Names of the rows that are drawn, from the top. */
export const names = (grid: Locator): Promise<string[]> =>
  grid.locator('.row').evaluateAll((rows) =>
    rows
      .map((row) => ({
        index: Number(row.getAttribute('aria-rowindex')),
        name: row.querySelector('.name')?.textContent,
      }))
      .sort((a, b) => a.index - b.index)
      .map(({ name }) => name ?? ''),
  )

export interface Scrolling {
  readonly how: string
  readonly frames: number
  /** Frames that took longer than 33 ms, and frames in which a row waited for its values. */
  readonly over: number
  readonly waiting: number
}

/** Scrolls as a wheel does, to the side, by pages, and as a dragged thumb does; measures frames. Runs in the page. */
export async function scrollThrough(grid: Element): Promise<Scrolling[]> {
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
  const ways: [how: string, frames: number, step: (n: number) => void][] = [
    ['by wheel', 200, () => grid.scrollBy(0, 120)],
    ['not at all', 100, () => undefined],
    ['to the side', 100, (n) => grid.scrollBy(n % 100 < 50 ? 60 : -60, 0)],
    ['by pages', 100, () => grid.scrollBy(0, 800)],
    ['by thumb', 50, (n) => grid.scrollTo(0, n * 40_000)],
  ]
  const shares = []
  for (const [how, frames, step] of ways) {
    let [last, over, waiting] = [await frame(), 0, 0]
    for (let n = 0; n < frames; n++) {
      step(n)
      const now = await frame()
      if (now - last > 33.4) over++
      if (grid.querySelector('.row.waiting')) waiting++
      last = now
    }
    shares.push({ how, frames, over, waiting })
  }
  return shares
}

/**
 * Milliseconds from the next key or click in the page until other rows are drawn, as their reader sees it. Runs in the page, and
 * has begun once `grid.dataset.watched` is set.
 */
export async function untilRowsChange(grid: HTMLElement): Promise<number> {
  const looks = (): string => {
    const rows = [...grid.querySelectorAll('.row')].sort(
      (a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')),
    )
    return `${grid.getAttribute('aria-rowcount')} ${rows.map((row) => row.querySelector('.name')?.textContent).join('\n')}`
  }
  const before = looks()
  const start = await new Promise<number>((resolve) => {
    const begun = (event: Event): void => {
      for (const type of ['keydown', 'pointerup']) removeEventListener(type, begun, true)
      resolve(event.timeStamp)
    }
    for (const type of ['keydown', 'pointerup']) addEventListener(type, begun, true)
    grid.dataset.watched = ''
  })
  delete grid.dataset.watched
  for (;;) {
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
    if (looks() !== before) return now - start
  }
}
