import { describe, expect, test } from 'vitest'
import {
  extensionsIn,
  FilterError,
  parseFilter,
  parseOrderBy,
  splitForServer,
  writeFilter,
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
  if (expression.kind === 'comparison') return [expression]
  return expression.kind === 'not' ? comparisons(expression.operand) : expression.operands.flatMap(comparisons)
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
    ['   ', '   ^'],
    ["metrics.loss > '1'", "'1'"],
    ['metrics.loss LIKE 1', 'LIKE'],
    ['metrics.loss == 1', '=='],
    ["params.a = 'b", "'b"],
    ['params.`a = 1', '`a = 1'],
    ["run_id IN ('x'", "run_id IN ('x'^"],
    ['run_id IN ()', ')'],
    ['nothing = 1', 'nothing'],
    ['metrics = 1', 'metrics'],
    ['Metrics.loss > 1', 'Metrics'],
    ['datasets.size > 1', 'size'],
    ['5 < metrics.loss', '5'],
    ['metrics.val-loss > 1', '-'],
    ['metrics.loss > 1;', ';'],
    ['start_time > 99999999999999999999', '99999999999999999999'],
    ["tags.🚀 = 'x'", '.'],
    ['metrics.loss > 1 OR', 'metrics.loss > 1 OR^'],
    ['OR metrics.loss > 1', 'OR'],
    ['NOT', 'NOT^'],
    ['(metrics.loss > 1', '('],
    ['metrics.loss > 1)', ')'],
    ['()', ')'],
    ["params.a RLIKE '['", "'['"],
    ["params.a RLIKE '(?=a)'", "'(?=a)'"],
    ["metrics.loss RLIKE '1'", 'RLIKE'],
    ["duration > 'soon'", "'soon'"],
    ["params.a > 'x'", "'x'"],
    ['metrics.loss IN ()', ')'],
    [`${'('.repeat(60)}metrics.loss > 1${')'.repeat(60)}`, '('],
  ])('%s: wrong is %j', (text, part) => expect(wrongPart(() => parseFilter(text, 'runs'), text)).toBe(part))

  test('of hostile length is read in time', () => {
    const units = ["'", '`', '"', "\\'", "''", '.', 'a.', '(', 'NOT ', ' OR ', '9', '-', "tags.a = 'b' AND "]
    for (const unit of units) expect(() => parseFilter(unit.repeat(20_000), 'runs')).toThrow(FilterError)
  })
})

describe('what a server is sent of a search', () => {
  test.each([
    // A backslash at the end of a text would take the quote behind it along.
    [`tags.y = "C:\\" AND params.p > 0.5 AND tags.z = 'q'`, `tags.y LIKE '%' AND params.p LIKE '%' AND tags.z = 'q'`],
    ["params.a.from.b = 'x' OR params.b = 'y'", undefined],
    ["params.`from` = 'x' AND params.b > 1", "params.`from` = 'x' AND params.b LIKE '%'"],
    ["metrics.a > 1 AND duration > '1h'", 'metrics.a > 1'],
    ["NOT (params.a IS NULL OR duration > '1h')", 'params.a IS NOT NULL'],
  ])('%s: %s', (text, sent) => {
    const { server } = splitForServer(parseFilter(text, 'runs'), 'runs')
    expect(server?.split(' AND ').sort()).toEqual(sent?.split(' AND ').sort())
    if (server !== undefined) expect(extensionsIn(parseFilter(server, 'runs'))).toEqual([])
  })

  test('MLflow 2 knows lists of run ids, of versions only those that it is in', () => {
    const early = (text: string, kind: SearchKind) => splitForServer(parseFilter(text, kind), kind, 'early').server
    expect(early("run_id NOT IN ('x')", 'runs')).toBe("run_id NOT IN ('x')")
    expect(early("run_id IN ('x')", 'modelVersions')).toBe("run_id IN ('x')")
    expect(early("run_id NOT IN ('x')", 'modelVersions')).toBeUndefined()
    expect(early("name IN ('x')", 'modelVersions')).toBeUndefined()
  })

  test('keys with a backtick are no key of a logged model’s search', () => {
    const split = splitForServer(parseFilter('params."a`b" = "x"', 'loggedModels'), 'loggedModels')
    expect(split.server).toBeUndefined()
  })
})

/** With all parentheses that its structure has. */
function structure(expression: Expression | undefined): string {
  switch (expression?.kind) {
    case undefined:
      return ''
    case 'comparison':
      return expression.name.key
    case 'not':
      return `!${structure(expression.operand)}`
    case 'and':
    case 'or':
      return `(${expression.operands.map(structure).join(expression.kind === 'and' ? ' & ' : ' | ')})`
  }
}

describe('what only MLflow Lens answers', () => {
  const short = (text: string): string => text.replace(/[abcd]/g, (key) => `metrics.${key} > 1`)

  test.each([
    ['a OR b AND c', '(a | (b & c))'],
    ['(a OR b) AND c', '((a | b) & c)'],
    ['NOT a AND b', '(!a & b)'],
    ['NOT (a AND b) OR c', '(!(a & b) | c)'],
    ['NOT NOT a', '!!a'],
    ['a or b oR c', '(a | b | c)'],
    ['((a))', 'a'],
    ['a AND (b OR (c AND d))', '(a & (b | (c & d)))'],
    ['a b OR c', '((a & b) | c)'], // MLflow takes two comparisons without AND
  ])('%s is read as %s', (text, expected) => {
    const expression = parseFilter(short(text), 'runs')
    expect(structure(expression)).toBe(expected)
    expect(structure(parseFilter(expression ? writeFilter(expression) : '', 'runs'))).toBe(expected)
  })

  test.each<[string, readonly string[]]>([
    ['metrics.a > 1 AND params.b = "x"', []],
    ['metrics.a > 1 AND', []], // MLflow takes this
    ['metrics.a > 1 OR metrics.b > 1', ['OR']],
    ['(metrics.a > 1)', ['(', ')']],
    ['NOT metrics.a > 1', ['NOT']],
    ["params.a NOT LIKE 'x'", ["params.a NOT LIKE 'x'"]],
    ["metrics.m < 1 AND params.a RLIKE '^x'", ["params.a RLIKE '^x'"]],
    ['params.lr > 0.1', ['params.lr > 0.1']],
    ['params.lr = 0.1', ['params.lr = 0.1']],
    ["params.a IN ('x', 'y')", ["params.a IN ('x', 'y')"]],
    ["status IN ('FAILED', 'KILLED')", ["status IN ('FAILED', 'KILLED')"]],
    ['metrics.loss IS NULL', ['metrics.loss IS NULL']],
    ["duration > '2h'", ["duration > '2h'"]],
  ])('%s: %j', (text, parts) => {
    const found = extensionsIn(parseFilter(text, 'runs'))
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(parts)
  })

  test.each([
    ['duration > 5', 5],
    ["duration > '90s'", 90_000],
    ["duration > '2h30m'", 9_000_000],
    ["duration > '1.5h'", 5_400_000],
  ])('%s is in milliseconds', (text, expected) =>
    expect(parseFilter(text, 'runs')).toMatchObject({ name: { key: 'duration' }, value: expected }),
  )
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
    ['5', '5'],
  ])('%s: wrong is %j', (entry, part) => expect(wrongPart(() => parseOrderBy([entry], 'runs'), entry)).toBe(part))

  test('names nothing twice', () => {
    expect(() => parseOrderBy(['start_time', 'created DESC'], 'runs')).toThrow(/attribute\.start_time twice/)
  })
})
