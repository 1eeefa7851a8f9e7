import { expect, test } from 'vitest'
import { parseArtifactPath } from '../../../src/extension/artifactFiles/artifactPath'
import { idOf, nameOfThing, uriOf, webPageOf } from '../../../src/extension/tree/things'

test('URIs are those that MLflow’s functions take', () => {
  expect(uriOf({ connection: 'c', runId: 'r1', experimentId: '7' })).toBe('runs:/r1')
  expect(uriOf({ runId: 'r1', path: 'plots/a b.png' })).toBe('runs:/r1/plots/a b.png')
  expect(uriOf({ name: 'model', version: '3' })).toBe('models:/model/3')
  expect(uriOf({ name: 'model' })).toBe('models:/model/latest')
  expect(uriOf({ runId: 'r1', path: 'model/MLmodel', modelId: 'm-1' })).toBe('models:/m-1/MLmodel')
  expect(uriOf({ runId: 'r1', path: 'model', modelId: 'm-1' })).toBe('models:/m-1')
  expect(uriOf({ connection: 'c', uri: 'http://server' })).toBe('http://server')
})

test('pages of the web UI', () => {
  const base = 'http://server/mlf'
  expect(webPageOf(base, { experimentId: '7', runId: 'r1' })).toBe(`${base}/#/experiments/7/runs/r1`)
  expect(webPageOf(base, { experimentId: '7', name: 'an experiment' })).toBe(`${base}/#/experiments/7`)
  expect(webPageOf(base, { name: 'a/b c', version: '3' })).toBe(`${base}/#/models/a%2Fb%20c/versions/3`)
})

test('the name of a tag is its key, also where its row names the model that has it', () => {
  expect(nameOfThing({ name: 'model', version: '3', key: 'team' })).toBe('team')
  expect(nameOfThing({ runId: 'r1', key: 'loss' })).toBe('loss')
  expect(nameOfThing({ name: 'model' })).toBe('model')
})

test('what is missing is named', () => {
  expect(() => idOf({})).toThrow('runId')
  expect(() => uriOf({})).toThrow('name')
})

test('paths of artifact files stay within their run', () => {
  expect(parseArtifactPath('/r1')).toEqual({ runId: 'r1', path: '' })
  expect(parseArtifactPath('/r1/a/b c.txt')).toEqual({ runId: 'r1', path: 'a/b c.txt' })
  expect(parseArtifactPath('/r1/a/')).toEqual({ runId: 'r1', path: 'a' })
  for (const path of [
    '',
    '/',
    'r1/a',
    '/r1/../r2',
    '/r1/a/../../b',
    '/../x',
    '/r1//etc',
    '/r1/a\\..\\b',
    '/r1/./a',
    '/r1/a\0',
  ])
    expect(parseArtifactPath(path), path).toBeUndefined()
})
