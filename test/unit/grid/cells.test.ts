import { describe, expect, test } from 'vitest'
import type { Cells } from '../../../src/shared/runsTable/protocol'
import { barOf, cellDetails, cellText, isBest, sparkPath } from '../../../src/webview/grid/cellText'
import { actionOf } from '../../../src/webview/grid/keys'
import type { GridColumn } from '../../../src/webview/grid/types'

const column = (kind: GridColumn['kind']): GridColumn => ({
  ...{ id: 'metric:loss', label: 'loss', group: 'Metrics', width: 100, pinned: false, extent: null },
  kind,
})
const numbers = (values: readonly number[], states: readonly number[]): Cells => ({
  kind: 'number',
  values: Float64Array.from(values),
  states: Uint8Array.from(states),
  groups: values.map(() => null),
})
const now = Date.UTC(2026, 10, 27, 12)

describe('a cell', () => {
  test('shows what was logged as what it is', () => {
    const cells = numbers([0.5, NaN, Infinity, -Infinity, 7, 7], [1, 1, 1, 1, 0, 2])
    const shown = [0, 1, 2, 3, 4, 5].map((index) => cellText(column('number'), { cells, index }, now))
    expect(shown.map(({ text }) => text)).toEqual(['0.5', 'NaN', '∞', '−∞', '–', ''])
    expect(shown.map(({ look }) => look)).toEqual(['value', 'value', 'value', 'value', 'missing', 'pending'])
    expect(cellText(column('number'), undefined, now).look).toBe('pending')
  })

  test('tells a text from none, and several from one', () => {
    const cells: Cells = { kind: 'text', values: ['', null, 'adam', null], different: [0, 0, 1, 3] }
    const shown = [0, 1, 2, 3].map((index) => cellText(column('text'), { cells, index }, now))
    expect(shown.map(({ text, look }) => [text, look])).toEqual([
      ['', 'value'],
      ['–', 'missing'],
      ['adam', 'value'],
      ['3 values', 'several'],
    ])
  })

  test('draws no more of a long text than anybody sees', () => {
    const cells: Cells = { kind: 'text', values: ['x'.repeat(6000)], different: [0] }
    expect(cellText(column('text'), { cells, index: 0 }, now).text.length).toBe(301)
  })

  test('says of times how long ago they were, and exactly when on demand', () => {
    const cells = numbers([now - 3_600_000], [1])
    expect(cellText(column('time'), { cells, index: 0 }, now).text).toBe('1 h ago')
    expect(cellDetails(column('time'), { cells, index: 0 })[0]).toMatch(/^2026-11-27 \d\d:00:00$/)
  })

  test('says how long what goes on has gone on', () => {
    const cells = numbers([now - 61_000, now + 5000], [4, 4])
    const shown = [0, 1].map((index) => cellText(column('duration'), { cells, index }, now).text)
    expect(shown).toEqual(['1 min 1 s…', '0 s…'])
    expect(cellDetails(column('duration'), { cells, index: 0 })[0]).toMatch(/ so far$/)
  })

  test('of a group says what its number is made of', () => {
    const cells: Cells = {
      ...{ kind: 'number', values: Float64Array.of(2), states: Uint8Array.of(1) },
      groups: [{ finite: 3, nan: 1, infinite: 2, missing: 4, min: 1, max: 3 }],
    }
    expect(cellDetails(column('number'), { cells, index: 0 })).toEqual([
      '2',
      '3 values from 1 to 3',
      '1 are NaN',
      '2 are infinite',
      '4 have none',
    ])
  })
})

test('a bar reaches as far as its number lies between the ends of its scale', () => {
  expect(barOf(5, [0, 10])).toBe(0.5)
  expect(barOf(-5, [0, 10])).toBe(0)
  expect(barOf(3, [3, 3])).toBe(1)
  expect(barOf(0, [-Number.MAX_VALUE, Number.MAX_VALUE])).toBe(0.5)
  expect(barOf(NaN, [0, 10])).toBeUndefined()
  expect(barOf(Infinity, [0, 10])).toBeUndefined()
  expect(barOf(5, null)).toBeUndefined()
})

test('a number is the best only where it is said which way is better', () => {
  expect(isBest(1, { better: 'lower', extent: [1, 9] })).toBe(true)
  expect(isBest(1, { better: 'higher', extent: [1, 9] })).toBe(false)
  expect(isBest(9, { better: 'higher', extent: [1, 9] })).toBe(true)
  expect(isBest(1, { better: undefined, extent: [1, 9] })).toBe(false)
  expect(isBest(NaN, { better: 'lower', extent: [1, 9] })).toBe(false)
  expect(isBest(1, { better: 'lower', extent: null })).toBe(false)
})

test('a sparkline leaves gaps where there is no number, and shows a point that stands alone', () => {
  const path = sparkPath(Float64Array.of(0, 1, NaN, 0.5, Infinity, 1), 50, 10)
  expect(path).toBe('M0.0 9.0L10.0 1.0M30.0 5.0h1M50.0 1.0h1')
  expect(sparkPath(Float64Array.of(NaN, NaN), 50, 10)).toBe('')
  expect(sparkPath(Float64Array.of(2, 2), 50, 10)).toBe('M0.0 5.0L50.0 5.0')
})

test('keys mean what they mean in every grid, and others are left to the editor', () => {
  const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) =>
    actionOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held })
  expect(press('ArrowDown')).toMatchObject({ do: 'move', rows: 1, select: false })
  expect(press('ArrowUp', { shiftKey: true })).toMatchObject({ do: 'move', rows: -1, select: true })
  expect(press('End', { ctrlKey: true })).toMatchObject({ do: 'end', of: 'table', last: true })
  expect(press('A', { metaKey: true })).toMatchObject({ do: 'selectAll' })
  expect(press('F10', { shiftKey: true })).toMatchObject({ do: 'menu' })
  expect(press('ArrowLeft', { altKey: true, shiftKey: true })).toMatchObject({ do: 'resizeColumn', by: -1 })
  expect(press('p', { ctrlKey: true })).toBeUndefined()
  expect(press('F1')).toBeUndefined()
  expect(press('x')).toBeUndefined()
})
