/** What is searched for in the differential tests, and the ids that each way of answering it gives. */
import type { TrackingStore } from '../../../src/extension/stores'
import { StoreError } from '../../../src/extension/stores/errors'
import {
  comparer,
  extensionsIn,
  matcher,
  matchRuns,
  parseFilter,
  parseLoggedModelOrder,
  parseOrderBy,
  FilterError,
  type DatasetFilter,
  type Found,
  type LoggedModelOrder,
  type Ordering,
  type SearchKind,
} from '../../../src/shared/filter'
import type { ViewType } from '../../../src/shared/model'
import { RunFrame } from '../../../src/shared/runFrame'
import { sortRuns } from '../../../src/shared/runOrder'

export interface Search {
  readonly of: SearchKind
  readonly filter: string
  readonly orderBy: readonly string[] | readonly MlflowOrder[]
  readonly experimentIds: readonly string[]
  readonly datasets: readonly MlflowDataset[]
  /** Of runs. */
  readonly view?: ViewType
  readonly maxResults?: number
}

export interface MlflowOrder {
  readonly field_name: string
  readonly ascending: boolean
  readonly dataset_name?: string
  readonly dataset_digest?: string
}

export interface MlflowDataset {
  readonly dataset_name: string
  readonly dataset_digest?: string
}

/** Ids in order; null where the search is refused; a server fails at some wrong searches, and so does MLflow's own client on it. */
export type Answer = readonly string[] | null | 'fails'

export const idOf: { readonly [K in keyof Found]: (item: Found[K]) => string } = {
  experiments: ({ experimentId }) => experimentId,
  registeredModels: ({ name }) => name,
  modelVersions: ({ name, version }) => `${name} ${version}`,
  loggedModels: ({ modelId }) => modelId,
}

export const textOrder = ({ orderBy }: Search): string[] =>
  orderBy.filter((entry): entry is string => typeof entry === 'string')

export const modelOrder = ({ orderBy }: Search): LoggedModelOrder[] =>
  orderBy
    .filter((entry): entry is MlflowOrder => typeof entry !== 'string')
    .map((entry) => ({
      fieldName: entry.field_name,
      ascending: entry.ascending,
      ...(entry.dataset_name && { datasetName: entry.dataset_name }),
      ...(entry.dataset_digest && { datasetDigest: entry.dataset_digest }),
    }))

export const datasetsOf = ({ datasets }: Search): DatasetFilter[] =>
  datasets.map(({ dataset_name: name, dataset_digest: digest }) => ({ name, ...(digest !== undefined && { digest }) }))

/** Without an order the store has one of its own for versions. */
export const versionOrder = (search: Search): string[] =>
  search.orderBy.length > 0 ? textOrder(search) : ['last_updated_timestamp DESC', 'name ASC', 'version_number DESC']

/** Whether we say that MLflow itself would refuse it. @throws FilterError where we refuse it too */
export function isOurs(search: Search): boolean {
  const { of, filter } = search
  const orderings =
    of === 'loggedModels' ? parseLoggedModelOrder(modelOrder(search)) : parseOrderBy(textOrder(search), of)
  return extensionsIn(parseFilter(filter, of)).length > 0 || orderings.some(({ ours }) => ours)
}

/** What a store answers. */
export async function askStore(store: TrackingStore, search: Search): Promise<Answer> {
  try {
    return await idsOf(store, search)
  } catch (error) {
    if (StoreError.is(error, 'badRequest')) return null
    if (StoreError.is(error, 'serverError')) return 'fails'
    throw error
  }
}

async function idsOf(store: TrackingStore, search: Search): Promise<string[]> {
  const { of, filter, experimentIds } = search
  switch (of) {
    case 'runs': {
      const { view, maxResults } = search
      const query = { experimentIds, filter, orderBy: textOrder(search), ...(view && { view }) }
      const frames = await Array.fromAsync(store.searchRuns({ ...query, ...(maxResults && { maxResults }) }))
      return frames.flatMap((frame) => frame.runIds())
    }
    case 'experiments': {
      const query = { filter, orderBy: textOrder(search), view: 'ALL' } as const
      return (await Array.fromAsync(store.searchExperiments(query))).flat().map(idOf.experiments)
    }
    case 'registeredModels': {
      const query = { filter, orderBy: textOrder(search) }
      return (await Array.fromAsync(store.searchRegisteredModels(query))).flat().map(idOf.registeredModels)
    }
    case 'modelVersions': {
      const query = { filter, orderBy: versionOrder(search) }
      return (await Array.fromAsync(store.searchModelVersions(query))).flat().map(idOf.modelVersions)
    }
    case 'loggedModels': {
      const datasets = search.datasets.map(({ dataset_name: name, dataset_digest: digest }) => ({
        name,
        ...(digest !== undefined && { digest }),
      }))
      const query = { experimentIds, filter, orderBy: modelOrder(search), datasets }
      return (await Array.fromAsync(store.searchLoggedModels(query))).flat().map(idOf.loggedModels)
    }
  }
}

/** Everything that is in a store. */
export interface Content extends Readonly<{ [K in keyof Found]: readonly Found[K][] }> {
  readonly runs: RunFrame
}

export async function contentOf(store: TrackingStore, experimentIds: readonly string[]): Promise<Content> {
  const frames = await Array.fromAsync(store.searchRuns({ experimentIds }))
  return {
    runs: frames.reduce((all, frame) => all.merge(frame), RunFrame.empty),
    experiments: (await Array.fromAsync(store.searchExperiments({ view: 'ALL' }))).flat(),
    registeredModels: (await Array.fromAsync(store.searchRegisteredModels())).flat(),
    modelVersions: (await Array.fromAsync(store.searchModelVersions())).flat(),
    loggedModels: (await Array.fromAsync(store.searchLoggedModels({ experimentIds }))).flat(),
  }
}

/** What evaluating the search on everything that there is gives. */
export function askContent(content: Content, search: Search): Answer {
  try {
    switch (search.of) {
      case 'runs': {
        const rows = matchRuns(content.runs, parseFilter(search.filter, 'runs'))
        const sorted = sortRuns(content.runs, parseOrderBy(textOrder(search), 'runs'), rows)
        return Array.from(sorted, (row) => content.runs.runId(row))
      }
      case 'experiments':
        return itemIds(search.of, content[search.of], search, parseOrderBy(textOrder(search), search.of))
      case 'registeredModels':
        return itemIds(search.of, content[search.of], search, parseOrderBy(textOrder(search), search.of))
      case 'modelVersions':
        return itemIds(search.of, content[search.of], search, parseOrderBy(versionOrder(search), search.of))
      case 'loggedModels':
        return itemIds(search.of, content[search.of], search, parseLoggedModelOrder(modelOrder(search)))
    }
  } catch (error) {
    if (error instanceof FilterError) return null
    throw error
  }
}

function itemIds<K extends keyof Found>(
  kind: K,
  items: readonly Found[K][],
  search: Search,
  orderings: readonly Ordering[],
): string[] {
  const identify: (item: Found[K]) => string = idOf[kind]
  return items
    .filter(matcher(kind, parseFilter(search.filter, kind), datasetsOf(search)))
    .sort(comparer(kind, orderings))
    .map(identify)
}
