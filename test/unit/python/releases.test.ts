import { expect, test } from 'vitest'
import { canMigrateFolder, refusesFolder } from '../../../src/extension/python/releases'

test.each([
  ['1.30.1', false, false],
  ['2.22.5', false, false],
  ['3.9.0', false, false],
  ['3.10.0rc1', false, true],
  ['3.12.4', false, true],
  ['3.13.0', true, true],
  ['3.17.2', true, true],
  ['4.0.0.dev0', true, true],
])('mlflow %s: refuses folders %s, migrates them %s', (version, refuses, migrates) => {
  expect(refusesFolder(version, {})).toBe(refuses)
  expect(canMigrateFolder(version)).toBe(migrates)
})

test.each(['true', 'TRUE', '1'])('an environment with MLFLOW_ALLOW_FILE_STORE=%s allows it', (value) =>
  expect(refusesFolder('3.17.2', { MLFLOW_ALLOW_FILE_STORE: value })).toBe(false),
)

test('one that says no does not', () =>
  expect(refusesFolder('3.17.2', { MLFLOW_ALLOW_FILE_STORE: 'false' })).toBe(true))
