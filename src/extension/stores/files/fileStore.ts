import path from 'node:path'
import type { Call } from '../worker/protocol'
import type { Crew } from './crew'
import { Patience, statOf } from './disk'
import {
  experimentFolder,
  experimentFolders,
  isRunId,
  metaFile,
  problemOf,
  rootOf,
  type ExperimentFolder,
} from './layout'
import { LatestValues } from './metricFile'
import { ProblemError } from './problems'
import type { Reading } from './runFiles'
import { RunIndex, type Clock } from './runIndex'

/** Memory for runs that were read before, in bytes: some 100,000 runs of 50 values. Beyond, experiments are forgotten, oldest use first. */
const mostWeight = 300e6

/** A file store and what is known of it: everything that its worker remembers. */
export class FileStore {
  readonly #given: string
  readonly #crew: Crew
  readonly #indexes = new Map<string, RunIndex>()
  /** Of experiments that are no longer where they were. */
  readonly #lost = new Map<string, { readonly version: number; readonly ids: readonly string[] }>()
  readonly #latest = new LatestValues()
  readonly clock: Clock = { now: 0 }
  #root: string | undefined

  /** @param given absolute path of the folder of experiments, or of the one around it */
  constructor(given: string, crew: Crew) {
    this.#given = given
    this.#crew = crew
  }

  /**
   * The folder of the experiments.
   *
   * @throws ProblemError where it isn't there (any more)
   */
  get root(): string {
    try {
      if (this.#root === undefined || !statOf(this.#root)?.isDirectory()) this.#root = rootOf(this.#given)
      return this.#root
    } catch (error) {
      throw problemOf(error)
    }
  }

  /** @throws ProblemError where the store isn't there (any more) */
  check(): void {
    this.#root = this.root
  }

  reading({ checkpoint }: Call): Reading {
    return { latest: this.#latest, patience: new Patience(), checkpoint }
  }

  experiments(): ExperimentFolder[] {
    return safely(() => [...experimentFolders(this.root).values()])
  }

  experiment(id: string): ExperimentFolder | undefined {
    return safely(() => experimentFolder(this.root, id))
  }

  /**
   * What is known of the runs of an experiment; undefined where there is no such experiment.
   *
   * @throws ProblemError where a store is no longer there: a drive that is not mounted looks like an empty folder
   */
  index(experimentId: string): RunIndex | undefined {
    const experiment = this.experiment(experimentId)
    let index = this.#indexes.get(experimentId)
    if (index && !experiment) safely(() => rootOf(this.#given))
    this.#indexes.delete(experimentId)
    if (index && index.experiment.folder !== experiment?.folder) {
      this.#lost.set(experimentId, { version: ++this.clock.now, ids: index.ids })
      index = undefined
    }
    if (!experiment) return undefined
    index ??= new RunIndex(experiment, this.clock, this.#crew)
    this.#indexes.set(experimentId, index) // the last one used comes last
    return index
  }

  /** Ids of the runs of experiments that vanished, or moved to the trash or out of it, after `version`. */
  lostSince(experimentIds: readonly string[], version: number): string[] {
    return experimentIds.flatMap((id) => {
      const lost = this.#lost.get(id)
      return lost && lost.version > version ? lost.ids : []
    })
  }

  /** Folder of a run's experiment; undefined where there is no such run. */
  experimentOf(runId: string): ExperimentFolder | undefined {
    if (!isRunId(runId)) return undefined
    const { root } = this
    const hasRun = ({ folder }: ExperimentFolder): boolean =>
      safely(() => statOf(path.join(folder, runId, metaFile)) !== undefined)
    for (const [id, index] of this.#indexes) {
      if (!index.has(runId)) continue
      const experiment = experimentFolder(root, id)
      if (experiment && hasRun(experiment)) return experiment
    }
    return this.experiments().find(hasRun)
  }

  /** Nobody will ask for anything any more: what is being read ahead is not. */
  close(): void {
    for (const index of this.#indexes.values()) index.stopReading()
  }

  /** Forgets what was used longest ago, where much is remembered; not what is in use. */
  trim(inUse: readonly string[]): void {
    let weight = 0
    for (const [id, index] of [...this.#indexes].reverse()) {
      weight += index.weight
      if (weight <= mostWeight || inUse.includes(id)) continue
      this.#indexes.delete(id)
      this.clock.now++ // who knew it must be told all again
    }
  }
}

function safely<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw problemOf(error)
  }
}
