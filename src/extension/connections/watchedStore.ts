import { StoreError, type TrackingStore, type TrackingWriter } from '../stores'

/**
 * The same store, which tells how each of its reads and writes ended: `undefined` for an answer, the error for a failure. What was
 * cancelled tells nothing.
 */
export function watchedStore(store: TrackingStore, told: (failure: StoreError | undefined) => void): TrackingStore {
  const failed = (error: unknown): void => {
    if (StoreError.is(error) && error.reason !== 'cancelled') told(error)
  }
  async function one<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer
      told(undefined)
      return value
    } catch (error) {
      failed(error)
      throw error
    }
  }
  async function* many<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      for await (const page of pages) {
        told(undefined)
        yield page
      }
      told(undefined) // also where there were no pages
    } catch (error) {
      failed(error)
      throw error
    }
  }
  const { sampleMetricHistories: sample } = store
  return {
    uri: store.uri,
    kind: store.kind,
    version: store.version,
    writer: store.writer && watchedWriter(store.writer, one),
    rights: store.rights,
    searchExperiments: (query, signal) => many(store.searchExperiments(query, signal)),
    searchRuns: (query, signal) => many(store.searchRuns(query, signal)),
    getExperiment: (experimentId, signal) => one(store.getExperiment(experimentId, signal)),
    getRun: (runId, signal) => one(store.getRun(runId, signal)),
    touched: store.touched,
    watchRuns: async (experimentIds, signal) => {
      const watch = await one(store.watchRuns(experimentIds, signal))
      return {
        async changes(known, abort) {
          try {
            const changes = await watch.changes(known, abort)
            if (changes.untouched !== true) told(undefined) // else nothing was read
            return changes
          } catch (error) {
            failed(error)
            throw error
          }
        },
        [Symbol.dispose]: () => watch[Symbol.dispose](),
      }
    },
    getMetricHistory: (runId, key, signal, known) => one(store.getMetricHistory(runId, key, signal, known)),
    sampleMetricHistories: sample && ((runIds, key, signal) => one(sample(runIds, key, signal))),
    listArtifacts: (runId, path, signal) => one(store.listArtifacts(runId, path, signal)),
    readArtifact: (runId, path, signal, range) => many(store.readArtifact(runId, path, signal, range)),
    searchRegisteredModels: (query, signal) => many(store.searchRegisteredModels(query, signal)),
    searchModelVersions: (query, signal) => many(store.searchModelVersions(query, signal)),
    searchLoggedModels: (query, signal) => many(store.searchLoggedModels(query, signal)),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

type Settle = <T>(answer: Promise<T>) => Promise<T>

/** Every method answers with a promise. */
function watchedWriter(writer: TrackingWriter, settle: Settle): TrackingWriter {
  const methods = Object.entries(writer) as [string, (...given: unknown[]) => Promise<unknown>][]
  return Object.fromEntries(
    methods.map(([name, method]) => [name, (...given: unknown[]) => settle(method(...given))]),
  ) as unknown as TrackingWriter
}
