import path from 'node:path'
import { RunFrameBuilder, type RunFrame } from '../../../shared/runFrame'
import type { RunInfo } from '../../../shared/model'
import { frameOf, readBatch, type Batch, type Wanted } from './batch'
import type { Crew, Reader } from './crew'
import { subfolders, type Stamp } from './disk'
import { isRunId, metaFile, problemOf, reservedFolders, type ExperimentFolder } from './layout'
import {
  isUnderWay,
  lookAt,
  readMeta,
  readText,
  sharedShape,
  stampAt,
  type Reading,
  type RunMeta,
  type Shape,
} from './runFiles'
import { RunProblems } from './runProblems'

/** Counts changes of everything that is watched. */
export interface Clock {
  now: number
}

interface Entry {
  readonly id: string
  /** Of meta.yaml. */
  meta: Stamp
  /** Of meta.yaml or, once the run was read whole, of all of it: may change without its stamp telling. */
  isYoung: boolean
  isUnderWay: boolean
  /** Until the run is read whole. */
  info: RunInfo | undefined
  /** Likewise, if nothing was wrong with it. */
  sound: RunMeta | undefined
  /** Once it was; null before. */
  whole: { readonly row: number; readonly stamp: Stamp; readonly shape: Shape } | null
  /** When it last changed, or came; 0 where it was there from the beginning. */
  version: number
}

/** How much of what is known already is looked at again. */
export type Look =
  /** New and vanished runs, each run's meta.yaml, and all of the runs under way and of those somebody pointed to. */
  | 'quick'
  /** All files of the runs that were read. */
  | 'thorough'

/** Fewer runs are not worth the help of other threads. */
const fewestForMany = 200
/** So many vanished runs are remembered, for those who ask what has changed. */
const mostGone = 10_000

/**
 * The runs of one experiment as they were last seen: first only what their meta.yaml says, and whole once somebody wants that. A run
 * of which nothing changed is not read again.
 *
 * Holds some 500 bytes a run, and the columns of a frame.
 */
export class RunIndex {
  readonly experiment: ExperimentFolder
  readonly #clock: Clock
  readonly #crew: Crew
  readonly #entries = new Map<string, Entry>()
  #builder = new RunFrameBuilder()
  #gone: { readonly id: string; readonly version: number }[] = []
  /** Reads runs that somebody will ask for. */
  #reader: Reader | undefined
  #isListed = false
  /** What happened before this can't be told. */
  #since: number

  constructor(experiment: ExperimentFolder, clock: Clock, crew: Crew) {
    this.experiment = experiment
    this.#clock = clock
    this.#crew = crew
    this.#since = clock.now
  }

  get size(): number {
    return this.#entries.size
  }

  /** Memory that is held, roughly, in bytes. */
  get weight(): number {
    const { metrics, params, tags } = this.#builder.view().data
    return this.#entries.size * 500 + this.#builder.length * (metrics.size * 25 + (params.size + tags.size) * 4 + 60)
  }

