import { describe, expect, test, vi } from 'vitest'
import type { TableRow, TableWindow } from '../../../src/shared/runsTable/protocol'
import { RowCache } from '../../../src/webview/grid/rowCache'
import { Selection } from '../../../src/webview/grid/selection'
import type { RowSource } from '../../../src/webview/grid/types'

interface Asked {
  readonly from: number
  readonly to: number
  readonly columns: readonly string[]
  readonly signal: AbortSignal
  answer(): Promise<void>
  gone(): Promise<void>
  fail(error: Error): Promise<void>
}

const row = (key: string): TableRow => ({
  ...{ key, kind: 'run', depth: 0, children: 0, expanded: false, label: key, status: null, color: 0 },
  ...{ starred: false, pinned: false, deleted: false, context: false, problem: null },
})

/** A cache of 1,000 rows and what it asks for. */
function makeCache() {
  const asked: Asked[] = []
  const told = { arrived: vi.fn(), gone: vi.fn(), failed: vi.fn() }
  const rows: RowSource['rows'] = ({ from, to, columns }, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<TableWindow>()
    const settle = async (): Promise<void> => {
      await promise.catch(() => undefined)
      await Promise.resolve()
    }
    asked.push({
      ...{ from, to, columns, signal },
      answer: () => {
        const keys = Array.from({ length: to - from }, (_, nth) => `run ${from + nth}`)
        resolve({
          rows: keys.map(row),
          columns: columns.map((id) => ({ kind: 'text', values: keys.map((key) => `${id} of ${key}`), different: [] })),
        })
        return settle()
      },
      gone: () => {
        resolve({ rows: null, columns: [] })
        return settle()
      },
      fail: (error) => {
        reject(error)
        return settle()
      },
    })
    signal.addEventListener('abort', () => reject(new Error('cancelled')))
    return promise
  }
  const cache = new RowCache(1, 1000, { rows } as RowSource, told)
  return { cache, asked, told }
}

const nothing = { from: 0, to: 0 }
const textAt = (cache: RowCache, index: number, column: string): string | null | undefined => {
  const fetched = cache.cell(index, column)
  return fetched?.cells.kind === 'text' ? fetched.cells.values[fetched.index] : undefined
}

describe('rows that are fetched as they come in sight', () => {
  test('are asked for once, by blocks, and are there when they arrive', async () => {
    const { cache, asked, told } = makeCache()
    cache.want([{ from: 100, to: 140 }], nothing, ['a', 'b'])
    cache.want([{ from: 100, to: 141 }], nothing, ['a', 'b'])
    expect(asked.map(({ from, to }) => [from, to])).toEqual([
      [0, 128],
      [128, 256],
    ])
    expect(cache.row(130)).toBeUndefined()
    await asked[1]?.answer()
    expect(told.arrived).toHaveBeenCalledOnce()
    expect(cache.row(130)?.key).toBe('run 130')
    expect(textAt(cache, 130, 'b')).toBe('b of run 130')
    expect(cache.has({ from: 100, to: 140 }, ['a'])).toBe(false)
    await asked[0]?.answer()
    expect(cache.has({ from: 100, to: 140 }, ['a', 'b'])).toBe(true)
  })

  test('are asked for only what is missing when other columns come in sight', async () => {
    const { cache, asked } = makeCache()
    cache.want([{ from: 0, to: 40 }], nothing, ['a', 'b'])
    await asked[0]?.answer()
    cache.want([{ from: 0, to: 40 }], nothing, ['b', 'c'])
    expect(asked[1]?.columns).toEqual(['c'])
    await asked[1]?.answer()
    expect(textAt(cache, 5, 'a')).toBe('a of run 5')
    expect(textAt(cache, 5, 'c')).toBe('c of run 5')
  })

  test('are asked for even where no column is shown beside their names', async () => {
    const { cache, asked } = makeCache()
    cache.want([{ from: 0, to: 40 }], nothing, [])
    cache.want([{ from: 0, to: 40 }], nothing, [])
    expect(asked).toHaveLength(1)
    await asked[0]?.answer()
    expect(cache.has({ from: 0, to: 40 }, [])).toBe(true)
    expect(cache.row(7)?.key).toBe('run 7')
  })

  test('are called off when they leave the view, and nobody is told', async () => {
    const { cache, asked, told } = makeCache()
    cache.want([{ from: 0, to: 40 }], nothing, ['a'])
    cache.want([{ from: 600, to: 640 }], { from: 640, to: 720 }, ['a'])
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false, false])
    await asked[1]?.answer()
    expect(told.failed).not.toHaveBeenCalled()
    // What was called off can be asked for again.
    cache.want([{ from: 0, to: 40 }], nothing, ['a'])
    expect(asked.at(-1)).toMatchObject({ from: 0, to: 128 })
  })

  test('that could not be read are told of, and asked for again', async () => {
    const { cache, asked, told } = makeCache()
    cache.want([{ from: 0, to: 40 }], nothing, ['a'])
    await asked[0]?.fail(new Error('broken pipe'))
    expect(told.failed).toHaveBeenCalledWith(new Error('broken pipe'))
    cache.want([{ from: 0, to: 40 }], nothing, ['a'])
    expect(asked).toHaveLength(2)
  })

  test('of a revision that is gone are told of', async () => {
    const { cache, asked, told } = makeCache()
    cache.want([{ from: 0, to: 40 }], nothing, ['a'])
    await asked[0]?.gone()
    expect(told.gone).toHaveBeenCalledOnce()
    expect(told.arrived).not.toHaveBeenCalled()
  })

  test('end where the table ends', () => {
    const { cache, asked } = makeCache()
    cache.want([{ from: 990, to: 1000 }], { from: 1000, to: 1000 }, ['a'])
    expect(asked.map(({ from, to }) => [from, to])).toEqual([[896, 1000]])
  })
})

describe('a selection', () => {
  test('is the last one that was begun, however late others arrive', () => {
    const selection = new Selection(() => undefined)
    const slow = selection.begin()
    const quick = selection.begin()
    selection.replace(['b'], quick)
    selection.replace(['a'], slow)
    expect([...selection.keys]).toEqual(['b'])
    const late = selection.begin()
    selection.toggle('c', 3)
    selection.replace(['x'], late)
    expect([...selection.keys]).toEqual(['b', 'c'])
  })

  test('loses what is no longer there, and says so once', () => {
    const changed = vi.fn()
    const selection = new Selection(changed)
    selection.replace(['a', 'b', 'c'], selection.begin())
    changed.mockClear()
    selection.keepOnly(new Set(['a', 'b', 'c', 'd']))
    expect(changed).not.toHaveBeenCalled()
    selection.keepOnly(new Set(['b']))
    expect([...selection.keys]).toEqual(['b'])
    expect(changed).toHaveBeenCalledOnce()
  })
})
