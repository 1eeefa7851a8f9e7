/** A small random forest that learns a metric from parameters, and how much worse it gets when a parameter is shuffled. */
import type { Steps } from '../steps'
import type { Feature } from './features'
import { Random } from './random'

export interface ForestOptions {
  readonly trees: number
  readonly seed: number
}

export interface ForestResult {
  /**
   * Share of the metric's variance that the forest explains in runs it has not learned from: 1 all, 0 no more than the mean does, below
   * 0 less than that. NaN where it can't be told.
   */
  readonly explained: number
  /**
   * By feature: the share of the metric's variance that hangs on it, alone or together with others (Sobol's total effect); at most 1, about
   * 0 where it does not matter. It is half the mean squared error that shuffling the feature adds, since two values drawn at random
   * are twice the variance apart.
   */
  readonly importance: Float64Array
}

/** Places of a feature's order where it can be cut: more would take long, and tell no more of some hundred runs. */
const mostBins = 32

/** Numbers in bins of about equally many of them. */
function binned(feature: Feature): Feature {
  const values = feature.levels - 1
  if (!feature.numeric || values <= mostBins) return feature
  const codes = feature.codes.map((code) => (code === 0 ? 0 : 1 + Math.floor(((code - 1) * mostBins) / values)))
  return { ...feature, codes, levels: mostBins + 1 }
}

/** Examples that a node needs to be split. */
const leastSplit = 5
/** What a cut gains, at least, of a target between 0 and 1: less is rounding. */
const leastGain = 1e-20

/** From 0 to 1: neither squares nor sums lose what differs, however great or small the values are. */
function scaled(values: Float64Array): Float64Array {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity)
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity)
  // Halves, since the greatest doubles are too far apart.
  return values.map((value) => (high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0))
}

/** @param metric finite, one a code of the features */
export function* growForest(
  all: readonly Feature[],
  metric: Float64Array,
  { trees, seed }: ForestOptions,
): Steps<ForestResult> {
  const target = scaled(metric)
  const count = target.length
  const features = all.map(binned)
  const random = new Random(seed)
  const mean = target.reduce((sum, value) => sum + value / count, 0)
  const variance = target.reduce((sum, value) => sum + (value - mean) ** 2 / count, 0)
  const importance = new Float64Array(features.length)
  const sums = new Float64Array(count)
  const votes = new Int32Array(count)
  let judged = 0
  for (let tree = 0; tree < trees; tree++) {
    const drawn = Int32Array.from({ length: count }, () => random.below(count))
    const seen = new Set(drawn)
    const unseen = Int32Array.from({ length: count }, (_, at) => at).filter((at) => !seen.has(at))
    const root = yield* new Grower(features, target, random).grow(drawn)
    yield
    if (unseen.length < 2) continue
    judged++
    const error = (codeOf: CodeOf): number =>
      unseen.reduce((sum, at, place) => sum + (predict(root, at, place, codeOf) - (target[at] ?? 0)) ** 2, 0) /
      unseen.length
    const asIs = error((feature, at) => features[feature]?.codes[at] ?? 0)
    unseen.forEach((at, place) => {
      sums[at] = (sums[at] ?? 0) + predict(root, at, place, (feature) => features[feature]?.codes[at] ?? 0)
      votes[at] = (votes[at] ?? 0) + 1
    })
    for (const shuffled of featuresIn(root)) {
      const others = unseen.slice()
      random.shuffle(others)
      const worse = error(
        (feature, at, place) => features[feature]?.codes[feature === shuffled ? (others[place] ?? 0) : at] ?? 0,
      )
      importance[shuffled] = (importance[shuffled] ?? 0) + (worse - asIs)
      yield
    }
  }
  const errors = [...target].flatMap((value, at) => (votes[at] ? [((sums[at] ?? 0) / votes[at] - value) ** 2] : []))
  const left = errors.reduce((sum, error) => sum + error / errors.length, 0)
  return {
    explained: errors.length > 0 && variance > 0 ? 1 - left / variance : NaN,
    importance: importance.map((worse) => Math.min(1, worse / Math.max(1, judged) / (2 * variance))),
  }
}

