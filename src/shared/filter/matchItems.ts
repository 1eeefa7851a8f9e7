import { promptTag } from '../model'
import { isOn, valuesOf, type Found } from './fields'
import { numberTest, textTest } from './tests'
import type { Comparison, DatasetFilter, Expression } from './tree'

/**
 * Tells whether the expression holds for an item.
 *
 * @param datasets of logged models: only metrics on these count, and models without any such metric are left out
 */
export function matcher<K extends keyof Found>(
  kind: K,
  expression: Expression | undefined,
  datasets: readonly DatasetFilter[] = [],
): (item: Found[K]) => boolean {
  const test = expression ? testOf(kind, expression, datasets) : () => true
  if (datasets.length === 0 || asksForMetrics(expression)) return test
  const hasMetricOnThem = (item: Found[K]): boolean =>
    'metrics' in item && item.metrics.some((metric) => datasets.some((of) => isOn(metric, of)))
  return (item) => hasMetricOnThem(item) && test(item)
}

function testOf<K extends keyof Found>(
  kind: K,
  expression: Expression,
  datasets: readonly DatasetFilter[],
): (item: Found[K]) => boolean {
  switch (expression.kind) {
    case 'comparison':
      return comparisonTest(kind, expression, datasets)
    case 'not': {
      const test = testOf(kind, expression.operand, datasets)
      return (item) => !test(item)
    }
    case 'and': {
      const tests = expression.operands.map((operand) => testOf(kind, operand, datasets))
      return (item) => tests.every((test) => test(item))
    }
    case 'or': {
      const tests = expression.operands.map((operand) => testOf(kind, operand, datasets))
      return (item) => tests.some((test) => test(item))
    }
  }
}

function comparisonTest<K extends keyof Found>(
  kind: K,
  comparison: Comparison,
  datasets: readonly DatasetFilter[],
): (item: Found[K]) => boolean {
  const { name, comparator } = comparison
  const inRegistry = kind === 'registeredModels' || kind === 'modelVersions'
  if (inRegistry && name.entity === 'tag' && name.key === promptTag && comparison.plain) {
    const none = asksForPrompts(comparison)
    return () => !none
  }
  if (comparator === 'IS NULL') return (item) => valuesOf(kind, item, name, datasets).length === 0
  if (comparator === 'IS NOT NULL') return (item) => valuesOf(kind, item, name, datasets).length > 0
  const isText = textTest(comparison)
  const isNumber = numberTest(comparison)
  const test = (value: string | number): boolean => (typeof value === 'string' ? isText(value) : isNumber(value))
  return (item) => valuesOf(kind, item, name, datasets).some(test)
}

/** Prompts are kept among the registered models, with a tag; we never list them. MLflow lists only them where it is asked so. */
export function asksForPrompts({ comparator, value }: Comparison): boolean {
  const text = String(value).toLowerCase()
  return (comparator === '=' && text === 'true') || (comparator === '!=' && text === 'false')
}

export function asksForMetrics(expression: Expression | undefined): boolean {
  switch (expression?.kind) {
    case undefined:
      return false
    case 'comparison':
      return expression.name.entity === 'metric'
    case 'not':
      return asksForMetrics(expression.operand)
    case 'and':
    case 'or':
      return expression.operands.some(asksForMetrics)
  }
}
