import { describe, expect, test } from 'vitest'
import { findMlflowCalls } from '../../../src/extension/editor/pythonCalls'
import { registryOf, trackingPlace } from '../../../src/extension/editor/trackingPlace'

const connection = (uri: string) => ({ id: uri, uri })
const database = connection('sqlite:////work/mlflow.db')
const other = connection('sqlite:////else/mlflow.db')
const folder = connection('file:///work/src/mlruns')
const server = connection('http://prod.example:5000')
const all = [database, other, folder, server]

function place(code: string, change: Partial<Parameters<typeof trackingPlace>[1]> = {}) {
  const calls = findMlflowCalls(`import os, mlflow\n${code}`)
  const folders = ['/work', '/work/src']
  return trackingPlace(calls, { all, active: database, env: {}, folders, roots: ['/work'], ...change })
}

const set = (uri: string): string => `mlflow.set_tracking_uri(${uri})`

describe('where code logs', () => {
  test.each([
    ['"sqlite:///mlflow.db"', database],
    ['"sqlite:////work/mlflow.db"', database],
    ['"mlruns"', folder],
    ['"file:./mlruns"', folder],
    ['"http://u:p@prod.example:5000/"', server],
    ['"HTTP://prod.example:5000"', server],
  ])('the URI %s', (uri, connection) => {
    expect(place(set(uri))).toEqual({ connection, isSure: true })
  })

  test('is the active connection where the code sets none', () => {
    expect(place('')).toEqual({ connection: database, isSure: true })
    expect(place('', { all: [], active: undefined })).toBeUndefined()
  })

  test.each([
    ['"http://u:secret@elsewhere:5000"', 'http://…@elsewhere:5000'],
    ['"databricks"', 'databricks'],
  ])('is nowhere where no connection has it: %s', (uri, missing) => {
    expect(place(set(uri))).toEqual({ missing, line: 1 })
  })

  test('is what the environment says, and else perhaps the default', () => {
    const code = set('os.getenv("URI", "http://prod.example:5000")')
    expect(place(code)).toEqual({ connection: server, isSure: true })
    expect(place(code, { env: { URI: 'sqlite:////else/mlflow.db' } })).toEqual({ connection: other, isSure: true })
    expect(place(code, { env: { URI: 'http://elsewhere' } })).toEqual({ missing: 'http://elsewhere', line: 1 })
    const local = set('os.getenv("URI", "http://localhost:5000")')
    expect(place(local)).toEqual({ connection: database, isSure: false })
  })

  test('is not sure where the code leaves a choice', () => {
    expect(place(set('args.uri'))).toEqual({ connection: database, isSure: false })
    const choice = `if x:\n  ${set('"http://prod.example:5000"')}\nelse:\n  ${set('"http://elsewhere"')}`
    expect(place(choice)).toEqual({ connection: server, isSure: false })
    const both = `${set('"http://prod.example:5000"')}\n${set('"sqlite:///mlflow.db"')}`
    expect(place(both)).toEqual({ connection: database, isSure: false })
  })

  test('is the store in its own folder of the workspace rather than that of another', () => {
    const change = { roots: ['/work', '/else'], folders: ['/else', '/else/src'] }
    expect(place('', change)).toEqual({ connection: other, isSure: true })
    expect(place('', { ...change, active: server })).toEqual({ connection: server, isSure: true })
    expect(place('', { ...change, all: [database, server] })).toEqual({ connection: database, isSure: true })
  })
})

describe('where the models of code are', () => {
  const models = (code: string, env: Readonly<Record<string, string>> = {}) => {
    const calls = findMlflowCalls(`import os, mlflow\n${code}`)
    return registryOf(calls, { all, active: database, env, folders: ['/work'], roots: ['/work'] }, other)
  }
  const registry = (uri: string): string => `mlflow.set_registry_uri(${uri})`

  test.each([
    ['where it logs', '', other],
    ['in the registry that it sets', registry('"sqlite:///mlflow.db"'), database],
    ['in the one of the environment', registry('os.getenv("R", "http://prod.example:5000")'), database],
    ['nowhere where no connection has it', registry('"http://elsewhere"'), undefined],
    ['nowhere where it is known at run time only', registry('args.uri'), undefined],
    [
      'nowhere where the code leaves a choice',
      `${registry('"mlruns"')}\n${registry('"sqlite:///mlflow.db"')}`,
      undefined,
    ],
  ])('%s', (_, code, expected) => {
    expect(models(code, { R: 'sqlite:////work/mlflow.db' })).toBe(expected)
  })

  test('is what MLflow’s own variable says where the code sets none', () => {
    expect(models('', { MLFLOW_REGISTRY_URI: 'http://prod.example:5000' })).toBe(server)
    expect(models('', { MLFLOW_REGISTRY_URI: 'http://elsewhere' })).toBeUndefined()
  })
})
