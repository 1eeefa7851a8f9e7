import { describe, expect, test } from 'vitest'
import { codeProblems, type Facts } from '../../../src/extension/editor/codeProblems'
import type { Problem } from '../../../src/extension/editor/problem'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'
import { stagedModels } from '../../../src/extension/editor/stageProblems'
import type { ModelVersion } from '../../../src/shared/model'

const nothing: Facts = {
  keys: { metrics: [], params: [] },
  others: [],
  versionsOf: () => undefined,
  served: undefined,
  views: undefined,
}
const header = 'import mlflow\nfrom mlflow import MlflowClient\nclient = MlflowClient()\n'

function problemsIn(code: string, facts: Partial<Facts> = {}): Problem[] {
  const source = header + code
  return codeProblems({ source, calls: findMlflowCalls(source) }, { ...nothing, ...facts })
}

/** What is underlined. */
const marked = (code: string, facts?: Partial<Facts>): string[] =>
  problemsIn(code, facts).map(({ range }) => (header + code).slice(range.start, range.end))

/** The code after each fix. */
const fixed = (code: string, facts?: Partial<Facts>): string[] =>
  problemsIn(code, facts).flatMap(({ fixes }) =>
    fixes.flatMap(({ edit }) => {
      const source = header + code
      return edit
        ? [(source.slice(0, edit.range.start) + edit.text + source.slice(edit.range.end)).slice(header.length)]
        : []
    }),
  )

const block = (...lines: string[]): string =>
  ['with mlflow.start_run():', ...lines.map((line) => `    ${line}`)].join('\n')

describe('a parameter that one run logs twice', () => {
  test.each([
    ['numbers', '1', '2'],
    ['texts', '"a"', "'b'"],
    ['a whole number and a real one', '1', '1.0'],
    ['a text and a number', '"0.1"', '0.2'],
    ['None', 'None', '0'],
    ['texts in pieces', '"a" "b"', '"a" "c"'],
  ])('%s', (_, one, other) => {
    const code = block(`mlflow.log_param("lr", ${one})`, 'print(1)', `mlflow.log_param(key='lr', value=${other})`)
    expect(marked(code)).toEqual(["'lr'"])
    expect(problemsIn(code)[0]?.message).toMatch(/“lr” of this run is .+ since line 5/)
  })

  test.each([
    ['1', '1'],
    ['"a"', "'a'"],
    ['1', '"1"'],
    ['0.1', '0.10'],
    ['1e-05', '"1e-05"'],
    ['True', '"True"'],
    ['1_000', '1000'],
    ['1', 'x'],
    ['"a"', 'f"{x}"'],
    ['"a"', '"b" if x else "a"'],
    ['1', '1 + 1'],
  ])('not %s and %s', (one, other) => {
    expect(marked(block(`mlflow.log_param("lr", ${one})`, `mlflow.log_param("lr", ${other})`))).toEqual([])
  })

  test('in a dict, and in a dict and alone', () => {
    expect(marked(block('mlflow.log_params({"lr": 1, "n": 2})', 'mlflow.log_param("n", 3)'))).toEqual(['"n"'])
    expect(marked(block('mlflow.log_param("n", 3)', 'mlflow.log_params({"lr": 1, "n": 2})'))).toEqual(['"n"'])
  })

  test('in a run that is begun without a block, and in blocks of with in it', () => {
    expect(marked('mlflow.start_run()\nmlflow.log_param("a", 1)\nwith open(f):\n    mlflow.log_param("a", 2)')).toEqual(
      ['"a"'],
    )
    expect(marked(block('for x in y:', '    mlflow.log_param("a", 1)', '    mlflow.log_param("a", 2)'))).toEqual([
      '"a"',
    ])
  })

  test.each([
    ['branches', block('if x:', '    mlflow.log_param("a", 1)', 'else:', '    mlflow.log_param("a", 2)')],
    ['branches of a line', block('if x: mlflow.log_param("a", 1)', 'else: mlflow.log_param("a", 2)')],
    [
      'a branch that may end it',
      block('if x:', '    mlflow.log_param("a", 1)', '    return', 'mlflow.log_param("a", 2)'),
    ],
    [
      'cases',
      block(
        'match x:',
        '    case 1:',
        '        mlflow.log_param("a", 1)',
        '    case _:',
        '        mlflow.log_param("a", 2)',
      ),
    ],
    ['try', block('try:', '    mlflow.log_param("a", 1)', 'except E:', '    mlflow.log_param("a", 2)')],
    ['conditions', block('mlflow.log_param("a", 1) if x else mlflow.log_param("a", 2)')],
    ['lambdas', block('f = lambda: mlflow.log_param("a", 1)', 'g = lambda: mlflow.log_param("a", 2)')],
    ['a loop', block('mlflow.log_param("a", 1)', 'for x in y:', '    mlflow.log_param("a", 2)')],
    ['functions', block('def f():', '    mlflow.log_param("a", 1)', 'def g():', '    mlflow.log_param("a", 2)')],
    [
      'nested runs',
      block('mlflow.log_param("a", 1)', 'with mlflow.start_run(nested=True):', '    mlflow.log_param("a", 2)'),
    ],
    ['two runs', `${block('mlflow.log_param("a", 1)')}\n${block('mlflow.log_param("a", 2)')}`],
    [
      'runs one after the other',
      'mlflow.start_run()\nmlflow.log_param("a", 1)\nmlflow.end_run()\nmlflow.start_run()\nmlflow.log_param("a", 2)',
    ],
    ['a run that nobody sees begin', 'mlflow.log_param("a", 1)\nmlflow.log_param("a", 2)'],
    ['other names', block('mlflow.log_param("a", 1)', 'mlflow.log_param("b", 2)')],
    ['names of run time', block('mlflow.log_param(f"{a}", 1)', 'mlflow.log_param(f"{a}", 2)')],
    ['a client, which says which run', block('client.log_param(one, "a", 1)', 'client.log_param(other, "a", 2)')],
    ['another run', block('mlflow.log_params({"a": 1})', 'mlflow.log_params({"a": 2}, run_id=other)')],
    ['what is spread over it', block('mlflow.log_params({"a": 1, **more})', 'mlflow.log_param("a", 2)')],
    ['a dict that may change', `p = {"a": 1}\n${block('mlflow.log_params(p)', 'mlflow.log_param("a", 2)')}`],
  ])('not in %s', (_, code) => {
    expect(marked(code)).toEqual([])
  })
})

