import { describe, expect, test } from 'vitest'
import {
  FilterError,
  parseFilter,
  parseOrderBy,
  type Comparison,
  type Expression,
  type SearchKind,
} from '../../src/shared/filter'

/** `entity.key comparator value` of each comparison. */
function summary(text: string, kind: SearchKind = 'runs'): unknown[][] {
  return comparisons(parseFilter(text, kind)).map(({ name, comparator, value }) => [
    name.entity,
    name.key,
    comparator,
    value,
  ])
}

function comparisons(expression: Expression | undefined): Comparison[] {
  if (!expression) return []
  return expression.kind === 'and' ? expression.operands.flatMap(comparisons) : [expression]
}

/** The part of the text that an error points to, with a caret where that is between characters. */
function wrongPart(parse: () => unknown, text: string): string {
  try {
    parse()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return error.start === error.end ? `${text.slice(0, error.start)}^` : text.slice(error.start, error.end)
  }
  throw new Error(`${text} is not wrong`)
}

describe('a filter', () => {
  test.each<[string, unknown[][]]>([
    ['', []],
    ['metrics.loss<-1e-3', [['metric', 'loss', '<', -0.001]]],
    [
      'params.lr = \'0.1\' aNd tags.a.b != "x"',
      [
        ['param', 'lr', '=', '0.1'],
        ['tag', 'a.b', '!=', 'x'],
      ],
    ],
    [
      'metric.`val loss/top-1` >= .5 AND parameters."a b" LIKE \'x%\'',
      [
        ['metric', 'val loss/top-1', '>=', 0.5],
        ['param', 'a b', 'LIKE', 'x%'],
      ],
    ],
    [
      "`run name` ilike 'x' and Created > 5",
      [
        ['attribute', 'run_name', 'ILIKE', 'x'],
        ['attribute', 'start_time', '>', 5],
      ],
    ],
    ['run_id NOT  in (\'a\', "b",)', [['attribute', 'run_id', 'NOT IN', ['a', 'b']]]],
    [
      'tags.x IS NULL AND params.y is not\nnull',
      [
        ['tag', 'x', 'IS NULL', null],
        ['param', 'y', 'IS NOT NULL', null],
      ],
    ],
    [
      "tags.x = 'it''s' AND tags.y = 'C:\\'",
      [
        ['tag', 'x', '=', "it''s"],
        ['tag', 'y', '=', 'C:\\'],
      ],
    ],
    ['start_time > 9007199254740993', [['attribute', 'start_time', '>', 9007199254740993n]]],
    ["params.__proto__ = '__proto__'", [['param', '__proto__', '=', '__proto__']]],
    ["tags.ключ = 'значение 🚀'", [['tag', 'ключ', '=', 'значение 🚀']]],
    ["datasets.context IN ('training')", [['dataset', 'context', 'IN', ['training']]]],
    [
      "params.and = 'x' AND params.like LIKE 'y'",
      [
        ['param', 'and', '=', 'x'],
        ['param', 'like', 'LIKE', 'y'],
      ],
    ],
  ])('%s', (text, expected) => expect(summary(text)).toEqual(expected))

  test.each<[SearchKind, string, unknown[][]]>([
    [
      'experiments',
      "experiment_id IN ('1', '9007199254740993')",
      [['attribute', 'experiment_id', 'IN', ['1', '9007199254740993']]],
    ],
    [
      'registeredModels',
      "name LIKE 'x%' AND tag.a = 'b'",
      [
        ['attribute', 'name', 'LIKE', 'x%'],
        ['tag', 'a', '=', 'b'],
      ],
    ],
    [
      'modelVersions',
      "version_number > '3' AND source_path = 'x'",
      [
        ['attribute', 'version_number', '>', 3],
        ['attribute', 'source_path', '=', 'x'],
      ],
    ],
    [
      'loggedModels',
      'metrics.acc > 1 AND creation_time < 5',
      [
        ['metric', 'acc', '>', 1],
        ['attribute', 'creation_timestamp', '<', 5],
      ],
    ],
  ])('of %s: %s', (kind, text, expected) => expect(summary(text, kind)).toEqual(expected))

  test('knows where each part stands', () => {
    const text = "  metrics.loss > 1  AND tags.x = 'y'  "
    const tree = parseFilter(text, 'runs')
    const part = (span: { start: number; end: number } | undefined) => span && text.slice(span.start, span.end)
    expect(part(tree)).toBe("metrics.loss > 1  AND tags.x = 'y'")
    expect(comparisons(tree).map(part)).toEqual(['metrics.loss > 1', "tags.x = 'y'"])
    expect(comparisons(tree).map(({ name }) => part(name))).toEqual(['metrics.loss', 'tags.x'])
  })

  test.each([
    ['metrics.loss', 'metrics.loss^'],
    ['metrics.loss >', 'metrics.loss >^'],
    ['metrics.loss > 1 AND', 'metrics.loss > 1 AND^'],
    ['   ', '   ^'],
    ["metrics.loss > '1'", "'1'"],
    ['metrics.loss LIKE 1', 'LIKE'],
    ['metrics.loss == 1', '=='],
    ["params.a NOT LIKE 'x'", 'NOT LIKE'],
    ['params.a = 1', '1'],
    ["params.a = 'b", "'b"],
    ['params.`a = 1', '`a = 1'],
    ['params.a IN ("x")', 'IN'],
    ["run_id IN ('x'", "run_id IN ('x'^"],
    ['run_id IN ()', ')'],
    ["run_id IN ('x' 'y')", "'y'"],
    ["status IN ('x')", 'IN'],
    ['nothing = 1', 'nothing'],
    ['metrics = 1', 'metrics'],
    ['Metrics.loss > 1', 'Metrics'],
    ['attributes.duration > 1', 'duration'],
    ['datasets.size > 1', 'size'],
    ['5 < metrics.loss', '5'],
    ['metrics.loss > 1 OR metrics.loss < 0', 'OR'],
    ['(metrics.loss > 1)', '('],
    ['NOT metrics.loss > 1', 'NOT'],
    ['metrics.loss > 1 metrics.b > 2', 'metrics.b'],
    ['metrics.val-loss > 1', '-'],
    ['metrics.loss > 1;', ';'],
    ['metrics.loss IS NULL', 'IS NULL'],
    ['start_time > 99999999999999999999', '99999999999999999999'],
    ["tags.🚀 = 'x'", '.'],
  ])('%s: wrong is %j', (text, part) => expect(wrongPart(() => parseFilter(text, 'runs'), text)).toBe(part))

  test('of hostile length is read in time', () => {
    for (const unit of ["'", '`', '"', "\\'", "''", '.', 'a.', '(', ' AND ', '9', '-', "tags.a = 'b' AND "]) {
      const text = unit.repeat(20_000)
      const start = performance.now()
      expect(() => parseFilter(text, 'runs')).toThrow(FilterError)
      expect(performance.now() - start).toBeLessThan(2_000)
    }
  })
})

describe('an order', () => {
  test.each([
    [
      ['metrics.`val loss` DESC', 'start_time'],
      ['metric.val loss desc', 'attribute.start_time asc'],
    ],
    [
      ['params.lr asc', 'created Desc', 'tags.mlflow.user'],
      ['param.lr asc', 'attribute.start_time desc', 'tag.mlflow.user asc'],
    ],
    [[], []],
  ])('%j', (entries, expected) => {
    const found = parseOrderBy(entries, 'runs').map(
      ({ name, ascending }) => `${name.entity}.${name.key} ${ascending ? 'asc' : 'desc'}`,
    )
    expect(found).toEqual(expected)
  })

  test.each([
    ['', '^'],
    ['metrics.loss down', 'down'],
    ['metrics.loss DESC NULLS', 'NULLS'],
    ['datasets.name', 'datasets.name'],
    ['duration', 'duration'],
    ['5', '5'],
  ])('%s: wrong is %j', (entry, part) => expect(wrongPart(() => parseOrderBy([entry], 'runs'), entry)).toBe(part))

  test('names nothing twice', () => {
    expect(() => parseOrderBy(['start_time', 'created DESC'], 'runs')).toThrow(/attribute\.start_time twice/)
  })
})
