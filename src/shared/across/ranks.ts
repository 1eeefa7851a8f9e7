/** Orders instead of sizes: what a logarithm or an outlier does not change. */

/** Ranks from 1; equal values share the mean of theirs. NaN must not be among them. */
export function midranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, at) => at).sort((a, b) =>
    compare(values[a] ?? 0, values[b] ?? 0),
  )
  const ranks = new Float64Array(values.length)
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to++
    for (let place = from; place < to; place++) ranks[order[place] ?? 0] = (from + to + 1) / 2
  }
  return ranks
}

/** Infinities subtract to NaN. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Spearman's rank correlation, -1 … 1: Pearson's of the ranks. NaN where one of the two does not vary.
 *
 * @param y as many as there are in `x`
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [ranksX, ranksY] = [midranks(x), midranks(y)]
  const mean = (ranksX.length + 1) / 2 // exactly: a sum's rounding would make constants vary
  let both = 0
  let squaresX = 0
  let squaresY = 0
  ranksX.forEach((rank, at) => {
    const dx = rank - mean
    const dy = (ranksY[at] ?? 0) - mean
    both += dx * dy
    squaresX += dx * dx
    squaresY += dy * dy
  })
  return both / Math.sqrt(squaresX * squaresY)
}

/**
 * How much of the ranks of `y` the groups explain: the correlation ratio η of ranks, 0 … 1; of two groups the absolute rank
 * correlation. NaN where `y` does not vary, or there is but one group.
 *
 * @param groups a number a value, equal within a group
 */
export function rankRatio(groups: ArrayLike<number>, y: ArrayLike<number>): number {
  const ranks = midranks(y)
  const mean = (ranks.length + 1) / 2
  const sums = new Map<number, [sum: number, count: number]>()
  let total = 0
  ranks.forEach((rank, at) => {
    const sum = sums.get(groups[at] ?? 0) ?? [0, 0]
    sums.set(groups[at] ?? 0, [sum[0] + rank, sum[1] + 1])
    total += (rank - mean) ** 2
  })
  if (sums.size < 2) return NaN
  let between = 0
  for (const [sum, count] of sums.values()) between += count * (sum / count - mean) ** 2
  return Math.sqrt(between / total)
}
