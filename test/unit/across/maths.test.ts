import { describe, expect, it } from 'vitest'
import { bestLast, ranked } from '../../../src/shared/across/best'
import { binsOf, gridOf } from '../../../src/shared/across/bins'
import { boxOf, quantile } from '../../../src/shared/across/box'
import { featuresOf } from '../../../src/shared/across/features'
import { growForest } from '../../../src/shared/across/forest'
import { importances } from '../../../src/shared/across/importance'
import { midranks, rankRatio, spearman } from '../../../src/shared/across/ranks'
import { Random } from '../../../src/shared/across/random'
import { isTelling, separations } from '../../../src/shared/across/separates'
import { atOnce } from '../../../src/shared/steps'
import { dimension } from './madeUpDimension'

/**
 * 150 runs made with a generator that any language repeats exactly. The figures below are those of SciPy 1.16 and scikit-learn 1.8 on
 * the same runs.
 */
function madeRuns() {
  let state = 12345n
  const next = (): number => {
    state = (state * 1103515245n + 12345n) % 2147483648n
    return Number(state) / 2147483648
  }
  const [a, b, c, d, y]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []]
  for (let run = 0; run < 150; run++) {
    a.push(next())
    b.push(Math.floor(next() * 5))
    c.push(Math.floor(next() * 3))
    d.push(next())
    y.push(10 * ((a[run] ?? 0) - 0.4) ** 2 + ([0, 2, 0.5][c[run] ?? 0] ?? 0) + 0.3 * next())
  }
  const rows = a.map((_, row) => row)
  return { a, b, c, d, y, rows, words: ['x', 'y', 'z'] }
}

describe('ranks', () => {
  const { a, b, c, y } = madeRuns()

  it('are shared by equal values, with infinities at the ends', () => {
    expect([...midranks([3, 1, 3, Infinity, -2, 3])]).toEqual([4, 2, 4, 6, 1, 4]) // scipy.stats.rankdata
    expect([...midranks([])]).toEqual([])
  })

  it('correlate as scipy.stats.spearmanr has it, with and without ties', () => {
    expect(spearman(a, y)).toBeCloseTo(0.4427272323214365, 12)
    expect(spearman(b, y)).toBeCloseTo(0.0681709432565217, 12)
    expect(spearman([1, 2, 3], [-1, -10, -100])).toBeCloseTo(-1, 12)
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN()
  })

  it('correlate with no constant, however many there are', () => {
    for (let count = 0; count <= 200; count++) {
      const [same, rising] = [Array<number>(count).fill(0.1), Array.from({ length: count }, (_, at) => at)]
      expect([count, spearman(same, rising), spearman(rising, same), spearman(same, same), rankRatio(rising, same)]).toEqual([count, NaN, NaN, NaN, NaN]) // prettier-ignore
    }
  })

  it('of groups explain as much as the statistic of scipy.stats.kruskal tells', () => {
    expect(rankRatio(c, y)).toBeCloseTo(0.7264738394415952, 12)
    expect(rankRatio([1, 1], [1, 2])).toBeNaN()
    expect(rankRatio([1, 2], [1, 1])).toBeNaN()
  })
})

describe('boxes', () => {
  it('have the quartiles of numpy.quantile', () => {
    const box = boxOf(madeRuns().y)
    expect(box?.count).toBe(150)
    expect(box?.quarter).toBeCloseTo(0.7922697, 6)
    expect(box?.median).toBeCloseTo(1.99653928, 6)
    expect(box?.threeQuarters).toBeCloseTo(2.72351241, 6)
  })

  it('end their whiskers at the farthest values within reach', () => {
    expect(boxOf([1, 2, 3, 4, 100])).toMatchObject({ quarter: 2, threeQuarters: 4, whiskers: [1, 4], high: 100 })
    expect(boxOf([7])).toMatchObject({ low: 7, median: 7, high: 7, whiskers: [7, 7] })
    expect(boxOf([])).toBeUndefined()
    expect(quantile([1e308, 1.5e308], 0.5)).toBeCloseTo(1.25e308, -300)
  })
})

