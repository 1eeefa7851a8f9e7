import { describe, expect, test } from 'vitest'
import { arrange, nameOf, sourcesOfSetting, type Source } from '../../../src/extension/connections/sources'
import { parseTrackingUri } from '../../../src/extension/stores/uri'

const source = (origin: Source['origin'], uri: string, more: Partial<Source> = {}): Source => ({
  origin,
  uri,
  folder: '/project',
  where: origin,
  byUser: origin === 'environment' || origin === 'session',
  ...more,
})

describe('arrange', () => {
  test('puts first what a Python in the workspace would use', () => {
    const { entries } = arrange([
      source('session', 'http://session'),
      source('workspace', '/project/mlruns'),
      source('setting', 'http://of-user', { byUser: true, name: 'mine' }),
      source('workspace', '/project/sub/other.db'),
      source('workspace', '/project/mlflow.db'),
      source('dotenv', 'http://dotenv'),
      source('environment', 'http://environment'),
      source('setting', 'http://of-workspace', { name: 'team' }),
    ])
    expect(entries.map(({ name }) => name)).toEqual([
      'team',
      'environment',
      'dotenv',
      'mlflow.db',
      'sub/other.db',
      'mine',
      'mlruns',
      'session',
    ])
  })

  test('makes one entry of several ways to write one store, with the name that somebody gave', () => {
    const { entries } = arrange([
      source('environment', 'HTTP://Server:80/mlf/'),
      source('setting', 'http://server/mlf', { name: 'production', byUser: true }),
      source('workspace', 'sqlite:////project/mlflow.db'),
      source('dotenv', 'mlflow.db'),
    ])
    expect(entries.map(({ name, uri, origin }) => [name, uri.id, origin])).toEqual([
      ['production', 'http://server/mlf', 'environment'],
      ['mlflow.db', 'sqlite:////project/mlflow.db', 'dotenv'],
    ])
  })

  test('a server that only files of the workspace name is not the user’s, until the user names it too', () => {
    const fromFile = source('dotenv', 'http://server')
    expect(arrange([fromFile]).entries[0]?.byUser).toBe(false)
    expect(arrange([fromFile, source('session', 'http://server')]).entries[0]?.byUser).toBe(true)
  })

  test('tells equal names apart', () => {
    const { entries } = arrange([
      source('workspace', '/a/mlflow.db', { folder: '/a' }),
      source('workspace', '/b/mlflow.db', { folder: '/b' }),
    ])
    expect(entries.map(({ name }) => name)).toEqual(['mlflow.db (a/mlflow.db)', 'mlflow.db (b/mlflow.db)'])
  })

  test('reports what can’t be a connection, and keeps the others', () => {
    const { entries, problems } = arrange([
      source('environment', 'databricks', { where: 'MLFLOW_TRACKING_URI' }),
      source('workspace', '/project/mlflow.db'),
    ])
    expect(entries).toHaveLength(1)
    expect(problems.map(({ where }) => where)).toEqual(['MLFLOW_TRACKING_URI'])
    expect(problems[0]?.message).toContain('databricks')
  })

  test('a password in a URI is kept apart from its id', () => {
    const { entries } = arrange([source('session', 'http://me:secret@server')])
    expect(entries[0]?.uri.id).toBe('http://server')
    expect(entries[0]?.uri.userInfo).toEqual({ username: 'me', password: 'secret' })
  })
})

describe('the setting mlflow.connections', () => {
  const read = (value: unknown) => sourcesOfSetting(value, { byUser: true, folder: '/home' })

  test('gives its good entries and says what is wrong with each other', () => {
    const { sources, problems } = read([
      { name: 'good', uri: 'http://server' },
      { name: 'no uri' },
      { uri: 'http://me:secret@nameless' },
      'text',
      null,
    ])
    expect(sources.map(({ name }) => name)).toEqual(['good'])
    expect(problems.map(({ where }) => where)).toEqual(
      [1, 2, 3, 4].map((i) => `mlflow.connections[${i}] (user settings)`),
    )
    expect(JSON.stringify(problems)).not.toContain('secret')
  })

  test('that is no list is a problem, that is not there is none', () => {
    expect(read('http://server').problems).toHaveLength(1)
    expect(read(undefined)).toEqual({ sources: [], problems: [] })
  })
})

test('names are short and relative', () => {
  const name = (uri: string, folder?: string) => nameOf(parseTrackingUri(uri, '/project'), folder)
  expect(name('https://user:pw@host:8443/prefix/', '/project')).toBe('host:8443/prefix')
  expect(name('/project/a/b.db', '/project')).toBe('a/b.db')
  expect(name('/elsewhere/deep/b.db', '/project')).toBe('deep/b.db')
})
