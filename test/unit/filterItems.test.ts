import { describe, expect, test } from 'vitest'
import { comparer, matcher, parseFilter, parseLoggedModelOrder } from '../../src/shared/filter'
import type { LoggedModel } from '../../src/shared/model'

const model = (modelId: string, value: number | undefined, more: Partial<LoggedModel> = {}): LoggedModel => ({
  modelId,
  experimentId: '1',
  name: modelId,
  artifactUri: '',
  creationTime: 0,
  lastUpdatedTime: 0,
  status: 'READY',
  modelType: '',
  sourceRunId: '',
  tags: new Map(),
  params: new Map(),
  metrics: value === undefined ? [] : [{ key: 'loss', value, step: 0, timestamp: 0 }],
  ...more,
})

const models = [
  model('a', NaN),
  model('b', undefined),
  model('c', Infinity),
  model('d', 1),
  model('e', -Infinity),
  model('f', 3),
]

const found = (filter: string, among = models): string =>
  among
    .filter(matcher('loggedModels', parseFilter(filter, 'loggedModels')))
    .map(({ modelId }) => modelId)
    .join('')

const sorted = (fieldName: string, ascending: boolean): string =>
  models
    .toSorted(comparer('loggedModels', parseLoggedModelOrder([{ fieldName, ascending }])))
    .map(({ modelId }) => modelId)
    .join('')

describe('logged models in memory', () => {
  test('NaN, which folders keep, differs from all numbers and is neither less nor greater', () => {
    expect(found('metrics.loss != 1')).toBe('acef')
    expect(found('metrics.loss <= 1')).toBe('de')
    expect(found('metrics.loss >= 1')).toBe('cdf')
  })

  test('infinities are compared as the largest numbers, as which MLflow’s databases keep them', () => {
    expect(found('metrics.loss = 1.7976931348623157e308')).toBe('c')
    expect(found('metrics.loss < 1e999')).toBe('cdef')
    expect(found('metrics.loss = -1e999')).toBe('')
  })

  test('missing values are last in both directions, NaN just before them', () => {
    expect(sorted('metrics.loss', true)).toBe('edfcab')
    expect(sorted('metrics.loss', false)).toBe('cfdeab')
  })

  test('a status is MLflow’s number, in whatever spelling of it, or its word', () => {
    const some = [model('a', 1), model('b', 1, { status: 'UPLOAD_FAILED' }), model('c', 1, { status: 'PENDING' })]
    expect(found("status = '2'", some)).toBe('a')
    expect(found("status IN ('2.0', ' 01')", some)).toBe('ac')
    expect(found('status = READY', some)).toBe('a')
    expect(found("status != 'FAILED'", some)).toBe('ac')
    expect(found("status = 'UPLOAD_FAILED'", some)).toBe('b')
    expect(found("status LIKE '2'", some)).toBe('a')
    expect(found("status = 'ready'", some)).toBe('')
  })

  test('the id of an experiment may be larger than a double can hold', () => {
    const some = [model('a', 1, { experimentId: '900719925474099301' }), model('b', 1)]
    expect(found("experiment_id = '0900719925474099301'", some)).toBe('a')
    expect(found("experiment_id = '900719925474099300'", some)).toBe('')
  })

  test('the message of a status is missing where it is left out', () => {
    const some = [model('a', 1, { statusMessage: 'no space left' }), model('b', 1)]
    expect(found("status_message != 'x'", some)).toBe('a')
    expect(found('status_message IS NULL', some)).toBe('b')
  })
})
