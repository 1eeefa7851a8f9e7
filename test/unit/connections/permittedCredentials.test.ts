import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { credentialsFor } from '../../../src/extension/connections/permittedCredentials'
import { arrange, type Source } from '../../../src/extension/connections/sources'

const environment = { MLFLOW_TRACKING_USERNAME: 'env', MLFLOW_TRACKING_PASSWORD: 'of-env' }
const ofEnvironment = { kind: 'basic', username: 'env', password: 'of-env' }
const nothingKept = { get: () => Promise.resolve(undefined) }
let folder: string
let noFile: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-credentials-'))
  noFile = path.join(folder, 'absent')
})
afterAll(() => rm(folder, { recursive: true }))

function entryOf(source: Partial<Source>) {
  const whole = {
    origin: 'dotenv',
    uri: 'http://server:5000',
    folder: '/',
    where: '',
    byUser: false,
    ...source,
  } as const
  const [entry] = arrange([whole]).entries
  if (!entry) throw new Error('no entry')
  return entry
}

test('the user’s own go to a server that the user named, trusted or not', async () => {
  const entry = entryOf({ origin: 'setting', byUser: true })
  expect(await credentialsFor(entry, nothingKept, false, environment, noFile)).toEqual([ofEnvironment])
})

test('the user’s own go to a server that a file of the workspace names only when the workspace is trusted', async () => {
  expect(await credentialsFor(entryOf({}), nothingKept, false, environment, noFile)).toEqual([])
  expect(await credentialsFor(entryOf({}), nothingKept, true, environment, noFile)).toEqual([ofEnvironment])
})

test('the user’s own go to the server of the environment’s own MLFLOW_TRACKING_URI', async () => {
  const named = { ...environment, MLFLOW_TRACKING_URI: 'http://server:5000/other' }
  expect(await credentialsFor(entryOf({}), nothingKept, false, named, noFile)).toEqual([ofEnvironment])
  const elsewhere = { ...environment, MLFLOW_TRACKING_URI: 'http://server:5001' }
  expect(await credentialsFor(entryOf({}), nothingKept, false, elsewhere, noFile)).toEqual([])
  expect(await credentialsFor(entryOf({}), nothingKept, true, elsewhere, noFile)).toEqual([])
  const local = { ...environment, MLFLOW_TRACKING_URI: 'sqlite:////a/mlflow.db' }
  expect(await credentialsFor(entryOf({}), nothingKept, true, local, noFile)).toEqual([ofEnvironment])
})

test('the credentials file counts as the user’s own', async () => {
  const file = path.join(folder, 'credentials')
  await writeFile(file, '[mlflow]\nmlflow_tracking_username = file\nmlflow_tracking_password = of-file\n')
  const found = await credentialsFor(entryOf({ byUser: true }), nothingKept, false, {}, file)
  expect(found).toEqual([{ kind: 'basic', username: 'file', password: 'of-file' }])
  expect(await credentialsFor(entryOf({}), nothingKept, false, {}, file)).toEqual([])
})

test('those of a .env go to the server of that .env, without trust; typed ones stand alone', async () => {
  const variables = { MLFLOW_TRACKING_TOKEN: 'of-dotenv' }
  const kept = {
    get: (origin: string) =>
      Promise.resolve(origin === 'http://server:5000' ? ({ kind: 'bearer', token: 'kept' } as const) : undefined),
  }
  expect(await credentialsFor(entryOf({ variables }), kept, false, environment, noFile)).toEqual([
    { kind: 'bearer', token: 'kept' },
  ])
  const found = await credentialsFor(entryOf({ variables }), nothingKept, false, environment, noFile)
  expect(found).toEqual([{ kind: 'bearer', token: 'of-dotenv' }])
})

test('a database gets none', async () => {
  expect(await credentialsFor(entryOf({ uri: '/a/mlflow.db' }), nothingKept, true, environment, noFile)).toEqual([])
})
