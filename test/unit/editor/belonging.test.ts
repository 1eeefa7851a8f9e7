import { describe, expect, test } from 'vitest'
import { claimsOf, isSourceOf, keyOfClaims, rowsOfFile } from '../../../src/extension/editor/belonging'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'
import { allRows, frameOf } from './runs'

const claims = (code: string, env: Readonly<Record<string, string>> = {}) =>
  claimsOf(findMlflowCalls(`import os, mlflow\n${code}`), env)

/** Names and ids that the code says, and `…` where it says another that is known at run time only. */
const said = (code: string, env: Readonly<Record<string, string>> = {}): string[] => {
  const { all, isOpen } = claims(code, env)
  return [...all.map(({ experiment, isId }) => (isId ? '#' : '') + experiment.text), ...(isOpen ? ['…'] : [])]
}

const own = { MLFLOW_EXPERIMENT_NAME: 'c' }

describe('the experiments of a file', () => {
  test('are those that it sets, each once', () => {
    const code = 'NAME = "a"\nmlflow.set_experiment(NAME)\nmlflow.set_experiment("b")\nmlflow.set_experiment("a")'
    expect(claims(code)).toMatchObject({
      all: [{ experiment: { text: 'a' }, rule: { by: 'code', line: 2 } }, { experiment: { text: 'b' } }],
      isOpen: false,
    })
    expect(keyOfClaims(claims(code))).toBe(keyOfClaims(claims(`\n${code}`)))
  })

  test('what the variable says that the code asks first, and else its default', () => {
    const code = 'mlflow.set_experiment(os.environ.get("EXP", "a"))'
    expect(claims(code).all).toMatchObject([{ experiment: { text: 'a' }, rule: { by: 'code' } }])
    expect(claims(code, { EXP: 'b' }).all).toEqual([
      { experiment: { text: 'b', isPattern: false }, isId: false, rule: { by: 'environment', variable: 'EXP' } },
    ])
  })

  test("those of MLflow's variables where the code sets none", () => {
    expect(said('mlflow.log_metric("a", 1)', own)).toEqual(['c'])
    expect(said('mlflow.log_metric("a", 1)', { MLFLOW_EXPERIMENT_ID: '7' })).toEqual(['#7'])
    expect(said('mlflow.set_experiment("a")', own)).toEqual(['a'])
    expect(said('mlflow.log_metric("a", 1)')).toEqual([])
  })

  test.each([
    ['an argument', 'mlflow.set_experiment(args.e)', ['…']],
    ['a variable that is not set', 'mlflow.set_experiment(os.environ["EXP"])', ['…']],
    ['one of two', 'mlflow.set_experiment(args.e)\nmlflow.set_experiment("b")', ['b', '…']],
    ['an id', 'mlflow.set_experiment(experiment_id="3")', ['#3']],
    ['an id that is not known', 'mlflow.start_run(experiment_id=e.id)', ['…']],
    ['a run in another', 'mlflow.set_experiment("b")\nmlflow.start_run(experiment_id="5")', ['b', '#5']],
    ['a run in the one set', 'e = mlflow.set_experiment("b")\nmlflow.start_run(experiment_id=e.experiment_id)', ['b']],
    ['a call or a default', 'mlflow.set_experiment(parse() or "a")', ['…']],
    ['a variable in an f-string', "mlflow.set_experiment(f\"{os.environ.get('STAGE', 'dev')}-exp\")", ['*-exp']],
    ['a variable in a sum', 'mlflow.set_experiment(os.getenv("STAGE", "dev") + "-exp")', ['*-exp']],
    ['a variable in a variable', 'mlflow.set_experiment(os.getenv("A", os.getenv("B", "x")))', ['…']],
  ])("%s, and never the environment's", (_, code, expected) => {
    expect(said(code, own)).toEqual(expected)
  })

  test('not one that is being typed', () => {
    expect(said('mlflow.set_experiment("a")\nmlflow.set_experiment("')).toEqual(['a'])
    expect(said('mlflow.set_experiment("a")\nmlflow.set_experiment(')).toEqual(['a'])
    expect(said('mlflow.set_experiment(*args)')).toEqual(['…'])
  })

  test.each([
    ['more of it', 'E = "a"\nE += "-dev"'],
    ['a condition in one line', 'E = "a"\nif p: E = "b"'],
    ['two on a line', 'E = "a"; E = "b"'],
    ['a tuple', 'E = "a"\nE, x = f()'],
    ['a tuple in brackets', 'E = "a"\n(x, E) = f()'],
    ['a chain', 'E = "a"\nx = E = f()'],
    ['a function that changes it', 'E = "a"\ndef f():\n    global E\n    E = parse()'],
    ['a with block', 'E = "a"\nwith f() as E: pass'],
    ['several of a with block', 'E = "a"\nwith f() as (x, E): pass'],
    ['an import', 'try:\n    from config import E\nexcept ImportError:\n    E = "a"'],
    ['a walrus', 'E = "a"\nprint(E := "b")'],
    ['a loop', 'E = "a"\nfor E in x: pass'],
    ['a case', 'E = "a"\nmatch x:\n    case E: pass'],
    ['a class', 'E = "a"\nclass E: pass'],
  ])('none where its name is bound by %s, too', (_, code) => {
    expect(said(`${code}\nmlflow.set_experiment(E)`, own)).toEqual(['…'])
  })

  test.each([
    ['a parameter', 'def f(E):\n    if not E:\n        E = "a"\n    mlflow.set_experiment(E)'],
    ['an attribute set outside', 'class C:\n    E = "a"\nC.E = parse()\nmlflow.set_experiment(C.E)'],
    [
      'an attribute added to',
      'class C:\n    E = "a"\n    def f(self):\n        self.E += "b"\n        mlflow.set_experiment(self.E)',
    ],
    ['a comprehension', 'E = "a"\n[mlflow.set_experiment(E) for E, v in d.items()]'],
    ['a lambda', 'E = "a"\nf = lambda E: mlflow.set_experiment(E)'],
  ])('none where it is %s', (_, code) => {
    expect(said(code, own)).toEqual(['…'])
  })

  test.each([
    ['in strings and comments', 'E = "a"\nx = "for E in y"  # E += 1\n"""\nE, x = f()\nglobal E\n"""'],
    ['in the call of another', 'E = "a"\nf(x, E, y=1)\nf(\n  x, E, y=1)'],
    ['in another function', 'E = "a"\ndef f():\n    E, x = g()'],
    ['in a comprehension of its own', 'E = "a"\nx = [E for E in y]'],
    ['with a type', 'E: str = "a"'],
    ['as a default', 'E = "a"\ndef f(x=E): pass'],
    ['in comparisons', 'E = "a"\nif x == E == y: pass\nif E >= y or E <= z: pass'],
    ['after an import', 'import os\nimport sys\nE = "a"'],
  ])('the constant that is also %s', (_, code) => {
    expect(said(`${code}\nmlflow.set_experiment(E)`)).toEqual(['a'])
  })
})

