import type { Dimension } from './dimension'

/** A parameter as a forest takes it. */
export interface Feature {
  readonly id: string
  readonly key: string
  readonly numeric: boolean
  /** By example: the place of its value among those there are, from 1; 0 where it has none. */
  readonly codes: Int32Array
  /** How many codes there may be: one more than the greatest. */
  readonly levels: number
  /** Other parameters that always change together with it: what they do can't be told apart. */
  readonly twins: readonly string[]
}

export interface Features {
  readonly features: readonly Feature[]
  /** Keys of what has one value in all runs. */
  readonly constant: readonly string[]
  /** Keys of words that are another in each run, of which nothing can be learned. */
  readonly unique: readonly string[]
}

/** What varies among some runs, each set of twins once. */
export function featuresOf(dimensions: readonly Dimension[], rows: readonly number[]): Features {
  const features = new Map<string, Feature & { twins: string[] }>()
  const constant: string[] = []
  const unique: string[] = []
  for (const { id, key, numeric, values } of dimensions) {
    const found = [...new Set(rows.map((row) => values[row] ?? NaN).filter((value) => !Number.isNaN(value)))]
    found.sort((a, b) => (a < b ? -1 : 1))
    const places = new Map(found.map((value, at) => [value, at + 1]))
    const codes = Int32Array.from(rows, (row) => places.get(values[row] ?? NaN) ?? 0)
    if (new Set(codes).size < 2) constant.push(key)
    else if (!numeric && found.length === rows.length) unique.push(key)
    else {
      const feature = { id, key, numeric, codes, levels: found.length + 1, twins: [] }
      const twin = features.get(patternOf(feature))
      if (twin) twin.twins.push(key)
      else features.set(patternOf(feature), feature)
    }
  }
  return { features: [...features.values()], constant, unique }
}

/** Equal where two parameters part the runs in the same way, and numbers in the same or the opposite order. */
function patternOf({ codes, numeric, levels }: Pick<Feature, 'codes' | 'numeric' | 'levels'>): string {
  if (numeric) {
    const turned = codes.map((code) => (code === 0 ? 0 : levels - code))
    return `numbers ${[codes.join(' '), turned.join(' ')].sort()[0] ?? ''}`
  }
  const seen = new Map<number, number>()
  const places = codes.map((code) => {
    const known = seen.get(code) ?? seen.size
    seen.set(code, known)
    return known
  })
  return `words ${places.join(' ')}`
}
