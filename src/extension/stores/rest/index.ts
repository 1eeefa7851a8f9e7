/** The store of a tracking server: MLflow's REST API, versions 2 and 3. */
import { t } from '../../../shared/l10n'
import type { ExperimentQuery, TrackingStore } from '..'
import { StoreError } from '../errors'
import type { StoreOptions } from '../open'
import { SeriesBuilder } from '../series'
import type { TrackingUri } from '../uri'
import { asFields, locateApi, type MlflowApi } from './api'
import { restArtifacts } from './artifacts'
import { Authorization } from './authorization'
import { RestClient } from './client'
import { experimentOf } from './entities'
import { LoggedModels, searchModelVersions, searchRegisteredModels } from './models'
import { runOf } from './runs'
import { searchRuns } from './searchRuns'
import { appendPoints } from './series'
import { listOf } from './shape'
import { restWriter } from './writer'

const pageOfExperiments = 1000
const pageOfPoints = 25_000 // MLflow 2 ignores it and sends all

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
  const getRun: TrackingStore['getRun'] = (runId, signal) => api.get('runs/get', { run_id: runId }, runOf, signal)
  const loggedModels = new LoggedModels(api)
  const artifacts = restArtifacts(api, (runId, signal) => loggedModels.ofRun(() => getRun(runId, signal), signal))
  return {
    uri: api.client.server,
    kind: 'rest',
    version: api.version,
    writer: restWriter(api),
    [Symbol.asyncDispose]: () => api.client[Symbol.asyncDispose](),

    async *searchExperiments({ filter, orderBy, view }: ExperimentQuery = {}, signal) {
      const request = { filter, order_by: orderBy, view_type: view ?? 'ACTIVE_ONLY', max_results: pageOfExperiments }
      const pages = api.pages(
        'search',
        'experiments/search',
        request,
        (page) => listOf(page.experiments, 'experiments').map(experimentOf),
        signal,
      )
      for await (const experiments of pages) if (experiments.length > 0) yield experiments
    },
    getExperiment: (experimentId, signal) =>
      api.get(
        'experiments/get',
        { experiment_id: experimentId },
        (json) => experimentOf(asFields(json).experiment),
        signal,
      ),

    searchRuns: (query, signal) => searchRuns(api, query, signal),
    getRun,
    async getMetricHistory(runId, key, signal) {
      const series = new SeriesBuilder()
      const request = { run_id: runId, metric_key: key, max_results: pageOfPoints }
      const pages = api.pages('get', 'metrics/get-history', request, (page) => appendPoints(page, series), signal)
      for await (const _ of pages);
      return series.build(runId, key)
    },

    listArtifacts: (runId, path = '', signal) => artifacts.list(runId, path, signal),
    readArtifact: (runId, path, signal) => artifacts.read(runId, path, signal),

    searchRegisteredModels: (query, signal) => searchRegisteredModels(api, query, signal),
    searchModelVersions: (query, signal) => searchModelVersions(api, query, signal),
    searchLoggedModels: (query, signal) => loggedModels.search(query, signal),
  }
}
