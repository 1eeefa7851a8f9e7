import { describe, expect, it, test } from 'vitest'
import { headHeight, rowHeight } from '../../../src/webview/grid/geometry'
import { Layout } from '../../../src/webview/grid/layout'
import type { GridColumn } from '../../../src/webview/grid/types'

const column = (id: string, pinned = false): GridColumn => ({
  ...{ id, label: id, group: 'Metrics', kind: 'number', width: 100, pinned, extent: null },
})

/** Ten columns of 100 px, of which the first two stay, in a view of 500 px × so many rows. */
function layoutOf(rows: number, pinnedRows = 0, seen = 10): Layout {
  const columns = Array.from({ length: 10 }, (_, at) => column(`c${at}`, at === 1))
  const data = { revision: 1, rows, pinnedRows, columns, order: [] }
  return new Layout(data, { width: 500, height: headHeight + seen * rowHeight })
}

describe('what is in sight', () => {
  it('are the columns beside the pinned ones, and one more', () => {
    const layout = layoutOf(50)
    expect(layout.columnsAt(0)).toEqual({ from: 2, to: 6 })
    expect(layout.columnIds({ from: 2, to: 4 })).toEqual(['c1', 'c2', 'c3'])
    expect(layout.columnsAt(500)).toEqual({ from: 6, to: 10 })
  })

  it('are the rows below those that stay at the top', () => {
    expect(layoutOf(50).rowsAt(3 * rowHeight)).toEqual({ from: 3, to: 13 })
    const { from, to } = layoutOf(50, 2).rowsAt(0)
    expect([from, to - from]).toEqual([2, 8])
  })
})

describe('a cell is revealed', () => {
  const layout = layoutOf(50, 2)

  test.each<[string, number, number, { left: number; top: number }]>([
    ['not where it can be seen', 5, 3, { left: 0, top: 0 }],
    ['to the right', 5, 9, { left: 500, top: 0 }],
    ['upwards, and not sideways for a pinned column', 2, 1, { left: 400, top: 0 }],
    ['not for a row that stays at the top', 1, 0, { left: 300, top: 44 }],
  ])('%s', (_, row, at, expected) => {
    const before = { left: at === 1 ? 400 : at === 0 ? 300 : 0, top: row === 5 ? 0 : 44 }
    expect(layout.revealing(row, at, before)).toEqual(expected)
  })
})

test.each([0, 2])('a place in the rows is found again where so many stay at the top: %i', (pinned) => {
  for (const rows of [60, 3_000_000]) {
    const layout = layoutOf(rows, pinned)
    const scrollTop = layout.height / 3
    const { row, within } = layout.firstAt(scrollTop)
    expect(layout.scrollTopFor(row, within)).toBeCloseTo(scrollTop, 3)
    // The row at the top is drawn at the top, however much its canvas is shrunk.
    expect(layout.topOf(row, scrollTop) - scrollTop).toBeCloseTo(-within, 3)
  }
})
