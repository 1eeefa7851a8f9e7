import { describe, expect, it, vi } from 'vitest'
import { Limiter } from '../../src/extension/stores/limiter'
import { Sampling } from '../../src/extension/panels/sampling'
import type { MetricSeries } from '../../src/shared/model'

const never = new AbortController().signal
const seriesOf = (runId: string): MetricSeries => ({
  runId,
  key: 'loss',
  steps: Float64Array.of(1),
  values: Float64Array.of(1),
  timestamps: Float64Array.of(1),
  sampled: true,
})
type Sample = (runIds: readonly string[], key: string, signal?: AbortSignal) => Promise<MetricSeries[]>

describe('samples of a metric', () => {
  const ids = Array.from({ length: 10 }, (_, at) => `run ${at}`)

  it('of runs that are asked for together come in at most four requests, each run once', async () => {
    const sample = vi.fn<Sample>((runIds) => Promise.resolve(runIds.map(seriesOf)))
    const sampling = new Sampling(new Limiter(4))
    const found = await Promise.all(
      [...ids, ...ids].map((id) => sampling.get('a store loss', sample, id, 'loss', never)),
    )
    expect(found.map((series) => series?.runId)).toEqual([...ids, ...ids])
    expect(sample.mock.calls.length).toBeLessThanOrEqual(4)
  })

  it('of another group are asked for by themselves, and a run without the metric has none', async () => {
    const sample = vi.fn<Sample>(() => Promise.resolve([]))
    const sampling = new Sampling(new Limiter(4))
    const asked = ['a', 'b'].map((group) => sampling.get(group, sample, 'run', 'loss', never))
    expect(await Promise.all(asked)).toEqual([undefined, undefined])
    expect(sample).toHaveBeenCalledTimes(2)
  })

  it('are no longer read when all have given up, and still are when some have', async () => {
    const stopped: boolean[] = []
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const sample: Sample = async (runIds, _, signal) => {
      signal?.addEventListener('abort', () => stopped.push(true))
      await promise
      return runIds.map(seriesOf)
    }
    const sampling = new Sampling(new Limiter(1))
    const [one, two] = [new AbortController(), new AbortController()]
    const first = sampling.get('g', sample, 'run', 'loss', one.signal)
    const second = sampling.get('g', sample, 'run', 'loss', two.signal)
    await vi.waitFor(() => sampling) // both are gathered
    one.abort()
    await expect(first).rejects.toMatchObject({ reason: 'cancelled' })
    expect(stopped).toEqual([])
    resolve(undefined)
    expect((await second)?.runId).toBe('run')
  })

  it('reject everybody when they can’t be read', async () => {
    const sampling = new Sampling(new Limiter(4))
    const failing = (): Promise<never> => Promise.reject(new Error('server down'))
    const asked = ids.map((id) => sampling.get('g', failing, id, 'loss', never))
    for (const one of await Promise.allSettled(asked)) expect(one.status).toBe('rejected')
  })
})
