import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { paced, rested } from '../../../src/webview/charts/paced'
import { placer, unplacer } from '../../../src/webview/charts/trace'

describe('the value at a pixel', () => {
  it.each([
    ['linear', [0, 10], false],
    ['logarithmic', [0.001, 1000], true],
    ['of the greatest values', [-1.7e308, 1.7e308], false],
  ] as const)('is that which lies there: %s', (_, range, log) => {
    const toPx = placer(range, 60, 860, log)
    const valueAt = unplacer(range, 60, 860, log)
    for (const px of [60, 61, 400, 859.5, 860]) expect(toPx(valueAt(px))).toBeCloseTo(px, 6)
  })
})

describe('paced work', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is done at once, then the latest of it after a pause, and without a pause where it may not wait', () => {
    const done: string[] = []
    const pace = paced(50)
    for (const name of ['first', 'second', 'third']) pace(() => void done.push(name), true)
    expect(done).toEqual(['first'])
    vi.advanceTimersByTime(50)
    expect(done).toEqual(['first', 'third'])
    pace(() => void done.push('fourth'), true)
    pace(() => void done.push('urgent'), false)
    vi.advanceTimersByTime(100)
    expect(done).toEqual(['first', 'third', 'urgent'])
  })
})

describe('work after a rest', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is the latest, done once nothing came for a while, and none where that was called off', () => {
    const done: string[] = []
    const after = rested(80)
    for (const name of ['first', 'second', 'third']) {
      after(() => void done.push(name))
      vi.advanceTimersByTime(60)
    }
    expect(done).toEqual([])
    vi.advanceTimersByTime(20)
    expect(done).toEqual(['third'])
    after(() => void done.push('fourth'))
    after(undefined)
    vi.advanceTimersByTime(200)
    expect(done).toEqual(['third'])
    expect(vi.getTimerCount()).toBe(0)
  })
})
