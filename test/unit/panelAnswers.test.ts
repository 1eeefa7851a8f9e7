import { describe, expect, it, vi } from 'vitest'
import type { Connections } from '../../src/extension/connections/connection'
import type { ByteRange } from '../../src/extension/stores'
import { Answers } from '../../src/extension/panels/answers'
import { bandOf } from '../../src/extension/panels/curves'
import { loadedSeries } from '../../src/extension/panels/seriesCache'
import { subjectOf } from '../../src/extension/panels/subject'
import type { MetricSeries, Run } from '../../src/shared/model'
import { RunFrameBuilder } from '../../src/shared/runFrame'
import type { BandQuery, CurveQuery, RunRef } from '../../src/shared/protocol'

const ref = { connection: 'c', runId: 'r1' }
const never = new AbortController().signal

function runWith(latest: number, startTime: number | null = 1000, status: Run['info']['status'] = 'RUNNING'): Run {
  return {
    info: {
      runId: 'r1',
      experimentId: '7',
      runName: 'brave-fox-1',
      userId: 'ada',
      status,
      startTime,
      endTime: null,
      artifactUri: 'file:///a',
      lifecycleStage: 'active',
    },
    metrics: new Map([
      ['loss10', { value: 1, step: 0, timestamp: 0 }],
      ['loss2', { value: NaN, step: latest, timestamp: 0 }],
    ]),
    params: new Map([['__proto__', 'p']]),
    tags: new Map([['mlflow.parentRunId', 'r0']]),
    datasets: [],
    modelOutputs: [],
  }
}

/** A connection to one run whose store can be changed. */
function setUp(series: MetricSeries = seriesOf(3)) {
  const store = {
    getRun: vi.fn(() => Promise.resolve(runWith(1))),
    getExperiment: vi.fn(() => Promise.resolve({ name: 'pricing' })),
    getMetricHistory: vi.fn(() => Promise.resolve(series)),
    readArtifact: vi.fn(async function* (_runId: string, _path: string, _signal: AbortSignal, range: ByteRange) {
      await Promise.resolve()
      for (let at = range.start; at < Math.min(10, range.start + range.length); at++) yield Uint8Array.of(at)
    }),
    listArtifacts: vi.fn(() => Promise.resolve([{ path: 'a.txt', isDir: false, fileSize: 3, modelId: 'm' }])),
  }
  const connection = { id: 'c', name: 'db', uri: 'sqlite:///db', store: () => Promise.resolve(store) }
  const connections = { discovered: Promise.resolve(), get: () => connection } as unknown as Connections
  return { store, answers: new Answers(connections) }
}

function seriesOf(length: number): MetricSeries {
  const steps = Float64Array.from({ length }, (_, index) => index)
  return {
    runId: 'r1',
    key: 'k',
    steps,
    values: steps.map((step) => step / 10),
    timestamps: steps.map((step) => 5000 - step * 100),
  }
}

describe('curves that a page will ask for', () => {
  const asked = async (change: object, runs: number): Promise<string[]> => {
    const { store, answers } = setUp()
    Object.assign(store, change)
    answers.warm(
      Array.from({ length: runs }, () => ref),
      never,
    )
    await new Promise((resolve) => setTimeout(resolve)) // all that is made up answers before
    return store.getMetricHistory.mock.calls.map((call: unknown[]) => String(call[1]))
  }

  it('are read before it does, once for all that ask', async () => {
    expect(await asked({}, 2)).toEqual(['loss10', 'loss2'])
  })

  it.each([
    ['of many runs', {}, 11],
    ['where samples come first', { sampleMetricHistories: () => Promise.resolve([]) }, 1],
    [
      'of runs with many metrics',
      {
        getRun: () =>
          Promise.resolve({
            ...runWith(1),
            metrics: new Map([1, 2, 3, 4, 5].map((at) => [`m${at}`, { value: 1, step: 0, timestamp: 0 }])),
          }),
      },
      1,
    ],
    ['of runs that are gone', { getRun: () => Promise.reject(new Error('gone')) }, 1],
  ])('are left to it %s', async (_, change, runs) => {
    expect(await asked(change, runs)).toEqual([])
  })
})

