import { parser } from '@lezer/python'
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createCallFinder, findMlflowCalls, isNamed } from '../../../src/extension/editor/pythonCalls'

const scripts = globSync('test/fixtures/python/*.py').map((file) => readFileSync(file, 'utf8'))
const source = (...lines: string[]): string => ['import mlflow', ...lines].join('\n')
const keysIn = (code: string): (string | undefined)[] => findMlflowCalls(code).map((call) => call.key)

describe('what is being typed', { timeout: 60_000 }, () => {
  test('never throws, wherever the script ends', () => {
    for (const script of scripts)
      for (let end = 0; end <= script.length; end += 29)
        expect(() => findMlflowCalls(script.slice(0, end))).not.toThrow()
  })

  test('never throws, whatever character is missing', () => {
    for (const script of scripts)
      for (let at = 0; at < script.length; at += 61)
        expect(() => findMlflowCalls(script.slice(0, at) + script.slice(at + 1))).not.toThrow()
  })

  test.each([
    ['an open call', 'mlflow.log_metric("half", '],
    ['an open string', 'mlflow.log_metric("half'],
    ['an open bracket', 'values = [1, 2'],
    ['an open dict', 'mlflow.log_params({"a": 1,'],
    ['a lone dot', 'mlflow.'],
    ['a keyword without value', 'mlflow.log_metric("half", step='],
    ['a closing bracket too many', 'print(1))'],
  ])('%s costs no other line its call', (_, half) => {
    const found = findMlflowCalls(
      source(
        'with mlflow.start_run():',
        '    mlflow.log_metric("before", 1)',
        `    ${half}`,
        '    mlflow.log_metric("after", 2)',
        '',
        'def f():',
        '    mlflow.log_metric(',
        '        "last", 3)',
      ),
    )
    expect(found.flatMap((call) => call.key ?? [])).toEqual(expect.arrayContaining(['before', 'after', 'last']))
  })

  test('a call that is half typed is found', () => {
    expect(keysIn(source('mlflow.log_metric("half", '))).toEqual(['half'])
    expect(keysIn(source('mlflow.log_metric("half'))).toEqual(['half'])
  })

  test('lines of a notebook that are no Python', () => {
    const cell = ['%matplotlib inline', "!pip install 'mlflow[extras] (", '?mlflow.log_metric', '%%time']
    expect(keysIn(source(...cell, 'mlflow.log_metric("loss", 1)'))).toEqual(['loss'])
  })

  test('Windows line ends and a byte order mark', () => {
    const code = '\ufeffimport mlflow\r\nif 1:\r\n\tmlflow.log_params({\r\n\t\t"a": 1,\r\n\t})\r\n'
    expect(findMlflowCalls(code)).toMatchObject([{ keys: ['a'], line: 2, endLine: 4, named: [{ line: 3 }] }])
  })
})

