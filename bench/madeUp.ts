/** Runs made up in memory: 50 columns each. */
import { RunFrameBuilder, type RunFrame } from '../src/shared/runFrame'

export interface Mix {
  readonly metrics: number
  /** Of a few values, and of a value of its own for each run. */
  readonly params: number
  readonly distinctParams: number
  readonly tags: number
}

export const mixes: Readonly<Record<string, Mix>> = {
  metrics: { metrics: 50, params: 0, distinctParams: 0, tags: 0 },
  mixed: { metrics: 20, params: 18, distinctParams: 2, tags: 10 },
}

let state = 1
const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647
const hex = (): string =>
  Array.from({ length: 8 }, () =>
    Math.floor(random() * 0x10000)
      .toString(16)
      .padStart(4, '0'),
  ).join('')

export function madeUpPage(first: number, count: number, { metrics, params, distinctParams, tags }: Mix): RunFrame {
  const runs = new RunFrameBuilder(count)
  for (let index = first; index < first + count; index++) {
    const runId = hex()
    const startTime = 1_760_000_000_000 + index * 1000
    const row = runs.addRun({
      runId,
      experimentId: '1',
      runName: `run-${index}`,
      userId: 'bench',
      status: 'FINISHED',
      startTime,
      endTime: startTime + Math.floor(random() * 1e6),
      artifactUri: `s3://bucket/1/${runId}/artifacts`,
      lifecycleStage: 'active',
    })
    for (let at = 0; at < metrics; at++)
      if (random() < 0.95)
        runs.setMetric(row, `metric_${at}`, random() < 0.01 ? NaN : random() - 0.5, at, startTime + at)
    for (let at = 0; at < params; at++)
      runs.setParam(row, `param_${at}`, ['0.001', '0.01', '0.1', '1'][(index + at) % 4] ?? '')
    for (let at = 0; at < distinctParams; at++) runs.setParam(row, `distinct_${at}`, String(random()))
    for (let at = 0; at < tags; at++) runs.setTag(row, `tag_${at}`, at === 0 ? `run-${index}` : `team ${index % 7}`)
  }
  return runs.build()
}
