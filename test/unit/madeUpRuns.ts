/** Runs made up at random, the same for the same seed: with gaps, NaN, infinities, and texts that are hard to order. */
import type { Run, RunStatus } from '../../src/shared/model'
import { RunFrameBuilder, type RunFrame } from '../../src/shared/runFrame'

export type Random = () => number

/** Numbers from 0 up to 1 (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function oneOf<T>(random: Random, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new RangeError('nothing to choose from')
  return value
}

/** Characters around the places where the order of UTF-16 units is not that of code points, and around the ends of texts. */
const characters = ['a', 'b', 'Z', '0', '\0', '\ud7ff', '\ue000', '\uffff', '😀', '🚀', '\u{10000}', '\u{10ffff}']

export function textOf(random: Random, longest = 6): string {
  const prefix = random() < 0.3 ? 'a common beginning ' : ''
  return prefix + Array.from({ length: Math.floor(random() * longest) }, () => oneOf(random, characters)).join('')
}

const numberOf = (random: Random): number =>
  random() < 0.6
    ? oneOf(random, [NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e-300, -1e-300, Number.MAX_VALUE, -Number.MAX_VALUE])
    : (random() - 0.5) * 10 ** Math.floor(random() * 20)

const statuses: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']

export function runOf(random: Random, runId: string): Run {
  const sometimes = <T>(make: () => T): T[] => (random() < 0.7 ? [make()] : [])
  const keys = ['x', 'y', '__proto__'].filter(() => random() < 0.7)
  const startTime = random() < 0.8 ? 1000 + Math.floor(random() * 8) : null
  return {
    info: {
      runId,
      experimentId: oneOf(random, ['0', '123456789012345678']),
      runName: textOf(random),
      userId: oneOf(random, ['', 'me', 'you']),
      status: oneOf(random, statuses),
      startTime,
      endTime: random() < 0.7 ? (startTime ?? 0) + Math.floor(random() * 5) : null,
      artifactUri: oneOf(random, [`s3://bucket/1/${runId}/artifacts`, '/elsewhere', runId, `x\0${runId}`, '']),
      lifecycleStage: oneOf(random, ['active', 'active', 'deleted']),
      ...(random() < 0.1 && { problem: `torn ${runId}` }),
    },
    metrics: new Map(
      keys.map((key) => [
        key,
        {
          value: numberOf(random),
          step: oneOf(random, [0, 1, -5, 2 ** 31 - 1, 2 ** 40]),
          timestamp: 1000 + Math.floor(random() * 1000),
        },
      ]),
    ),
    params: new Map(keys.map((key) => [key, random() < 0.5 ? textOf(random) : oneOf(random, ['0.1', '0.01'])])),
    tags: new Map(keys.map((key) => [key, oneOf(random, ['', 'red', 'green'])])),
    datasets: sometimes(() => ({
      dataset: { name: `data of ${runId}`, digest: '', sourceType: '', source: '', schema: null, profile: null },
      tags: new Map([['context', 'train']]),
    })).slice(0, random() < 0.3 ? 1 : 0),
    modelOutputs: random() < 0.2 ? [{ modelId: `m-${runId}`, step: 1 }] : [],
  }
}

export function runsOf(random: Random, count: number): Run[] {
  const ids = new Set<string>()
  while (ids.size < count) ids.add(Math.floor(random() * 2 ** 32).toString(16))
  return [...ids].map((id) => runOf(random, id))
}

export function frameOf(runs: readonly Run[], capacity = 1): RunFrame {
  const builder = new RunFrameBuilder(capacity)
  for (const { info, metrics, params, tags, datasets, modelOutputs } of runs) {
    const row = builder.addRun(info)
    for (const [key, { value, step, timestamp }] of metrics) builder.setMetric(row, key, value, step, timestamp)
    for (const [key, value] of params) builder.setParam(row, key, value)
    for (const [key, value] of tags) builder.setTag(row, key, value)
    for (const input of datasets) builder.addDataset(row, input)
    for (const output of modelOutputs) builder.addModelOutput(row, output)
  }
  return builder.build()
}

/** What a frame holds, run by run. */
export const contentOf = (frame: RunFrame): Run[] => Array.from({ length: frame.length }, (_, row) => frame.run(row))
