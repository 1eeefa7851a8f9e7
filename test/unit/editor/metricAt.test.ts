import { describe, expect, test } from 'vitest'
import { metricAt, metricMeant, metricNear, metricsOf, type MetricCall } from '../../../src/extension/editor/metricAt'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'

const source = `import mlflow

mlflow.set_experiment("e")
mlflow.log_metric("loss", 1); mlflow.log_metric("lift", 2)
mlflow.log_metrics(
    {
        "rmse": 1,
        f"val_{name}": 2,
    },
    step=3,
)
mlflow.log_param("p", 1)
`
const calls = findMlflowCalls(source)
const keys = ['loss', 'val_a', 'val_b', 'system/cpu']

const at = (text: string): MetricCall | undefined => {
  const offset = source.indexOf(text)
  return metricAt(calls, { offset, line: source.slice(0, offset).split('\n').length - 1 })
}
const meant = (call: MetricCall | undefined): string | undefined => call && metricMeant(call, keys)

describe('the metric under the cursor', () => {
  test('is that of the call around it, of two on a line the nearer', () => {
    expect(meant(at('"loss"'))).toBe('loss')
    expect(meant(at('"lift"'))).toBe('lift')
    expect(meant(at('; mlflow'))).toBe('loss')
  })

  test('is the one on its line in a call of many lines', () => {
    expect(meant(at('"rmse"'))).toBe('rmse')
    expect(meant(at('2,\n'))).toBe('val_a')
    const call = at('step=3')
    expect(meant(call)).toBe('rmse')
    expect(call && metricsOf(call, keys)).toEqual(['rmse', 'val_a', 'val_b'])
  })

  test('is none elsewhere', () => {
    expect(at('set_experiment')).toBeUndefined()
    expect(at('log_param')).toBeUndefined()
  })

  test('nearest is the last before the cursor, else the first', () => {
    expect(meant(metricNear(calls, 0))).toBe('loss')
    expect(meant(metricNear(calls, 11))).toBe('rmse')
    expect(metricNear([], 0)).toBeUndefined()
  })

  test('of autolog are all but those of the machine', () => {
    const [autolog] = findMlflowCalls('import mlflow\nmlflow.sklearn.autolog()\n').map((call) => metricNear([call], 0))
    expect(autolog && metricsOf(autolog, keys)).toEqual(['loss', 'val_a', 'val_b'])
  })
})