describe('stages', () => {
  const version = (number: string, currentStage: ModelVersion['currentStage'], ...aliases: string[]): ModelVersion => ({
    ...{
      name: 'coffee',
      version: number,
      creationTime: 0,
      lastUpdatedTime: 0,
      description: '',
      userId: '',
      source: '',
    },
    ...{ runId: '', status: 'READY', statusMessage: '', tags: new Map(), currentStage, aliases },
  })
  const versions = [
    version('3', 'Staging', 'next'),
    version('2', 'Production', 'champion'),
    version('1', 'Production', 'old'),
  ]
  const versionsOf = (model: string) => (model === 'coffee' ? versions : undefined)

  test('that MLflow does not have', () => {
    const code = 'client.transition_model_version_stage("coffee", 3, "prod")'
    expect(marked(code)).toEqual(['"prod"'])
    expect(problemsIn(code)[0]).toMatchObject({
      kind: 'stages',
      message: expect.stringMatching(/“prod”.+None, Staging, Production, Archived/) as string,
    })
    expect(fixed(code)[0]).toBe('client.transition_model_version_stage("coffee", 3, "Production")')
    expect(marked('client.get_latest_versions("coffee", stages=["Stagin", "None"])')).toEqual(['"Stagin"', '"None"'])
    expect(marked('URI = "models:/coffee/Prod"')).toEqual(['Prod'])
    expect(fixed("mlflow.pyfunc.load_model('models:/coffee/Prod')")[0]).toBe(
      "mlflow.pyfunc.load_model('models:/coffee/Production')",
    )
  })

  test('of a constant are told once, where it is', () => {
    const code =
      'STAGE = "Prod"\nclient.transition_model_version_stage("a", 1, STAGE)\nclient.get_latest_versions("a", [STAGE])'
    expect(marked(code)).toEqual(['"Prod"'])
  })

  test('that are deprecated, with the alternative', () => {
    expect(problemsIn('client.transition_model_version_stage("a", 1, stage="archived")')).toMatchObject([
      { kind: 'deprecatedStages', message: expect.stringMatching(/set_registered_model_alias/) as string, fixes: [] },
    ])
    expect(problemsIn('client.get_latest_versions("a", ["Staging"])')).toMatchObject([
      { kind: 'deprecatedStages', message: expect.stringMatching(/get_model_version_by_alias/) as string, fixes: [] },
    ])
    expect(problemsIn('mlflow.pyfunc.load_model(f"models:/{name}/Production")')).toMatchObject([
      { kind: 'deprecatedStages', fixes: [] },
    ])
  })

  test('become an alias where that loads the very same version', () => {
    expect(fixed('load("models:/coffee/production")', { versionsOf })).toEqual(['load("models:/coffee@champion")'])
    expect(fixed('load("models:/coffee/Archived")', { versionsOf })).toEqual([])
    expect(fixed('load("models:/tea/Production")', { versionsOf })).toEqual([])
  })

  test.each([
    'load("models:/coffee/3")',
    'load("models:/coffee/latest")',
    'load("models:/coffee/Latest")',
    'load("models:/coffee@Prod")',
    'load("models:/m-1234")',
    'load(f"models:/coffee/{stage}")',
    'load(f"models:/{name}/{version}")',
    'load("runs:/coffee/Prod")',
    '# load("models:/coffee/Prod")',
    'x = 1  # "models:/coffee/Prod"',
    '"""\nload("models:/coffee/Prod")\n"""',
    'client.transition_model_version_stage("coffee", 3, stage)',
    'client.transition_model_version_stage("coffee", 3, f"{x}")',
    'client.get_latest_versions("coffee")',
    'other.transition_model_version_stage("coffee", 3, "prod")',
  ])('none in %s', (code) => {
    expect(marked(code)).toEqual([])
  })

  test('the models whose versions are asked for', () => {
    expect(stagedModels('a = "models:/coffee/Production"\nb = "models:/tea/1"\nc = f"models:/{x}/Staging"')).toEqual([
      'coffee',
    ])
  })
})

