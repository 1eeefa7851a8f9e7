import { describe, expect, test } from 'vitest'
import { inOrder } from '../../src/extension/stores/series'
import { noNumber, numberKeys, radixSort, sortByNumber } from '../../src/shared/radixSort'

/** The same numbers at each run. */
function random(): () => number {
  let state = 12345
  return () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0)
}

const places = (length: number): Uint32Array => Uint32Array.from({ length }, (_, at) => at)

// Below and above the number from which on it goes by digits.
describe.each([0, 1, 2, 999, 1000, 5000])('%i items', (length) => {
  test('are sorted by 64 bits, equal ones in the order they have', () => {
    const next = random()
    const high = Uint32Array.from({ length }, () => (next() % 3 === 0 ? 0xffff_ffff : next() % 5))
    const low = Uint32Array.from({ length }, () => (next() % 2 === 0 ? next() : next() % 7))
    const order = places(length).reverse()
    const expected = Array.from(order).sort(
      (a, b) => (high[a] ?? 0) - (high[b] ?? 0) || (low[a] ?? 0) - (low[b] ?? 0) || b - a,
    )
    radixSort(order, high, low)
    expect(Array.from(order)).toEqual(expected)
  })

  test('of a part only', () => {
    const next = random()
    const values = Float64Array.from({ length: length * 2 }, () => next())
    const order = places(length * 2).filter((at) => at % 2 === 1)
    const expected = Array.from(order).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b)
    sortByNumber(order, values)
    expect(Array.from(order)).toEqual(expected)
  })
})

const numbers = [3, -1, NaN, Infinity, 0, -0, -Infinity, 1e-320, -1e-320, 1e300, -1e300, Number.MAX_VALUE, 2 ** 53, NaN]

describe('numbers', () => {
  test.each([1, 200])('of every kind count as they should, NaN last (%i of each)', (times) => {
    const values = Float64Array.from(Array.from({ length: times }, () => numbers).flat())
    const order = places(values.length)
    sortByNumber(order, values)
    const rank = (value: number) => (Number.isNaN(value) ? 2 : value === Infinity ? 1 : 0)
    const expected = Array.from(places(values.length)).sort((a, b) => {
      const [x = NaN, y = NaN] = [values[a], values[b]]
      return rank(x) - rank(y) || (rank(x) === 0 && x !== y ? (x < y ? -1 : 1) : a - b)
    })
    expect(Array.from(order)).toEqual(expected)
  })

  test('have NaN above all in both directions', () => {
    for (const ascending of [true, false]) {
      const { high } = numberKeys(Float64Array.from(numbers), places(numbers.length), ascending)
      expect(Array.from(high, (half) => half === noNumber)).toEqual(numbers.map(Number.isNaN))
    }
  })
})

test('a history without order is sorted by step, time and value', () => {
  const next = random()
  const length = 20_000
  const column = (of: number) => Float64Array.from({ length }, () => (next() % 50 === 0 ? NaN : next() % of))
  const points = { steps: column(100), values: column(3), timestamps: column(4) }
  const rows = Array.from(points.steps, (step, at) => [step, points.timestamps[at] ?? 0, points.values[at] ?? 0])
  const difference = (a: number, b: number) =>
    a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || a - b || 0
  const expected = rows.sort(
    ([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => difference(a, x) || difference(b, y) || difference(c, z),
  )
  const sorted = inOrder(points)
  expect(Array.from(sorted.steps)).toEqual(expected.map(([step]) => step))
  expect(Array.from(sorted.timestamps)).toEqual(expected.map(([, timestamp]) => timestamp))
  expect(Array.from(sorted.values)).toEqual(expected.map(([, , value]) => value))
})
