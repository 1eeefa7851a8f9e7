import os from 'node:os'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../src/extension/stores/errors'
import { parseTrackingUri } from '../../src/extension/stores/uri'

const sqlite = (path: string, id = `sqlite:///${path}`): object => ({ kind: 'sqlite', id, path })
const server = (id: string, origin = id): object => ({ kind: 'rest', id, origin })

describe.runIf(process.platform !== 'win32')('paths', () => {
  test.each<[string, object]>([
    ['sqlite:////data/mlflow.db', sqlite('/data/mlflow.db')],
    ['sqlite:////data/a%20b/mlflow.db?mode=ro', sqlite('/data/a%20b/mlflow.db')],
    ['SQLITE:////data/x', sqlite('/data/x')],
    ['sqlite:///mlflow.db', sqlite('/base/mlflow.db')],
    ['sqlite:///../sub/./mlflow.db', sqlite('/sub/mlflow.db')],
    ['mlflow.db', sqlite('/base/mlflow.db')],
    [' /data/runs.sqlite3 ', sqlite('/data/runs.sqlite3')],
    ['file:///data/mlflow.db', sqlite('/data/mlflow.db')],
    ['~/mlflow.db', sqlite(`${os.homedir()}/mlflow.db`)],
    ['mlruns', { kind: 'files', id: 'file:///base/mlruns', path: '/base/mlruns' }],
    [
      '/data/with space/mlruns/',
      { kind: 'files', id: 'file:///data/with space/mlruns', path: '/data/with space/mlruns' },
    ],
    ['file:///data/with%20space', { kind: 'files', id: 'file:///data/with space', path: '/data/with space' }],
    ['file:mlruns', { kind: 'files', id: 'file:///base/mlruns', path: '/base/mlruns' }],
    ['file://localhost/data/100%', { kind: 'files', id: 'file:///data/100%', path: '/data/100%' }],
  ])('%s', (uri, expected) => {
    expect(parseTrackingUri(uri, '/base')).toEqual(expected)
  })
})

describe('paths of Windows', () => {
  test.each<[string, object]>([
    ['sqlite:///C:/data/mlflow.db', sqlite('C:\\data\\mlflow.db', 'sqlite:///C:/data/mlflow.db')],
    ['sqlite:///C:\\data\\mlflow.db', sqlite('C:\\data\\mlflow.db', 'sqlite:///C:/data/mlflow.db')],
    ['C:\\data\\mlflow.db', sqlite('C:\\data\\mlflow.db', 'sqlite:///C:/data/mlflow.db')],
    ['file:///C:/data/mlruns', { kind: 'files', id: 'file:///C:/data/mlruns', path: 'C:\\data\\mlruns' }],
  ])('%s', (uri, expected) => {
    expect(parseTrackingUri(uri)).toEqual(expected)
  })
})

describe('servers', () => {
  test.each<[string, object]>([
    ['http://localhost:5000', server('http://localhost:5000')],
    ['HTTP://LocalHost:5000/', server('http://localhost:5000')],
    [
      'https://mlflow.example:443/team/mlflow//',
      server('https://mlflow.example/team/mlflow', 'https://mlflow.example'),
    ],
    ['http://[::1]:5000/#/experiments/3', server('http://[::1]:5000')],
    ['http://h:5000/?a=b', server('http://h:5000')],
    [
      'http://us%40er:p%3Aw%@h:5000',
      { ...server('http://h:5000'), userInfo: { username: 'us@er', password: 'p%3Aw%' } },
    ],
    ['http://us%40er:p%3Aw@h:5000', { ...server('http://h:5000'), userInfo: { username: 'us@er', password: 'p:w' } }],
    ['http://user@h:5000', { ...server('http://h:5000'), userInfo: { username: 'user', password: '' } }],
  ])('%s', (uri, expected) => {
    expect(parseTrackingUri(uri)).toEqual(expected)
  })
})

describe('refused', () => {
  test.each([
    ['', 'badRequest', /empty/],
    ['  ', 'badRequest', /empty/],
    ['http://', 'badRequest', /not a complete address/],
    ['http:/localhost', 'badRequest', /http:\/\/localhost:5000/],
    ['http://h:port', 'badRequest', /http:\/\/h:port is not/],
    ['sqlite://', 'badRequest', /names no database file/],
    ['sqlite:///:memory:', 'badRequest', /names no database file/],
    ['sqlite:///relative.db', 'badRequest', /relative path/],
    ['mlruns', 'badRequest', /relative path/],
    ['databricks', 'unsupported', /“databricks” are not supported/],
    ['databricks://profile', 'unsupported', /“databricks” are not supported/],
    [
      'postgresql+psycopg2://user:secret@host/db',
      'unsupported',
      /“postgresql\+psycopg2” are not supported.*mlflow server/,
    ],
    ['s3://bucket/x', 'unsupported', /“s3”/],
  ])('%s', (uri, reason, message) => {
    const attempt = (): unknown => parseTrackingUri(uri)
    expect(attempt).toThrow(message)
    expect(attempt).toThrow(expect.objectContaining({ reason }) as Error)
    expect(attempt).toThrow(StoreError)
    expect(attempt).not.toThrow(/secret/)
  })
})