describe('what calls say beside their keys', () => {
  test('names are where they are written', () => {
    const code = source('scores = {', '    "a": 1,', '    "b": 2,', '}', 'mlflow.log_metrics(scores)')
    const [call] = findMlflowCalls(code)
    expect(call?.named.map(({ text, line }) => [text, line])).toEqual([
      ['a', 2],
      ['b', 3],
    ])
    expect(call?.named.map(({ range }) => code.slice(range.start, range.end))).toEqual(['"a"', '"b"'])
  })

  test('an environment variable and its default', () => {
    const code = ['import os', 'E = os.environ.get("EXP", "mine")', 'mlflow.set_experiment(E)']
    expect(findMlflowCalls(source(...code))).toMatchObject([{ key: 'mine', environment: 'EXP' }])
  })

  test('nested runs, by their block and by what they say', () => {
    const found = findMlflowCalls(
      source(
        'with mlflow.start_run():',
        '    with mlflow.start_run(nested=True):',
        '        mlflow.log_metric("inner", 1)',
        '    mlflow.log_metric("outer", 1)',
        'mlflow.start_run(nested=True)',
        'mlflow.log_metric("none", 1)',
      ),
    )
    expect(found.map(({ inRun, isNested, blockEnd }) => [inRun, isNested, blockEnd])).toEqual([
      [undefined, undefined, 4],
      [0, true, 3],
      [1, undefined, undefined],
      [0, undefined, undefined],
      [undefined, true, undefined],
      [undefined, undefined, undefined],
    ])
  })

  test('the model that is registered with a logged one', () => {
    const code = source('mlflow.sklearn.log_model(m, name="model", registered_model_name="coffee")')
    expect(findMlflowCalls(code)).toMatchObject([{ flavor: 'sklearn', key: 'model', registeredName: 'coffee' }])
  })

  test.each([
    ['val_*', 'val_loss', true],
    ['val_*', 'train_loss', false],
    ['*_loss', 'val_loss', true],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'ac', false],
    ['ab*ba', 'aba', false],
  ])('the pattern %s and the name %s', (text, name, expected) => {
    expect(isNamed({ text, isPattern: true }, name)).toBe(expected)
    expect(isNamed({ text, isPattern: false }, name)).toBe(false)
  })
})

/** As many lines, no two of them the same. */
function longScript(lines: number): string {
  const script = ['import mlflow', 'import numpy as np', '']
  for (let n = 0; script.length < lines; n++)
    script.push(
      `class Model${n}:`,
      `    """Number ${n}, with (brackets and 'quotes' in its text."""`,
      `    def fit(self, x_${n}, y, *, rate=0.${n}):`,
      `        for epoch in range(${n}):`,
      `            loss = np.mean((self.predict(x_${n}) - y) ** 2)  # what's the loss?`,
      ...Array.from({ length: 14 }, (_, at) => `            total_${at} = {"a": [loss, ${at}], 'b': f"{loss:.3f}"}`),
      `            mlflow.log_metric("loss_${n}", loss, step=epoch)`,
    )
  return script.join('\n')
}

test('a dict that is made of another has its names, or the pattern of them', () => {
  const dict = (made: string) => findMlflowCalls(source('D = {"a": 1, "b": 2}', `mlflow.log_params(${made})`))[0]?.keys
  expect(dict('{n: v for n, v in D.items() if v > 1}')).toEqual(['a', 'b'])
  expect(dict('{f"x_{n}": v for n, v in D.items()}')).toEqual(['x_*'])
  expect(dict('{v: n for n, v in D.items()}')).toEqual([])
  expect(dict('{n: v for n, v in more().items()}')).toEqual([])
})