describe('the forest', () => {
  const { a, b, c, d, y, rows, words } = madeRuns()
  const dimensions = [dimension('a', a), dimension('b', b), dimension('c', c, words), dimension('d', d)]
  const { features } = featuresOf(dimensions, rows)

  it('explains about what scikit-learn’s does, and tells what matters from what does not', () => {
    const { explained, importance } = atOnce(growForest(features, Float64Array.from(y), { trees: 200, seed: 1 }))
    expect(explained).toBeGreaterThan(0.9) // RandomForestRegressor(max_features=0.5, min_samples_split=5).oob_score_: 0.946
    expect(explained).toBeLessThan(0.99)
    const [ofA = 0, ofB = 0, ofC = 0, ofD = 0] = importance
    expect(Math.min(ofA, ofC)).toBeGreaterThan(0.3)
    expect(Math.max(ofB, ofD)).toBeLessThan(0.05)
  })

  it.each([
    ['with a mean that is great against the spread', (value: number) => 1e9 + 100 * value],
    ['with values near 1', (value: number) => 0.99999 + 1e-7 * value],
    ['of great values', (value: number) => 1e200 * value],
    ['of small values', (value: number) => 1e-170 * value],
    ['over all that a double can be', (value: number) => 3e307 * (value - 3)],
    ['turned around', (value: number) => -value],
  ])('sees the same in a metric %s', (_, moved) => {
    const grown = (target: readonly number[]) =>
      atOnce(growForest(features, Float64Array.from(target), { trees: 100, seed: 1 }))
    const [asIs, other] = [grown(y), grown(y.map(moved))]
    expect(other.explained).toBeCloseTo(asIs.explained, 1)
    other.importance.forEach((share, at) => expect(Math.abs(share - (asIs.importance[at] ?? NaN))).toBeLessThan(0.05))
  })

  it.each([
    ['of two sizes', (first: number, second: number) => 3 * first + second, [0.9, 0.1]],
    ['of which each needs the other', (first: number, second: number) => first * second, [1, 1]],
    ['of which one decides all', (first: number) => first, [1, 0]],
  ] as const)('tells the shares of the variance that hang on parameters %s', (_, metric, shares) => {
    const pairs = Array.from({ length: 160 }, (__, run) => [run & 1 ? 1 : -1, run & 2 ? 1 : -1] as const)
    const [first, second] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)]
    const made = featuresOf([dimension('first', first), dimension('second', second)], [...pairs.keys()]).features
    const target = Float64Array.from(pairs, ([one, other]) => metric(one, other))
    const { importance } = atOnce(growForest(made, target, { trees: 100, seed: 1 }))
    expect(importance[0]).toBeCloseTo(shares[0], 1)
    expect(importance[1]).toBeCloseTo(shares[1], 1)
    expect(Math.max(...importance)).toBeLessThanOrEqual(1)
  })

  it('comes out the same each time', () => {
    const grown = () => atOnce(growForest(features, Float64Array.from(y), { trees: 20, seed: 5 }))
    expect(grown()).toEqual(grown())
  })

  it('claims nothing of noise', () => {
    const { explained } = atOnce(growForest(features.slice(1, 2), Float64Array.from(d), { trees: 100, seed: 1 }))
    expect(explained).toBeLessThan(0.1)
  })

  it('can be stopped between trees', () => {
    const growing = growForest(features, Float64Array.from(y), { trees: 1000, seed: 1 })
    expect(growing.next().done).toBe(false)
    growing.return({ explained: NaN, importance: new Float64Array() })
    expect(growing.next().done).toBe(true)
  })
})

describe('features', () => {
  it('leave out what is constant or different in each run, and put together what can’t be told apart', () => {
    const made = featuresOf(
      [
        dimension('rate', [1, 2, 3, NaN]),
        dimension('log rate', [-1, -2, -3, NaN]),
        dimension('name', [0, 1, 2, 3], ['p', 'q', 'r', 's']),
        dimension('same', [5, 5, 5, 5]),
        dimension('seed', [4, 1, 3, 2]),
        dimension('optimizer', [0, 1, 1, 0], ['adam', 'sgd']),
        dimension('momentum', [NaN, 0, 0, NaN], ['0.9']),
      ],
      [0, 1, 2, 3],
    )
    expect(made.constant).toEqual(['same'])
    expect(made.unique).toEqual(['name'])
    expect(made.features.map(({ key, twins }) => [key, ...twins])).toEqual([
      ['rate', 'log rate'],
      ['seed'],
      ['optimizer', 'momentum'],
    ])
  })
})

