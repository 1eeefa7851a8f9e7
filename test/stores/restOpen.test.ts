/** Which URI opens which store. */
import { expect, test } from 'vitest'
import { openStore, type StoreErrorReason } from '../../src/extension/stores'
import { json, startFaulty } from './faultyServer'
import { MadeUpFolder } from './madeUpFolder'
import { workers } from './workers'

const options = { workers: 'no worker is started here' }

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

test('a folder opens a file store, however it is written', async () => {
  using folder = new MadeUpFolder()
  for (const uri of [folder.root, `file://${folder.root}`, `${folder.root}/`]) {
    await using store = await openStore(uri, { workers })
    expect([store.kind, store.uri, store.version]).toEqual(['files', `file://${folder.root}`, 'file store'])
  }
})

test('other schemes are said not to be supported', async () => {
  for (const uri of ['databricks', 'databricks://profile', 'mysql://u:p@h/db', 's3://bucket'])
    expect((await refusal(uri)).reason).toBe('unsupported')
})
