import { describe, expect, test } from 'vitest'
import { filterRows, likelyRow } from '../../../src/extension/tree/filterRows'
import { filterExpression } from '../../../src/extension/tree/runFilter'

const known = {
  keys: { metric: ['rmse', 'val loss'], param: ['model'], tag: ['team'] },
  values: ({ key }: { readonly key: string }) => (key === 'model' ? ['xgboost', "it's"] : []),
}
const rows = (text: string) => filterRows(text, known)
const likely = (text: string) => likelyRow(rows(text), text)
const labels = (text: string): string[] =>
  rows(text)
    .slice(1)
    .map(({ label }) => label)

describe('the row about the text', () => {
  test.each([
    ['', { kind: 'apply', label: 'Show all runs' }],
    [' week ', { kind: 'apply', label: 'Runs with “week” in their name' }],
    ["params.model = 'x'", { kind: 'apply', label: 'Apply the filter' }],
    ['metrics.rmse <', { kind: 'unfinished', label: 'Unfinished' }],
    ['metrics.rmse < 1 AND tag', { kind: 'unfinished' }],
    ['metrics.rmse < 1 AND lag', { kind: 'wrong', detail: 'metrics.rmse < 1 AND »lag«' }],
    ['metrics.rmse < abc AND params.a = 1', { kind: 'wrong', detail: 'metrics.rmse < »abc« AND params.a = 1' }],
  ])('%j', (text, expected) => expect(rows(text)[0]).toMatchObject(expected))

  test('names what only MLflow Lens answers, and is silent about what MLflow does too', () => {
    expect(rows('metrics.a < 1 OR metrics.b < 1')[0]).toMatchObject({
      kind: 'apply',
      description: 'MLflow Lens only',
      detail: 'MLflow itself would refuse »OR«',
    })
    expect(rows('metrics.a < 1 AND metrics.b < 1')[0]).not.toHaveProperty('description')
  })

  test('shows the place in a long text, and not all of it', () => {
    const long = `${'metrics.a < 1 AND '.repeat(20)}metrics.b ~ 3 AND ${'metrics.c < 1 AND '.repeat(20)}metrics.d < 1`
    const [row] = rows(long)
    expect(row?.detail).toMatch(/^….*».+«.*…$/)
    expect(row?.detail?.length).toBeLessThan(120)
  })
})

describe('completions', () => {
  test('are the keys of the runs, quoted where that is needed', () => {
    expect(labels('metrics.')).toEqual(expect.arrayContaining(['metrics.rmse', 'metrics.`val loss`']))
    expect(labels('metrics.rm')).toEqual(['metrics.rmse'])
  })

  test('put the whole text together, ready to go on', () => {
    const chosen = rows('metrics.rm').find(({ label }) => label === 'metrics.rmse')
    expect(chosen?.text).toBe('metrics.rmse ')
    const value = rows("tags.team = 'a' AND params.model = ").find(({ label }) => label === "'xgboost'")
    expect(value?.text).toBe("tags.team = 'a' AND params.model = 'xgboost' ")
    expect(filterExpression(value?.text ?? '')).toBe("tags.team = 'a' AND params.model = 'xgboost'")
    expect(rows('params.model IN ').find(({ label }) => label === '(')?.text).toBe('params.model IN (')
    expect(rows('params.model IN (').find(({ label }) => label === "'xgboost'")?.text).toBe(
      "params.model IN ('xgboost'",
    )
  })

  test('a value with an apostrophe is one that MLflow takes', () => {
    const chosen = rows('params.model = ').find(({ label }) => label.includes("it's"))
    expect(filterExpression(chosen?.text ?? '')).toBe('params.model = "it\'s"')
  })

  test('say which are ours', () => {
    expect(rows('metrics.rmse < 1 ').find(({ label }) => label === 'OR')).toMatchObject({
      description: 'MLflow Lens only',
    })
    expect(rows('metrics.rmse < 1 ').find(({ label }) => label === 'AND')).not.toHaveProperty('description')
  })
})

describe('Enter takes', () => {
  test.each([
    ['', 'apply'],
    ['week', 'apply'],
    ["params.model = 'xgboost'", 'apply'],
    ["params.model = 'xgboost' ", 'apply'],
    ['metrics.rm', 'completion'],
    ['params.model ', 'completion'],
    ['metrics.rmse < 1 AND ', 'completion'],
    ['metrics.rmse < abc OR metrics.x', 'wrong'],
  ])('%j: %s', (text, kind) => expect(likely(text)?.kind).toBe(kind))
})
