import { describe, expect, test } from 'vitest'
import { filterCompletions, wantedAt, type Wanted } from '../../../src/extension/editor/completion'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'

const header = 'import mlflow\nfrom mlflow import log_metric as lm, MlflowClient\nclient = MlflowClient()\n'
const footer = '\nprint("after")\n'

/** What is wanted at `|`, and the source without it. */
function at(code: string): { wanted: Wanted | undefined; source: string } {
  const marked = header + code + footer
  const source = marked.replace('|', '')
  return { wanted: wantedAt({ source, calls: findMlflowCalls(source) }, marked.indexOf('|')), source }
}

test.each([
  ['mlflow.log_metric("|")', 'metrics', ''],
  ["mlflow.log_metric('|')", 'metrics', ''],
  ['mlflow.log_metric("|', 'metrics', ''],
  ["    mlflow.log_metric('val/lo|')", 'metrics', 'val/lo'],
  ['mlflow.log_metric("val/lo|', 'metrics', 'val/lo'],
  ['mlflow.log_metric("va|l/loss", 1)', 'metrics', 'va'],
  ['lm("a|")', 'metrics', 'a'],
  ['client.log_metric(run_id, "a|", 1)', 'metrics', 'a'],
  ['mlflow.log_metric(value=f(1, 2), key="a|")', 'metrics', 'a'],
  ['mlflow.log_metric(\n    "a|",\n    1,\n)', 'metrics', 'a'],
  ['mlflow.log_metrics({"a": 1, "b|": 2})', 'metrics', 'b'],
  ['mlflow.log_params({"|"})', 'params', ''],
  ['mlflow.log_param("lr|")', 'params', 'lr'],
  ['mlflow.set_experiment(experiment_name="d|")', 'experiments', 'd'],
  ["mlflow.set_experiment('d|", 'experiments', 'd'],
  ['mlflow.register_model("runs:/a/model", "c|")', 'models', 'c'],
  ['mlflow.register_model("runs:/a/model", name="c|")', 'models', 'c'],
  ['client.get_latest_versions("c|")', 'models', 'c'],
  ['mlflow.pyfunc.load_model("models:/co|")', 'models', 'co'],
  ['mlflow.pyfunc.load_model(model_uri="models:/co|', 'models', 'co'],
  ['load("models:/|', 'models', ''],
  ["load(f'models:/|')", 'models', ''],
])('%s', (code, what, typed) => {
  const { wanted, source } = at(code)
  expect(wanted).toMatchObject({ what })
  if (wanted?.what !== 'filter') expect(source.slice(wanted?.range.start, wanted?.range.end)).toBe(typed)
})

test.each([
  ['mlflow.pyfunc.load_model("models:/coffee/|")', 'versions', ''],
  ['mlflow.pyfunc.load_model("models:/coffee/1|', 'versions', '1'],
  ["mlflow.pyfunc.load_model('models:/coffee@ch|')", 'aliases', 'ch'],
])('%s', (code, what, typed) => {
  const { wanted, source } = at(code)
  expect(wanted).toMatchObject({ what, model: 'coffee' })
  if (wanted && 'range' in wanted) expect(source.slice(wanted.range.start, wanted.range.end)).toBe(typed)
})

test.each([
  'mlflow.log_metric("a", "|")',
  'mlflow.log_metric("a"|',
  'mlflow.log_metric("a")|',
  'mlflow.log_metrics({"a": "|"})',
  'mlflow.register_model("runs:/|")',
  'other.log_metric("|")',
  'mlflow.pyfunc.load_model("models:/co/1/|")',
  'mlflow.log_metric(f"val_{x|}", 1)',
  'x = "|"',
  '|',
])('%s names nothing', (code) => {
  expect(at(code).wanted).toBeUndefined()
})