describe('importances', () => {
  const { a, b, c, d, y, rows, words } = madeRuns()
  const params = [dimension('a', a), dimension('b', b), dimension('c', c, words), dimension('d', d)]

  it('are in order, of the runs with a finite metric', () => {
    const broken = dimension('metric', y.map((value, at) => (at < 5 ? NaN : at < 8 ? Infinity : value))) // prettier-ignore
    const found = atOnce(importances(params, broken, rows))
    expect(found).toMatchObject({ runs: 142, leftOut: 8 })
    expect(found.all.slice(0, 2).map(({ feature }) => feature.key).sort()).toEqual(['a', 'c']) // prettier-ignore
    expect(found.all.find(({ feature }) => feature.key === 'a')?.correlation).toBeCloseTo(spearman(a.slice(8), y.slice(8)), 12) // prettier-ignore
  })

  it.each([
    ['nothing but NaN', y.map(() => NaN)],
    ['one value', y.map(() => 3)],
    ['few runs', y.map((value, at) => (at < 5 ? value : NaN))],
  ])('grow no forest of %s', (_, metric) => {
    expect(atOnce(importances(params, dimension('metric', metric), rows)).explained).toBeNaN()
  })

  it('say nothing where nothing varies', () => {
    const found = atOnce(importances([dimension('same', a.map(() => 1))], dimension('metric', y), rows)) // prettier-ignore
    expect(found).toMatchObject({ all: [], constant: ['same'], explained: NaN })
  })
})

describe('separations', () => {
  const { a, b, rows } = madeRuns()

  it('measure numbers as scipy.stats.mannwhitneyu does', () => {
    const shifted = (values: readonly number[], by: number) =>
      values.map((value, row) => (row < 40 ? value + by : value))
    const [ofB, ofA] = atOnce(
      separations([dimension('a', shifted(a, 0.3)), dimension('b', shifted(b, -2))], rows.slice(0, 40), rows.slice(40)),
    )
    expect(ofA).toMatchObject({ by: 'shift', direction: 1, dimension: { key: 'a' } })
    expect(ofA?.difference).toBeCloseTo(0.46863636363636374, 12)
    expect(ofB).toMatchObject({ by: 'shift', direction: -1, dimension: { key: 'b' } })
    expect(ofB?.difference).toBeCloseTo(0.6620454545454546, 12)
  })

  it('find nothing in what chance has made', () => {
    const found = atOnce(separations([dimension('a', a), dimension('b', b)], rows.slice(0, 40), rows.slice(40)))
    expect(found).toHaveLength(2)
    expect(found.some(isTelling)).toBe(false)
  })

  it('tell what parts two groups from what chance might have done', () => {
    const word = dimension('optimizer', rows.map((row) => (row < 40 ? 0 : row % 4)), ['adam', 'sgd', 'lion', 'none']) // prettier-ignore
    const gone = dimension('clip', rows.map((row) => (row < 40 ? NaN : 1))) // prettier-ignore
    const same = dimension('same', rows.map(() => 1)) // prettier-ignore
    const [first, second, third] = atOnce(
      separations([dimension('a', a), same, word, gone], rows.slice(0, 40), rows.slice(40)),
    )
    expect(first).toMatchObject({ dimension: gone, by: 'set', difference: 1, set: [0, 110] })
    expect(second).toMatchObject({ dimension: word, word: { text: 'adam', counts: [40, 28] } })
    expect(second?.difference).toBeCloseTo(1 - 28 / 110, 12)
    expect(third && isTelling(third)).toBe(false)
  })

  it('tell of numbers that only one group has, not of which it has', () => {
    const clip = dimension('clip', rows.map((row) => (row < 20 ? 0.01 * (row + 1) : NaN))) // prettier-ignore
    const [found] = atOnce(separations([clip], rows.slice(0, 20), rows.slice(20)))
    expect(found).toMatchObject({ by: 'set', difference: 1, set: [20, 0] })
  })

  it('find nothing among many parameters that chance has made, and what is there all the same', () => {
    let toldOf = 0
    for (let seed = 1; seed <= 10; seed++) {
      const random = new Random(seed * 77)
      const noise = Array.from({ length: 30 }, (_, at) => dimension(`p${at}`, Float64Array.from({ length: 60 }, () => random.next()))) // prettier-ignore
      const real = dimension('real', Float64Array.from({ length: 60 }, (_, row) => random.next() + (row < 12 ? 0.9 : 0))) // prettier-ignore
      const found = atOnce(separations([...noise, real], rows.slice(0, 12), rows.slice(12, 60)))
      const telling = found.filter(isTelling)
      expect(telling[0]?.dimension.key).toBe('real')
      toldOf += telling.length - 1
    }
    // Each parameter judged alone: about 0.01 × 3 measures × 30 × 10 = 9.
    expect(toldOf).toBeLessThanOrEqual(1)
  }, 30_000)

  it('tell of a first group that keeps to the middle', () => {
    const rate = dimension('rate', rows.map((row) => (row < 20 ? 40 + row : row < 85 ? row - 80 : row))) // prettier-ignore
    const [found] = atOnce(separations([rate], rows.slice(0, 20), rows.slice(20)))
    expect(found).toMatchObject({ by: 'range', range: { low: 42, high: 57, counts: [16, 0] }, difference: 0.8 })
    expect(found && isTelling(found)).toBe(true)
  })

  it('are none where a group is empty', () => {
    expect(atOnce(separations([dimension('a', a)], [], rows))).toEqual([])
  })
})