const query = (change: Partial<CurveQuery> = {}): CurveQuery => ({
  run: ref,
  key: 'loss2',
  axis: 'step',
  ...{ xKey: '', logX: false, smoothing: 0, core: null },
  range: null,
  width: 500,
  samples: false,
  ...change,
})

describe('Answers', () => {
  it('gives a run as JSON and typed arrays, keys in natural order', async () => {
    const details = await setUp().answers.run(ref, true, never)
    expect(details).toMatchObject({
      name: 'brave-fox-1',
      experimentName: 'pricing',
      parentRunId: 'r0',
      params: [['__proto__', 'p']],
    })
    expect(details.metrics.keys).toEqual(['loss2', 'loss10'])
    expect(details.metrics.values).toEqual(Float64Array.of(NaN, 1))
  })

  it('gives curves by step, wall time and relative time', async () => {
    const { answers } = setUp()
    const xOf = async (axis: CurveQuery['axis']): Promise<number[]> => [
      ...(await answers.curve(query({ axis }), never)).x,
    ]
    expect(await xOf('step')).toEqual([0, 1, 2])
    expect(await xOf('time')).toEqual([4800, 4900, 5000])
    expect(await xOf('relative')).toEqual([3800, 3900, 4000])
  })

  it('counts relative time from the first point where the run has no start', async () => {
    const { answers, store } = setUp()
    store.getRun.mockResolvedValue(runWith(1, null))
    expect([...(await answers.curve(query({ axis: 'relative' }), never)).x]).toEqual([0, 100, 200])
  })

  it('reduces a long series to the pixels of the range, and says so', async () => {
    const { answers, store } = setUp(seriesOf(10_000))
    const whole = await answers.curve(query({ width: 100 }), never)
    expect(whole).toMatchObject({ reduced: true, total: 10_000, inRange: 10_000, extent: [0, 9999] })
    expect(whole.x.length).toBeLessThanOrEqual(202)
    const zoomed = await answers.curve(query({ width: 100, range: [500, 600] }), never)
    expect(zoomed).toMatchObject({ reduced: false, total: 10_000, inRange: 101 })
    expect([...zoomed.x]).toEqual(Array.from({ length: 103 }, (_, index) => 499 + index))
    expect(store.getMetricHistory).toHaveBeenCalledOnce()
  })

  it('says of an empty series that it has no extent', async () => {
    expect(await setUp(seriesOf(0)).answers.curve(query(), never)).toMatchObject({ total: 0, extent: null })
  })

  it('of a run under way looks for points each time: it may log below its highest step', async () => {
    const { answers, store } = setUp()
    await answers.curve(query(), never)
    await answers.curve(query({ range: [0, 1] }), never)
    expect(store.getMetricHistory).toHaveBeenCalledTimes(1)
    await answers.run(ref, false, never)
    await answers.curve(query(), never)
    expect(store.getMetricHistory).toHaveBeenCalledTimes(2)
    expect(store.getMetricHistory).toHaveBeenLastCalledWith('r1', 'loss2', expect.anything(), seriesOf(3))
  })

  it('gives samples where they are asked for, says so, and reads the whole where there are none', async () => {
    const { answers, store } = setUp(seriesOf(3000))
    store.getRun.mockResolvedValue(runWith(2999))
    const sampled: MetricSeries = { ...seriesOf(10), sampled: true }
    const sampling = vi.fn<() => Promise<MetricSeries[]>>(() => Promise.resolve([sampled]))
    Object.assign(store, { sampleMetricHistories: sampling })
    expect(await answers.curve(query({ samples: true }), never)).toMatchObject({ sampled: true, total: 10 })
    expect(store.getMetricHistory).not.toHaveBeenCalled()
    expect(await answers.curve(query(), never)).toMatchObject({ sampled: false, total: 3000 })
    expect(await answers.curve(query({ samples: true }), never)).toMatchObject({ sampled: false, total: 3000 })
    expect(sampling).toHaveBeenCalledOnce() // the whole is there by now
    sampling.mockRejectedValue(new Error('no samples today'))
    expect(await answers.curve(query({ key: 'loss10', samples: true }), never)).toMatchObject({ sampled: false })
  })

  it('reads a series of a finished run again once it has a newer point, and not before', async () => {
    const { answers, store } = setUp()
    store.getRun.mockResolvedValue(runWith(1, 1000, 'FINISHED'))
    await answers.curve(query(), never)
    await answers.run(ref, false, never)
    await answers.curve(query(), never)
    expect(store.getMetricHistory).toHaveBeenCalledTimes(1)
    store.getRun.mockResolvedValue(runWith(2, 1000, 'FINISHED'))
    await answers.run(ref, false, never)
    await answers.curve(query(), never)
    expect(store.getMetricHistory).toHaveBeenCalledTimes(2)
  })

  it('knows from many runs read at once that a series has a newer point', async () => {
    const { answers, store } = setUp()
    store.getRun.mockResolvedValue(runWith(1, 1000, 'FINISHED'))
    await answers.stats(ref, 'loss2', never)
    store.getRun.mockResolvedValue(runWith(2, 1000, 'FINISHED'))
    const frame = new RunFrameBuilder(1)
    const row = frame.addRun(runWith(2, 1000, 'FINISHED').info)
    frame.setMetric(row, 'loss2', NaN, 2, 0)
    Object.assign(store, {
      searchRuns: async function* () {
        yield await Promise.resolve(frame.build())
      },
    })
    await answers.across([ref], false, never)
    await answers.stats(ref, 'loss2', never)
    expect(store.getMetricHistory).toHaveBeenCalledTimes(2)
  })

  it('reads everything again when it is told that all may be out of date', async () => {
    const { answers, store } = setUp()
    await answers.curve(query(), never)
    answers.expire(undefined)
    await answers.curve(query(), never)
    expect(store.getMetricHistory).toHaveBeenCalledTimes(2)
  })

  it('shows the old series with the reason when a newer one can’t be read', async () => {
    const { answers, store } = setUp()
    await answers.curve(query(), never)
    answers.expire(undefined)
    store.getMetricHistory.mockRejectedValue(new Error('503'))
    expect(await answers.curve(query(), never)).toMatchObject({ total: 3, refreshError: '503' })
  })

  it('reads at most four histories at once', async () => {
    const { answers, store } = setUp()
    let running = 0
    let most = 0
    store.getMetricHistory.mockImplementation(async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return seriesOf(1)
    })
    await answers.run(ref, false, never)
    await Promise.all(Array.from({ length: 20 }, (_, index) => answers.stats(ref, `metric ${index}`, never)))
    expect(most).toBe(4)
  })

  it('gives a smoothed curve with what was logged, both in the pixels of the range', async () => {
    const { answers } = setUp(seriesOf(10_000))
    const curve = await answers.curve(query({ smoothing: 0.9, width: 100, range: [5000, 6000] }), never)
    expect(curve.raw?.x.length).toBeLessThanOrEqual(204)
    // It lags behind by what the whole series before the range says.
    const at = curve.x.indexOf(5500)
    expect(curve.y[at < 0 ? 50 : at]).toBeLessThan(curve.raw?.y[at < 0 ? 50 : at] ?? NaN)
    expect((await answers.curve(query(), never)).raw).toBeNull()
  })

  it('gives one metric against another, and says how many points have no place', async () => {
    const { answers, store } = setUp()
    store.getMetricHistory.mockImplementation(((_run: string, key: string) =>
      Promise.resolve(
        key === 'loss2' ? seriesOf(4) : { ...seriesOf(4), values: Float64Array.of(8, 6, NaN, 2) },
      )) as never)
    const curve = await answers.curve(query({ axis: 'metric', xKey: 'loss10' }), never)
    expect([...curve.x]).toEqual([2, 6, 8])
    expect([...curve.y]).toEqual([0.3, 0.1, 0])
    expect(curve).toMatchObject({ unplaced: 1, total: 3, extent: [2, 8] })
  })

  it('of a logarithmic axis leaves out what is not above zero, and says so', async () => {
    const { answers } = setUp({ ...seriesOf(4), steps: Float64Array.of(-2, 0, 1, 10) })
    expect(await answers.curve(query({ logX: true }), never)).toMatchObject({ unplaced: 2, extent: [1, 10] })
    expect(await answers.curve(query({ logX: true, axis: 'relative' }), never)).toMatchObject({ unplaced: 0 })
  })

  it('takes steps that repeat, go backwards or are negative', async () => {
    const { answers } = setUp({ ...seriesOf(5), steps: Float64Array.of(3, -1, 3, 0, -1) })
    const curve = await answers.curve(query(), never)
    expect([...curve.x]).toEqual([-1, -1, 0, 3, 3])
    expect([...curve.y]).toEqual([0.1, 0.4, 0.3, 0, 0.2])
  })

  it('takes times that were logged in seconds as such, and says so', async () => {
    const start = Date.UTC(2026, 10, 1)
    const { answers, store } = setUp({
      ...seriesOf(3),
      timestamps: Float64Array.of(start / 1000, start / 1000 + 60, start / 1000 + 120),
    })
    store.getRun.mockResolvedValue(runWith(1, start))
    const relative = await answers.curve(query({ axis: 'relative' }), never)
    expect([...relative.x]).toEqual([0, 60_000, 120_000])
    expect(relative.inSeconds).toBe(true)
    expect((await answers.curve(query({ axis: 'time' }), never)).extent).toEqual([start, start + 120_000])
    store.getRun.mockResolvedValue(runWith(2, 1000))
    await answers.run(ref, false, never)
    expect((await answers.curve(query({ axis: 'time' }), never)).inSeconds).toBe(false)
  })

  it('says what all values but outliers lie between, where that is asked', async () => {
    const { answers } = setUp(seriesOf(101))
    expect((await answers.curve(query({ core: 'finite' }), never)).core).toEqual([0.5, 9.5])
    expect((await answers.curve(query(), never)).core).toBeNull()
  })

  it.each([
    ['all NaN', () => NaN],
    ['constant', () => 3],
  ])('reduces half a million points, %s', async (_, valueOf) => {
    const { answers } = setUp({ ...seriesOf(500_000), values: new Float64Array(500_000).map(valueOf) })
    const curve = await answers.curve(query({ width: 800, smoothing: 0.5, core: 'finite' }), never)
    expect(curve).toMatchObject({ total: 500_000, reduced: true })
    expect(curve.x.length).toBeLessThan(1700)
    expect(new Set(curve.y)).toEqual(new Set([valueOf()]))
  })

  describe('of several runs as one curve', () => {
    const bandQuery = (runs: number, change: Partial<BandQuery> = {}): BandQuery => {
      const { run: _run, samples: _samples, ...look } = query()
      return {
        ...look,
        runs: Array.from({ length: runs }, (_, index) => ({ connection: 'c', runId: `r${index}` })),
        spread: 'range',
        ...change,
      }
    }
    const shiftedBy = (runId: string): MetricSeries => {
      const series = seriesOf(3)
      return { ...series, values: series.values.map((value) => value + Number(runId.slice(1))) }
    }

    it('gives mean and edges', async () => {
      const { answers, store } = setUp()
      store.getMetricHistory.mockImplementation(((runId: string) => Promise.resolve(shiftedBy(runId))) as never)
      const curve = await answers.band(bandQuery(3), never)
      expect([...curve.y]).toEqual([1, 1.1, 1.2].map((mean) => expect.closeTo(mean, 10) as number))
      expect([...(curve.band?.low ?? [])]).toEqual([0, 0.1, 0.2])
      expect([...(curve.band?.high ?? [])]).toEqual([2, 2.1, 2.2])
      expect(curve).toMatchObject({ total: 9, inRange: 9, extent: [0, 2], reduced: false })
    })

    it('leaves out runs that can’t be read, says which part, and fails where that is all', async () => {
      const { answers, store } = setUp()
      const gone = new Error('There is no run r1.')
      store.getMetricHistory.mockImplementation(((runId: string) =>
        runId === 'r1' ? Promise.reject(gone) : Promise.resolve(shiftedBy(runId))) as never)
      const curve = await answers.band(bandQuery(3), never)
      expect(curve.band?.problem).toBe('1 of 3 runs are left out: There is no run r1.')
      expect([...curve.y]).toEqual([1, 1.1, 1.2].map((mean) => expect.closeTo(mean, 10) as number))
      store.getMetricHistory.mockRejectedValue(gone)
      await expect(answers.band(bandQuery(2, { key: 'loss10' }), never)).rejects.toThrow('There is no run r1.')
    })

    it.each([null, [1, 2] as const])(
      'reads each run twice at most, the last ones first again, in range %j',
      async (range) => {
        const read = vi.fn(({ runId }: RunRef) => {
          const run = runWith(2)
          return Promise.resolve({ series: { loaded: loadedSeries(shiftedBy(runId), 0), run }, along: undefined })
        })
        await bandOf(bandQuery(3, { range: range && [...range] }), read, never)
        expect(read.mock.calls.map(([{ runId }]) => runId)).toEqual(['r0', 'r1', 'r2', 'r2', 'r1', 'r0'])
      },
    )

    it('takes 500 runs a few at a time, and stops when the page is closed', async () => {
      const { answers, store } = setUp()
      store.getMetricHistory.mockImplementation(((runId: string) => Promise.resolve(shiftedBy(runId))) as never)
      const curve = await answers.band(bandQuery(500), never)
      expect(curve.band?.runs[0]).toBe(500)
      expect(store.getMetricHistory).toHaveBeenCalledTimes(500)

      const closing = new AbortController()
      store.getMetricHistory.mockClear()
      store.getMetricHistory.mockImplementation(() => {
        closing.abort()
        return Promise.resolve(seriesOf(3))
      })
      await expect(answers.band(bandQuery(500, { key: 'loss10' }), closing.signal)).rejects.toThrow()
      expect(store.getMetricHistory.mock.calls.length).toBeLessThan(10)
    })
  })

  it('lists artifacts without what a page has no use for', async () => {
    expect(await setUp().answers.artifacts(ref, '', never)).toEqual([{ path: 'a.txt', isDir: false, fileSize: 3 }])
  })
})

