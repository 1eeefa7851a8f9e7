/** What a comparison says of many runs, against NumPy, SciPy and scikit-learn on the same runs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { importances } from '../../src/shared/across/importance'
import { Random } from '../../src/shared/across/random'
import { atOnce } from '../../src/shared/steps'
import { dimension } from '../unit/across/madeUpDimension'
import { python } from './servers'

interface Runs {
  readonly numbers: Readonly<Record<string, readonly number[]>>
  readonly words: Readonly<Record<string, readonly number[]>>
  readonly metric: readonly number[]
}

interface Told {
  readonly spearman: Readonly<Record<string, number>>
  readonly eta: Readonly<Record<string, number>>
  readonly explained: number
  readonly importance: Readonly<Record<string, number>>
}

/** 160 runs of a tuning: a rate that is best in the middle, layers that are few whole numbers, an optimizer, and a seed that does nothing. */
function madeRuns(metric: (rate: number, layers: number, optimizer: number, chance: number) => number): Runs {
  const random = new Random(7)
  const column = (value: () => number): number[] => Array.from({ length: 160 }, value)
  const [rate, seed] = [column(() => random.next()), column(() => random.next())]
  const [layers, optimizer] = [column(() => 1 + random.below(4)), column(() => random.below(3))]
  const all = rate.map((value, at) => metric(value, layers[at] ?? 0, optimizer[at] ?? 0, random.next()))
  return { numbers: { rate, layers, seed }, words: { optimizer }, metric: all }
}

async function toldBySciPy(runs: Runs): Promise<Told> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-statistics-'))
  try {
    const file = path.join(folder, 'runs.json')
    await writeFile(file, JSON.stringify(runs))
    return JSON.parse(await python('3', [path.join(import.meta.dirname, 'scipy_answers.py'), file])) as Told
  } finally {
    await rm(folder, { recursive: true })
  }
}

function toldByUs({ numbers, words, metric }: Runs) {
  const params = [
    ...Object.entries(numbers).map(([key, values]) => dimension(key, values)),
    ...Object.entries(words).map(([key, places]) => dimension(key, places, ['adam', 'lion', 'sgd'])),
  ]
  const { all, explained } = atOnce(importances(params, dimension('metric', metric), [...metric.keys()]))
  return { explained, of: (key: string) => all.find(({ feature }) => feature.key === key) }
}

const optimizers = [0, 2, 0.5]

describe('the statistics of many runs', () => {
  test.each([
    ['some of which nothing explains', (rate: number, layers: number, optimizer: number, chance: number) => 10 * (rate - 0.4) ** 2 + 0.4 * layers + (optimizers[optimizer] ?? 0) + chance], // prettier-ignore
    ['whose mean is great against the spread', (rate: number, _: number, optimizer: number) => 1e6 + 3 * rate * (1 + optimizer)], // prettier-ignore
    ['with many ties', (rate: number, layers: number) => Math.round(3 * rate) * layers],
    ['that one parameter decides', (rate: number) => Math.exp(-5 * rate)],
  ])('%s are those of SciPy and scikit-learn', async (_, metric) => {
    const runs = madeRuns(metric)
    const [ours, theirs] = [toldByUs(runs), await toldBySciPy(runs)]
    for (const [key, correlation] of Object.entries({ ...theirs.spearman, ...theirs.eta }))
      expect([key, ours.of(key)?.correlation]).toEqual([key, expect.closeTo(correlation, 10)])
    // Two forests are never the same.
    expect(Math.abs(ours.explained - theirs.explained)).toBeLessThan(0.05)
    for (const [key, share] of Object.entries(theirs.importance))
      expect([key, Math.abs((ours.of(key)?.importance ?? NaN) - share) < 0.06]).toEqual([key, true])
  })
})