describe('filters', () => {
  const known = {
    keys: { metric: ['loss', 'val loss'], param: ['lr'], tag: ['team'] },
    values: ({ key }: { key: string }) => (key === 'team' ? ["it's", 'blue', 'a{b}'] : []),
  }

  /** The code with each completion put in. */
  function completed(code: string): string[] {
    const { wanted, source } = at(code)
    if (wanted?.what !== 'filter') return []
    return filterCompletions(wanted, known).map(({ text, start, end }) =>
      (source.slice(0, start) + text + source.slice(end)).slice(header.length, -footer.length),
    )
  }

  test.each([
    ['mlflow.search_runs(filter_string="|")', 'mlflow.search_runs(filter_string="metrics.loss")'],
    ['mlflow.search_runs(filter_string="metrics.l|")', 'mlflow.search_runs(filter_string="metrics.loss")'],
    ["mlflow.search_runs([], '|')", "mlflow.search_runs([], 'metrics.`val loss`')"],
    ['mlflow.search_runs([], "metrics.`val|")', 'mlflow.search_runs([], "metrics.`val loss`")'],
    ['client.search_runs(["1"], "metrics.loss |")', 'client.search_runs(["1"], "metrics.loss <")'],
    ['mlflow.search_runs(filter_string="tags.team = |")', 'mlflow.search_runs(filter_string="tags.team = \'blue\'")'],
    [
      'mlflow.search_runs(filter_string="tags.team = |")',
      'mlflow.search_runs(filter_string="tags.team = \\"it\'s\\"")',
    ],
    ["mlflow.search_runs(filter_string='tags.team = |')", 'mlflow.search_runs(filter_string=\'tags.team = "blue"\')'],
    ['mlflow.search_runs(filter_string="status = \'|\'")', 'mlflow.search_runs(filter_string="status = \'FINISHED\'")'],
    [
      "mlflow.search_runs(filter_string=\"status = 'FINISHED' |",
      "mlflow.search_runs(filter_string=\"status = 'FINISHED' AND",
    ],
    ['mlflow.search_runs(filter_string="metrics.', 'mlflow.search_runs(filter_string="metrics.loss'],
    [
      'mlflow.search_runs(\n    filter_string="status = \'FINISHED\' "\n    "and par|",\n)',
      'mlflow.search_runs(\n    filter_string="status = \'FINISHED\' "\n    "and params.lr",\n)',
    ],
    [
      'mlflow.search_runs(filter_string=f"metrics.loss < {best} and tags.team = |")',
      'mlflow.search_runs(filter_string=f"metrics.loss < {best} and tags.team = \'a{{b}}\'")',
    ],
    [
      'mlflow.search_runs(filter_string="""\n  metrics.l|\n""")',
      'mlflow.search_runs(filter_string="""\n  metrics.loss\n""")',
    ],
    ['mlflow.search_experiments(filter_string="na|")', 'mlflow.search_experiments(filter_string="name")'],
    ['client.search_model_versions("na|")', 'client.search_model_versions("name")'],
  ])('%s', (code, expected) => {
    expect(completed(code.includes('|') ? code : `${code}|`)).toContain(expected)
  })

  test('has nothing that MLflow would refuse', () => {
    expect(completed('mlflow.search_runs(filter_string="|")').join('\n')).not.toMatch(
      /NOT|duration|\(filter_string="\("/,
    )
    expect(completed('mlflow.search_runs(filter_string="metrics.loss < 1 |")')).toEqual([
      'mlflow.search_runs(filter_string="metrics.loss < 1 AND")',
    ])
  })

  test('leaves out what a raw text cannot have', () => {
    expect(completed('mlflow.search_runs(filter_string=r"tags.team = |")')).not.toContainEqual(
      expect.stringContaining('it'),
    )
  })

  test('says which experiments are searched', () => {
    const { wanted } = at('mlflow.search_runs(experiment_names=["a", "b"], filter_string="|")')
    expect(wanted).toMatchObject({ what: 'filter', kind: 'runs', experiments: ['a', 'b'] })
  })
})
