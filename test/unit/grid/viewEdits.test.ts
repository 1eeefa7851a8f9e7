import { describe, expect, test } from 'vitest'
import type { Arrangement } from '../../../src/shared/runsTable/protocol'
import { type Column, columnId, defaultView, type ShownColumn } from '../../../src/shared/runsTable/view'
import { columnLabel, gridDataOf, nameColumn, nameId } from '../../../src/webview/runs/columns'
import {
  addColumn,
  changeColumn,
  filterCount,
  hideColumn,
  listedColumns,
  moveColumn,
  sortBy,
  sortNext,
  staysInPlace,
  unfiltered,
} from '../../../src/webview/runs/viewEdits'

const metric = (key: string): Column => ({ group: 'metric', key })
const loss = metric('loss')
const status: Column = { group: 'attribute', key: 'status' }
const ids = (columns: readonly ShownColumn[] | null | undefined): string[] =>
  (columns ?? []).map(({ column }) => columnId(column))

describe('sorting by a column', () => {
  test('goes one way, then the other, then ends', () => {
    const once = { ...defaultView, ...sortNext(defaultView, loss, false, true) }
    expect(once.orderBy).toEqual([{ column: loss, descending: true }])
    const twice = { ...once, ...sortNext(once, loss, false, true) }
    expect(twice.orderBy).toEqual([{ column: loss, descending: false }])
    expect(sortNext(twice, loss, false, true).orderBy).toEqual([])
  })

  test('beside others keeps them and their order', () => {
    const one = { ...defaultView, ...sortNext(defaultView, status, false, false) }
    const two = { ...one, ...sortNext(one, loss, true, true) }
    expect(two.orderBy.map(({ column }) => column.key)).toEqual(['status', 'loss'])
    const turned = { ...two, ...sortNext(two, status, true, false) }
    expect(turned.orderBy).toEqual([
      { column: status, descending: true },
      { column: loss, descending: true },
    ])
    expect(sortNext(turned, status, true, false).orderBy).toEqual([{ column: loss, descending: true }])
    expect(sortBy(two, status, true, true).orderBy?.map(({ column }) => column.key)).toEqual(['loss', 'status'])
  })
})

describe('columns of a view', () => {
  const columns: ShownColumn[] = [
    { column: nameColumn, pinned: true },
    { column: status, pinned: true },
    { column: loss },
    { column: metric('auc'), width: 120 },
  ]

  test('are moved to where another is, and are pinned as it is', () => {
    const moved = moveColumn(columns, 'metric:auc', 'attribute:status').columns
    expect(ids(moved)).toEqual([nameId, 'metric:auc', 'attribute:status', 'metric:loss'])
    expect(moved?.[1]).toEqual({ column: metric('auc'), width: 120, pinned: true })
    const back = moveColumn(moved ?? [], 'metric:auc', 'metric:loss').columns
    expect(ids(back)).toEqual([nameId, 'attribute:status', 'metric:loss', 'metric:auc'])
    expect(back?.[3]).toEqual({ column: metric('auc'), width: 120 })
    expect(ids(moveColumn(columns, 'metric:loss', nameId).columns)).toEqual(ids(columns))
  })

  test('are hidden, changed, and added beside their kin', () => {
    expect(ids(hideColumn(columns, 'metric:loss').columns)).not.toContain('metric:loss')
    expect(changeColumn(columns, 'metric:auc', { width: undefined, draw: 'bar' }).columns?.[3]).toEqual({
      column: metric('auc'),
      draw: 'bar',
    })
    const added = addColumn(columns, { ...loss, value: 'min' }).columns
    expect(ids(added)).toEqual([nameId, 'attribute:status', 'metric:loss', 'metric.min:loss', 'metric:auc'])
    expect(ids(addColumn(added ?? [], { ...loss, value: 'min' }).columns)).toEqual(ids(added))
  })

  test('are the table’s own until the user changes one', () => {
    const arranged = columns.map((shown) => ({ ...shown, kind: 'text' as const, extent: null, longest: 5 }))
    expect(listedColumns(defaultView, arranged)).toEqual(columns)
    expect(listedColumns({ ...defaultView, columns: [] }, arranged)).toEqual([])
  })
})

test('a view knows what narrows it down, and loses all of it at once', () => {
  const view = { ...defaultView, filter: 'x', statuses: ['FAILED' as const], dataset: 'sales', orderBy: [] }
  expect(filterCount(view)).toBe(3)
  expect(filterCount({ ...view, ...unfiltered })).toBe(0)
  expect(staysInPlace({ filter: 'x' })).toBe(false)
  expect(staysInPlace({ expanded: ['a'] })).toBe(true)
})

test('the grid has the run’s name first, whether it is listed or not', () => {
  const shown = { column: loss, kind: 'number', extent: [0, 1], longest: 9 } as const
  const arrangement = { revision: 3, rows: 2, pinnedRows: 0, columns: [shown] } as unknown as Arrangement
  const view = { ...defaultView, better: { loss: 'lower' as const }, orderBy: [{ column: loss, descending: false }] }
  const data = gridDataOf(arrangement, view, 'demo')
  expect(data.columns.map(({ id }) => id)).toEqual([nameId, 'metric:loss'])
  expect(data.columns[0]).toMatchObject({ pinned: true, group: 'demo' })
  expect(data.columns[1]).toMatchObject({ better: 'lower', group: 'Metrics' })
  expect(data.order).toEqual([{ id: 'metric:loss', descending: false }])
  expect(columnLabel({ ...loss, value: 'min' })).toBe('loss (least)')
  // A key like one of an object’s own is a key like any other.
  expect(
    gridDataOf({ ...arrangement, columns: [{ ...shown, column: metric('toString') }] } as Arrangement, view, '')
      .columns[1]?.better,
  ).toBeUndefined()
})
