import { FilterError, parseFilter, type Expression } from '../filter'
import type { TableView } from './view'

/** The metrics that a view shows, sorts or finds runs by, each once. */
export function metricsOf({ columns, orderBy, filter }: TableView): string[] {
  const shown = [...(columns ?? []), ...orderBy].map(({ column }) => column)
  const keys = shown.flatMap(({ group, key }) => (group === 'metric' ? [key] : []))
  return [...new Set([...keys, ...metricsIn(expressionOf(filter))])]
}

function metricsIn(expression: Expression | undefined): string[] {
  if (!expression) return []
  if (expression.kind === 'comparison') return expression.name.entity === 'metric' ? [expression.name.key] : []
  const operands = expression.kind === 'not' ? [expression.operand] : expression.operands
  return operands.flatMap(metricsIn)
}

/** A table's filter may also be words to look for. */
function expressionOf(filter: string): Expression | undefined {
  try {
    return parseFilter(filter.trim(), 'runs')
  } catch (error) {
    if (error instanceof FilterError) return undefined
    throw error
  }
}
