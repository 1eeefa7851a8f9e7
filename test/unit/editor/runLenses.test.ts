import { expect, test } from 'vitest'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'
import { runLenses, type LensFacts } from '../../../src/extension/editor/runLenses'
import { allRows, frameOf } from './runs'

const now = 3_600_000
const code = (...lines: string[]): string => ['import mlflow', ...lines].join('\n')

function lenses(source: string, runs: Parameters<typeof frameOf>[0], more: Partial<LensFacts> = {}) {
  const frame = frameOf(runs)
  return runLenses(
    findMlflowCalls(source),
    {
      ...{
        connection: 'c',
        experimentId: '1',
        experimentName: 'exp',
        file: 'file:///train.py',
        isComplete: true,
        isStale: false,
        rerun: undefined,
      },
      runs: { frame, rows: allRows(frame) },
      ...more,
    },
    now,
  )
}

test('count, state and age at the experiment, the last run where it starts', () => {
  const source = code('mlflow.set_experiment("exp")', 'with mlflow.start_run():', '  mlflow.start_run(nested=True)')
  const shown = lenses(source, { b: { endTime: now - 60_000 }, a: {} })
  expect(shown.map(({ line, title }) => [line, title])).toEqual([
    [1, 'exp: 2 runs · last one finished 1 min ago'],
    [1, 'Compare last 2'],
    [2, 'Last run: b · finished 1 min ago'],
  ])
  expect(shown[1]).toMatchObject({ command: 'mlflow.compareRuns', options: { connection: 'c', runIds: ['b', 'a'] } })
})

test('a chart beside code that logs metrics', () => {
  const source = code('mlflow.set_experiment("exp")', 'mlflow.log_metric("loss", 1)')
  expect(lenses(source, { a: {} }).find(({ command }) => command === 'mlflow.showChartBeside')).toEqual({
    line: 1,
    title: 'Chart Beside',
    command: 'mlflow.showChartBeside',
    options: { file: 'file:///train.py' },
  })
})

test('a run that is under way, an experiment that was not read to its end', () => {
  const runs = { a: { status: 'RUNNING', startTime: now - 5000, endTime: null } } as const
  expect(lenses(code('mlflow.start_run()'), runs, { isComplete: false })[0]?.title).toBe(
    'exp: 1+ runs · last one running, started 5 s ago',
  )
})

test('no runs yet, and no calls', () => {
  expect(lenses(code('mlflow.start_run()'), {})).toMatchObject([
    { title: 'exp: no runs yet', command: 'mlflow.openRuns' },
  ])
  expect(lenses(code('mlflow.log_metric("a", 1)'), { a: {} })).toEqual([])
})

test('runs again with the parameters that the entry point has, as they were the last time', () => {
  const rerun = { project: '/p', entryPoint: 'main', parameters: ['lr', 'depth'] }
  const runs = { a: { params: { lr: '0.1', other: 'x' } } }
  expect(lenses(code('mlflow.start_run()'), runs, { rerun }).at(-1)).toMatchObject({
    title: 'Re-run',
    command: 'mlflow.runEntryPoint',
    options: { project: '/p', entryPoint: 'main', parameters: { lr: '0.1' }, experimentName: 'exp' },
  })
})