describe('filters', () => {
  test.each([
    ['an entity', 'mlflow.search_runs(filter_string="metricz.loss < 1")', ['metricz']],
    ['by position', "mlflow.search_runs(['1'], 'metricz.loss < 1')", ['metricz']],
    ['of a client', 'client.search_runs(["1"], "attributes.nam = \'a\'")', ['nam']],
    ['a comparison', 'mlflow.search_runs(filter_string="metrics.loss == 1")', ['==']],
    ['a text in no quotes', 'mlflow.search_runs(filter_string="params.lr = abc")', ['abc']],
    ['behind an escape', 'mlflow.search_runs(filter_string="tags.a = \\"b\\" and metricz.x < 1")', ['metricz']],
    ['in pieces', 'mlflow.search_runs(filter_string="metrics.loss < 1 "\n    \'and metricz.x < 1\')', ['metricz']],
    ['over a seam', 'mlflow.search_runs(filter_string="met"\n  "ricz.x < 1")', ['met"\n  "ricz']],
    [
      'in three quotes',
      'mlflow.search_runs(filter_string="""\n  metrics.loss < 1\n  and metricz.x < 1\n""")',
      ['metricz'],
    ],
    ['in a raw text', 'mlflow.search_runs(filter_string=r"tags.a = \'\\d\' and metricz.x < 1")', ['metricz']],
    [
      'in a constant',
      'F = "metricz.x < 1"\nmlflow.search_runs(filter_string=F)\nmlflow.search_runs([], F)',
      ['metricz'],
    ],
    ['with +', 'mlflow.search_runs(filter_string="metrics.x < " + str(best) + " and metricz.x < 1")', ['metricz']],
    ['with %', 'mlflow.search_runs(filter_string="metrics.x < %s and metricz.x < 1" % best)', ['metricz']],
    ['with format', 'mlflow.search_runs(filter_string="tags.a = \'{}\' and metricz.x < 1".format(a))', ['metricz']],
    ['before what is filled in', 'mlflow.search_runs(filter_string=f"metricz.loss < {best}")', ['metricz']],
    [
      'after what is filled in',
      'mlflow.search_runs(filter_string=f"metrics.x < {best:.3f} and metricz.y < 1")',
      ['metricz'],
    ],
    ['at its end', 'mlflow.search_runs(filter_string="metrics.loss <")', ['"']],
    ['an open quote', 'mlflow.search_runs(filter_string="tags.a = \'b")', ["'b"]],
    ['experiments', 'mlflow.search_experiments(filter_string="metrics.loss < 1")', ['metrics']],
    ['registered models', 'mlflow.search_registered_models(filter_string="version_number = 1")', ['version_number']],
    ['registered models of a client', 'client.search_registered_models("nam = \'a\'")', ['nam']],
    ['versions', 'client.search_model_versions("nam = \'a\'")', ['nam']],
    ['logged models', 'mlflow.search_logged_models(filter_string="metric.loss < 1")', ['metric']],
    ['nothing but spaces', 'mlflow.search_runs(filter_string="  ")', ['"']],
  ])('%s', (_, code, expected) => {
    expect(marked(code)).toEqual(expected)
  })

  test.each([
    ["status = 'FINISHED' OR metrics.a < 1", ['OR']],
    ["NOT status = 'FINISHED'", ['NOT']],
    ["(status = 'FINISHED')", ['(', ')']],
    ['params.lr > 0.1', ['params.lr > 0.1']],
    ["duration > '1h'", ["duration > '1h'"]],
    ["run_name RLIKE 'a'", ["run_name RLIKE 'a'"]],
  ])('what only MLflow Lens knows: %s', (filter, expected) => {
    const code = `mlflow.search_runs(filter_string="${filter}")`
    expect(marked(code)).toEqual(expected)
    expect(problemsIn(code)[0]).toMatchObject({
      kind: 'filters',
      message: expect.stringMatching(/only MLflow Lens knows it/) as string,
    })
  })

  test.each([
    ['search_runs', 'metrics.a < 1 and params.lr IS NULL', ['params.lr IS NULL']],
    ['search_runs', 'NOT tags.a IS NOT NULL', ['tags.a IS NOT NULL']],
    ['search_experiments', "experiment_id = '1'", ["experiment_id = '1'"]],
    ['search_registered_models', "name IN ('a')", ["name IN ('a')"]],
    ['search_runs', "run_id IN ('a') and params.lr = '1'", []],
    ['search_logged_models', "name IN ('a')", []],
  ])('what the MLflow of the connection does not know yet: %s, %s', (fn, filter, expected) => {
    const code = `mlflow.${fn}(filter_string="${filter}")`
    const told = (release: string) =>
      problemsIn(code, { served: { name: 'mlflow.db', release } }).flatMap(({ message, range }) =>
        message === `mlflow.db is of MLflow ${release}, which refuses this. MLflow 3.17 takes it.`
          ? [(header + code).slice(range.start, range.end)]
          : [],
      )
    expect([told('2.22'), told('3.5'), told('3.17')]).toEqual([expected, [], []])
  })

  test('a text that is added to is not known', () => {
    const code = 'F = "metrics.loss < "\nF += str(best)\nmlflow.search_runs(filter_string=F)'
    expect(marked(code)).toEqual([])
    expect(marked(code.replace('F += str(best)', 'pass'))).toEqual(['"'])
  })

  test.each([
    'filter_string="metrics.loss < 1 and params.lr = \'0.1\'"',
    'filter_string=""',
    'filter_string=None',
    'filter_string=wanted',
    'filter_string=f"metrics.{name} < 1"',
    'filter_string=f"{condition} and metrics.loss < 1"',
    'filter_string=f"metrics.loss < 1 and {condition}"',
    'filter_string=f"metrics.loss < {best} AND tags.a = \'{a}\' AND attributes.run_id IN {ids}"',
    'filter_string=f"metrics.`{name}` >= {a} and start_time > {now}"',
    'filter_string=f"tags.`mlflow.parentRunId` = \'{run.info.run_id}\'"',
    'filter_string=f"params.{a} = {b!r}"',
    'filter_string=f"attributes.{a} = \'x\'"',
    'filter_string="tags.a = \'" + a + "\'"',
    'filter_string=" and ".join(conditions)',
    'filter_string="tags.a = \'it\\x41\'"',
  ])('nothing wrong in %s', (argument) => {
    expect(marked(`mlflow.search_runs(${argument})`)).toEqual([])
  })
})

