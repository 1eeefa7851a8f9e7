import { expect, onTestFinished, test, vi } from 'vitest'
import type { Connection, Connections } from '../../../src/extension/connections/connection'
import { ExperimentRuns } from '../../../src/extension/editor/experimentRuns'
import { Answers } from '../../../src/extension/panels/answers'
import { StoreError } from '../../../src/extension/stores'
import type { MetricSeries } from '../../../src/shared/model'
import { FakeStore } from '../live/fakeStore'

/** One finished run, and how its metric `loss` was logged. */
function runsOf(points: readonly { readonly step: number; readonly time: number; readonly value: number }[]) {
  const fake = new FakeStore()
  fake.put('r', { startTime: 1000, metrics: { loss: 1 } })
  const series: MetricSeries = {
    runId: 'r',
    key: 'loss',
    steps: Float64Array.from(points, ({ step }) => step),
    values: Float64Array.from(points, ({ value }) => value),
    timestamps: Float64Array.from(points, ({ time }) => time),
  }
  const getMetricHistory = vi.fn(() => Promise.resolve(series))
  const store = Object.assign(fake.store, { getMetricHistory })
  const connection = { id: 'c', store: () => Promise.resolve(store) } as unknown as Connection
  const answers = new Answers({ get: () => connection } as unknown as Connections)
  const warn = vi.fn()
  const about = { connection, experimentId: '1', filter: '', answers, warn }
  const runs = new ExperimentRuns({
    ...about,
    changed: () => void runs.curve('r', 'loss'), // as the editors do, which are drawn again
  })
  onTestFinished(() => runs[Symbol.dispose]())
  return { runs, getMetricHistory, warn }
}

test('a metric with steps is drawn over them, one that is logged without over time, in one millisecond in order', async () => {
  const values = [3, 2, 1]
  const stepped = runsOf(values.map((value, step) => ({ value, step, time: 1000 })))
  await stepped.runs.refresh()
  const overSteps = await stepped.runs.curveRead('r', 'loss')
  expect([overSteps?.x, overSteps?.y]).toEqual([Float64Array.of(0, 1, 2), Float64Array.from(values)])
  expect(overSteps?.over).toBeUndefined()
  const without = runsOf(values.map((value, at) => ({ value, step: 0, time: 2000 + at * 500 })))
  await without.runs.refresh()
  const overTime = await without.runs.curveRead('r', 'loss')
  expect([overTime?.x, overTime?.y]).toEqual([Float64Array.of(1000, 1500, 2000), Float64Array.from(values)])
  expect(overTime?.over).toBe('time')
  const atOnce = runsOf(values.map((value) => ({ value, step: 0, time: 2000 })))
  await atOnce.runs.refresh()
  const inOrder = await atOnce.runs.curveRead('r', 'loss')
  expect([inOrder?.x, inOrder?.y, inOrder?.over]).toEqual([
    ...[Float64Array.of(1, 2, 3), Float64Array.from(values)],
    'order',
  ])
})

test('a curve that could not be read is read at the next refresh, and not before', async () => {
  const { runs, getMetricHistory, warn } = runsOf([0, 1].map((step) => ({ step, value: step, time: 1000 })))
  getMetricHistory.mockRejectedValueOnce(new StoreError('busy', 'The database is busy.'))
  await runs.refresh()
  await vi.waitFor(() => expect(warn).toHaveBeenCalledWith('The database is busy.'))
  expect(await runs.curveRead('r', 'loss')).toBeUndefined()
  expect(getMetricHistory).toHaveBeenCalledTimes(1)
  await runs.refresh()
  expect((await runs.curveRead('r', 'loss'))?.x).toHaveLength(2)
  expect(getMetricHistory).toHaveBeenCalledTimes(2)
})
