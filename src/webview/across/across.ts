import type { ReactiveControllerHost } from 'lit'
import type { AcrossData } from '../../shared/across/data'
import { type DimensionName, Dimensions, dimensionNames } from '../../shared/across/dimension'
import { withPackages } from '../../shared/across/packages'
import { RequestError } from '../../shared/channel'
import type { RefreshScope, RunRef, ShownRun } from '../../shared/protocol'
import { type Mark, marksOf } from '../../shared/runColor'
import type { Host } from '../ui/host'
import { idOf } from '../ui/runs'
import { Environments } from './environments'
import { Histories } from './histories'

/** A run that goes on is looked at again after so many times as long as the last look took. */
const pace = 10

export interface RunAt {
  readonly id: string
  readonly ref: RunRef
  readonly mark: Mark
}

export interface Loaded {
  readonly data: AcrossData
  readonly dimensions: Dimensions
  readonly names: readonly DimensionName[]
  /** When it was read, ms since the epoch. */
  readonly asOf: number
}

/** All runs of a comparison, read together when a tab first needs them; what was read stays when a refresh fails. */
export class Across {
  readonly environments: Environments
  readonly histories: Histories
  readonly #host: Host
  readonly #listeners = new Set<ReactiveControllerHost>()
  #runs: readonly RunAt[] = []
  #loaded: Loaded | undefined
  #error: string | undefined
  #loading: AbortController | undefined
  #took = 0
  /** What was read is older than what the host told of. */
  #outdated = true

  constructor(host: Host, runs: readonly ShownRun[]) {
    this.#host = host
    this.environments = new Environments(host, () => {
      if (this.#loaded) this.#loaded = this.#loadedOf(this.#loaded.data, this.#loaded.asOf)
      this.#changed()
    })
    this.histories = new Histories(host.channel, () => this.#changed())
    this.#setRuns(runs)
  }

  get runs(): readonly RunAt[] {
    return this.#runs
  }

  get loaded(): Loaded | undefined {
    return this.#loaded
  }

  /** Why the last reading failed. */
  get error(): string | undefined {
    return this.#error
  }

  get isLoading(): boolean {
    return this.#loading !== undefined
  }

  /** Renders an element again on each change, until what it returns is called. */
  attach(element: ReactiveControllerHost): () => void {
    this.#listeners.add(element)
    if (this.#outdated && !this.#loading) void this.#read(true)
    return () => void this.#listeners.delete(element)
  }

  /** Reads all again; if nobody looks, when next somebody does. */
  refresh(scope: RefreshScope): void {
    const rested = Date.now() - (this.#loaded?.asOf ?? 0) > pace * this.#took
    if (scope === 'anew') {
      this.environments.forget()
      this.histories.expire()
    }
    if (scope === 'running' && (!rested || !this.#isUnderWay)) return
    this.#outdated = true
    if (this.#listeners.size > 0 && !this.#loading) void this.#read(false)
  }

  retry(): void {
    if (!this.#loading) void this.#read(true)
  }

  cancel(): void {
    this.#loading?.abort()
  }

  recolor(runs: readonly ShownRun[]): void {
    this.#setRuns(runs)
    this.#changed()
  }

  get #isUnderWay(): boolean {
    return this.#loaded?.data.runs.some(({ status }) => status === 'RUNNING' || status === 'SCHEDULED') ?? false
  }

  #setRuns(runs: readonly ShownRun[]): void {
    const marks = marksOf(runs.map(({ color }) => color))
    this.#runs = runs.map(({ connection, runId }, at) => {
      const ref = { connection, runId }
      return { id: idOf(ref), ref, mark: marks[at] ?? { color: 0, dash: [] } }
    })
  }

  async #read(interactive: boolean): Promise<void> {
    const loading = (this.#loading = new AbortController())
    const began = performance.now()
    this.#outdated = false
    this.#changed()
    try {
      const runs = this.#runs.map(({ ref }) => ref)
      const data = await this.#host.channel.request('across', { runs, interactive }, loading.signal)
      this.#loaded = this.#loadedOf(data, Date.now())
      this.#error = undefined
    } catch (error) {
      if (!RequestError.is(error, 'closed')) this.#error = error instanceof Error ? error.message : String(error)
    }
    this.#took = performance.now() - began
    this.#loading = undefined
    this.#changed()
  }

  #loadedOf(read: AcrossData, asOf: number): Loaded {
    const data = withPackages(read, (row) => this.environments.packagesOf(this.#runs[row]?.id ?? ''))
    return { data, dimensions: new Dimensions(data), names: dimensionNames(data), asOf }
  }

  #changed(): void {
    for (const element of this.#listeners) element.requestUpdate()
  }
}
