import { describe, expect, test } from 'vitest'
import { parseFilter, parseOrderBy } from '../../../src/shared/filter'
import {
  filterExpression,
  oursIn,
  orderBy,
  problemOfFilter,
  sortMetric,
  sortWords,
} from '../../../src/extension/tree/runFilter'

describe('what is typed to find runs', () => {
  test('is a piece of a name, whatever is in it', () => {
    for (const text of ['week-48', 'what is this', "it's", 'both \' and "', '50% of in-store', '😀'])
      expect(parseFilter(filterExpression(text) ?? '', 'runs')).toMatchObject({ comparator: 'ILIKE' })
    expect(filterExpression(' week ')).toBe("attributes.run_name ILIKE '%week%'")
  })

  test('or an expression, taken as it is', () => {
    for (const text of ['metrics.`val loss` < 0.5', "params.a = 'x' AND tags.b IS NULL", "run_name LIKE 'a%'"])
      expect(filterExpression(text)).toBe(text)
  })

  test('or nothing', () => {
    expect(filterExpression('   ')).toBeUndefined()
    expect(problemOfFilter('')).toBeUndefined()
  })

  test('tells what MLflow itself would refuse', () => {
    expect(oursIn("metrics.a < 1 AND run_name LIKE 'a%'")).toEqual([])
    expect(oursIn('week')).toEqual([])
    expect(oursIn('metrics.a < 1 OR metrics.a > 2 OR duration > 5')).toEqual(['OR', 'duration > 5'])
    expect(oursIn("params.model RLIKE '^x'")).toEqual(["params.model RLIKE '^x'"])
  })

  test('a wrong expression is told with its place', () => {
    expect(problemOfFilter('metrics.rmse < abc')).toMatch(/^At character 16: .*\(metrics\.rmse < »abc«\)$/)
    expect(problemOfFilter('lr > 0.1')).toMatch(/^At character 1: /)
  })
})

describe('orders', () => {
  test('are such that MLflow takes them, for any metric', () => {
    for (const by of ['time', 'name', 'val loss', 'a.b/c', 'metrics.time', 'duration', 'metrics.duration', 'odd`key'])
      expect(parseOrderBy(orderBy({ by, ascending: true }), 'runs')).toHaveLength(1)
    expect(orderBy({ by: 'time', ascending: false })).toEqual(['attributes.start_time DESC'])
  })

  test('know the duration, in words too', () => {
    expect(orderBy({ by: 'duration', ascending: false })).toEqual(['attributes.duration DESC'])
    expect(sortWords({ by: 'duration', ascending: false })).toBe('Longest first')
    expect(orderBy({ by: 'metrics.duration', ascending: true })).toEqual(['metrics.`duration` ASC'])
  })

  test('tell a metric called like a word of ours', () => {
    expect(sortMetric({ by: 'time', ascending: true })).toBeUndefined()
    expect(sortMetric({ by: 'metrics.time', ascending: true })).toBe('time')
    expect(sortMetric({ by: 'metrics.loss', ascending: true })).toBe('metrics.loss')
  })
})
