import { describe, expect, it } from 'vitest'
import { scaleRange, shiftRange } from '../../../src/webview/charts/ranges'
import { bandFigures, placer, trace } from '../../../src/webview/charts/trace'

const box = { left: 0, right: 100, top: 0, bottom: 100 }
const same = (value: number): number => value

/** The lines that are drawn, as pairs of x and y. */
function linesOf(x: readonly number[], y: readonly number[]): number[][] {
  const lines: number[][] = []
  const pen = {
    moveTo: (...at: [number, number]) => void lines.push(at),
    lineTo: (...at: [number, number]) => void lines.at(-1)?.push(...at),
  }
  trace(pen, Float64Array.from(x), Float64Array.from(y), same, same, box)
  return lines
}

describe('a line', () => {
  it('has a gap where there is nothing finite', () => {
    expect(linesOf([0, 10, 20, 30, 40], [1, 2, NaN, 4, 5])).toEqual([
      [0, 1, 10, 2],
      [30, 4, 40, 5],
    ])
  })

  it('is cut where it leaves what can be seen, and goes where it went', () => {
    const [line = []] = linesOf([50, 51], [50, 1e9])
    expect(line.slice(0, 2)).toEqual([50, 50])
    expect(line[2]).toBeCloseTo(50, 5)
    expect(line[3]).toBeCloseTo(120, 5)
    expect(linesOf([-1e9, 1e9], [50, 50])).toEqual([[-20, 50, expect.closeTo(120, 5), 50]])
  })

  it('that only passes by is not drawn, and comes back where it does', () => {
    expect(linesOf([0, 10, 20], [500, 900, 500])).toEqual([])
    const [line = []] = linesOf([0, 10, 20, 30], [500, 500, 50, 60])
    expect(line.slice(-4)).toEqual([20, 50, 30, 60])
    expect(line[1]).toBeCloseTo(120, 5)
  })
})

describe('a band', () => {
  it('is one closed figure for each stretch, and on a logarithmic axis goes down to the bottom', () => {
    const low = Float64Array.of(-1, 1, NaN, 1, 1)
    const high = Float64Array.of(10, 10, NaN, 10, 10)
    const toY = placer([1, 100], 100, 0, true)
    const figures = bandFigures(Float64Array.of(0, 10, 20, 30, 40), low, high, same, toY, box)
    expect(figures).toHaveLength(2)
    expect(figures[0]?.map(Math.round)).toEqual([0, 50, 10, 50, 10, 100, 0, 120])
  })
})

describe('places on an axis', () => {
  it('are in proportion, or to powers, and take the greatest values', () => {
    expect(placer([0, 10], 0, 100, false)(5)).toBe(50)
    expect(placer([1, 100], 0, 100, true)(10)).toBeCloseTo(50)
    expect(placer([1, 100], 0, 100, true)(-1)).toBeNaN()
    expect(placer([-1.7e308, 1.7e308], 0, 100, false)(0)).toBe(50)
  })
})

describe('a range', () => {
  it('moves and grows along its axis', () => {
    expect(shiftRange([0, 10], 0.2, false)).toEqual([2, 12])
    expect(shiftRange([1, 100], 0.5, true)).toEqual([10, 1000])
    expect(scaleRange([0, 10], 5, 0.5, false)).toEqual([2.5, 7.5])
    expect(scaleRange([1, 10_000], 100, 0.5, true)).toEqual([10, 1000])
  })
})
