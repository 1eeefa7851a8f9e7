import { describe, expect, test } from 'vitest'
import { lineNotes, modelOf, type Known, type LineNote, type Shown } from '../../../src/extension/editor/lineNotes'
import type { Direction, Reference } from '../../../src/extension/editor/metricFacts'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'
import type { ModelVersion, Stage } from '../../../src/shared/model'
import { allRows, frameOf } from './runs'

const shown: Shown = {
  ...{ metrics: true, parameters: true, models: true, autolog: true, marks: true },
  ...{ threshold: 5, history: 20 },
}

interface Setting {
  readonly runs: Parameters<typeof frameOf>[0]
  readonly reference?: Reference
  readonly directions?: Readonly<Record<string, Direction>>
  readonly versions?: readonly ModelVersion[]
  readonly curve?: readonly number[]
  readonly shown?: Partial<Shown>
}

function notes(code: string, setting: Setting): LineNote[] {
  const frame = frameOf(setting.runs)
  const { directions = {}, curve = [1] } = setting
  const known: Known = {
    runs: { frame, rows: allRows(frame) },
    by: {
      reference: setting.reference ?? 'last',
      directionOf: (key) => directions[key],
      productionOf: () => undefined,
    },
    primaryMetric: Object.keys(directions)[0],
    curveOf: () => ({ x: curve.map((_, at) => at), y: curve }),
    versionsOf: () => setting.versions,
  }
  return lineNotes(findMlflowCalls(`import mlflow\n${code}`), known, { ...shown, ...setting.shown })
}

const texts = (code: string, setting: Setting): string[] => notes(code, setting).map(({ text }) => text)

describe('a metric', () => {
  const runs = {
    new: { metrics: { rmse: 1.1 } },
    failed: {},
    old: { metrics: { rmse: 1 } },
    best: { metrics: { rmse: 0.5 } },
  }
  const code = 'mlflow.log_metric("rmse", 1)'

  test('against the run before that has it', () => {
    expect(notes(code, { runs })).toMatchObject([{ line: 1, text: '1.1 · +10 % vs old', isMarked: false }])
  })

  test('against the best needs to know which way is better', () => {
    expect(texts(code, { runs, reference: 'best' })).toEqual(['1.1'])
    expect(texts(code, { runs, reference: 'best', directions: { rmse: 'lower' } })).toEqual(['1.1 · +120 % vs best'])
    expect(texts(code, { runs, reference: 'best', directions: { rmse: 'higher' } })).toEqual(['1.1 · +10 % vs old'])
  })

  test('is marked where it got worse by more than the threshold, and only then', () => {
    const marked = (direction: Direction, change: Partial<Shown> = {}): boolean | undefined =>
      notes(code, { runs, directions: { rmse: direction }, shown: change })[0]?.isMarked
    expect(marked('lower')).toBe(true)
    expect(marked('higher')).toBe(false)
    expect(marked('lower', { threshold: 11 })).toBe(false)
    expect(marked('lower', { marks: false })).toBe(false)
    const under = { ...runs, new: { status: 'RUNNING', metrics: { rmse: 1.1 } } } as const
    expect(notes(code, { runs: under, directions: { rmse: 'lower' } })[0]?.isMarked).toBe(false)
  })

  test('shows what is no number as what it is', () => {
    expect(texts(code, { runs: { a: { metrics: { rmse: NaN } }, b: { metrics: { rmse: 1 } } } })).toEqual([
      'NaN · was 1 vs b',
    ])
    expect(texts(code, { runs: { a: { metrics: { rmse: 1 } }, b: { metrics: { rmse: 0 } } } })).toEqual(['1 · +1 vs b'])
    expect(texts(code, { runs: { a: { metrics: { rmse: Infinity } } } })).toEqual(['∞'])
  })

  test('of a run under way says how far it is', () => {
    expect(texts(code, { runs: { a: { status: 'RUNNING', metrics: { rmse: 1 } } } })).toEqual(['1 · step 9, running'])
  })

  test('is drawn over its steps, or over the runs where each logs it once', () => {
    expect(notes(code, { runs, curve: [3, 2, 1] })[0]?.curve?.y).toEqual([3, 2, 1])
    expect(notes(code, { runs, curve: [1.1] })[0]?.curve?.y).toEqual([0.5, 1, 1.1])
    expect(notes(code, { runs, curve: [1.1], shown: { history: 2 } })[0]?.curve?.y).toEqual([1, 1.1])
  })

  test('that no run has says nothing', () => {
    expect(notes('mlflow.log_metric("other", 1)', { runs })).toEqual([])
    expect(notes(code, { runs: {} })).toEqual([])
    expect(notes(code, { runs, shown: { metrics: false } })).toEqual([])
  })
})

