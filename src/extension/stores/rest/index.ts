/** The store of a tracking server: MLflow's REST API, versions 2 and 3. */
import { t } from '../../../shared/l10n'
import type { Experiment } from '../../../shared/model'
import type { ExperimentQuery, TrackingStore } from '..'
import { StoreError } from '../errors'
import type { StoreOptions } from '../open'
import type { TrackingUri } from '../uri'
import { locateApi, type MlflowApi } from './api'
import { restArtifacts } from './artifacts'
import { Authorization } from './authorization'
import { RestClient } from './client'
import { asFields } from './decoders'
import { experimentOf } from './entities'
import { Histories, sampler } from './histories'
import { LoggedModels, searchModelVersions, searchRegisteredModels } from './models'
import { listItems } from './pages'
import { carriedOut, planned } from './searching'
import { rightsOf } from './rights'
import { searchRuns } from './searchRuns'
import { watchRuns } from './watchRuns'
import { restWriter } from './writer'

const experiments = {
  decoder: 'experiments',
  items: listItems(({ experimentId }: Experiment) => experimentId),
  sizes: { first: 1000, later: 1000, most: 50_000 },
} as const

/** Connects to the server at `uri`. @throws StoreError where there is no MLflow server or it lets nobody in */
export async function openRestStore(
  uri: TrackingUri,
  options: StoreOptions,
  signal?: AbortSignal,
): Promise<TrackingStore> {
  const { userInfo } = uri
  const authorization = new Authorization(uri.id, options.credentials, userInfo && { kind: 'basic', ...userInfo })
  const client = new RestClient(uri.id, authorization, options)
  try {
    await authorization.begin(signal)
    return restStore(await locateApi(client, signal))
  } catch (error) {
    await client[Symbol.asyncDispose]()
    if (signal?.aborted && !StoreError.is(error)) throw new StoreError('cancelled', t('Cancelled.'), { cause: error })
    throw error
  }
}

function restStore(api: MlflowApi): TrackingStore {
  const getRun: TrackingStore['getRun'] = async (runId, signal) => {
    const { content } = await api.long('GET', 'runs/get', { run_id: runId }, 'run', signal)
    return await content
  }
  const histories = new Histories(api)
  const loggedModels = new LoggedModels(api)
  const artifacts = restArtifacts(api, (runId, signal) => loggedModels.ofRun(() => getRun(runId, signal), signal))
  return {
    uri: api.client.server,
    kind: 'rest',
    version: api.version,
    writer: restWriter(api),
    rights: rightsOf(api),
    [Symbol.asyncDispose]: () => api.client[Symbol.asyncDispose](),

    searchExperiments: (query: ExperimentQuery = {}, signal) =>
      planned(api, 'experiments', query, ({ filter, orderBy, ...plan }) => {
        const request = { filter, order_by: orderBy, view_type: query.view ?? 'ACTIVE_ONLY' }
        return carriedOut('experiments', plan, api.pages('POST', 'experiments/search', request, experiments, signal))
      }),
    getExperiment: (experimentId, signal) =>
      api.get(
        'experiments/get',
        { experiment_id: experimentId },
        (json) => experimentOf(asFields(json).experiment),
        signal,
      ),

    searchRuns: (query, signal) => searchRuns(api, query, signal),
    touched: undefined,
    watchRuns: (experimentIds) =>
      Promise.resolve(watchRuns((query, signal) => searchRuns(api, query, signal), experimentIds)),
    getRun,
    getMetricHistory: (runId, key, signal, known) => histories.read(runId, key, signal, known),
    sampleMetricHistories: sampler(api),

    listArtifacts: (runId, path = '', signal) => artifacts.list(runId, path, signal),
    readArtifact: (runId, path, signal, range) => artifacts.read(runId, path, signal, range),

    searchRegisteredModels: (query, signal) => searchRegisteredModels(api, query, signal),
    searchModelVersions: (query, signal) => searchModelVersions(api, query, signal),
    searchLoggedModels: (query, signal) => loggedModels.search(query, signal),
  }
}