describe('bins', () => {
  it('keep few values apart, make ranges of many, and leave empty cells empty', () => {
    const rate = dimension('rate', [0.1, 0.1, 0.01, NaN])
    const many = dimension(
      'many',
      Array.from({ length: 100 }, (_, row) => 10 ** (row / 33)),
    )
    const x = binsOf(rate, [0, 1, 2, 3], false)
    expect(x.labels).toEqual(['0.01', '0.1'])
    const metric = dimension('metric', [1, 3, Infinity, 5])
    const grid = gridOf([0, 1, 2, 3], x, x, metric, 'mean')
    expect(grid[1]?.[1]).toEqual({ rows: [0, 1], value: 2 })
    expect(grid[0]?.[0]).toEqual({ rows: [2], value: NaN })
    expect(grid[0]?.[1]).toBeUndefined()
    const rows = Array.from({ length: 100 }, (_, row) => row)
    const ranges = binsOf(many, rows, true)
    expect(ranges.edges).toEqual(['1', '2.4', '5.6', '13.3', '32', '75', '180', '420', '1000'])
    expect(ranges.labels.slice(0, 2)).toEqual(['1 – 2.4', '2.4 – 5.6'])
    const counts = rows.reduce((all, row) => all.with(ranges.binOf(row), (all[ranges.binOf(row)] ?? 0) + 1), ranges.labels.map(() => 0)) // prettier-ignore
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(3)
    expect(gridOf([0, 1], x, x, metric, 'highest')[1]?.[1]?.value).toBe(3)
    expect(gridOf([0, 1], x, x, metric, 'lowest')[1]?.[1]?.value).toBe(1)
  })

  it.each([
    ['small', [0.000123456, 0.000987654]],
    ['negative', [-987.654, -12.3456]],
    ['around zero', [-0.3, 0.3]],
    ['close together beside their size', [1e9 + 1e-4, 1e9 + 9e-4]],
    ['as far apart as can be', [-Number.MAX_VALUE, Number.MAX_VALUE]],
    ['tiny', [5e-324, 3e-322]],
  ])('have short edges that are true of numbers that are %s', (_, [low = 0, high = 0]) => {
    const values = Array.from({ length: 40 }, (__, row) => low * (1 - row / 39) + high * (row / 39))
    for (const log of [false, true]) {
      const bins = binsOf(dimension('number', values), [...values.keys()], log)
      const edges = bins.edges?.map(Number) ?? []
      expect(edges).toHaveLength(9)
      expect(edges.every((edge, at) => at === 0 || edge >= (edges[at - 1] ?? NaN))).toBe(true)
      values.forEach((value, row) => {
        const bin = bins.binOf(row)
        expect(value).toBeGreaterThanOrEqual(edges[bin] ?? NaN)
        expect(value).toBeLessThanOrEqual(edges[bin + 1] ?? NaN)
      })
    }
  })

  it('keep the commonest of many words, and count the others', () => {
    const words = Array.from({ length: 20 }, (_, at) => `w${at}`)
    const places = Array.from({ length: 39 }, (_, row) => (row < 20 ? row : 19))
    const bins = binsOf(dimension('word', places, words), [...places.keys()], false)
    expect(bins.labels).toHaveLength(12)
    expect(bins.labels).toContain('w19')
    expect(bins.leftOut).toBe(8)
  })
})

describe('the best runs', () => {
  it('have finite values, in the direction that was chosen', () => {
    const metric = dimension('metric', [3, NaN, -Infinity, 1, Infinity, 2])
    const rows = [0, 1, 2, 3, 4, 5]
    expect(ranked(metric, rows, 'lower')).toEqual([3, 5, 0])
    expect(ranked(metric, rows, 'higher')).toEqual([0, 5, 3])
  })

  it('are drawn last, those without a value first', () => {
    const shares = [0.5, undefined, 1, 0]
    const drawn = (direction?: 'higher' | 'lower') => bestLast([0, 1, 2, 3], (row) => shares[row], direction)
    expect(drawn('higher')).toEqual([1, 3, 0, 2])
    expect(drawn('lower')).toEqual([1, 2, 0, 3])
    expect(drawn()).toEqual(drawn('higher'))
  })
})
