import { expect, test } from 'vitest'
import { offering } from '../../../src/extension/connections/storeConnection'
import type { Credentials } from '../../../src/extension/stores/open'

const ana: Credentials = { kind: 'bearer', token: 'of ana' }
const admin: Credentials = { kind: 'bearer', token: 'of admin' }

test('what a server refuses at first is followed by the next', async () => {
  const offer = offering(() => Promise.resolve([ana, admin]))
  expect(await offer(undefined)).toEqual(ana)
  expect(await offer(ana)).toEqual(admin)
  expect(await offer(admin)).toBeUndefined()
})

test('what has worked and is refused now is followed by nobody else’s, only by what has replaced it', async () => {
  let candidates: Credentials[] = [ana, admin]
  const offer = offering(
    () => Promise.resolve(candidates),
    () => true,
  )
  expect(await offer(undefined)).toEqual(ana)
  expect(await offer(ana)).toBeUndefined()
  const renewed: Credentials = { kind: 'bearer', token: 'of ana, renewed' }
  candidates = [renewed, admin]
  expect(await offer(ana)).toEqual(renewed)
})
