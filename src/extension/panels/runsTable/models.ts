import type { Beyond } from '../../../shared/runsTable/fields'
import type { TrackingStore } from '../../stores'

type Found = Pick<Beyond, 'registered' | 'logged'>

interface Options {
  readonly experimentIds: readonly string[]
  readonly store: (signal: AbortSignal) => Promise<TrackingStore>
  readonly arrived: (found: Found) => void
  readonly failed: (error: unknown) => void
}

/** Which models runs have: read when something first shows it. */
export class RunModels implements Disposable {
  readonly #options: Options
  #reading: AbortController | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** Reads them, but for the first time only. */
  want(): void {
    if (this.#reading) return
    const { signal } = (this.#reading = new AbortController())
    const { store, experimentIds, arrived, failed } = this.#options
    const read = async (): Promise<void> => {
      const found = await modelsOfRuns(await store(signal), experimentIds, signal)
      if (!signal.aborted) arrived(found)
    }
    read().catch((error: unknown) => {
      if (!signal.aborted) failed(error)
    })
  }

  /** What shows them reads them again. */
  forget(): void {
    this.#reading?.abort()
    this.#reading = undefined
  }

  [Symbol.dispose](): void {
    this.forget()
  }
}

/** Registered versions and logged models by their run's id, in words: `pricing v3, other v1`. */
async function modelsOfRuns(
  store: TrackingStore,
  experimentIds: readonly string[],
  signal: AbortSignal,
): Promise<Found> {
  const registered = new Map<string, string>()
  const logged = new Map<string, string>()
  for await (const page of store.searchModelVersions({}, signal))
    for (const { runId, name, version } of page) if (runId !== '') add(registered, runId, `${name} v${version}`)
  for await (const page of store.searchLoggedModels({ experimentIds }, signal))
    for (const { sourceRunId, name } of page) if (sourceRunId !== '') add(logged, sourceRunId, name)
  return { registered, logged }
}

function add(texts: Map<string, string>, runId: string, text: string): void {
  const known = texts.get(runId)
  texts.set(runId, known === undefined ? text : `${known}, ${text}`)
}
