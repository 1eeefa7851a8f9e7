import type { AcrossData } from '../../shared/across/data'
import { t } from '../../shared/l10n'
import type { Metric, Run } from '../../shared/model'
import type {
  Artifact,
  ArtifactPart,
  BandQuery,
  Curve,
  CurveLook,
  CurveQuery,
  CurvesFile,
  ModelCard,
  Related,
  RunAnswer,
  RunDetails,
  RunEnvironment,
  RunRef,
  Stats,
} from '../../shared/protocol'
import type { Connection, Connections } from '../connections/connection'
import { messageOf } from '../messageOf'
import type { TrackingStore } from '../stores'
import { permissionToOffer } from '../stores/rights'
import { Limiter } from '../stores/limiter'
import { acrossRuns, type Opened } from './acrossRuns'
import { type BandMember, bandOf, curveOf } from './curves'
import { findRuns, mostAlone } from './findRuns'
import { Recent } from './recent'
import { relatedTo } from './related'
import { Sampling } from './sampling'
import { loadedSeries, type LoadedSeries, SeriesCache } from './seriesCache'
import { runDetails } from './wire'

const maxSeriesBytes = 256 * 1024 * 1024
/** Reads under way at once, of all pages together. */
const maxReads = 4
const maxSeen = 1000
/** Bytes of an MLmodel; real ones have a few thousand. */
const longestModelCard = 2 * 1024 * 1024
/** A series whose latest step is lower is read whole at once: it takes a page of the server at most. */
const leastSampled = 2000
/** Runs of a page, and metrics of a run, that are read before the page asks. */
const [mostWarmed, mostMetricsWarmed] = [10, 4]

/** What a run was when last looked at: its metrics tell whether a series in memory is still the newest. */
type Seen = Glance & { readonly look: number }
type Glance = Pick<Run, 'info'> & { readonly metrics: Pick<Run['metrics'], 'get'> }

interface OpenConnection {
  readonly connection: Connection
  readonly store: TrackingStore
}

/** What pages ask for, answered from the stores. One for all pages, so that they share what is in memory. Knows no vscode. */
export class Answers {
  readonly #connections: Connections
  readonly #limiter = new Limiter(maxReads)
  readonly #sampling = new Sampling(this.#limiter)
  readonly #series: SeriesCache
  readonly #seen = new Recent<string, Seen>(maxSeen)
  readonly #experimentNames = new Map<string, string>()
  #looks = 0

  constructor(connections: Connections) {
    this.#connections = connections
    this.#series = new SeriesCache({ limiter: this.#limiter, maxBytes: maxSeriesBytes })
  }

  /** The run as it is now. Asks for credentials only if `interactive`. */
  async run(ref: RunRef, interactive: boolean, signal: AbortSignal): Promise<RunDetails> {
    const opened = await this.#open(ref, signal, interactive)
    return this.#details(await this.#look(ref, opened.store, signal), opened, signal)
  }

  /** Many runs, in a few requests a connection; what can't be read has the reason in its place. Asks for credentials only if `interactive`. */
  async runs(refs: readonly RunRef[], interactive: boolean, signal: AbortSignal): Promise<RunAnswer[]> {
    const failed = (error: unknown): RunAnswer => {
      if (signal.aborted) throw error
      return { problem: messageOf(error) }
    }
    if (refs.length <= mostAlone)
      return Promise.all(refs.map((ref) => this.run(ref, interactive, signal).then((run) => ({ run }), failed)))
    const answers = new Map<string, RunAnswer>()
    for (const [id, ofOne] of Map.groupBy(refs, ({ connection }) => connection)) {
      try {
        const opened = await this.#open({ connection: id, runId: '' }, signal, interactive)
        const ids = ofOne.map(({ runId }) => runId)
        const { frame, problems } = await this.#limiter.run(() => findRuns(opened.store, ids, signal), signal)
        for (const [runId, problem] of problems) answers.set(idOf({ connection: id, runId }), { problem })
        for (let row = 0; row < frame.length; row++) {
          const run = frame.run(row)
          this.learn(id, run)
          answers.set(idOf({ connection: id, runId: run.info.runId }), {
            run: await this.#details(run, opened, signal),
          })
        }
      } catch (error) {
        const problem = failed(error)
        for (const ref of ofOne) answers.set(idOf(ref), problem)
      }
    }
    return refs.map((ref) => answers.get(idOf(ref)) ?? { problem: t('This run is not there any more.') })
  }

