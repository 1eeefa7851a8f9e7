/** The store of an SQLite database: read directly, without MLflow and without a server. */
import path from 'node:path'
import {
  FilterError,
  parseFilter,
  parseOrderBy,
  type Expression,
  type Ordering,
  type SearchKind,
} from '../../../shared/filter'
import { t } from '../../../shared/l10n'
import { RunFrame } from '../../../shared/runFrame'
import type { TrackingStore } from '..'
import { localArtifacts } from '../artifacts'
import { StoreError } from '../errors'
import type { StoreOptions } from '../open'
import { WorkerClient } from './client'
import { storeErrorOf } from './problems'

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
  const client = new WorkerClient(file, options)
  try {
    const version = await client.call('version', undefined, signal)
    return sqliteStore(client, file, uri, version)
  } catch (error) {
    await client.dispose()
    throw error
  }
}

function sqliteStore(client: WorkerClient, file: string, uri: string, version: string): TrackingStore {
  const artifacts = localArtifacts(path.dirname(file), async (runId, signal) => {
    const roots = await client.call('artifactRoots', runId, signal)
    if (!roots) throw storeErrorOf({ kind: 'noRun', detail: runId }, file)
    return roots
  })

  return {
    uri,
    kind: 'sqlite',
    version,
    writer: undefined,
    [Symbol.asyncDispose]: () => client.dispose(),

    async *searchExperiments({ filter, orderBy, view = 'ACTIVE_ONLY' } = {}, signal) {
      const ids = await client.call('findExperiments', { ...parsed('experiments', filter, orderBy), view }, signal)
      for (const page of pagesOf(ids, pageOfOthers)) yield await client.call('readExperiments', page, signal)
    },

    async *searchRuns({ experimentIds, filter, orderBy, view = 'ACTIVE_ONLY', maxResults }, signal) {
      const search = {
        experimentIds: numeric(experimentIds),
        ...parsed('runs', filter, orderBy),
        view,
        limit: limitOf(maxResults),
      }
      const ids = await client.call('findRuns', search, signal)
      for (const page of pagesOf(ids, pageOfRuns, firstPage)) {
        const frame = new RunFrame(await client.call('readRuns', page, signal))
        if (frame.length > 0) yield frame
      }
    },

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

    getMetricHistory: (runId, key, signal) => client.call('readHistory', { runId, key }, signal),

    listArtifacts: (runId, folder = '', signal) => artifacts.list(runId, folder, signal),
    readArtifact: (runId, artifact, signal) => artifacts.read(runId, artifact, signal),

    async *searchRegisteredModels({ filter, orderBy } = {}, signal) {
      const names = await client.call('findRegisteredModels', parsed('registeredModels', filter, orderBy), signal)
      for (const page of pagesOf(names, pageOfOthers)) yield await client.call('readRegisteredModels', page, signal)
    },

    async *searchModelVersions({ filter, orderBy } = {}, signal) {
      const ids = await client.call('findModelVersions', parsed('modelVersions', filter, orderBy), signal)
      for (const page of pagesOf(ids, pageOfOthers)) yield await client.call('readModelVersions', page, signal)
    },

    async *searchLoggedModels({ experimentIds, filter }, signal) {
      const { filter: expression } = parsed('loggedModels', filter)
      const search = { experimentIds: numeric(experimentIds), filter: expression }
      const ids = await client.call('findLoggedModels', search, signal)
      for (const page of pagesOf(ids, pageOfOthers)) yield await client.call('readLoggedModels', page, signal)
    },
  }
}

function* pagesOf<T>(items: readonly T[], size: number, first = size): Generator<T[]> {
  if (items.length > 0) yield items.slice(0, first)
  for (let at = first; at < items.length; at += size) yield items.slice(at, at + size)
}

/** @throws StoreError `badRequest` that says where the expression is wrong. */
function parsed(
  kind: SearchKind,
  filter = '',
  orderBy: readonly string[] = [],
): { filter: Expression | undefined; orderBy: Ordering[] } {
  return {
    filter: explained(
      () => parseFilter(filter, kind),
      (error) => t('The search “{0}” is wrong at character {1}: {2}', filter, error.start + 1, error.message),
    ),
    orderBy: explained(
      () => parseOrderBy(orderBy, kind),
      (error) => t('The order “{0}” is wrong: {1}', orderBy.join(', '), error.message),
    ),
  }
}

function explained<T>(parse: () => T, sentence: (error: FilterError) => string): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    throw new StoreError('badRequest', sentence(error), { cause: error })
  }
}

function limitOf(maxResults: number | undefined): number | undefined {
  return maxResults === undefined || maxResults === Infinity ? undefined : Math.max(0, Math.floor(maxResults))
}

/** Of an SQL store the ids of experiments are whole numbers. */
function numeric(experimentIds: readonly string[]): readonly string[] {
  const wrong = experimentIds.find((id) => !/^\d+$/.test(id))
  if (wrong !== undefined)
    throw new StoreError('badRequest', t('“{0}” is no experiment id: in this store they are whole numbers.', wrong))
  return experimentIds
}
