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

  /** What is known of the runs of an experiment; undefined where there is no such experiment. */
  index(experimentId: string): RunIndex | undefined {
    const experiment = this.experiment(experimentId)
    let index = this.#indexes.get(experimentId)
    this.#indexes.delete(experimentId)
    if (!experiment) {
      if (index) this.clock.now++
      return undefined
    }
    if (index?.experiment.folder !== experiment.folder) {
      if (index) this.clock.now++
      index = new RunIndex(experiment, this.clock, this.#crew)
    }
    this.#indexes.set(experimentId, index) // the last one used comes last
    return index
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

  /** Forgets what was used longest ago, where much is remembered. */
  trim(): void {
    let weight = 0
    for (const [id, index] of [...this.#indexes].reverse()) {
      const isInUse = weight === 0
      weight += index.weight
      if (weight > mostWeight && !isInUse) {
        this.#indexes.delete(id)
        this.clock.now++
      }
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