  async #details(run: Run, { connection, store }: OpenConnection, signal: AbortSignal): Promise<RunDetails> {
    const { experimentId } = run.info
    const [experimentName, permission] = await Promise.all([
      this.#experimentName(connection.id, store, experimentId, signal),
      permissionToOffer(store.rights, { kind: 'experiment', experimentId }, signal),
    ])
    return runDetails(run, experimentName, connection, permission)
  }

  /** Many runs at once, by column. Asks for credentials only if `interactive`. */
  async across(runs: readonly RunRef[], interactive: boolean, signal: AbortSignal): Promise<AcrossData> {
    const open = async (connection: string): Promise<Opened> => {
      const { store } = await this.#open({ connection, runId: '' }, signal, interactive)
      return {
        store,
        experimentName: (id) => this.#experimentName(connection, store, id, signal),
        learn: (frame) => {
          for (let row = 0; row < frame.length; row++)
            this.learn(connection, { info: frame.info(row), metrics: { get: (key) => frame.metricAt(row, key) } })
        },
      }
    }
    return this.#limiter.run(() => acrossRuns(runs, open, signal), signal)
  }

  async curve(query: CurveQuery, signal: AbortSignal): Promise<Curve> {
    // Samples of two metrics are of different steps.
    const samples = query.samples && query.axis !== 'metric'
    const series =
      (samples ? await this.#sample(query.run, query.key, signal) : undefined) ??
      (await this.#load(query.run, query.key, signal))
    return curveOf(query, series, await this.#alongX(query, query.run, signal))
  }

  /** Several runs as one curve; those that can't be read are left out, unless that is all. */
  async band(query: BandQuery, signal: AbortSignal): Promise<Curve> {
    return bandOf(query, (run) => this.#loadWithX(query, run, signal), signal)
  }

  /** The points of runs as the text of a CSV file. */
  async curvesFile(file: CurvesFile, signal: AbortSignal): Promise<string> {
    const { curvesCsv } = await import('./curvesFile')
    return curvesCsv(file, ({ run }) => this.#loadWithX(file, run, signal), signal)
  }

  async #loadWithX(
    look: Pick<CurveLook, 'key' | 'axis' | 'xKey'>,
    run: RunRef,
    signal: AbortSignal,
  ): Promise<BandMember> {
    const [series, along] = await Promise.all([this.#load(run, look.key, signal), this.#alongX(look, run, signal)])
    return { series, along }
  }

  /** The metric of the x axis, where that is one. */
  async #alongX(
    { axis, xKey }: Pick<CurveLook, 'axis' | 'xKey'>,
    run: RunRef,
    signal: AbortSignal,
  ): Promise<LoadedSeries | undefined> {
    return axis === 'metric' ? (await this.#load(run, xKey, signal)).loaded : undefined
  }

  async stats(ref: RunRef, key: string, signal: AbortSignal): Promise<Stats> {
    return (await this.#load(ref, key, signal)).loaded.stats
  }

  async artifacts(ref: RunRef, path: string, signal: AbortSignal): Promise<Artifact[]> {
    const { store } = await this.#open(ref, signal)
    const files = await this.#limiter.run(() => store.listArtifacts(ref.runId, path || undefined, signal), signal)
    return files.map((file) => ({ path: file.path, isDir: file.isDir, fileSize: file.fileSize }))
  }

  /** Part of an artifact's bytes; fewer where the file ends. */
  async artifactPart(
    { run, path, start, length }: ArtifactPart,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { store } = await this.#open(run, signal)
    return this.#limiter.run(async () => {
      const pieces: Uint8Array[] = []
      let size = 0
      for await (const piece of store.readArtifact(run.runId, path, signal, { start, length })) {
        pieces.push(piece)
        size += piece.length
      }
      return joined(pieces, size)
    }, signal)
  }

  /** The Python environments that runs logged with their models; of one that can't be read, why. */
  async environments(
    refs: readonly RunRef[],
    signal: AbortSignal,
  ): Promise<(RunEnvironment | { readonly problem: string })[]> {
    const { readEnvironment } = await import('./environment') // it brings a YAML library
    return Promise.all(
      refs.map(async (ref) => {
        try {
          const { store } = await this.#open(ref, signal)
          return await this.#limiter.run(() => readEnvironment(store, ref.runId, signal), signal)
        } catch (error) {
          if (signal.aborted) throw error
          return { problem: messageOf(error) }
        }
      }),
    )
  }

  async modelCard(run: RunRef, path: string, signal: AbortSignal): Promise<ModelCard> {
    const bytes = await this.artifactPart({ run, path, start: 0, length: longestModelCard }, signal)
    const { modelCard } = await import('./modelCard') // it brings a YAML library
    return modelCard(new TextDecoder().decode(bytes), path)
  }

  /** @param children how many of them to tell of */
  async related(ref: RunRef, children: number, signal: AbortSignal): Promise<Related> {
    const { store } = await this.#open(ref, signal)
    const run = await this.#look(ref, store, signal)
    return this.#limiter.run(() => relatedTo(run, store, children, signal), signal)
  }

  /**
   * Begins to read the curves that a page of these runs will ask for first, while the page itself is still loading. Of few runs with
   * few metrics in a local store: of others nobody knows which they are, or samples come first. What fails is told to the page.
   */
  warm(refs: readonly RunRef[], signal: AbortSignal): void {
    if (refs.length > mostWarmed) return
    const warmed = async (ref: RunRef): Promise<void> => {
      const { store } = await this.#open(ref, signal)
      if (store.sampleMetricHistories) return
      const keys = [...(await this.#look(ref, store, signal)).metrics.keys()]
      if (keys.length <= mostMetricsWarmed) await Promise.all(keys.map((key) => this.#load(ref, key, signal)))
    }
    for (const ref of refs) warmed(ref).catch(() => undefined)
  }

  /** Who has read a run tells it: curves are as new as that from then on. */
  learn(connection: string, { info, metrics }: Glance): void {
    this.#seen.set(idOf({ connection, runId: info.runId }), { info, metrics, look: ++this.#looks })
  }

  /** The next questions about a connection (`undefined`: any) are answered by reading again. */
  expire(connection: Connection | undefined): void {
    this.#series.expire(connection ? connectionPrefix(connection.id) : '')
    this.#experimentNames.clear()
  }

  async #load(ref: RunRef, key: string, signal: AbortSignal): Promise<{ loaded: LoadedSeries; run: Seen }> {
    const { store } = await this.#open(ref, signal)
    const run = await this.#seenRun(ref, store, signal)
    const loaded = await this.#series.get(
      {
        id: seriesId(ref, key),
        version: versionOf(run, key),
        load: (aborted, known) => store.getMetricHistory(ref.runId, key, aborted, known),
      },
      signal,
    )
    return { loaded, run }
  }

  /** Samples of a long series of which nothing is in memory; undefined where the whole can be had as fast, or is there. */
  async #sample(
    ref: RunRef,
    key: string,
    signal: AbortSignal,
  ): Promise<{ loaded: LoadedSeries; run: Seen } | undefined> {
    const { store } = await this.#open(ref, signal)
    const { sampleMetricHistories: sample } = store
    if (!sample || this.#series.has(seriesId(ref, key))) return undefined
    const run = await this.#seenRun(ref, store, signal)
    if ((run.metrics.get(key)?.step ?? 0) < leastSampled) return undefined
    try {
      const group = `${ref.connection}\n${key}`
      const series = await this.#sampling.get(group, sample, ref.runId, key, signal)
      return series && { loaded: loadedSeries(series, Date.now()), run }
    } catch (error) {
      if (signal.aborted) throw error
      return undefined // whoever reads the whole says what is wrong
    }
  }

  async #seenRun(ref: RunRef, store: TrackingStore, signal: AbortSignal): Promise<Seen> {
    const known = this.#seen.get(idOf(ref))
    if (known) return known
    const { info, metrics } = await this.#look(ref, store, signal)
    return this.#seen.get(idOf(ref)) ?? { info, metrics, look: this.#looks }
  }

  async #look(ref: RunRef, store: TrackingStore, signal: AbortSignal): Promise<Run> {
    const run = await this.#limiter.run(() => store.getRun(ref.runId, signal), signal)
    this.#seen.set(idOf(ref), { info: run.info, metrics: run.metrics, look: ++this.#looks })
    return run
  }

  async #open(ref: RunRef, signal: AbortSignal, interactive = false): Promise<OpenConnection> {
    await this.#connections.discovered
    const connection = this.#connections.get(ref.connection)
    return { connection, store: await connection.store({ signal, interactive }) }
  }

  async #experimentName(connection: string, store: TrackingStore, id: string, signal: AbortSignal): Promise<string> {
    const known = this.#experimentNames.get(`${connection}\n${id}`)
    if (known !== undefined) return known
    const { name } = await store.getExperiment(id, signal)
    this.#experimentNames.set(`${connection}\n${id}`, name)
    return name
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

const connectionPrefix = (connection: string): string => `${connection}\n`
const seriesId = (ref: RunRef, key: string): string => `${idOf(ref)}\n${key}`
const idOf = (ref: RunRef): string => connectionPrefix(ref.connection) + ref.runId

/**
 * A finished run's series is another when its latest point is. Of a run under way each look counts: the latest point is that of the
 * highest step, and a run that was resumed may log lower ones.
 */
function versionOf({ info, metrics, look }: Seen, key: string): string {
  const latest: Metric | undefined = metrics.get(key)
  const point = latest ? `${latest.step} ${latest.timestamp} ${latest.value}` : ''
  return info.status === 'RUNNING' ? `${point} ${look}` : point
}