test('several metrics on a line are told by name, and of many how many there are', () => {
  const runs = { a: { metrics: { val_a: 1, val_b: 2, val_c: 3, val_d: 4 } } }
  expect(texts('mlflow.log_metrics({"val_a": 1, "val_b": 2})', { runs })).toEqual(['val_a 1 · val_b 2'])
  expect(texts('mlflow.log_metric("val_a", 1); mlflow.log_metric("val_b", 2)', { runs })).toEqual(['val_a 1 · val_b 2'])
  expect(texts('mlflow.log_metric(f"val_{x}", 1)', { runs })).toEqual(['val_a 1 · val_b 2 · val_c 3 · 1 more'])
  const compared = { new: { status: 'RUNNING', metrics: { a: 2, b: 3 } }, old: { metrics: { a: 1 } } } as const
  expect(texts('mlflow.log_metrics({"a": 1, "b": 2})', { runs: compared })).toEqual([
    'a 2 (step 9, running, +100 % vs old) · b 3 (step 9, running)',
  ])
  const apart = 'mlflow.log_metrics({\n"val_a": 1,\n"val_b": 2})'
  expect(notes(apart, { runs })).toMatchObject([
    { line: 2, text: '1' },
    { line: 3, text: '2' },
  ])
})

test('of a pattern for thousands of metrics no curve is read, and only a few are looked at', () => {
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`val/${at}`, at]))
  const frame = frameOf({ a: { metrics: many }, b: { metrics: many } })
  const asked = { curves: [] as string[], references: 0 }
  const known: Known = {
    runs: { frame, rows: allRows(frame) },
    by: {
      reference: 'production',
      directionOf: () => undefined,
      productionOf: () => {
        asked.references++
        return undefined
      },
    },
    primaryMetric: undefined,
    curveOf: (_, key) => {
      asked.curves.push(key)
      return undefined
    },
    versionsOf: () => undefined,
  }
  const of = (name: string): LineNote | undefined =>
    lineNotes(findMlflowCalls(`import mlflow\nmlflow.log_metric(${name}, 1)`), known, shown)[0]
  expect(of('f"val/{x}"')?.text).toBe('val/0 0 · val/1 1 · val/2 2 · 1,997 more')
  expect(asked).toEqual({ curves: [], references: 3 })
  expect(of('"val/7"')?.text).toBe('7')
  expect(asked.curves).toEqual(['val/7'])
})

test('a pattern is marked by any of its metrics', () => {
  const runs = { new: { metrics: { a1: 1, a2: 1, a3: 1, a4: 2 } }, old: { metrics: { a1: 1, a2: 1, a3: 1, a4: 1 } } }
  expect(notes('mlflow.log_metric(f"a{n}", 1)', { runs, directions: { a4: 'lower' } })[0]?.isMarked).toBe(true)
})

test('no name is taken for a model but where a model is made or changed', () => {
  const named = findMlflowCalls(
    'import mlflow\nmlflow.set_experiment("e")\nmlflow.log_metric("m", 1)\nmlflow.register_model("u", "r")',
  )
  expect(named.map(modelOf)).toEqual([undefined, undefined, 'r'])
})

test('a parameter: its values, the latest first, and that of the best run', () => {
  const runs = {
    a: { params: { lr: '0.1' }, metrics: { loss: 3 } },
    b: { params: { lr: '0.2' }, metrics: { loss: 2 } },
    c: { params: { lr: '0.1' }, metrics: { loss: 1 } },
    d: { params: { lr: '0.3' } },
  }
  const code = 'mlflow.log_param("lr", lr)'
  expect(texts(code, { runs })).toEqual(['0.1, 0.2, 0.3'])
  expect(texts(code, { runs, directions: { loss: 'higher' } })).toEqual(['0.1, 0.2, 0.3 · best run: 0.1'])
  expect(texts(code, { runs: { a: { params: { lr: '0.1' } } }, directions: { loss: 'lower' } })).toEqual(['0.1'])
  const several = { runs, directions: { loss: 'higher' } } as const
  expect(texts('mlflow.log_params({"lr": 1, "lr": 2})', several)).toEqual([
    'lr 0.1, 0.2 and 1 more (best run: 0.1) · lr 0.1, 0.2 and 1 more (best run: 0.1)',
  ])
})

test('a registered model: its newest version, and those with a stage or an alias', () => {
  const version = (number: string, currentStage: Stage, aliases: readonly string[] = []): ModelVersion => ({
    ...{ name: 'm', version: number, currentStage, aliases, creationTime: 0, lastUpdatedTime: 0, description: '' },
    ...{ userId: '', source: '', runId: '', status: 'READY', statusMessage: '', tags: new Map() },
  })
  const versions = [version('4', 'None'), version('3', 'Production', ['champion']), version('2', 'Archived')]
  const setting = { runs: {}, versions }
  expect(texts('mlflow.register_model("runs:/a/m", "m")', setting)).toEqual(['v4, v3 Production @champion'])
  expect(texts('mlflow.sklearn.log_model(m, "x", registered_model_name="m")', setting)).toHaveLength(1)
  expect(texts('mlflow.sklearn.log_model(m, "x")', setting)).toEqual([])
})

test('autologging: what it logged last', () => {
  const runs = { a: { metrics: { training_score: 0.9 }, params: { depth: '3', width: '4' } } }
  expect(texts('mlflow.sklearn.autolog()', { runs })).toEqual(['last run: 2 parameters, 1 metric · training_score 0.9'])
})
