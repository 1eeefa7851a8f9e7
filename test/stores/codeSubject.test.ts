import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claimsOf } from '../../src/extension/editor/belonging'
import { findMlflowCalls } from '../../src/extension/editor/pythonCalls'
import { findSubject, retold } from '../../src/extension/editor/subject'
import type { TrackingStore } from '../../src/extension/stores'
import { openSqliteStore } from '../../src/extension/stores/sqlite'
import { workers } from './workers'

let store: TrackingStore
const folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-'))

beforeAll(async () => {
  const file = path.join(folder, 'mlflow.db')
  cpSync('demo/mlflow.db', file)
  store = await openSqliteStore(file, `sqlite:///${file}`, { workers })
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const signal = new AbortController().signal
const claims = (code: string, env = {}) => claimsOf(findMlflowCalls(`import mlflow\n${code}`), env)

async function subject(code: string, file = 'nobody.py', { isSure = true, env = {} } = {}) {
  const asked = {
    claims: claims(code, env),
    chosen: undefined,
    isSure,
    file: { path: `/work/${file}`, entryPoints: [] },
  }
  const found = await findSubject(store, asked, signal)
  return found && [found.experiment.name, found.rule.by]
}

const set = (name: string): string => `mlflow.set_experiment(${name})`

describe('the experiment of a file', () => {
  test('is the one it names, wherever its runs came from', async () => {
    expect(await subject(set('"dynamic-pricing"'))).toEqual(['dynamic-pricing', 'code'])
    expect(await subject(set('"dynamic-pricing"'), 'forecast.py')).toEqual(['dynamic-pricing', 'code'])
    expect(await subject(set('"nowhere"'), 'train.py')).toBeUndefined()
  })

  test('is the one of its id', async () => {
    const { experiment } =
      (await findSubject(
        store,
        {
          claims: claims(set('"dynamic-pricing"')),
          chosen: undefined,
          isSure: true,
          file: { path: '', entryPoints: [] },
        },
        signal,
      )) ?? {}
    const id = experiment?.experimentId ?? ''
    expect(await subject(set(`experiment_id="${id}"`))).toEqual(['dynamic-pricing', 'code'])
    expect(await subject(`mlflow.start_run(experiment_id="${id}")`)).toEqual(['dynamic-pricing', 'code'])
    expect(await subject('mlflow.start_run()', 'x.py', { env: { MLFLOW_EXPERIMENT_ID: id } })).toEqual([
      'dynamic-pricing',
      'environment',
    ])
    expect(await subject(set('experiment_id="98765"'))).toBeUndefined()
  })

  test('of a pattern that one has is that one; of more, the one to which the file logged', async () => {
    expect(await subject(set('f"dyn{x}"'))).toEqual(['dynamic-pricing', 'pattern'])
    expect(await subject(set('f"d{x}"'))).toBeUndefined()
    expect(await subject(set('f"d{x}"'), 'forecast.py')).toEqual(['demand-forecast', 'source'])
    expect(await subject(set('f"dyn{x}"'), 'x.py', { isSure: false })).toBeUndefined()
  })

  test('that is known at run time only is the one to which the file logged, and never the one of the environment', async () => {
    const env = { MLFLOW_EXPERIMENT_NAME: 'demand-forecast' }
    expect(await subject(set('args.e'), 'train.py', { env })).toEqual(['dynamic-pricing', 'source'])
    expect(await subject(set('args.e'), 'nobody.py', { env })).toBeUndefined()
  })

  test('where it may log elsewhere, only if it logged there', async () => {
    const code = set('"dynamic-pricing"')
    expect(await subject(code, 'train.py', { isSure: false })).toEqual(['dynamic-pricing', 'source'])
    expect(await subject(code, 'forecast.py', { isSure: false })).toBeUndefined()
  })

  test('of several, the one to which it logged, else the first', async () => {
    const code = `${set('"dynamic-pricing"')}\n${set('"demand-forecast"')}`
    expect(await subject(code, 'forecast.py')).toEqual(['demand-forecast', 'source'])
    expect(await subject(code, 'nobody.py')).toEqual(['dynamic-pricing', 'code'])
  })

  test('is told by the line where its name is now', async () => {
    const asked = { claims: claims(set('"dynamic-pricing"')), chosen: undefined, isSure: true }
    const found = await findSubject(store, { ...asked, file: { path: '', entryPoints: [] } }, signal)
    expect(retold(found, claims(`\n\n${set('"dynamic-pricing"')}`))?.rule).toEqual({ by: 'code', line: 3 })
  })
})
