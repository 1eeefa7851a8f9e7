/** The store of a folder such as mlruns: read directly, without MLflow and without a server. */
import path from 'node:path'
import { RunFrame, type RunFrameData } from '../../../shared/runFrame'
import type { RunWatch, TrackingStore } from '..'
import { localArtifacts } from '../artifacts'
import type { StoreOptions } from '../open'
import { limitOf, pagesOf } from '../pages'
import { parsedLoggedModelSearch, parsedSearch } from '../search'
import { mergePoints } from '../series'
import { filesClient, type FilesClient } from './client'
import type { Place } from './metricFile'
import { problemSentence } from './runProblems'

/** Small, so that the first rows arrive early. */
const firstPage = 100
const pageOfRuns = 2_500
const pageOfOthers = 1_000

/**
 * Opens the file store in `folder`, an absolute path: the folder that has the experiments, or the one around its `mlruns`.
 *
 * @param uri how the store is called
 * @throws StoreError if it isn't an MLflow store, or can't be read
 */
export async function openFilesStore(
  folder: string,
  uri: string,
  options: StoreOptions,
  signal?: AbortSignal,
): Promise<TrackingStore> {
  const client = filesClient(folder, options)
  try {
    const root = await client.call('root', undefined, signal)
    return filesStore(client, root, uri)
  } catch (error) {
    await client.dispose()
    throw error
  }
}

function filesStore(client: FilesClient, root: string, uri: string): TrackingStore {
  const artifacts = localArtifacts([root, path.dirname(root)], (runId, signal) =>
    client.call('artifactRoots', runId, signal),
  )

  /** Of each watch, the folders of runs that it was told of and has not yet looked at. */
  const watches = new Set<Set<string>>()

  return {
    uri,
    kind: 'files',
    version: 'file store',
    writer: undefined,
    rights: undefined,
    [Symbol.asyncDispose]: () => client.dispose(),

    async *searchExperiments({ filter, orderBy, view = 'ACTIVE_ONLY' } = {}, signal) {
      yield* pagesOf(
        await client.call('searchExperiments', { ...parsedSearch('experiments', filter, orderBy), view }, signal),
        pageOfOthers,
      )
    },

    async *searchRuns({ experimentIds, filter, orderBy, view = 'ACTIVE_ONLY', maxResults }, signal) {
      const search = { experimentIds, ...parsedSearch('runs', filter, orderBy), view, limit: limitOf(maxResults) }
      const found = await client.call('findRuns', search, signal)
      let read = 0
      try {
        for (const ids of pagesOf(found, pageOfRuns, firstPage)) {
          const frame = frameOf(await client.call('readRuns', { experimentIds, ids }, signal))
          read += ids.length
          if (frame.length > 0) yield frame
        }
      } finally {
        if (read < found.length) void client.call('stopReading', experimentIds).catch(noMatter)
      }
    },

    getExperiment: (experimentId, signal) => client.call('getExperiment', experimentId, signal),

    async getRun(runId, signal) {
      return frameOf(await client.call('getRun', runId, signal)).run(0)
    },

    touched: (files) => {
      for (const touched of watches) for (const file of files) touched.add(runFolderOf(root, path.resolve(file)))
    },
    watchRuns: (experimentIds, signal) => watchRuns(client, experimentIds, watches, signal),

    async getMetricHistory(runId, key, signal, known) {
      const after = known?.mark === undefined ? undefined : placeOf(known.mark)
      const { points, mark, continues } = await client.call('readHistory', { runId, key, after }, signal)
      const all = continues && known ? mergePoints(known, points) : points
      return { runId, key, ...all, ...(mark && { mark: markOf(mark) }) }
    },
    sampleMetricHistories: undefined, // the whole is read as fast

    listArtifacts: (runId, folder = '', signal) => artifacts.list(runId, folder, signal),
    readArtifact: (runId, artifact, signal, range) => artifacts.read(runId, artifact, signal, range),

    async *searchRegisteredModels({ filter, orderBy } = {}, signal) {
      const search = parsedSearch('registeredModels', filter, orderBy)
      yield* pagesOf(await client.call('searchRegisteredModels', search, signal), pageOfOthers)
    },

    async *searchModelVersions({ filter, orderBy } = {}, signal) {
      const search = parsedSearch('modelVersions', filter, orderBy)
      yield* pagesOf(await client.call('searchModelVersions', search, signal), pageOfOthers)
    },

    async *searchLoggedModels(query, signal) {
      const search = { experimentIds: query.experimentIds, ...parsedLoggedModelSearch(query) }
      yield* pagesOf(await client.call('searchLoggedModels', search, signal), pageOfOthers)
    },
  }
}

/** The folder of the run that a file belongs to: of thousands of files that change there are few. */
function runFolderOf(root: string, file: string): string {
  const parts = path.relative(root, file).split(path.sep)
  return path.join(root, ...parts.slice(0, parts[0] === '.trash' ? 3 : 2))
}

/** What the worker remembers of runs tells what has changed; where it was replaced, everything may have. */
async function watchRuns(
  client: FilesClient,
  experimentIds: readonly string[],
  watches: Set<Set<string>>,
  signal: AbortSignal | undefined,
): Promise<RunWatch> {
  let { seen: since } = await client.call('runChanges', { experimentIds, since: undefined, touched: [] }, signal)
  const touched = new Set<string>()
  watches.add(touched)
  return {
    async changes(known, abort) {
      const asked = [...touched]
      touched.clear() // what is written while the worker looks is for the next time
      const { seen, changed, gone, all } = await client
        .call('runChanges', { experimentIds, since, touched: asked }, abort)
        .catch((error: unknown) => {
          for (const folder of asked) touched.add(folder)
          throw error
        })
      since = seen
      const present = all && new Set(all)
      return {
        changed: frameOf(changed),
        gone: present ? known.runIds().filter((id) => !present.has(id)) : gone,
      }
    },
    [Symbol.dispose]: () => watches.delete(touched),
  }
}

/** The store may be closed by now, and then nobody reads. */
const noMatter = (): void => undefined

/** With the problems of runs in words. */
function frameOf(data: RunFrameData): RunFrame {
  const { problems } = data.infos
  if (problems.size === 0) return new RunFrame(data)
  const inWords = new Map([...problems].map(([row, problem]) => [row, problemSentence(problem)]))
  return new RunFrame({ ...data, infos: { ...data.infos, problems: inWords } })
}

/** A place in a metric's file, as a series carries it. */
const markOf = ({ ino, end, tail }: Place): string => JSON.stringify([ino, end, tail])

/** Undefined of a text that is no mark of ours. */
function placeOf(mark: string): Place | undefined {
  try {
    const [ino, end, tail] = JSON.parse(mark) as unknown[]
    if (typeof ino === 'number' && typeof end === 'number' && typeof tail === 'string') return { ino, end, tail }
  } catch {
    // somebody else's
  }
  return undefined
}