describe('orders', () => {
  test.each([
    ['an entity', 'mlflow.search_runs(order_by=["metricz.loss DESC"])', ['metricz']],
    ['by position', "mlflow.search_runs(['1'], '', 1, 10, ['start_tim'])", ['start_tim']],
    ['of a client', 'client.search_runs(["1"], "", 1, 10, ("start_time", "nam"))', ['nam']],
    ['a direction', 'mlflow.search_runs(order_by=["metrics.loss DECS"])', ['DECS']],
    ['two in one', 'mlflow.search_runs(order_by=["metrics.loss, start_time"])', [',']],
    ['a missing comma', 'mlflow.search_runs(order_by=["metrics.a DESC"\n  "metrics.b"])', ['DESC"\n  "metrics.b']],
    ['a name twice', 'mlflow.search_runs(order_by=["metrics.a", "metrics.`a` DESC"])', ['metrics.`a`']],
    [
      'in a constant',
      'BY = ["metricz.a"]\nmlflow.search_runs(order_by=BY)\nclient.search_runs([], order_by=BY)',
      ['metricz'],
    ],
    ['before what is filled in', 'mlflow.search_runs(order_by=[f"metricz.{name}"])', ['metricz']],
    ['after what is filled in', 'mlflow.search_runs(order_by=[f"metrics.`{name}` DECS"])', ['DECS']],
    ['experiments', 'mlflow.search_experiments(order_by=["metrics.loss"])', ['metrics']],
    ['registered models', 'mlflow.search_registered_models(order_by=["creation_timestamp"])', ['creation_timestamp']],
    ['registered models of a client', 'client.search_registered_models("", 10, ["nam"])', ['nam']],
    ['versions', 'client.search_model_versions(order_by=["version"])', ['version']],
    [
      'logged models',
      'mlflow.search_logged_models(order_by=[{"field_name": "params.a", "ascending": False}, {"field_name": "created"}])',
      ['params.a', 'created'],
    ],
    ['what only MLflow Lens knows', 'mlflow.search_runs(order_by=["duration DESC"])', ['duration DESC']],
    ['spaces that MLflow minds', 'mlflow.search_runs(order_by=[" start_time"])', [' start_time']],
    ['a text where a list is wanted', 'mlflow.search_runs(order_by="start_time DESC")', ['"start_time DESC"']],
  ])('%s', (_, code, expected) => {
    expect(marked(code)).toEqual(expected)
    expect(problemsIn(code)[0]?.kind).toBe('filters')
  })

  test('a text is put in a list, where it is in the call', () => {
    expect(fixed('mlflow.search_runs(order_by="start_time")')).toEqual(['mlflow.search_runs(order_by=["start_time"])'])
    expect(fixed('BY = "start_time"\nmlflow.search_runs(order_by=BY)')).toEqual([])
  })

  test.each([
    'order_by=["metrics.loss DESC", "params.`a b`", "tags.\\"x\\" asc", "start_time", "attributes.run_name"]',
    'order_by=[]',
    'order_by=""',
    'order_by=None',
    'order_by=wanted',
    'order_by=[wanted, f"{name} DESC", f"{name}"]',
    'order_by=[f"metrics.{a}", f"metrics.{b} DESC", "metrics.x"]',
    'order_by=[f"metrics.{a} {direction}", f"metrics.`{a}` DE{rest}", f"attributes.{b}"]',
    'order_by=["metrics.loss " + direction, "metrics.%s DESC" % name, "metrics.{}".format(name)]',
    'order_by=["metrics.a" if up else "metrics.a DESC", *others]',
    'order_by=[f"metrics.{name}" for name in names]',
    'order_by="start_time, end_time".split(",")',
  ])('nothing wrong in %s', (argument) => {
    expect(marked(`mlflow.search_runs(${argument})`)).toEqual([])
  })

  test.each([
    'mlflow.search_experiments(order_by=["name", "last_update_time DESC", "name"])',
    'mlflow.search_registered_models(order_by=["last_updated_timestamp DESC", "name"])',
    'mlflow.search_model_versions(order_by=["version_number DESC", "creation_timestamp"])',
    'mlflow.search_logged_models(order_by=[{"field_name": "metrics.a b"}, {"field_name": name}, {"ascending": True}, by])',
  ])('nothing wrong in %s', (code) => {
    expect(marked(code)).toEqual([])
  })
})
