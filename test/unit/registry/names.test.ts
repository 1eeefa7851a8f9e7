import { expect, test } from 'vitest'
import { stageNamed, wrongAlias, wrongVersion } from '../../../src/extension/registry/names'

test.each([
  ['production', 'Production'],
  [' STAGING ', 'Staging'],
  ['none', 'None'],
  ['Archived', 'Archived'],
])('%s is %s', (text, stage) => expect(stageNamed(text)).toBe(stage))

test('another stage is refused with the ones there are', () =>
  expect(() => stageNamed('prod')).toThrow('“prod” is not a stage. Stages: None, Staging, Production, Archived.'))

test.each(['champion', 'a-b_2', 'v1a', 'é', 'x'.repeat(255)])('alias %s', (alias) =>
  expect(wrongAlias(alias)).toBeUndefined(),
)
test.each(['', 'a b', 'a/b', 'Latest', 'v12', 'V1', 'x'.repeat(256), 'a\n'])('no alias: %j', (alias) =>
  expect(wrongAlias(alias)).toMatch(/\.$/),
)
test.each(['0', '', '1.0', '-1', 'x'])('no version: %j', (version) => expect(wrongVersion(version)).toBeDefined())
test('version 12', () => expect(wrongVersion('12')).toBeUndefined())
