/** The model registry, and the models that MLflow 3 logs beside runs. */
import { promptTag, type LoggedModel, type ModelVersion, type RegisteredModel, type Run } from '../../../shared/model'
import type { LoggedModelQuery, ModelQuery } from '..'
import { asksForMetrics } from '../../../shared/filter'
import { StoreError } from '../errors'
import { parsedFilter, parsedLoggedModelSearch } from '../search'
import { optional, type MlflowApi } from './api'
import { asFields } from './decoders'
import { loggedModelOf, registeredModelOf, withAliases } from './entities'
import { listItems } from './pages'
import { carriedOut, planned, type Plan } from './searching'

const registeredModels = {
  decoder: 'registeredModels',
  items: listItems(({ name }: RegisteredModel) => name),
  sizes: { first: 1000, later: 999, most: 1000 }, // the most that MLflow gives
} as const
const modelVersions = {
  decoder: 'modelVersions',
  items: listItems(({ name, version }: ModelVersion) => JSON.stringify([name, version])),
  sizes: { first: 1000, later: 1000, most: 10_000 },
} as const
const loggedModels = {
  decoder: 'loggedModels',
  items: listItems(({ modelId }: LoggedModel) => modelId),
  sizes: { first: 100, later: 100, most: 1000 },
} as const
/** From so many names on, all registered models are read at once for their aliases. */
const manyNames = 5

type Aliases = ReadonlyMap<string, string>

export async function* searchRegisteredModels(
  api: MlflowApi,
  query: ModelQuery = {},
  signal?: AbortSignal,
): AsyncGenerator<RegisteredModel[]> {
  yield* planned(api, 'registeredModels', query, ({ filter, orderBy, ...plan }) => {
    const pages = withoutPrompts(modelsAndPrompts(api, { filter, orderBy }, signal))
    return carriedOut('registeredModels', plan, pages)
  })
}

async function* withoutPrompts<T extends { readonly tags: ReadonlyMap<string, string> }>(
  pages: AsyncIterable<T[]>,
): AsyncGenerator<T[]> {
  for await (const page of pages) {
    const shown = page.filter(({ tags }) => tags.get(promptTag) !== 'true')
    if (shown.length > 0) yield shown
  }
}

export async function* searchModelVersions(
  api: MlflowApi,
  query: ModelQuery = {},
  signal?: AbortSignal,
): AsyncGenerator<ModelVersion[]> {
  yield* planned(api, 'modelVersions', query, ({ filter, orderBy, ...plan }) => {
    const order = orderBy?.length ? orderBy : ['name ASC', 'version_number DESC']
    const request = { filter, order_by: order }
    const pages = api.pages('GET', 'model-versions/search', request, modelVersions, signal)
    return carriedOut('modelVersions', plan, withTheirAliases(api, withoutPrompts(pages), signal))
  })
}

/** SQL stores send versions without their aliases, which are therefore taken from the registered models. */
async function* withTheirAliases(
  api: MlflowApi,
  pages: AsyncIterable<ModelVersion[]>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ModelVersion[]> {
  const known = new Map<string, Aliases>()
  for await (const versions of pages) {
    const unknown = new Set(versions.map(({ name }) => name).filter((name) => !known.has(name)))
    for (const [name, aliases] of await aliasesOf(api, unknown, signal)) known.set(name, aliases)
    yield versions.map((version) => withAliases(version, known.get(version.name) ?? new Map()))
  }
}

async function aliasesOf(
  api: MlflowApi,
  names: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Aliases>> {
  const found = new Map<string, Aliases>()
  if (names.size >= manyNames) {
    for await (const models of modelsAndPrompts(api, {}, signal))
      for (const model of models) found.set(model.name, model.aliases)
    return found
  }
  const read = (json: unknown): RegisteredModel => registeredModelOf(asFields(json).registered_model)
  for (const name of names) {
    const model = await optional(api.get('registered-models/get', { name }, read, signal)) // deleted in the meantime
    found.set(name, model?.aliases ?? new Map())
  }
  return found
}

function modelsAndPrompts(
  api: MlflowApi,
  { filter, orderBy }: Partial<Pick<Plan, 'filter' | 'orderBy'>>,
  signal: AbortSignal | undefined,
): AsyncIterable<RegisteredModel[]> {
  const request = { filter, order_by: orderBy ?? ['name ASC'] }
  return api.pages('GET', 'registered-models/search', request, registeredModels, signal)
}

/** Logged models of one server; none where it is older than MLflow 3. */
export class LoggedModels {
  #offered = true // until the server says otherwise

  constructor(private readonly api: MlflowApi) {}

  async *search(query: LoggedModelQuery, signal?: AbortSignal): AsyncGenerator<LoggedModel[]> {
    if (!this.#offered || query.experimentIds.length === 0) return
    const { datasets } = parsedLoggedModelSearch({ ...query, filter: '' })
    const sent = datasets.map(({ name, digest }) => ({ dataset_name: name, dataset_digest: digest }))
    const order = query.orderBy?.map((entry) => ({
      field_name: entry.fieldName,
      ascending: entry.ascending ?? true,
      dataset_name: entry.datasetName,
      dataset_digest: entry.datasetDigest,
    }))
    const found = planned(this.api, 'loggedModels', { filter: query.filter }, ({ filter, rest, sortBy }) => {
      // A server leaves out models without metrics on the datasets, unless it is sent a comparison of metrics: then all is ours.
      const alone = sent.length > 0 && asksForMetrics(rest)
      const request = {
        experiment_ids: query.experimentIds,
        filter: alone ? undefined : filter,
        order_by: order,
        datasets: alone || sent.length === 0 ? undefined : sent,
      }
      const pages = this.api.pages('POST', 'logged-models/search', request, loggedModels, signal)
      const whole = alone ? parsedFilter('loggedModels', query.filter ?? '') : rest
      return carriedOut('loggedModels', { rest: whole, sortBy }, pages, datasets)
    })
    try {
      yield* found
    } catch (error) {
      if (!StoreError.is(error, 'unsupported')) throw error
      this.#offered = false
    }
  }

  /** What `runs:/<run>/<name>` can mean: models whose source is the run, and those among its outputs; newest first. */
  async ofRun(getRun: () => Promise<Run>, signal?: AbortSignal): Promise<LoggedModel[]> {
    if (!this.#offered) return []
    const { info, modelOutputs } = await getRun()
    const models = new Map<string, LoggedModel>()
    const query = { experimentIds: [info.experimentId], filter: `source_run_id = '${info.runId}'` }
    for await (const page of this.search(query, signal)) for (const model of page) models.set(model.modelId, model)
    const others = modelOutputs.map(({ modelId }) => modelId).filter((modelId) => !models.has(modelId))
    for (const model of await Promise.all(others.map((modelId) => this.#get(modelId, signal))))
      if (model) models.set(model.modelId, model)
    return [...models.values()].sort(
      (a, b) => (b.creationTime ?? 0) - (a.creationTime ?? 0) || (a.modelId < b.modelId ? -1 : 1),
    )
  }

  /** Undefined where it has been deleted. */
  #get(modelId: string, signal: AbortSignal | undefined): Promise<LoggedModel | undefined> {
    const path = `logged-models/${encodeURIComponent(modelId)}`
    return optional(this.api.get(path, {}, (json) => loggedModelOf(asFields(json).model), signal))
  }
}
