import { expect, test } from 'vitest'
import { cellItem, rowsOfCell } from '../../../src/extension/editor/cellRuns'
import { frameOf } from './runs'

const timing = { startTime: 1000, endTime: 2000 }
const notebook = { path: '/work/explore.ipynb', entryPoints: [] }
const from = (source: string, startTime = 1500) => ({ startTime, tags: { 'mlflow.source.name': source } })

const found = (runs: Parameters<typeof frameOf>[0]): string[] => {
  const frame = frameOf(runs)
  return rowsOfCell(frame, frame.runIds().keys(), timing, notebook).map((row) => frame.runId(row))
}

test('runs that started while the cell ran', () => {
  expect(
    found({
      before: { startTime: 999 },
      first: { startTime: 1000 },
      last: { startTime: 2000 },
      after: { startTime: 2001 },
    }),
  ).toEqual(['first', 'last'])
})

test('but for those of a script that ran at the same time', () => {
  expect(
    found({
      script: from('/work/train.py'),
      notebook: from('explore.ipynb'),
      kernel: from('/venv/lib/python3.11/site-packages/ipykernel_launcher.py'),
      colab: from('colab_kernel_launcher.py'),
      other: from('other.ipynb'),
      unnamed: {},
    }),
  ).toEqual(['notebook', 'kernel', 'colab', 'unnamed'])
})

test('one run opens, several are compared', () => {
  const frame = frameOf({ '$(x) a': { metrics: { loss: NaN } }, b: {} })
  const facts = { connection: 'c', experimentName: 'exp', frame, metric: 'loss', timing }
  expect(cellItem({ ...facts, rows: [] })).toBeUndefined()
  expect(cellItem({ ...facts, rows: [0] })).toMatchObject({
    text: String.raw`$(pass) \$(x) a · loss NaN`,
    command: 'mlflow.openRun',
    options: { connection: 'c', runId: '$(x) a', name: '$(x) a' },
  })
  const both = cellItem({ ...facts, rows: [0, 1] })
  expect(both).toMatchObject({ text: '$(graph-line) 2 runs', command: 'mlflow.compareRuns' })
  expect(both?.tooltip).toContain('started while this cell ran last')
})
