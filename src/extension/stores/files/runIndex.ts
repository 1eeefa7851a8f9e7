import path from 'node:path'
import { RunFrameBuilder, type RunFrame } from '../../../shared/runFrame'
import type { RunInfo } from '../../../shared/model'
import { frameOf, readBatch, type Batch, type Wanted } from './batch'
import type { Crew, Reader } from './crew'
import { isYoung, subfolders, youth, type Stamp } from './disk'
import { isRunId, problemOf, reservedFolders, type ExperimentFolder } from './layout'
import {
  isUnderWay,
  lookAtMeta,
  lookAtRun,
  readMeta,
  readText,
  sharedShape,
  type Look,
  type Reading,
  type Shape,
} from './runFiles'
import { RunProblems } from './runProblems'

/** Counts changes of everything that is watched. */
export interface Clock {
  now: number
}

/**
 * How something was when it was read. The first look after reading finds out: whatever it finds to have last changed before reading
 * began is what was read. So reading itself costs no looks.
 */
interface Seen {
  /** When reading began, in milliseconds since the epoch. */
  readonly since: number
  stamp?: Stamp
  /** It may since have changed without its stamp telling. */
  isYoung?: boolean
}

/** What was read after `look` found something else than before. */
const seenAt = ({ stamp, newest }: Look): Seen => ({ since: Date.now(), stamp, isYoung: isYoung(newest) })

/** True where it is surely as it was read; from then on by its stamp. */
function isSame(seen: Seen, { stamp, newest }: Look): boolean {
  if (seen.stamp !== undefined) return seen.stamp === stamp && seen.isYoung !== true
  if (newest >= seen.since - youth) return false
  seen.stamp = stamp
  return true
}

interface Entry {
  readonly id: string
  /** Of meta.yaml. */
  meta: Seen
  isUnderWay: boolean
  /** Until the run is read whole. */
  info: RunInfo | undefined
  /** Likewise, if nothing was wrong with it. */
  sound: RunInfo | undefined
  /** Once it was; null before. */
  whole: { readonly row: number; readonly seen: Seen; readonly shape: Shape } | null
  /** When it last changed, or came; 0 where it was there from the beginning. */
  version: number
}

/** Of a run that helpers read: the batch says the rest. */
const unknown = { meta: { since: 0 }, isUnderWay: false, info: undefined, sound: undefined, whole: null }

/** How much of what is known already is looked at again. */
export type Thoroughness =
  /** New and vanished runs, each run's meta.yaml, and all of the runs under way and of those somebody pointed to. */
  | 'quick'
  /** All files of the runs that were read. */
  | 'thorough'