describe('subjectOf', () => {
  it('takes each run once, and no more than a page shows', () => {
    const runs = Array.from({ length: 530 }, (_, index) => ({ connection: 'c', runId: String(index % 520) }))
    const subject = subjectOf(runs)
    expect(subject.runs).toHaveLength(500)
    expect(subject.leftOut).toBe(20)
  })

  it('tells runs of different connections apart, even where they share their id', () => {
    const runs = ['a', 'b'].map((connection) => ({ connection, runId: 'r1' }))
    expect(subjectOf([...runs, ...runs]).runs).toEqual(runs)
  })

  it('gives a part of an artifact in one piece, and less where the file ends', async () => {
    const { answers, store } = setUp()
    const part = { run: ref, path: 'a.bin', start: 3, length: 4 }
    expect(await answers.artifactPart(part, never)).toEqual(Uint8Array.of(3, 4, 5, 6))
    expect(await answers.artifactPart({ ...part, start: 8 }, never)).toEqual(Uint8Array.of(8, 9))
    expect(store.readArtifact).toHaveBeenLastCalledWith('r1', 'a.bin', never, { start: 8, length: 4 })
  })

  it('stops reading artifacts that nobody waits for any more, and makes room for others', async () => {
    const { answers, store } = setUp()
    const stop = new AbortController()
    store.readArtifact.mockImplementation(async function* (_runId, path, signal) {
      if (path === 'small') yield Uint8Array.of(1)
      else await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
    })
    const huge = Array.from({ length: 10 }, () =>
      answers.artifactPart({ run: ref, path: 'huge', start: 0, length: 9 }, stop.signal),
    )
    const small = answers.artifactPart({ run: ref, path: 'small', start: 0, length: 9 }, never)
    await vi.waitFor(() => expect(store.readArtifact).toHaveBeenCalledTimes(4))
    stop.abort()
    for (const result of await Promise.allSettled(huge)) expect(result.status).toBe('rejected')
    expect(await small).toEqual(Uint8Array.of(1))
    expect(store.readArtifact).toHaveBeenCalledTimes(5)
  })

  it('refuses for a model card what is none', async () => {
    await expect(setUp().answers.modelCard(ref, 'm/MLmodel', never)).rejects.toMatchObject({ reason: 'badAnswer' })
  })
})
