import { describe, expect, it } from 'vitest'
import { bestOf, byBest } from '../../../src/shared/across/byBest'
import { statsOf } from '../../../src/shared/downsample'
import type { Stats } from '../../../src/shared/protocol'
import { dimension } from './madeUpDimension'

const { NaN: nan, POSITIVE_INFINITY: inf } = Number
const of = (...values: number[]): Stats => statsOf(Float64Array.from(values))

describe('the best value of a history', () => {
  it.each([
    ['the lowest or highest', [3, 1, 2], 1, 3],
    ['whatever NaN stands beside it', [nan, 3, 1], 1, 3],
    ['an infinity, where one was logged', [1, inf, -inf], -inf, inf],
    ['a finite one rather than the wrong infinity', [1, inf, 2], 1, inf],
    ['an infinity where there is nothing else', [inf, nan], inf, inf],
    ['NaN where there is nothing else', [nan], nan, nan],
  ])('is %s', (_, values, lowest, highest) => {
    expect([bestOf(of(...values), 'lower'), bestOf(of(...values), 'higher')]).toEqual([lowest, highest])
  })
})

describe('a metric by its best values', () => {
  it('is the metric otherwise, and tells a run without it from one that was not read', () => {
    const loss = dimension('loss', [5, nan, 7, 0.5])
    const best = byBest(loss, 'lower', (row) => [of(9, 0.25, 5), of(1), undefined, of(0.5)][row])
    expect([...best.values]).toEqual([0.25, nan, nan, 0.5])
    expect([0, 1, 2, 3].map(best.textAt)).toEqual(['0.25', undefined, 'not read', '0.5'])
    expect(best).toMatchObject({ id: 'param:loss', key: 'loss (best)', numeric: true })
    expect(best.same(1, 2)).toBe(false)
  })
})
