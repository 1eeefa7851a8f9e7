import type { MetricSeries } from '../../shared/model'

/** Collects the points of a metric's history, in any order. */
export class SeriesBuilder {
  #length = 0
  #steps = new Float64Array(1024)
  #values = new Float64Array(1024)
  #timestamps = new Float64Array(1024)

  get length(): number {
    return this.#length
  }

  add(step: number, value: number, timestamp: number): void {
    if (this.#length === this.#steps.length) this.#resize(this.#length * 2)
    this.#steps[this.#length] = step
    this.#values[this.#length] = value
    this.#timestamps[this.#length] = timestamp
    this.#length++
  }

  /** By step, then timestamp, then value, NaN last. The builder must not be used afterwards. */
  build(runId: string, key: string): MetricSeries {
    this.#resize(this.#length)
    const columns = [this.#steps, this.#timestamps, this.#values]
    const compare = (a: number, b: number): number => {
      for (const column of columns) {
        const order = difference(column[a] ?? NaN, column[b] ?? NaN)
        if (order !== 0) return order
      }
      return 0
    }
    const inOrder = sorter(this.#length, compare)
    return {
      runId,
      key,
      steps: inOrder(this.#steps),
      values: inOrder(this.#values),
      timestamps: inOrder(this.#timestamps),
    }
  }

  #resize(length: number): void {
    const resized = ({ buffer }: Float64Array<ArrayBuffer>) => new Float64Array(buffer.transfer(length * 8))
    this.#steps = resized(this.#steps)
    this.#values = resized(this.#values)
    this.#timestamps = resized(this.#timestamps)
  }
}

/** Puts a column into the order of `compare`. Histories nearly always come in order: then there is nothing to do. */
function sorter(
  length: number,
  compare: (a: number, b: number) => number,
): (column: Float64Array<ArrayBuffer>) => Float64Array<ArrayBuffer> {
  let sorted = true
  for (let at = 1; at < length && sorted; at++) sorted = compare(at - 1, at) <= 0
  if (sorted) return (column) => column
  const order = Uint32Array.from({ length }, (_, at) => at).sort(compare)
  return (column) => Float64Array.from(order, (at) => column[at] ?? NaN)
}

function difference(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}
