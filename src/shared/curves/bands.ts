/** Many curves as one: their mean, and how far they lie apart. */
import { lowerBound, type Points, upperBound } from '../downsample'

/** What a band reaches over: from the lowest to the highest value, or one standard deviation (of a sample: n − 1) around the mean. */
export type Spread = 'range' | 'deviation'

/** Where curves are joined: at each x that one of them has, or where these are more than two a pixel, in one interval for each pixel. */
export interface Joints {
  /** Ascending. */
  readonly x: Float64Array
  /** Up to where each reaches, included: `x` itself, or the interval's end. */
  readonly ends: Float64Array
  readonly exact: boolean
}

/** Finds out where to join curves, within a range of x or all along. */
export class Joiner {
  #range: readonly [from: number, to: number]
  readonly #isGiven: boolean
  readonly #pixels: number
  readonly #log: boolean
  readonly #found = new Set<number>()
  #before = -Infinity
  #after = Infinity

  /** @param pixels that the range covers @param log whether x is on a logarithmic axis */
  constructor(range: readonly [from: number, to: number] | null, pixels: number, log: boolean) {
    this.#range = range ?? [Infinity, -Infinity]
    this.#isGiven = range !== null
    this.#pixels = pixels
    this.#log = log
  }

  /** @param points in ascending x */
  add({ x }: Points): void {
    const [first, last] = [x[0], x.at(-1)]
    if (first === undefined || last === undefined) return
    if (!this.#isGiven) this.#range = [Math.min(this.#range[0], first), Math.max(this.#range[1], last)]
    const start = lowerBound(x, this.#range[0])
    const end = upperBound(x, this.#range[1])
    this.#before = Math.max(this.#before, x[start - 1] ?? -Infinity)
    this.#after = Math.min(this.#after, x[end] ?? Infinity)
    for (let i = start; i < end && this.#found.size <= 2 * this.#pixels; i++) this.#found.add(x[i] ?? NaN)
  }

  /** The range given, or that which the curves so far reach over. */
  get range(): readonly [from: number, to: number] {
    return this.#isGiven || this.#range[0] <= this.#range[1] ? this.#range : [0, 0]
  }

  joints(): Joints {
    const [from, to] = this.range
    if (this.#found.size <= 2 * this.#pixels) {
      const around = [this.#before, ...this.#found, this.#after].filter(Number.isFinite)
      const x = Float64Array.from(around).sort()
      return { x, ends: x, exact: true }
    }
    const place = (share: number): number => (this.#log ? from * (to / from) ** share : from + (to - from) * share)
    const at = (offset: number): Float64Array =>
      Float64Array.from({ length: this.#pixels }, (_, pixel) => place((pixel + offset) / this.#pixels))
    const ends = at(1)
    ends[this.#pixels - 1] = to // whatever rounding made of it
    return { x: at(0.5), ends, exact: false }
  }
}

/** A band as columns: `x` ascending, and at each the mean, both edges, and how many curves it is made of. */
export interface Band {
  readonly x: Float64Array
  readonly mean: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
  readonly runs: Float64Array
  /** Values that were left out since they are not finite. */
  readonly notFinite: number
}

/** Adds curves up to a band. Where a curve has no point, but points on both sides, it counts as the straight line between them. */
export class BandBuilder {
  readonly #joints: Joints
  readonly #from: number
  readonly #count: Float64Array
  readonly #mean: Float64Array
  /** Sums of squared distances from the mean. */
  readonly #squares: Float64Array
  readonly #low: Float64Array
  readonly #high: Float64Array
  /** Whether some curve has a point there, be it finite or not. */
  readonly #any: Uint8Array
  #notFinite = 0

  /** @param from where the first joint begins */
  constructor(joints: Joints, from: number) {
    const { length } = joints.x
    this.#joints = joints
    this.#from = joints.exact ? (joints.x[0] ?? from) : from
    this.#count = new Float64Array(length)
    this.#mean = new Float64Array(length)
    this.#squares = new Float64Array(length)
    this.#low = new Float64Array(length).fill(Infinity)
    this.#high = new Float64Array(length).fill(-Infinity)
    this.#any = new Uint8Array(length)
  }

  /** @param points in ascending x */
  add({ x, y }: Points): void {
    const { x: places, ends } = this.#joints
    let i = lowerBound(x, this.#from)
    for (let joint = 0; joint < places.length; joint++) {
      const end = ends[joint] ?? 0
      const start = i
      let [low, high, sum, count] = [Infinity, -Infinity, 0, 0]
      for (; i < x.length && (x[i] ?? 0) <= end; i++) {
        const value = y[i] ?? NaN
        if (!Number.isFinite(value)) {
          this.#notFinite++
          continue
        }
        low = Math.min(low, value)
        high = Math.max(high, value)
        sum += value
        count++
      }
      if (i > start) this.#any[joint] = 1
      if (count > 0) this.#put(joint, sum / count, low, high)
      else if (i === start) {
        const between = lineAt(x, y, i, places[joint] ?? 0)
        if (Number.isFinite(between)) this.#put(joint, between, between, between)
      }
    }
  }

  #put(joint: number, value: number, low: number, high: number): void {
    const count = (this.#count[joint] = (this.#count[joint] ?? 0) + 1)
    const mean = this.#mean[joint] ?? 0
    const next = (this.#mean[joint] = mean + (value - mean) / count)
    this.#squares[joint] = (this.#squares[joint] ?? 0) + (value - mean) * (value - next)
    this.#low[joint] = Math.min(this.#low[joint] ?? low, low)
    this.#high[joint] = Math.max(this.#high[joint] ?? high, high)
  }

  /** Joints that no curve has a point at are left out; where none has a finite one, the band has a gap: NaN. */
  build(spread: Spread): Band {
    const kept: number[] = []
    for (let joint = 0; joint < this.#count.length; joint++)
      if ((this.#count[joint] ?? 0) > 0 || this.#any[joint] === 1) kept.push(joint)
    const column = (valueOf: (joint: number) => number): Float64Array =>
      Float64Array.from(kept, (joint) => ((this.#count[joint] ?? 0) > 0 ? valueOf(joint) : NaN))
    const mean = (joint: number): number => this.#mean[joint] ?? NaN
    // Of one curve there is none: its band is as narrow as its line.
    const deviation = (joint: number): number =>
      Math.sqrt((this.#squares[joint] ?? 0) / Math.max(1, (this.#count[joint] ?? 0) - 1))
    return {
      x: Float64Array.from(kept, (joint) => this.#joints.x[joint] ?? NaN),
      mean: column(mean),
      low: column((joint) => (spread === 'range' ? (this.#low[joint] ?? NaN) : mean(joint) - deviation(joint))),
      high: column((joint) => (spread === 'range' ? (this.#high[joint] ?? NaN) : mean(joint) + deviation(joint))),
      runs: Float64Array.from(kept, (joint) => this.#count[joint] ?? 0),
      notFinite: this.#notFinite,
    }
  }
}

/** The height at `place` of the line from the point before index `after` to the one at it; NaN where there is no such line. */
function lineAt(x: Float64Array, y: Float64Array, after: number, place: number): number {
  const [x0, x1] = [x[after - 1] ?? NaN, x[after] ?? NaN]
  const [y0, y1] = [y[after - 1] ?? NaN, y[after] ?? NaN]
  const share = x1 > x0 ? (place - x0) / (x1 - x0) : 0
  return y0 * (1 - share) + y1 * share
}
