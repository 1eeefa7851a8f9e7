import { describe, expect, it } from 'vitest'
import type { Drawn, Range } from '../../../src/webview/charts/types'
import { PlotKeys } from '../../../src/webview/charts/plotKeys'

/** A plot of one curve, and what keys have made of it. */
function plotOf(x: readonly number[], { range, logX = false }: { range: Range; logX?: boolean }) {
  const curve = { x: Float64Array.from(x), y: Float64Array.from(x) }
  const seen = { cursor: null as number | null, range }
  const keys = new PlotKeys({
    drawn: () => [{ run: { id: 'r' }, curve } as unknown as Drawn],
    shown: () => seen.range,
    shownY: () => [0, 1],
    logX: () => logX,
    logY: () => false,
    cursor: () => seen.cursor,
    focusedRun: () => 'r',
    focusRun: () => undefined,
    pressed: () => undefined,
    moveTo: (to) => (seen.cursor = to),
    zoom: (to) => (seen.range = to ?? range),
    zoomY: () => undefined,
    escape: () => false,
  })
  const press = (key: string): typeof seen => {
    const without = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
    keys.down({ key, ...without, preventDefault: () => undefined, stopPropagation: () => undefined })
    return seen
  }
  return { press }
}

describe('arrow keys on a plot', () => {
  it('go on where several points have one x', () => {
    const { press } = plotOf([0, 1, 1, 1, 2, 3], { range: [0, 3] })
    const places = Array.from({ length: 6 }, () => press('ArrowRight').cursor)
    expect(places).toEqual([0, 1, 2, 3, 3, 3])
    expect(Array.from({ length: 4 }, () => press('ArrowLeft').cursor)).toEqual([2, 1, 0, 0])
  })

  it('go from any place to the next point', () => {
    const { press } = plotOf([10, 20], { range: [12, 25] })
    expect(press('ArrowLeft').cursor).toBe(20)
    expect(press('ArrowLeft')).toEqual({ cursor: 10, range: [3.5, 16.5] })
  })

  it('keep the range of a logarithmic axis above zero, and as long as it was', () => {
    const { press } = plotOf([1, 99, 100, 499], { range: [100, 400], logX: true })
    press('ArrowRight')
    const { cursor, range } = press('ArrowLeft')
    expect(cursor).toBe(99)
    expect(range.map((end) => end / 99)).toEqual([0.5, 2])
  })
})
