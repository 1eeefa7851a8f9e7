/**
 * Searches of a server, in a language that goes beyond what servers know: a server is sent what it understands, the rest is
 * evaluated on what arrives.
 */
import {
  comparer,
  extensionsIn,
  matcher,
  orderForServer,
  splitForServer,
  type DatasetFilter,
  type Expression,
  type Found,
  type Ordering,
  type SearchKind,
  type ServerLanguage,
} from '../../../shared/filter'
import { StoreError } from '../errors'
import { parsedFilter, parsedOrder } from '../search'
import type { MlflowApi } from './api'

/** What a server is asked, and what remains to be done with its answer. */
export interface Plan {
  readonly filter: string | undefined
  readonly orderBy: readonly string[] | undefined
  /** Must hold, too. */
  readonly rest: Expression | undefined
  /** To be sorted by when all is there: the server can't. */
  readonly sortBy: readonly Ordering[] | undefined
}

interface Asked {
  readonly filter?: string | undefined
  readonly orderBy?: readonly string[] | undefined
}

/** Servers that have refused what MLflow 3 knows and answered the same in the words of MLflow 2. */
const early = new WeakSet<MlflowApi>()

/** Pages of a search; `search` carries out a plan. A server that doesn't know all of MLflow 3's language is asked once more, in less. */
export async function* planned<P>(
  api: MlflowApi,
  kind: SearchKind,
  asked: Asked,
  search: (plan: Plan) => AsyncIterable<P>,
): AsyncGenerator<P> {
  const known = attempted(() => parsedFilter(kind, asked.filter ?? ''))
  const order = attempted(() => parsedOrder(kind, asked.orderBy ?? []))
  // What we don't understand the server may: it has the last word on its own language.
  const doubt = known.error ?? order.error
  const planFor = (language: ServerLanguage): Plan => ({
    ...filterPlan(known.value, asked.filter, kind, language),
    ...orderPlan(order.value, asked.orderBy, kind),
  })

  const plan = planFor(early.has(api) ? 'early' : 'modern')
  let answered = false
  try {
    for await (const page of search(plan)) {
      answered = true
      yield page
    }
    return
  } catch (error) {
    if (answered) throw error
    // MLflow fails at some wrong searches, instead of refusing them.
    if (doubt && (StoreError.is(error, 'badRequest') || StoreError.is(error, 'serverError'))) throw doubt
    if (!StoreError.is(error, 'badRequest')) throw error
    if (planFor('early').filter === plan.filter) throw error
  }
  let understood = false
  for await (const page of search(planFor('early'))) {
    if (!understood) early.add(api)
    understood = true
    yield page
  }
  early.add(api)
}

function filterPlan(
  expression: Expression | undefined,
  text: string | undefined,
  kind: SearchKind,
  language: ServerLanguage,
): Pick<Plan, 'filter' | 'rest'> {
  const { server, rest } = splitForServer(expression, kind, language)
  const isPlain = language === 'modern' || server === splitForServer(expression, kind, 'modern').server
  if (!expression || (isPlain && extensionsIn(expression).length === 0)) return { filter: text, rest: undefined }
  return { filter: server, rest }
}

function orderPlan(
  orderings: readonly Ordering[] | undefined,
  entries: readonly string[] | undefined,
  kind: SearchKind,
): Pick<Plan, 'orderBy' | 'sortBy'> {
  if (!orderings?.some(({ ours }) => ours)) return { orderBy: entries, sortBy: undefined }
  const orderBy = orderForServer(orderings, kind)
  return { orderBy, sortBy: orderBy ? undefined : orderings }
}

function attempted<T>(parse: () => T): { readonly value?: T; readonly error?: StoreError } {
  try {
    return { value: parse() }
  } catch (error) {
    if (StoreError.is(error, 'badRequest')) return { error }
    throw error
  }
}

/** Items of each page for which the rest of the plan holds; all on one page where they must be sorted. */
export async function* carriedOut<K extends keyof Found>(
  kind: K,
  { rest, sortBy }: Pick<Plan, 'rest' | 'sortBy'>,
  pages: AsyncIterable<Found[K][]>,
  datasets?: readonly DatasetFilter[],
): AsyncGenerator<Found[K][]> {
  const holds = matcher(kind, rest, datasets)
  const all: Found[K][] = []
  for await (const page of pages) {
    const found = rest ? page.filter(holds) : page
    if (sortBy) all.push(...found)
    else if (found.length > 0) yield found
  }
  if (sortBy && all.length > 0) yield all.sort(comparer(kind, sortBy))
}
