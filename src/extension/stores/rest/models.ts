/** The model registry, and the models that MLflow 3 logs beside runs. */
import { promptTag, type LoggedModel, type ModelVersion, type RegisteredModel, type Run } from '../../../shared/model'
import type { LoggedModelQuery, ModelQuery } from '..'
import { StoreError } from '../errors'
import { asFields, optional, type MlflowApi } from './api'
import { loggedModelOf, modelVersionOf, registeredModelOf, withAliases } from './entities'
import { listOf } from './shape'

const pageOfModels = 1000 // the most that MLflow gives
const pageOfVersions = 1000
const pageOfLoggedModels = 100
/** From so many names on, all registered models are read at once for their aliases. */
const manyNames = 5

type Aliases = ReadonlyMap<string, string>

export async function* searchRegisteredModels(
  api: MlflowApi,
  query: ModelQuery = {},
  signal?: AbortSignal,
): AsyncGenerator<RegisteredModel[]> {
  for await (const models of modelsAndPrompts(api, query, signal)) {
    const shown = models.filter((model) => model.tags.get(promptTag) !== 'true')
    if (shown.length > 0) yield shown
  }
}

/** SQL stores send versions without their aliases, which are therefore taken from the registered models. */
export async function* searchModelVersions(
  api: MlflowApi,
  { filter, orderBy }: ModelQuery = {},
  signal?: AbortSignal,
): AsyncGenerator<ModelVersion[]> {
  const known = new Map<string, Aliases>()
  const order = orderBy?.length ? orderBy : ['name ASC', 'version_number DESC']
  const request = { filter, order_by: order, max_results: pageOfVersions }
  const read = (page: ReturnType<typeof asFields>): ModelVersion[] =>
    listOf(page.model_versions, 'model_versions').map(modelVersionOf)
  for await (const versions of api.pages('get', 'model-versions/search', request, read, signal)) {
    const shown = versions.filter((version) => version.tags.get(promptTag) !== 'true')
    if (shown.length === 0) continue
    const unknown = new Set(shown.map(({ name }) => name).filter((name) => !known.has(name)))
    for (const [name, aliases] of await aliasesOf(api, unknown, signal)) known.set(name, aliases)
    yield shown.map((version) => withAliases(version, known.get(version.name) ?? new Map()))
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
  { filter, orderBy }: ModelQuery,
  signal: AbortSignal | undefined,
): AsyncIterable<RegisteredModel[]> {
  return api.pages(
    'get',
    'registered-models/search',
    { filter, order_by: orderBy ?? ['name ASC'], max_results: pageOfModels },
    (page) => listOf(page.registered_models, 'registered_models').map(registeredModelOf),
    signal,
  )
}

/** Logged models of one server; none where it is older than MLflow 3. */
export class LoggedModels {
  #offered = true // until the server says otherwise

  constructor(private readonly api: MlflowApi) {}

  async *search({ experimentIds, filter }: LoggedModelQuery, signal?: AbortSignal): AsyncGenerator<LoggedModel[]> {
    if (!this.#offered || experimentIds.length === 0) return
    const request = { experiment_ids: experimentIds, filter, max_results: pageOfLoggedModels }
    const read = (page: ReturnType<typeof asFields>): LoggedModel[] => listOf(page.models, 'models').map(loggedModelOf)
    try {
      for await (const models of this.api.pages('search', 'logged-models/search', request, read, signal))
        if (models.length > 0) yield models
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