/** Fewer runs are not worth the help of other threads. */
const fewestForMany = 200
/** A run that ended so shortly before it was read is looked at again, in milliseconds. */
const recent = 60_000
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
  look(how: Thoroughness, reading: Reading, touched?: ReadonlySet<string>): void {
    this.stopReading()
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

  stopReading(): void {
    this.#reader?.receive((batch) => this.#take(batch))
    this.#reader?.stop()
    this.#reader = undefined
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
    const reader = this.#helpersFor(this.#unread(ids))
    if (!reader) return
    this.#reader?.stop()
    this.#reader = reader
  }

  /** Whole runs, read by others; undefined where there are too few. */
  #helpersFor(wanted: readonly Wanted[]): Reader | undefined {
    return wanted.length < fewestForMany ? undefined : this.#crew.begin(this.experiment, wanted)
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
    const names = this.#folders().filter((name) => isRunId(name) && !reservedFolders.has(name))
    const present = new Set(names)
    for (const id of this.#entries.keys()) if (!present.has(id)) this.#forget(id)
    const added = names.filter((id) => !this.#entries.has(id))
    const version = (): number => (this.#isListed ? ++this.#clock.now : 0)
    const helped = new Set<string>()
    const take = (batch: Batch): void => {
      for (const { id } of batch.runs) this.#entries.set(id, { ...unknown, id, version: version() })
      this.#take(batch)
      for (const id of [...batch.runs.map((run) => run.id), ...batch.gone]) helped.add(id)
    }
    const reader = this.#helpersFor(added.map((id) => ({ id })))
    try {
      // The helpers begin at the other end, and with whole runs: nearly all of them will be asked for.
      for (const [at, id] of added.toReversed().entries()) {
        if (at % 16 === 0) reader?.receive(take)
        reading.checkpoint()
        const meta = helped.has(id) ? undefined : this.#readInfo(id, reading)
        if (meta) this.#entries.set(id, { id, ...meta, whole: null, version: version() })
      }
      reader?.receive(take)
    } finally {
      reader?.stop()
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
  #readInfo(id: string, reading: Reading): Pick<Entry, 'meta' | 'isUnderWay' | 'info' | 'sound'> | undefined {
    const problems = new RunProblems()
    const since = Date.now()
    const read = readMeta(this.experiment, id, reading, problems)
    if (!read) return undefined
    const info = read.runName ? read : { ...read, runName: this.#nameTag(id, reading) }
    const sound = problems.text === undefined ? info : undefined
    return { meta: { since }, isUnderWay: isUnderWay(info), info, sound }
  }

  #nameTag(id: string, { patience }: Reading): string {
    try {
      return readText(path.join(this.experiment.folder, id, 'tags', 'mlflow.runName'), patience) ?? ''
    } catch {
      return '' // reading all of the run says why
    }
  }

  #lookAt(entry: Entry, wholly: boolean, reading: Reading): void {
    const meta = lookAtMeta(this.experiment, entry.id)
    if (!meta) {
      this.#forget(entry.id)
      return
    }
    const { whole } = entry
    const isMetaSame = isSame(entry.meta, meta)
    if (!whole) {
      if (!isMetaSame) this.#readInfoAgain(entry, meta, reading)
      return
    }
    // A run that ended while it was read may have changed in other files only.
    const isRecent = whole.seen.stamp === undefined && meta.newest >= whole.seen.since - recent
    if (isMetaSame && !wholly && !isRecent && whole.seen.isYoung !== true) return
    const look = lookAtRun(this.experiment, entry.id, whole.shape)
    if (isMetaSame && isSame(whole.seen, look)) return
    if (this.#readWhole(entry, meta, look, reading)) entry.version = ++this.#clock.now
  }

  #readInfoAgain(entry: Entry, meta: Look, reading: Reading): void {
    const read = this.#readInfo(entry.id, reading)
    if (!read) {
      this.#forget(entry.id)
      return
    }
    Object.assign(entry, read, { meta: seenAt(meta), version: ++this.#clock.now })
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
      return !entry || entry.whole ? [] : [{ id, known: entry.sound }]
    })
  }

  #take(batch: Batch): void {
    const first = this.#builder.length
    this.#builder.append(frameOf(batch))
    batch.runs.forEach(({ id, isUnderWay, shape }, at) => {
      const entry = this.#entries.get(id)
      const names = batch.shapes[shape]
      if (!entry || !names) return
      const seen: Seen = { since: batch.since }
      const whole = { row: first + at, seen, shape: sharedShape(names) }
      const meta = entry.sound ? entry.meta : { since: batch.since } // else it was read again
      Object.assign(entry, { meta, isUnderWay, info: undefined, sound: undefined, whole })
    })
    for (const id of batch.gone) this.#forget(id)
  }

  /** Reads what the two looks found to be another than before; false where it is gone. */
  #readWhole(entry: Entry, meta: Look, look: Look, reading: Reading): boolean {
    const before = entry.whole?.shape
    this.#take(readBatch(this.experiment, [{ id: entry.id }], reading))
    const { whole } = entry
    if (!whole || !this.#entries.has(entry.id)) return false
    entry.meta = seenAt(meta)
    // Where files came or went, the look did not see those that came: the next one finds out.
    entry.whole = { ...whole, seen: whole.shape === before ? seenAt(look) : whole.seen }
    return true
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
