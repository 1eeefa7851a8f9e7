/** What is searched for, as the stores that answer it themselves need it. */
import {
  FilterError,
  parseFilter,
  parseLoggedModelOrder,
  parseOrderBy,
  type DatasetFilter,
  type Expression,
  type Ordering,
  type SearchKind,
} from '../../shared/filter'
import { t } from '../../shared/l10n'
import type { LoggedModelQuery } from '.'
import { StoreError } from './errors'

export interface ParsedSearch {
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
}

/** @throws StoreError `badRequest` that says where the expression is wrong; its cause is the FilterError */
export function parsedSearch(kind: SearchKind, filter = '', orderBy: readonly string[] = []): ParsedSearch {
  return { filter: parsedFilter(kind, filter), orderBy: parsedOrder(kind, orderBy) }
}

export function parsedLoggedModelSearch(
  query: LoggedModelQuery,
): ParsedSearch & { readonly datasets: readonly DatasetFilter[] } {
  const { filter = '', orderBy = [], datasets = [] } = query
  if (datasets.some(({ name }) => name === ''))
    throw new StoreError('badRequest', t('A dataset to search by has no name.'))
  const fields = orderBy.map(({ fieldName }) => fieldName)
  return {
    filter: parsedFilter('loggedModels', filter),
    orderBy: ordered(fields, () => parseLoggedModelOrder(orderBy)),
    datasets,
  }
}

export function parsedFilter(kind: SearchKind, filter: string): Expression | undefined {
  return explained(
    () => parseFilter(filter, kind),
    (error) => t('The search “{0}” is wrong at character {1}: {2}', filter, error.start + 1, error.message),
  )
}

export function parsedOrder(kind: SearchKind, orderBy: readonly string[]): Ordering[] {
  return ordered(orderBy, () => parseOrderBy(orderBy, kind))
}

function ordered(entries: readonly string[], parse: () => Ordering[]): Ordering[] {
  return explained(parse, (error) => t('The order “{0}” is wrong: {1}', entries.join(', '), error.message))
}

function explained<T>(parse: () => T, sentence: (error: FilterError) => string): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    throw new StoreError('badRequest', sentence(error), { cause: error })
  }
}
