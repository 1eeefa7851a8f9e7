/** The store of an SQLite database: read directly, without MLflow and without a server. */
import path from 'node:path'
import { t } from '../../../shared/l10n'
import { RunFrame } from '../../../shared/runFrame'
import type { TrackingStore } from '..'
import { localArtifacts } from '../artifacts'
import { StoreError } from '../errors'
import type { StoreOptions } from '../open'
import { limitOf, pagesOf } from '../pages'
import { parsedLoggedModelSearch, parsedSearch } from '../search'
import { mergePoints } from '../series'
import { sqliteClient, type SqliteClient } from './client'
import { markOf, textOf } from './history'
import { storeErrorOf } from './problems'
import { watchRuns } from './watch'

/** Small, so that the first rows arrive early. */
const firstPage = 100
/** Some 50 ms: no longer may writers be kept waiting. */
const pageOfRuns = 2_500
const pageOfOthers = 1_000

/**
 * Opens the database `file`, an absolute path.
 *
 * @param uri how the store is called
 * @throws StoreError if it isn't an MLflow store, or can't be read
 */
export async function openSqliteStore(
  file: string,
  uri: string,
  options: StoreOptions,
  signal?: AbortSignal,
): Promise<TrackingStore> {
  const client = sqliteClient(file, options)
  try {
    const version = await client.call('version', undefined, signal)
    return sqliteStore(client, file, uri, version)
  } catch (error) {
    await client.dispose()
    throw error
  }
}

function sqliteStore(client: SqliteClient, file: string, uri: string, version: string): TrackingStore {
  const artifacts = localArtifacts([path.dirname(file)], async (runId, signal) => {
    const roots = await client.call('artifactRoots', runId, signal)
    if (!roots) throw storeErrorOf({ kind: 'noRun', detail: runId }, file)
    return roots
  })

  return {
    uri,
    kind: 'sqlite',
    version,
    writer: undefined,
    rights: undefined,
    [Symbol.asyncDispose]: () => client.dispose(),

    async *searchExperiments({ filter, orderBy, view = 'ACTIVE_ONLY' } = {}, signal) {
      const ids = await client.call(
        'findExperiments',
        { ...parsedSearch('experiments', filter, orderBy), view },
        signal,
      )
      for (const page of pagesOf(ids, pageOfOthers)) yield await client.call('readExperiments', page, signal)
    },

    async *searchRuns({ experimentIds, filter, orderBy, view = 'ACTIVE_ONLY', maxResults }, signal) {
      const search = {
        experimentIds: numeric(experimentIds),
        ...parsedSearch('runs', filter, orderBy),
        view,
        limit: limitOf(maxResults),
      }
      const ids = await client.call('findRuns', search, signal)
      for (const page of pagesOf(ids, pageOfRuns, firstPage)) {
        const frame = new RunFrame(await client.call('readRuns', page, signal))
        if (frame.length > 0) yield frame
      }
    },

    touched: undefined,
    watchRuns: (experimentIds, signal) => watchRuns(client, file, numeric(experimentIds), signal),

    async getExperiment(experimentId, signal) {
      const [experiment] = await client.call('readExperiments', numeric([experimentId]), signal)
      if (!experiment) throw storeErrorOf({ kind: 'noExperiment', detail: experimentId }, file)
      return experiment
    },

    async getRun(runId, signal) {
      const frame = new RunFrame(await client.call('readRuns', [runId], signal))
      if (frame.length === 0) throw storeErrorOf({ kind: 'noRun', detail: runId }, file)
      return frame.run(0)
    },

    async getMetricHistory(runId, key, signal, known) {
      const after = known?.mark === undefined ? undefined : markOf(known.mark)
      const { points, mark, continues } = await client.call('readHistory', { runId, key, after }, signal)
      if (!continues || !known) return { runId, key, ...points, ...(mark && { mark: textOf(mark) }) }
      return { runId, key, ...mergePoints(known, points), ...(mark && { mark: textOf(mark) }) }
    },
    sampleMetricHistories: undefined, // the whole is read as fast

    listArtifacts: (runId, folder = '', signal) => artifacts.list(runId, folder, signal),
    readArtifact: (runId, artifact, signal, range) => artifacts.read(runId, artifact, signal, range),

    async *searchRegisteredModels({ filter, orderBy } = {}, signal) {
      const names = await client.call('findRegisteredModels', parsedSearch('registeredModels', filter, orderBy), signal)
      for (const page of pagesOf(names, pageOfOthers)) yield await client.call('readRegisteredModels', page, signal)
    },

    async *searchModelVersions({ filter, orderBy } = {}, signal) {
      const ids = await client.call('findModelVersions', parsedSearch('modelVersions', filter, orderBy), signal)
      for (const page of pagesOf(ids, pageOfOthers)) yield await client.call('readModelVersions', page, signal)
    },

    async *searchLoggedModels(query, signal) {
      const search = { experimentIds: numeric(query.experimentIds), ...parsedLoggedModelSearch(query) }
      const ids = await client.call('findLoggedModels', search, signal)
      for (const page of pagesOf(ids, pageOfOthers)) yield await client.call('readLoggedModels', page, signal)
    },
  }
}

/** Of an SQL store the ids of experiments are whole numbers. */
function numeric(experimentIds: readonly string[]): readonly string[] {
  const wrong = experimentIds.find((id) => !/^\d+$/.test(id))
  if (wrong !== undefined)
    throw new StoreError('badRequest', t('“{0}” is no experiment id: in this store they are whole numbers.', wrong))
  return experimentIds
}
