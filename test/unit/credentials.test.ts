import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  credentialsFromEnvironment,
  credentialsFromFile,
  credentialsOfMlflow,
} from '../../src/extension/stores/credentials'

const basic = (username: string, password: string): object => ({ kind: 'basic', username, password })
const USER = 'MLFLOW_TRACKING_USERNAME'
const PASSWORD = 'MLFLOW_TRACKING_PASSWORD'
const TOKEN = 'MLFLOW_TRACKING_TOKEN'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-credentials-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(text: string): Promise<string> {
  const name = path.join(folder, 'credentials')
  await writeFile(name, text)
  return name
}

test.each([
  [{}, undefined],
  [{ [USER]: 'u', [PASSWORD]: 'p' }, basic('u', 'p')],
  [{ [USER]: 'u', [PASSWORD]: 'p', [TOKEN]: 't' }, basic('u', 'p')],
  [
    { [USER]: 'u', [TOKEN]: 't' },
    { kind: 'bearer', token: 't' },
  ],
  [{ [USER]: '', [PASSWORD]: '' }, undefined],
  [{ [USER]: 'u' }, undefined],
])('of the environment %j', (environment, expected) => {
  expect(credentialsFromEnvironment(environment)).toEqual(expected)
})

describe('of the file', () => {
  test.each([
    ['[mlflow]\nmlflow_tracking_username = ana\nmlflow_tracking_password = s e=cr:et \n', basic('ana', 's e=cr:et')],
    [
      '# note\r\n[mlflow]\r\nMLFLOW_TRACKING_USERNAME: ana\r\n; note\r\n\r\nmlflow_tracking_password:100%%\r\n',
      basic('ana', '100%'),
    ],
    ['[other]\nmlflow_tracking_username=x\nmlflow_tracking_password=y\n', undefined],
    ['[mlflow]\nmlflow_tracking_username=ana\n[other]\nmlflow_tracking_password=y\n', undefined],
    ['mlflow_tracking_username=ana', undefined],
    ['', undefined],
  ])('%j', async (text, expected) => {
    expect(await credentialsFromFile(await file(text))).toEqual(expected)
  })

  test('that is not there', async () => {
    expect(await credentialsFromFile(path.join(folder, 'nothing'))).toBeUndefined()
  })

  test('that is none', async () => {
    await expect(credentialsFromFile(folder)).rejects.toThrow(/EISDIR/)
  })
})

test('each of the environment’s two goes before the file’s, the token last', async () => {
  const ofAna = await file('[mlflow]\nmlflow_tracking_username = ana\nmlflow_tracking_password = a\n')
  expect(await credentialsOfMlflow({ [TOKEN]: 't' }, ofAna)).toEqual(basic('ana', 'a'))
  expect(await credentialsOfMlflow({ [PASSWORD]: 'b' }, ofAna)).toEqual(basic('ana', 'b'))
  expect(await credentialsOfMlflow({ [TOKEN]: 't' }, path.join(folder, 'nothing'))).toEqual({
    kind: 'bearer',
    token: 't',
  })
})
