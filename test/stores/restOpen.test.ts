/** Which URI opens which store. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openStore, type StoreErrorReason } from '../../src/extension/stores'
import { json, startFaulty } from './faultyServer'

const options = { workerPath: 'no worker is started here' }

async function refusal(uri: string): Promise<{ reason: StoreErrorReason; message: string }> {
  const failure: unknown = await openStore(uri, options).then(
    () => undefined,
    (error: unknown) => error,
  )
  return failure as { reason: StoreErrorReason; message: string }
}

test('http:// opens a server', async () => {
  await using server = await startFaulty({
    '/sub/api/2.0/mlflow/experiments/search': json({}),
    '/sub/version': json(3),
  })
  await using store = await openStore(`${server.url}/sub/#/experiments/0`, options)
  expect(store.kind).toBe('rest')
  expect(store.uri).toBe(`${server.url}/sub`)
})

test('a folder is said to come later', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mlruns-'))
  try {
    for (const uri of [folder, `file://${folder}`, `${folder}/`])
      expect(await refusal(uri)).toMatchObject({
        reason: 'unsupported',
        message: expect.stringMatching(/is a folder.*next version/) as string,
      })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('other schemes are said not to be supported', async () => {
  for (const uri of ['databricks', 'databricks://profile', 'mysql://u:p@h/db', 's3://bucket'])
    expect((await refusal(uri)).reason).toBe('unsupported')
})
