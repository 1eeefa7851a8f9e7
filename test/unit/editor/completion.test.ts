import { expect, test } from 'vitest'
import { nameAt } from '../../../src/extension/editor/completion'

const nameOf = (callee: string): string | undefined =>
  callee.startsWith('mlflow.') ? callee.slice('mlflow.'.length) : undefined

test.each([
  ['mlflow.log_metric("', { names: 'metrics', typed: '' }],
  ["    mlflow.log_metric('val/lo", { names: 'metrics', typed: 'val/lo' }],
  ['mlflow.log_metric(value=f(1, 2), key="a', { names: 'metrics', typed: 'a' }],
  ['mlflow.log_param("lr', { names: 'params', typed: 'lr' }],
  ['mlflow.set_experiment(experiment_name="d', { names: 'experiments', typed: 'd' }],
  ['mlflow.register_model("runs:/a/model", "c', { names: 'models', typed: 'c' }],
  ['mlflow.pyfunc.load_model("models:/co', { names: 'models', typed: 'co' }],
  ['load("models:/', { names: 'models', typed: '' }],
  ['mlflow.log_metric("a", "', undefined],
  ['mlflow.log_metric("a"', undefined],
  ['mlflow.register_model("runs:/', undefined],
  ['other.log_metric("', undefined],
  ['mlflow.pyfunc.load_model("models:/co/', undefined],
  ['x = "', undefined],
])('%s', (before, expected) => {
  expect(nameAt(before, nameOf)).toEqual(expected)
})

test('after a call that is closed nothing is named, whatever else is called there', () => {
  expect(nameAt('mlflow.set_experiment("a")', () => 'set_experiment')).toBeUndefined()
})
