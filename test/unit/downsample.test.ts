import { describe, expect, it, vi } from 'vitest'
import { downsample, lowerBound, type Points, sortedByX, statsOf, upperBound } from '../../src/shared/downsample'

/** A small random number generator with a seed, so that a failure can be seen again. */
function randomness(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function randomPoints(random: () => number, length: number): Points {
  const value = (): number => {
    const kind = random()
    if (kind < 0.05) return NaN
    if (kind < 0.08) return random() < 0.5 ? Infinity : -Infinity
    if (kind < 0.09) return 1e300
    return random() * 10 - 5
  }
  let step = Math.floor(random() * 10) - 5
  const x = Float64Array.from({ length }, () => (step += Math.floor(random() * 3)))
  return { x, y: Float64Array.from({ length }, value) }
}

interface Pixel {
  low: number
  high: number
  nan: boolean
  plus: boolean
  minus: boolean
}

/** The same by the simplest means: what each pixel holds. */
function pixelsOf({ x, y }: Points, from: number, to: number, width: number): Map<number, Pixel> {
  const pixels = new Map<number, Pixel>()
  x.forEach((at, index) => {
    if (at < from || at > to) return
    const number = Math.floor((at - from) * (width / (to - from)))
    const pixel = pixels.get(number) ?? { low: Infinity, high: -Infinity, nan: false, plus: false, minus: false }
    pixels.set(number, pixel)
    const value = y[index] ?? NaN
    if (Number.isNaN(value)) pixel.nan = true
    else if (value === Infinity) pixel.plus = true
    else if (value === -Infinity) pixel.minus = true
    else {
      pixel.low = Math.min(pixel.low, value)
      pixel.high = Math.max(pixel.high, value)
    }
  })
  return pixels
}

describe('downsample', () => {
  it('looks at few points of a long series to place them on a logarithmic axis', () => {
    const x = Float64Array.from({ length: 200_000 }, (_, at) => at + 1)
    const log = vi.spyOn(Math, 'log')
    downsample({ x, y: x }, 1000, 100_000, 100, true)
    expect(log.mock.calls.length).toBeLessThan(5_000)
    log.mockRestore()
  })

  it('shows in each pixel what all points would show', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomness(seed)
      const points = randomPoints(random, 50 + Math.floor(random() * 3000))
      const last = points.x.at(-1) ?? 0
      const from = random() < 0.3 ? -10 : Math.floor(random() * last)
      const to = from + 1 + Math.floor(random() * last)
      const width = 1 + Math.floor(random() * 200)
      const reduced = downsample(points, from, to, width)
      expect(pixelsOf(reduced, from, to, width), `seed ${seed}`).toEqual(pixelsOf(points, from, to, width))
    }
  })

  it('keeps order, and at most two finite points a pixel beside one neighbour on either side', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = randomness(seed)
      const points = randomPoints(random, 3000)
      const width = 1 + Math.floor(random() * 100)
      const to = (points.x.at(-1) ?? 0) - 50
      const reduced = downsample(points, 50, to, width)
      expect([...reduced.x]).toEqual([...reduced.x].sort((a, b) => a - b))
      expect(reduced.y.filter(Number.isFinite).length).toBeLessThanOrEqual(2 * (width + 1) + 2)
    }
  })

  it('never hides a lone spike', () => {
    const y = new Float64Array(1_000_000)
    y[654_321] = 9
    const x = y.map((_, index) => index)
    expect(downsample({ x, y }, 0, 999_999, 300).y).toContain(9)
  })

  it('keeps the points as they are where there is room for them', () => {
    const points = { x: Float64Array.of(0, 1, 1, 2, 3), y: Float64Array.of(5, NaN, 4, Infinity, 3) }
    expect(downsample(points, 0, 3, 100)).toEqual(points)
  })

  it('adds the neighbours outside the range, so that lines reach the edges', () => {
    const x = Float64Array.from({ length: 1000 }, (_, index) => index)
    const reduced = downsample({ x, y: x }, 400, 600, 20)
    expect([reduced.x[0], reduced.x.at(-1)]).toEqual([399, 601])
  })

  it('copes with a range of one x, with nothing in range and with no points', () => {
    const x = new Float64Array(500).fill(7)
    const y = x.map((_, index) => index)
    expect([...downsample({ x, y }, 7, 7, 10).y]).toEqual([0, 499])
    expect([...downsample({ x, y }, 8, 9, 10).y]).toEqual([499])
    expect(downsample({ x: new Float64Array(), y: new Float64Array() }, 0, 1, 10).x).toHaveLength(0)
  })

  it('reads a million points in well under a frame', () => {
    const random = randomness(3)
    const x = Float64Array.from({ length: 1_000_000 }, (_, index) => index)
    const y = x.map(() => random())
    downsample({ x, y }, 0, 999_999, 1000)
    const start = performance.now()
    downsample({ x, y }, 0, 999_999, 1000)
    // A few ms on a quiet machine; the limit only catches an algorithm gone wrong.
    expect(performance.now() - start).toBeLessThan(200)
  })
})

describe('sortedByX', () => {
  it('leaves ascending points alone', () => {
    const points = { x: Float64Array.of(1, 1, 2), y: Float64Array.of(3, 2, 1) }
    expect(sortedByX(points)).toBe(points)
  })

  it('sorts, keeps the order of equals and leaves out points without an x', () => {
    const points = { x: Float64Array.of(5, 1, NaN, 5, 0), y: Float64Array.of(1, 2, 3, 4, NaN) }
    const sorted = sortedByX(points)
    expect([...sorted.x]).toEqual([0, 1, 5, 5])
    expect([...sorted.y]).toEqual([NaN, 2, 1, 4])
  })
})

describe('bounds', () => {
  it('find the first index at or after, and after', () => {
    const sorted = Float64Array.of(1, 3, 3, 8)
    expect([0, 3, 4, 9].map((limit) => lowerBound(sorted, limit))).toEqual([0, 1, 3, 4])
    expect([0, 3, 4, 9].map((limit) => upperBound(sorted, limit))).toEqual([0, 3, 3, 4])
  })
})

describe('statsOf', () => {
  it('counts what is not finite apart', () => {
    expect(statsOf(Float64Array.of(2, NaN, -1, Infinity, NaN, -Infinity))).toEqual({
      count: 6,
      min: -1,
      max: 2,
      nan: 2,
      plusInfinity: 1,
      minusInfinity: 1,
    })
  })

  it('has no extremes where nothing is finite', () => {
    expect(statsOf(Float64Array.of(NaN))).toMatchObject({ count: 1, min: null, max: null })
  })

  it('keeps a gap that begins in a crowded pixel and ends far behind it', () => {
    const crowd = Array.from({ length: 50 }, (_, at) => [at / 1000, at === 0 || at === 49 ? NaN : at] as const)
    const points = [...crowd, [90, 5] as const, [100, 6] as const]
    const x = Float64Array.from(points, ([at]) => at)
    const y = Float64Array.from(points, ([, value]) => value)
    const reduced = downsample({ x, y }, 0, 100, 20)
    const far = reduced.x.indexOf(90)
    expect(far).toBeGreaterThan(0)
    expect(reduced.y[far - 1]).toBeNaN() // no line from the crowd to there
  })
})