describe('a function of the code that passes a name on', () => {
  const log = ['def log(value, name, *, step=0):', '    mlflow.log_metric(name, value, step)']
  const found = (...lines: string[]) =>
    findMlflowCalls(source(...lines)).flatMap(({ fn, isIndirect, named }) =>
      isIndirect ? [[fn, ...named.map(({ text }) => text)]] : [],
    )

  test('is that call, where it is called', () => {
    const code = source(
      ...log,
      'with mlflow.start_run():',
      '    log(',
      '        1, "loss")',
      '    log(name="acc", value=2)',
    )
    const calls = findMlflowCalls(code).filter(({ isIndirect }) => isIndirect)
    expect(calls).toMatchObject([
      { fn: 'log_metric', key: 'loss', line: 4, endLine: 5, inRun: 1, named: [{ line: 5 }], others: {} },
      { fn: 'log_metric', key: 'acc', line: 6, inRun: 1 },
    ])
    expect(calls.map(({ keyAt }) => code.slice(keyAt?.start, keyAt?.end))).toEqual(['"loss"', '"acc"'])
  })

  test.each([
    [
      'a dict',
      ['def log(params):', '    mlflow.log_params(params)', 'log({"a": 1, "b": 2})'],
      [['log_params', 'a', 'b']],
    ],
    [
      'those of a dict that are new',
      [
        'def log(params: dict[str, object]) -> None:',
        '    mlflow.log_params({n: v for n, v in params.items() if n not in known})',
        'OPTIONS = {"a": 1}',
        'log(OPTIONS)',
      ],
      [['log_params', 'a']],
    ],
    [
      'a spread dict',
      ['def log(values=None):', '    mlflow.log_metrics({**values})', 'log({"a": 1})'],
      [['log_metrics', 'a']],
    ],
    [
      'two things',
      ['def log(a, b):', '    mlflow.log_metric(a, 1)', '    mlflow.log_params(b)', 'log("x", {"y": 1})'],
      [
        ['log_metric', 'x'],
        ['log_params', 'y'],
      ],
    ],
    [
      'with a client',
      ['def log(c: mlflow.MlflowClient, run, name):', '    c.log_metric(run, name, 1)', 'log(c, r, "x")'],
      [['log_metric', 'x']],
    ],
    [
      'by keyword only',
      ['def log(*, name):', '    mlflow.log_metric(name, 1)', 'log("x")', 'log(name="y")'],
      [['log_metric'], ['log_metric', 'y']],
    ],
    ['in a function', [...log, 'def f(part):', '    log(1, f"{part}_loss")'], [['log_metric', '*_loss']]],
  ])('%s', (_, lines, expected) => {
    expect(found(...lines)).toEqual(expected)
  })

  test.each([
    ['another value', ['def log(name):', '    name = name.lower()', '    mlflow.log_metric(name, 1)', 'log("x")']],
    ['a part of a name', ['def log(name):', '    mlflow.log_metric(f"val_{name}", 1)', 'log("x")']],
    ['one that is there twice', [...log, 'if x:', '    def log(value, name): pass', 'log(1, "x")']],
    ['one that is imported, too', [...log, 'from other import log', 'log(1, "x")']],
    [
      'a method',
      ['class A:', '    def log(self, name):', '        mlflow.log_metric(name, 1)', 'log("x")', 'a.log("x")'],
    ],
    ['one in another', ['def f():', '    def log(name):', '        mlflow.log_metric(name, 1)', 'log("x")']],
    ['a method of the same name', [...log, 'logger.log(1, "x")']],
    ['more than one level', [...log, 'def more(name):', '    log(1, name)', 'more("x")']],
  ])('not %s', (_, lines) => {
    expect(found(...lines).flatMap(([, name]) => name ?? [])).toEqual([])
  })
})

describe('long files', () => {
  test('what has been read is not parsed again', () => {
    const finder = createCallFinder()
    const code = longScript(2000)
    expect(finder.find(code)).toHaveLength(100)
    expect(finder.parsed).toBeGreaterThan(100)
    const edited = code.replace('"loss_7"', '"loss_seven"')
    expect(finder.find(edited)[7]?.key).toBe('loss_seven')
    expect(finder.parsed).toBe(1)
    expect(finder.find(`# one more line\n${edited}`)[0]?.line).toBe(23)
    expect(finder.parsed).toBe(0)
  })

  // On an idle machine it takes some 20 ms, and Lezer alone 150.
  test('10,000 lines take a small part of the time that parsing them all would', () => {
    const code = longScript(10_000)
    const best = (work: () => unknown): number =>
      Math.min(
        ...Array.from({ length: 4 }, () => {
          const start = performance.now()
          work()
          return performance.now() - start
        }),
      )
    expect(best(() => findMlflowCalls(code))).toBeLessThan(best(() => parser.parse(code)) / 3)
  }, 60_000)

  test('brackets that nobody closes', () => {
    const code = source(...Array.from({ length: 10_000 }, (_, n) => `x_${n} = (`), 'mlflow.log_metric("last", 1)')
    const start = performance.now()
    expect(keysIn(code)).toEqual(['last'])
    expect(performance.now() - start).toBeLessThan(20_000)
  }, 60_000)
})
