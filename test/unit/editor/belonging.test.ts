import { describe, expect, test } from 'vitest'
import { claimOf, isSourceOf, rowsOfFile } from '../../../src/extension/editor/belonging'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'
import { allRows, frameOf } from './runs'

const claim = (code: string, env: Readonly<Record<string, string>> = {}) =>
  claimOf(findMlflowCalls(`import os, mlflow\n${code}`), env)

describe('the experiment of a file', () => {
  test('is the first that it sets', () => {
    const code = 'NAME = "a"\nmlflow.set_experiment(NAME)\nmlflow.set_experiment("b")'
    expect(claim(code)).toMatchObject({ experiment: { text: 'a' }, rule: { by: 'code', line: 2 } })
  })

  test('is what the variable says that the code asks first, and else its default', () => {
    const code = 'mlflow.set_experiment(os.environ.get("EXP", "a"))'
    expect(claim(code)).toMatchObject({ experiment: { text: 'a' }, rule: { by: 'code' } })
    expect(claim(code, { EXP: 'b' })).toEqual({
      experiment: { text: 'b', isPattern: false },
      rule: { by: 'environment', variable: 'EXP' },
    })
  })

  test('is the one of the environment where the code sets none', () => {
    const env = { MLFLOW_EXPERIMENT_NAME: 'c' }
    expect(claim('mlflow.log_metric("a", 1)', env)?.experiment.text).toBe('c')
    expect(claim('mlflow.set_experiment("a")', env)?.experiment.text).toBe('a')
    expect(claim('mlflow.log_metric("a", 1)')).toBeUndefined()
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
  ])('the source %j', (source, expected) => {
    expect(isSourceOf(source, { path: '/work/src/train.py' })).toBe(expected)
  })

  const file = { path: '/work/train.py', entryPoints: ['main'] }

  test('are those that came from it, or from its entry point', () => {
    const frame = frameOf({
      a: { tags: { 'mlflow.source.name': 'train.py' } },
      b: { tags: { 'mlflow.source.name': 'sweep.py' } },
      c: { tags: { 'mlflow.source.name': '/elsewhere', 'mlflow.project.entryPoint': 'main' } },
    })
    expect(rowsOfFile(frame, allRows(frame), file)).toEqual({ rows: [0, 2], isAll: false })
  })

  test('are all where none says where it came from', () => {
    const frame = frameOf({ a: {}, b: {} })
    expect(rowsOfFile(frame, allRows(frame), file)).toEqual({ rows: [0, 1], isAll: true })
  })
})
