import { downsample, lowerBound, upperBound } from '../../shared/downsample'
import type { Metric, Run } from '../../shared/model'
import type { Artifact, Curve, CurveQuery, RunDetails, RunRef, Stats } from '../../shared/protocol'
import type { Connection, Connections } from '../connections/connection'
import type { TrackingStore } from '../stores'
import { Limiter } from './limiter'
import { Recent } from './recent'
import { type LoadedSeries, SeriesCache } from './seriesCache'
import { runDetails } from './wire'

const maxSeriesBytes = 256 * 1024 * 1024
/** Reads under way at once, of all pages together. */
const maxReads = 4
const maxSeen = 1000

/** What a run was when last looked at: its metrics tell whether a series in memory is still the newest. */
type Seen = Pick<Run, 'info' | 'metrics'>

/** What pages ask for, answered from the stores. One for all pages, so that they share what is in memory. Knows no vscode. */
export class Answers {
  readonly #connections: Connections
  readonly #limiter = new Limiter(maxReads)
  readonly #series: SeriesCache
  readonly #seen = new Recent<string, Seen>(maxSeen)
  readonly #experimentNames = new Map<string, string>()

  constructor(connections: Connections) {
    this.#connections = connections
    this.#series = new SeriesCache({ limiter: this.#limiter, maxBytes: maxSeriesBytes })
  }

  /** The run as it is now. Asks for credentials only if `interactive`. */
  async run(ref: RunRef, interactive: boolean, signal: AbortSignal): Promise<RunDetails> {
    const { connection, store } = await this.#open(ref, signal, interactive)
    const run = await this.#look(ref, store, signal)
    const experimentName = await this.#experimentName(ref.connection, store, run.info.experimentId, signal)
    return runDetails(run, experimentName, connection)
  }

  async curve(query: CurveQuery, signal: AbortSignal): Promise<Curve> {
    const { loaded, run } = await this.#load(query.run, query.key, signal)
    const { x, y } = loaded.by(query.axis === 'step' ? 'step' : 'time')
    const origin = query.axis === 'relative' ? (run.info.startTime ?? x[0] ?? 0) : 0
    const first = x[0]
    const last = x.at(-1)
    const [from, to] = query.range ? [query.range[0] + origin, query.range[1] + origin] : [first ?? 0, last ?? 0]
    const reduced = downsample({ x, y }, from, to, query.width)
    const inRange = upperBound(x, to) - lowerBound(x, from)
    return {
      x: origin === 0 ? reduced.x : reduced.x.map((time) => time - origin),
      y: reduced.y,
      extent: first === undefined || last === undefined ? null : [first - origin, last - origin],
      total: x.length,
      inRange,
      reduced: inRange > 2 * query.width,
      asOf: loaded.asOf,
      refreshError: loaded.refreshError ?? null,
    }
  }

  async stats(ref: RunRef, key: string, signal: AbortSignal): Promise<Stats> {
    return (await this.#load(ref, key, signal)).loaded.stats
  }

  async artifacts(ref: RunRef, path: string, signal: AbortSignal): Promise<Artifact[]> {
    const { store } = await this.#open(ref, signal)
    const files = await this.#limiter.run(() => store.listArtifacts(ref.runId, path || undefined, signal), signal)
    return files.map((file) => ({ path: file.path, isDir: file.isDir, fileSize: file.fileSize }))
  }

  /** The next questions about a connection (`undefined`: any) are answered by reading again. */
  expire(connection: Connection | undefined): void {
    this.#series.expire(connection ? connectionPrefix(connection.id) : '')
    this.#experimentNames.clear()
  }

  async #load(ref: RunRef, key: string, signal: AbortSignal): Promise<{ loaded: LoadedSeries; run: Seen }> {
    const { store } = await this.#open(ref, signal)
    const run = this.#seen.get(idOf(ref)) ?? (await this.#look(ref, store, signal))
    const loaded = await this.#series.get(
      {
        id: `${idOf(ref)}\n${key}`,
        version: versionOf(run.metrics.get(key)),
        load: (aborted) => store.getMetricHistory(ref.runId, key, aborted),
      },
      signal,
    )
    return { loaded, run }
  }

  async #look(ref: RunRef, store: TrackingStore, signal: AbortSignal): Promise<Run> {
    const run = await this.#limiter.run(() => store.getRun(ref.runId, signal), signal)
    this.#seen.set(idOf(ref), { info: run.info, metrics: run.metrics })
    return run
  }

  async #open(
    ref: RunRef,
    signal: AbortSignal,
    interactive = false,
  ): Promise<{ connection: Connection; store: TrackingStore }> {
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

const connectionPrefix = (connection: string): string => `${connection}\n`
const idOf = (ref: RunRef): string => connectionPrefix(ref.connection) + ref.runId

/** A series has a new point exactly when its latest one is another. */
function versionOf(latest: Metric | undefined): string {
  return latest ? `${latest.step} ${latest.timestamp} ${latest.value}` : ''
}
