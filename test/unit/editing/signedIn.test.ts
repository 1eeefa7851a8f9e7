import { expect, test } from 'vitest'
import type { Connection } from '../../../src/extension/connections/connection'
import { signedIn } from '../../../src/extension/editing/signedIn'
import { StoreError } from '../../../src/extension/stores'

const expired = new StoreError('unauthorized', 'The token has expired.')

test('credentials that are no longer good are asked for, and the work is done once more', async () => {
  const asked: unknown[] = []
  const connection = {
    store(options: unknown) {
      asked.push(options)
      return Promise.resolve({ uri: String(asked.length) })
    },
  } as unknown as Connection
  const work = ({ uri }: { uri: string }): Promise<string> =>
    uri === '1' ? Promise.reject(expired) : Promise.resolve(uri)
  expect(await signedIn(connection, work)).toBe('2')
  expect(asked).toEqual([{ interactive: true }, { interactive: true }])
  await expect(signedIn(connection, () => Promise.reject(expired))).rejects.toBe(expired)
  await expect(signedIn(connection, () => Promise.reject(new Error('else')))).rejects.toThrow('else')
  expect(asked).toHaveLength(5)
})
