import { describe, expect, test } from 'vitest'
import { bandsOf, geometryOf } from '../../../src/webview/grid/geometry'
import type { GridColumn, GridData } from '../../../src/webview/grid/types'
import { inSight, rowsInSight, rowTop, scrollToRow, startsOf, trackOf } from '../../../src/webview/grid/windowing'

describe('rows', () => {
  const track = trackOf(1000, 22, 440)

  test('in sight are those that overlap the view', () => {
    expect(rowsInSight(track, 0, 440)).toEqual({ from: 0, to: 20 })
    expect(rowsInSight(track, 11, 440)).toEqual({ from: 0, to: 21 })
    expect(rowsInSight(track, 22, 440, 3)).toEqual({ from: 0, to: 24 })
    expect(rowsInSight(track, 22_000 - 440, 440, 3)).toEqual({ from: 977, to: 1000 })
    expect(rowsInSight(trackOf(0, 22, 440), 0, 440, 3)).toEqual({ from: 0, to: 0 })
  })

  test('are scrolled to by the shortest way', () => {
    expect(scrollToRow(track, 5, 0, 440)).toBe(0)
    expect(scrollToRow(track, 20, 0, 440)).toBe(22)
    expect(scrollToRow(track, 5, 1000, 440)).toBe(110)
  })

  test('beyond the height that a browser can draw are all reached, and lie on the screen where they belong', () => {
    const rows = 10_000_000
    const huge = trackOf(rows, 22, 440)
    expect(huge.height).toBeLessThan(16_000_000)
    const bottom = huge.height - 440
    expect(rowsInSight(huge, bottom, 440).to).toBe(rows)
    // The last row ends at the lower edge of the view.
    expect(rowTop(huge, rows - 1, bottom) + 22 - bottom).toBeCloseTo(440, 3)
    const middle = scrollToRow(huge, 5_000_000, 0, 440)
    const { from, to } = rowsInSight(huge, middle, 440)
    expect(from).toBeLessThanOrEqual(5_000_000)
    expect(to).toBeGreaterThan(5_000_000)
    const seen = rowTop(huge, 5_000_000, middle) - middle
    expect(seen).toBeGreaterThan(-1)
    expect(seen + 22).toBeLessThan(441)
  })
})

describe('columns', () => {
  const starts = startsOf([100, 50, 0, 200])

  test('in sight are those that overlap the view', () => {
    expect(starts).toEqual([0, 100, 150, 150, 350])
    expect(inSight(starts, 0, 100)).toEqual({ from: 0, to: 1 })
    expect(inSight(starts, 99, 101)).toEqual({ from: 0, to: 2 })
    expect(inSight(starts, 160, 200)).toEqual({ from: 3, to: 4 })
    expect(inSight(starts, 160, 200, 1)).toEqual({ from: 2, to: 4 })
    expect(inSight([0], 0, 100)).toEqual({ from: 0, to: 0 })
  })

  const column = (id: string, width: number, pinned = false, group = 'a'): GridColumn => ({
    ...{ id, label: id, group, kind: 'text', extent: null },
    ...{ width, pinned },
  })
  const data = (columns: readonly GridColumn[], pinnedRows = 0): GridData => ({
    ...{ revision: 1, rows: 100, order: [] },
    ...{ columns, pinnedRows },
  })
  const columns = [column('name', 300, true), column('b', 100, true), column('c', 100), column('d', 100, false, 'z')]

  test('that are pinned stay in sight where others have room beside them', () => {
    expect(geometryOf(data(columns), 1000, 500)).toMatchObject({ pinned: 2, pinnedWidth: 400, width: 600 })
    expect(geometryOf(data(columns), 400, 500)).toMatchObject({ pinned: 1, pinnedWidth: 200 })
  })

  test('and rows that are pinned leave half of the view to the others', () => {
    expect(geometryOf(data(columns, 2), 1000, 500)).toMatchObject({ stuck: 2 })
    const many = geometryOf(data(columns, 90), 1000, 500)
    expect(many.stuck).toBeLessThan(12)
    expect(many.viewHeight).toBeGreaterThan(200)
  })

  test('of one heading stand in one band', () => {
    expect(bandsOf(columns, 1, 4)).toEqual([
      { label: 'a', from: 1, to: 3 },
      { label: 'z', from: 3, to: 4 },
    ])
  })
})
