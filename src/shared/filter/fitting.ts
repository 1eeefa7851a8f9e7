import { tokensBefore } from './complete'
import { expectedAfter } from './parse'
import type { KeyRule, SearchKind } from './rules'
import type { Comparator } from './tree'

/**
 * Something that can stand at the end of an unfinished expression, as well as what is not known yet: a value, or the rest of a name or
 * text that has begun. Undefined where too much could stand there, or what is before it is wrong.
 */
export function fittingAfter(head: string, kind: SearchKind): string | undefined {
  const before = tokensBefore(head)
  if (!before) return undefined
  const { tokens, start } = before
  if (start < head.length) return head.endsWith('!') ? undefined : 'x'
  for (const expected of expectedAfter(tokens, start, kind)) {
    if (expected.what === 'list') return `(${valueOf(expected.of.rule, '=')})`
    if (expected.what === 'value' || expected.what === 'item') return valueOf(expected.of.rule, expected.comparator)
  }
  return undefined
}

/** The same for an entry of an order. */
export function fittingInOrder(head: string): string | undefined {
  const before = tokensBefore(head)
  if (!before) return undefined
  const { tokens, start } = before
  if (start < head.length) return 'x'
  return tokens.length === 1 ? 'ASC' : undefined
}

function valueOf({ type }: KeyRule, comparator: Comparator): string {
  if (type === 'text' || (type === 'numericText' && !/^[<>]/.test(comparator))) return "'x'"
  return type === 'id' || type === 'code' ? "'0'" : '0'
}