  /** All runs that there are, as they are now. */
  look(how: Look, reading: Reading, touched?: ReadonlySet<string>): void {
    this.#reader?.receive((batch) => this.#take(batch))
    this.#reader?.stop()
    this.#reader = undefined
    const isFirst = !this.#isListed
    this.#list(reading)
    if (!isFirst)
      for (const entry of [...this.#entries.values()]) {
        reading.checkpoint()
        const isWhole = how === 'thorough' || entry.isUnderWay || (touched?.has(entry.id) ?? false)
        this.#lookAt(entry, isWhole, reading)
      }
    this.#isListed = true
    this.#compact()
  }

  listOnce(reading: Reading): void {
    if (!this.#isListed) this.look('quick', reading)
  }

  has(id: string): boolean {
    return this.#entries.has(id)
  }

  get ids(): string[] {
    return [...this.#entries.keys()]
  }

  /** What every run's meta.yaml says: rows of a frame of infos only, in any order. Runs that were read whole are so here. */
  infos(): { readonly frame: RunFrame; readonly rows: Uint32Array } {
    const whole = this.#builder.view()
    const entries = [...this.#entries.values()]
    if (entries.every((entry) => entry.whole))
      return { frame: whole, rows: Uint32Array.from(entries, (entry) => entry.whole?.row ?? 0) }
    const builder = new RunFrameBuilder(entries.length)
    for (const { info, whole: place } of entries) {
      if (place) builder.addRun(whole.info(place.row))
      else if (info) builder.addRun(info)
    }
    const frame = builder.build()
    return { frame, rows: Uint32Array.from({ length: frame.length }, (_, row) => row) }
  }

  /** Runs whole, those that are not yet known so are read: rows of a frame, in the order of the ids. Those that are gone are left out. */
  whole(ids: readonly string[], reading: Reading): { readonly frame: RunFrame; readonly rows: Uint32Array } {
    this.#readAll(ids, reading)
    const rows = ids.flatMap((id) => this.#entries.get(id)?.whole?.row ?? [])
    return { frame: this.#builder.view(), rows: Uint32Array.from(rows) }
  }

  /** Begins to read runs whole, those first that come first: somebody will ask for them. */
  expect(ids: readonly string[]): void {
    const wanted = this.#unread(ids)
    if (wanted.length < fewestForMany) return
    this.#reader?.stop()
    this.#reader = this.#crew.begin(this.experiment, wanted)
  }

  /** Ids of what has changed after `version`; undefined where that can't be told any more. */
  changesSince(version: number): { readonly changed: string[]; readonly gone: string[] } | undefined {
    if (version < this.#since) return undefined
    return {
      changed: [...this.#entries.values()].filter((entry) => entry.version > version).map(({ id }) => id),
      gone: this.#gone.filter((run) => run.version > version && !this.#entries.has(run.id)).map(({ id }) => id),
    }
  }

  #list(reading: Reading): void {
    const names = new Set(this.#folders().filter((name) => isRunId(name) && !reservedFolders.has(name)))
    for (const id of this.#entries.keys()) if (!names.has(id)) this.#forget(id)
    for (const id of names) {
      if (this.#entries.has(id)) continue
      reading.checkpoint()
      const meta = this.#readInfo(id, reading)
      if (meta) this.#entries.set(id, { id, ...meta, whole: null, version: this.#isListed ? ++this.#clock.now : 0 })
    }
  }

  /** @throws ProblemError where the folder may not be read */
  #folders(): string[] {
    try {
      return subfolders(this.experiment.folder)
    } catch (error) {
      throw problemOf(error)
    }
  }

  /** With the name from the tag, where runs before MLflow 1.30 have it; without their problems, which reading all of it finds. */
  #readInfo(
    id: string,
    reading: Reading,
  ): Pick<Entry, 'meta' | 'isYoung' | 'isUnderWay' | 'info' | 'sound'> | undefined {
    const problems = new RunProblems()
    const meta = readMeta(this.experiment, id, reading, problems)
    if (!meta) return undefined
    const { stamp, isYoung } = meta
    const info = meta.info.runName ? meta.info : { ...meta.info, runName: this.#nameTag(id, reading) }
    const sound = isYoung || problems.text !== undefined ? undefined : { ...meta, info }
    return { meta: stamp, isYoung, isUnderWay: isUnderWay(info), info, sound }
  }

  #nameTag(id: string, { patience }: Reading): string {
    try {
      return readText(path.join(this.experiment.folder, id, 'tags', 'mlflow.runName'), patience) ?? ''
    } catch {
      return '' // reading all of the run says why
    }
  }

  #lookAt(entry: Entry, wholly: boolean, reading: Reading): void {
    const meta = stampAt(path.join(this.experiment.folder, entry.id, metaFile))
    if (meta === 0) {
      this.#forget(entry.id)
      return
    }
    const isChanged =
      meta !== entry.meta ||
      entry.isYoung ||
      (wholly && entry.whole && lookAt(this.experiment, entry.id, entry.whole.shape).stamp !== entry.whole.stamp)
    if (!isChanged) return
    const before = entry.whole?.stamp ?? entry.meta
    if (entry.whole) {
      if (!this.#readWhole(entry, reading)) return
    } else {
      const read = this.#readInfo(entry.id, reading)
      if (!read) {
        this.#forget(entry.id)
        return
      }
      Object.assign(entry, read)
    }
    if (before !== (entry.whole?.stamp ?? entry.meta) || entry.isYoung) entry.version = ++this.#clock.now
  }

  #readAll(ids: readonly string[], reading: Reading): void {
    const take = (batch: Batch): void => this.#take(batch)
    this.#reader?.receive(take)
    if (!this.#reader) this.expect(ids)
    const left = new Set(this.#unread(ids).map(({ id }) => id))
    this.#reader?.work(
      reading,
      (batch) => {
        take(batch)
        for (const { id } of batch.runs) left.delete(id)
        for (const id of batch.gone) left.delete(id)
      },
      () => left.size === 0,
    )
    const rest = this.#unread(ids)
    if (rest.length > 0) take(readBatch(this.experiment, rest, reading))
  }

  #unread(ids: readonly string[]): Wanted[] {
    return ids.flatMap((id) => {
      const entry = this.#entries.get(id)
      return !entry || entry.whole ? [] : [{ id, meta: entry.sound }]
    })
  }

  #take(batch: Batch): void {
    const first = this.#builder.length
    this.#builder.append(frameOf(batch))
    batch.runs.forEach(({ id, meta, stamp, isYoung, isUnderWay, shape }, at) => {
      const entry = this.#entries.get(id)
      const names = batch.shapes[shape]
      if (!entry || !names) return
      const whole = { row: first + at, stamp, shape: sharedShape(names) }
      Object.assign(entry, { meta, isYoung, isUnderWay, info: undefined, sound: undefined, whole })
    })
    for (const id of batch.gone) this.#forget(id)
  }

  /** False where it is gone. */
  #readWhole(entry: Entry, reading: Reading): boolean {
    this.#take(readBatch(this.experiment, [{ id: entry.id }], reading))
    return this.#entries.has(entry.id)
  }

  #forget(id: string): void {
    this.#entries.delete(id)
    this.#gone.push({ id, version: ++this.#clock.now })
    if (this.#gone.length <= mostGone) return
    this.#gone = this.#gone.slice(mostGone / 2)
    this.#since = (this.#gone[0]?.version ?? 0) - 1
  }

  /** Rows of what was read again, or is gone, stay behind in the columns: not for ever. */
  #compact(): void {
    const whole = [...this.#entries.values()].filter((entry) => entry.whole)
    if (this.#builder.length < 2 * whole.length + 1000) return
    const frame = this.#builder.view().slice(whole.map((entry) => entry.whole?.row ?? 0))
    this.#builder = new RunFrameBuilder(frame.length)
    this.#builder.append(frame)
    whole.forEach((entry, row) => {
      if (entry.whole) entry.whole = { ...entry.whole, row }
    })
  }
}
