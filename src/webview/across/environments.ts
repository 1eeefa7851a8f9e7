import type { RunEnvironment } from '../../shared/protocol'
import { environmentsAtOnce } from '../../shared/protocol'
import type { Host } from '../ui/host'
import type { RunAt } from './across'

/** Runs whose environments are read without being asked to. */
export const fewRuns = 20

/** The Python environments of a comparison's runs, read when somebody wants them. */
export class Environments {
  readonly #host: Host
  readonly #changed: () => void
  readonly #found = new Map<string, RunEnvironment['packages']>()
  readonly #problems = new Map<string, string>()
  #reading: AbortController | undefined

  /** @param changed is called each time that more has been read */
  constructor(host: Host, changed: () => void) {
    this.#host = host
    this.#changed = changed
  }

  get isReading(): boolean {
    return this.#reading !== undefined
  }

  /** Why the last reading of a run failed. */
  get problem(): string | undefined {
    return this.#problems.values().next().value
  }

  packagesOf(id: string): RunEnvironment['packages'] | undefined {
    return this.#found.get(id)
  }

  /** Of how many of some runs it is known what they logged. */
  countOf(runs: readonly RunAt[]): number {
    return runs.filter(({ id }) => this.#found.has(id)).length
  }

  /** Those that are not known, a few at a time. */
  async read(runs: readonly RunAt[]): Promise<void> {
    if (this.#reading) return
    const reading = (this.#reading = new AbortController())
    const wanted = runs.filter(({ id }) => !this.#found.has(id))
    this.#problems.clear()
    try {
      for (let at = 0; at < wanted.length; at += environmentsAtOnce) {
        this.#changed()
        const some = wanted.slice(at, at + environmentsAtOnce)
        const request = { runs: some.map(({ ref }) => ref) }
        const answers = await this.#host.channel.request('environments', request, reading.signal)
        some.forEach(({ id }, place) => {
          const answer = answers[place]
          if (answer && 'packages' in answer) this.#found.set(id, answer.packages)
          else this.#problems.set(id, answer?.problem ?? '')
        })
      }
    } catch (error) {
      if (!reading.signal.aborted) this.#problems.set('', error instanceof Error ? error.message : String(error))
    } finally {
      this.#reading = undefined
      this.#changed()
    }
  }

  cancel(): void {
    this.#reading?.abort()
  }

  /** The next reading reads all again. */
  forget(): void {
    this.#found.clear()
  }
}
