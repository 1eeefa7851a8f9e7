import { expect, test } from 'vitest'
import { nameProblems } from '../../../src/extension/editor/nameProblems'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'

const problems = (code: string, metrics: readonly string[] = [], params: readonly string[] = []) => {
  const source = `import mlflow\n${code}`
  return nameProblems({ source, calls: findMlflowCalls(source) }, { metrics, params }).map(
    ({ kind, message, fixes, range }) => [
      source.slice(range.start + 1, range.end - 1),
      fixes[0]?.edit?.text,
      message,
      kind,
    ],
  )
}

test('names that differ from those of the runs', () => {
  expect(problems('mlflow.log_metric("val-loss", 1)', ['val_loss'])).toEqual([
    [
      'val-loss',
      'val_loss',
      'Runs of this experiment have “val_loss”, which differs from “val-loss” only in case or separators.',
      'similarNames',
    ],
  ])
  expect(problems('mlflow.log_metric("val-loss", 1)', ['val_loss', 'val-loss'])).toEqual([])
  expect(problems('mlflow.log_metric("val_loss", 1)', [], ['val-loss'])).toEqual([])
  expect(problems('mlflow.log_metric("vallos", 1)', ['val_loss'])).toEqual([])
  expect(problems('mlflow.log_metric(f"val-{x}", 1)', ['val_x'])).toEqual([])
})

test('names that differ from those of other files', () => {
  const source = 'import mlflow\nmlflow.log_metric("val-loss", 1)\nmlflow.log_param("lr", 1)'
  const calls = findMlflowCalls(source)
  const others = [
    { file: 'other.py', metrics: ['val_loss', 'lr'], params: [] },
    { file: 'more.py', metrics: ['Val-Loss'], params: ['lr'] },
  ]
  const found = nameProblems({ source, calls }, { metrics: [], params: [] }, others)
  expect(found.map(({ message, fixes }) => [message, fixes[0]?.edit?.text])).toEqual([
    ['other.py logs “val_loss”, which differs from “val-loss” only in case or separators.', 'val_loss'],
  ])
  // What runs have counts more.
  expect(nameProblems({ source, calls }, { metrics: ['val-loss'], params: [] }, others)).toEqual([])
})

test('names that differ from one another in the file', () => {
  const code = 'mlflow.log_param("Lr", 1)\nmlflow.log_params({"lr": 1, "Lr": 2})'
  expect(problems(code)).toEqual([
    ['lr', 'Lr', '“lr” differs from “Lr” on line 2 only in case or separators.', 'similarNames'],
  ])
})

test.each(['a(b)', 'a=1', 'a@b', 'a,b', '/a', 'a/', 'a//b', './a', '../a', 'a/./b', '.', 'x'.repeat(251)])(
  'MLflow refuses %s',
  (name) => {
    expect(problems(`mlflow.log_metric("${name}", 1)`)).toMatchObject([
      [name, undefined, expect.stringMatching(/^MLflow refuses/), 'refusedNames'],
    ])
  },
)

test.each(['a', 'a/b', 'a b', 'a:b', 'a.b-c_d', 'über', '...', 'a/..b', 'x'.repeat(250)])('MLflow takes %s', (name) => {
  expect(problems(`mlflow.log_metric("${name}", 1)`)).toEqual([])
})