describe('the runs of a file', () => {
  test.each([
    ['train.py', true],
    ['./train.py', true],
    ['src/train.py', true],
    ['/work/src/train.py', true],
    ['src\\train.py', true],
    ['pretrain.py', false],
    ['rain.py', false],
    ['/src/train.py', false],
    ['', false],
    ['.', false],
    ['../src/train.py', true],
    ['file:///work/src/train.py', true],
    ['/work/src/../src/train.py', true],
    ['other/train.py', false],
  ])('the source %j', (source, expected) => {
    expect(isSourceOf(source, { path: '/work/src/train.py' })).toBe(expected)
  })

  test.each([
    ['C:\\work\\Train.py', true],
    ['c:/work/train.py', true],
    ['file:///C:/work/train.py', true],
    ['Work\\train.py', true],
    ['D:\\work\\train.py', false],
  ])('the source %j on Windows', (source, expected) => {
    expect(isSourceOf(source, { path: 'c:/work/train.py' })).toBe(expected)
  })

  const file = { path: '/work/train.py', entryPoints: ['main'], projectFolder: '/work' }

  test('are those that came from it, or from its entry point', () => {
    const frame = frameOf({
      a: { tags: { 'mlflow.source.name': 'train.py' } },
      b: { tags: { 'mlflow.source.name': 'sweep.py' } },
      c: { tags: { 'mlflow.source.name': '/work', 'mlflow.project.entryPoint': 'main' } },
      d: { tags: { 'mlflow.source.name': 'https://example.com/x#work', 'mlflow.project.entryPoint': 'main' } },
      e: { tags: { 'mlflow.source.name': '/elsewhere', 'mlflow.project.entryPoint': 'main' } },
      f: { tags: { 'mlflow.source.name': 'file:///work/', 'mlflow.project.entryPoint': 'main' } },
      g: { tags: { 'mlflow.source.name': '/work', 'mlflow.project.entryPoint': 'evaluate' } },
    })
    expect(rowsOfFile(frame, allRows(frame), file)).toEqual({ rows: [0, 2, 5], isAll: false })
  })

  test.each([
    ['of another file, too', ['train.py', 'a/train.py', '/work/b/train.py'], [2]],
    ['that may be of another file', ['train.py', 'a/train.py'], [0]],
    ['of this file alone', ['train.py', 'b/train.py', 'a/sweep.py', 'a/pretrain.py'], [0, 1]],
    ['on Windows', ['train.py', 'A\\Train.py', 'C:\\work\\b\\train.py'], [2], 'c:/work/b/train.py'],
  ])('by a bare name %s', (_, sources, expected, path = '/work/b/train.py') => {
    const frame = frameOf(
      Object.fromEntries(sources.map((source, at) => [`r${at}`, { tags: { 'mlflow.source.name': source } }])),
    )
    expect(rowsOfFile(frame, allRows(frame), { path, entryPoints: [] }).rows).toEqual(expected)
  })

  test('are all where none says where it came from', () => {
    const frame = frameOf({ a: {}, b: {} })
    expect(rowsOfFile(frame, allRows(frame), file)).toEqual({ rows: [0, 1], isAll: true })
  })
})