/** @param place of the example among those that are predicted together */
type CodeOf = (feature: number, example: number, place: number) => number

interface Leaf {
  readonly value: number
}
interface Split {
  readonly feature: number
  /** 1 for each code that goes left. */
  readonly left: Uint8Array
  readonly below: readonly [Node, Node]
}
type Node = Leaf | Split

function predict(root: Node, example: number, place: number, codeOf: CodeOf): number {
  let node = root
  while ('below' in node) node = node.below[node.left[codeOf(node.feature, example, place)] === 1 ? 0 : 1]
  return node.value
}

function featuresIn(root: Node, found = new Set<number>()): Set<number> {
  if (!('below' in root)) return found
  found.add(root.feature)
  for (const node of root.below) featuresIn(node, found)
  return found
}

interface Cut {
  readonly feature: number
  readonly left: Uint8Array
  readonly gain: number
}

class Grower {
  constructor(
    private readonly features: readonly Feature[],
    private readonly target: Float64Array,
    private readonly random: Random,
  ) {}

  *grow(examples: Int32Array): Steps<Node> {
    const mean = examples.reduce((total, at) => total + (this.target[at] ?? 0), 0) / examples.length
    const leaf = { value: mean }
    const squares = examples.reduce((total, at) => total + ((this.target[at] ?? 0) - mean) ** 2, 0)
    if (examples.length < leastSplit || squares <= leastGain) return leaf
    const cut = this.#bestCut(examples, mean)
    yield
    if (!cut) return leaf
    const { codes } = this.features[cut.feature] ?? {}
    const goesLeft = (at: number): boolean => cut.left[codes?.[at] ?? 0] === 1
    return {
      feature: cut.feature,
      left: cut.left,
      below: [yield* this.grow(examples.filter(goesLeft)), yield* this.grow(examples.filter((at) => !goesLeft(at)))],
    }
  }

  /** The cut that leaves the least variance, of a third of the features drawn anew for each node, or of more where none of these cuts. */
  #bestCut(examples: Int32Array, mean: number): Cut | undefined {
    const order = Int32Array.from(this.features, (_, at) => at)
    const tried = Math.max(1, Math.ceil(order.length / 3))
    this.random.shuffle(order)
    let best: Cut | undefined
    for (const [place, feature] of order.entries()) {
      if (place >= tried && best) break
      const cut = this.#cutOf(feature, examples, mean)
      if (cut && cut.gain > (best?.gain ?? 0)) best = cut
    }
    return best
  }

  /** Numbers are cut at one place of their order, words at one place of the order of their means, which finds the best of all partings. */
  #cutOf(index: number, examples: Int32Array, mean: number): Cut | undefined {
    const feature = this.features[index]
    if (!feature) return undefined
    const counts = new Int32Array(feature.levels)
    const sums = new Float64Array(feature.levels)
    for (const at of examples) {
      const code = feature.codes[at] ?? 0
      counts[code] = (counts[code] ?? 0) + 1
      sums[code] = (sums[code] ?? 0) + (this.target[at] ?? 0) - mean
    }
    const meanOf = (code: number): number => (sums[code] ?? 0) / (counts[code] ?? 1)
    const present = [...counts.keys()].filter((code) => counts[code] !== 0)
    if (!feature.numeric) present.sort((a, b) => meanOf(a) - meanOf(b))
    let leftCount = 0
    let leftSum = 0
    let best = leastGain
    let cutAfter = -1
    for (let place = 0; place < present.length - 1; place++) {
      const code = present[place] ?? 0
      leftCount += counts[code] ?? 0
      leftSum += sums[code] ?? 0
      // What is left of the mean on one side is right of it on the other.
      const gain = leftSum ** 2 / leftCount + leftSum ** 2 / (examples.length - leftCount)
      if (gain > best) {
        best = gain
        cutAfter = place
      }
    }
    if (cutAfter < 0) return undefined
    const left = new Uint8Array(feature.levels)
    if (feature.numeric) left.fill(1, 0, (present[cutAfter] ?? 0) + 1)
    else for (const code of present.slice(0, cutAfter + 1)) left[code] = 1
    return { feature: index, left, gain: best }
  }
}
