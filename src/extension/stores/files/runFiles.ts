/** One run, from the files in its folder. */
import path from 'node:path'
import type { Dataset, RunInfo, RunStatus } from '../../../shared/model'
import { statusCodes, type RunFrameBuilder } from '../../../shared/runFrame'
import {
  emptyTree,
  isValueCut,
  isYoung,
  longestValue,
  mixed,
  readSettled,
  stampOf,
  statOf,
  subfolders,
  textOf,
  treeOf,
  wordOf,
  type FileStart,
  type Patience,
  type Stamp,
  type Tree,
} from './disk'
import { metaFile, type ExperimentFolder } from './layout'
import { ProblemError } from '../worker/protocol'
import type { LatestValues } from './metricFile'
import { RunProblems } from './runProblems'
import { numberAt, parseYaml, textAt, textOrNullAt, textsAt, timeAt, type YamlMap } from './yaml'

/** What reading needs besides the files. */
export interface Reading {
  readonly latest: LatestValues
  readonly patience: Patience
  readonly checkpoint: () => void
}

export interface RunMeta {
  readonly info: RunInfo
  /** Of meta.yaml. */
  readonly stamp: Stamp
  readonly isYoung: boolean
}

/** The names of a run's files. Most runs of an experiment share one: see `sharedShape`. */
export interface Shape {
  readonly metrics: Tree
  readonly params: Tree
  readonly tags: Tree
}

export interface RunState {
  /** Of all files and folders that make up the run. */
  readonly stamp: Stamp
  /** Some of them may change without their stamps telling. */
  readonly isYoung: boolean
  readonly shape: Shape
}

/**
 * What a run's meta.yaml says, or as much of it as can be read. Undefined where there is no such file, which is then no run.
 *
 * @param id name of the run's folder
 */
export function readMeta(
  experiment: ExperimentFolder,
  id: string,
  { patience }: Pick<Reading, 'patience'>,
  problems: RunProblems,
): RunMeta | undefined {
  const file = path.join(experiment.folder, id, metaFile)
  let map: YamlMap | undefined
  let start: FileStart | undefined
  try {
    start = readSettled(file, (read) => !isWhole((map = parseYaml(textOf(read.bytes)))), patience)
    if (!start) return undefined
    map = parseYaml(textOf(start.bytes))
    if (map?.has('artifact_location')) return undefined // an experiment's, by a link or a copy
    complain(map, experiment.id, id, problems)
  } catch (error) {
    problems.add('metaUnreadable', metaFile, wordOf(error))
  }
  return {
    info: infoOf(map, experiment, id),
    stamp: start?.stamp ?? stampAt(file),
    isYoung: start?.isYoung ?? false,
  }
}

/** Fields without which MLflow can't read a run either. A file that is cut lacks the last of them: they are in the order of the alphabet. */
const needed = ['experiment_id', 'end_time', 'start_time', 'user_id'] as const
const isWhole = (map: YamlMap | undefined): boolean => map !== undefined && needed.every((key) => map.has(key))

function complain(map: YamlMap | undefined, experimentId: string, id: string, problems: RunProblems): void {
  if (!map) {
    problems.add('metaNotYaml', metaFile)
    return
  }
  const lacking = needed.filter((key) => !map.has(key))
  if (lacking.length > 0) problems.add('metaLacks', metaFile, lacking.join(', '))
  const ownId = textAt(map, 'run_id') || textAt(map, 'run_uuid')
  if (ownId !== '' && ownId !== id) problems.add('metaOfOther', metaFile, ownId)
  const inExperiment = textAt(map, 'experiment_id')
  if (map.has('experiment_id') && inExperiment !== experimentId)
    problems.add('experimentOfOther', metaFile, inExperiment)
}

function infoOf(map: YamlMap | undefined, experiment: ExperimentFolder, id: string): RunInfo {
  return {
    runId: id,
    experimentId: experiment.id,
    runName: textAt(map, 'run_name') || textAt(map, 'name'), // `name` before MLflow 1.30
    userId: textAt(map, 'user_id'),
    status: statusOf(map),
    startTime: numberAt(map, 'start_time'),
    endTime: timeAt(map, 'end_time'),
    artifactUri: textAt(map, 'artifact_uri') || path.join(experiment.folder, id, 'artifacts'),
    lifecycleStage: textAt(map, 'lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
  }
}

/** A number of MLflow's, from 1 on, or a word. A run without one is under way, as MLflow has it. */
function statusOf(map: YamlMap | undefined): RunStatus {
  const value = map?.get('status')
  const found =
    typeof value === 'number' ? statusCodes[value - 1] : statusCodes.find((word) => word === textAt(map, 'status'))
  return found ?? 'RUNNING'
}

export const isUnderWay = ({ status }: RunInfo): boolean => status === 'RUNNING' || status === 'SCHEDULED'

/** 0 where it isn't there. */
export function stampAt(file: string): Stamp {
  try {
    const stats = statOf(file)
    return stats ? stampOf(stats) : 0
  } catch {
    return 1 // it is there, but not for us
  }
}

/**
 * Reads the whole run into a row of the builder; undefined where it is no run, or no longer.
 *
 * @param known what meta.yaml said a moment ago, if all was well with it
 */
export function readRun(
  experiment: ExperimentFolder,
  id: string,
  reading: Reading,
  builder: RunFrameBuilder,
  known?: RunMeta,
): (RunState & { readonly row: number; readonly meta: RunMeta }) | undefined {
  const folder = path.join(experiment.folder, id)
  const problems = new RunProblems()
  const state = new StateBuilder()
  const meta = known ?? readMeta(experiment, id, reading, problems)
  if (!meta) return undefined
  state.add(meta.stamp, meta.isYoung)

  const metrics = readMetrics(path.join(folder, 'metrics'), reading, state, problems)
  const params = readTexts(path.join(folder, 'params'), reading, state, problems)
  const tags = readTexts(path.join(folder, 'tags'), reading, state, problems)
  const inputs = state.folder(path.join(folder, 'inputs')) ? readInputs(experiment, folder, reading, problems) : []
  const outputs = state.folder(path.join(folder, 'outputs')) ? readOutputs(folder, reading, problems) : []

  const { info } = meta
  const problem = problems.text
  const runName = info.runName || nameTag(tags)
  const row = builder.addRun({ ...info, runName, ...(problem !== undefined && { problem }) })
  for (const [key, { step, value, timestamp }] of metrics.values) builder.setMetric(row, key, value, step, timestamp)
  for (const [key, value] of params.values) builder.setParam(row, key, value)
  for (const [key, value] of tags.values) builder.setTag(row, key, value)
  for (const input of inputs) builder.addDataset(row, input)
  for (const output of outputs) builder.addModelOutput(row, output)
  return { row, meta, ...state.build({ metrics: metrics.tree, params: params.tree, tags: tags.tree }) }
}

const nameTag = ({ values }: Texts): string => values.find(([key]) => key === 'mlflow.runName')?.[1] ?? ''

/** The run's state as it is now, without reading a file. Files that came or went show in the stamps of their folders. */
export function lookAt(experiment: ExperimentFolder, id: string, shape: Shape): { stamp: Stamp; isYoung: boolean } {
  const folder = path.join(experiment.folder, id)
  const state = new StateBuilder()
  state.file(path.join(folder, metaFile))
  for (const [name, tree] of Object.entries(shape) as [string, Tree][]) {
    const place = path.join(folder, name)
    state.folder(place)
    for (const nested of tree.folders) state.folder(`${place}/${nested}`)
    for (const file of tree.files) state.file(`${place}/${file}`)
  }
  state.folder(path.join(folder, 'inputs'))
  state.folder(path.join(folder, 'outputs'))
  return state.build(shape)
}

/** Mixes the stamps of what a run consists of. Both who reads and who only looks must name them in the same order. */
class StateBuilder {
  #stamp: Stamp = 0
  #isYoung = false

  add(stamp: Stamp, young: boolean): void {
    this.#stamp = mixed(this.#stamp, stamp)
    this.#isYoung ||= young
  }

  /** False where there is none. Of a folder the size says nothing. */
  folder(place: string): boolean {
    return this.#look(place)
  }

  file(place: string): void {
    this.#look(place)
  }

  build(shape: Shape): RunState {
    return { stamp: this.#stamp, isYoung: this.#isYoung, shape: sharedShape(shape) }
  }

  #look(place: string): boolean {
    try {
      const stats = statOf(place)
      this.add(stats ? stampOf(stats) : 0, stats !== undefined && isYoung(stats.mtimeMs))
      return stats !== undefined
    } catch {
      this.add(1, false) // as in stampAt
      return true
    }
  }
}

/** The same object for the same names: an experiment of 100,000 runs would otherwise hold millions of names. */
export function sharedShape(shape: Shape): Shape {
  const key = Object.values(shape)
    .map(({ files, folders }: Tree) => `${files.join('\0')}\n${folders.join('\0')}`)
    .join('\n')
  const known = shapes.get(key)?.deref()
  if (known) return known
  if (shapes.size > 10_000) shapes.clear()
  shapes.set(key, new WeakRef(shape))
  return shape
}

const shapes = new Map<string, WeakRef<Shape>>()

function safely<T>(what: string, problems: RunProblems, otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProblemError) throw error // of the request, such as cancelled
    problems.add('unreadable', what, wordOf(error))
    return otherwise
  }
}

/** @param tree the names below it, and their stamps into `state` in that order: folders first */
function listed(folder: string, state: StateBuilder, problems: RunProblems): Tree {
  if (!state.folder(folder)) return emptyTree
  const tree = safely(path.basename(folder), problems, emptyTree, () => treeOf(folder))
  for (const nested of tree.folders) state.folder(`${folder}/${nested}`)
  return tree
}

interface Values<T> {
  readonly tree: Tree
  readonly values: readonly (readonly [key: string, value: T])[]
}
type Texts = Values<string>

function readMetrics(
  folder: string,
  { latest, patience, checkpoint }: Reading,
  state: StateBuilder,
  problems: RunProblems,
): Values<{ step: number; value: number; timestamp: number }> {
  const tree = listed(folder, state, problems)
  const values: (readonly [string, { step: number; value: number; timestamp: number }])[] = []
  for (const key of tree.files) {
    const name = `metrics/${key}`
    const read = safely(name, problems, undefined, () => latest.read(`${folder}/${key}`, patience, checkpoint))
    state.add(read?.file.stamp ?? stampAt(`${folder}/${key}`), read?.file.isYoung ?? false)
    if (!read) continue
    const { metric, file } = read
    if (file.malformed > 0) problems.add('metricLines', name, String(file.malformed))
    if (metric) values.push([key, metric])
    else if (file.malformed === 0 && !file.isYoung) problems.add('metricEmpty', name)
  }
  return { tree, values }
}

function readTexts(folder: string, { patience }: Reading, state: StateBuilder, problems: RunProblems): Texts {
  const tree = listed(folder, state, problems)
  const values: (readonly [string, string])[] = []
  for (const key of tree.files) {
    const name = `${path.basename(folder)}/${key}`
    const start = safely(name, problems, undefined, () => readSettled(`${folder}/${key}`, isValueCut, patience))
    state.add(start?.stamp ?? stampAt(`${folder}/${key}`), start?.isYoung ?? false)
    if (!start) continue
    if (start.size > longestValue) problems.add('tooLong', name, String(start.size))
    values.push([key, textOf(start.bytes)])
  }
  return { tree, values }
}

/** Maps of all `meta.yaml` in the folders directly below one, by name. A folder without is being made. */
function readMetas(folder: string, { patience }: Reading, problems: RunProblems): YamlMap[] {
  const what = path.basename(folder)
  const maps: YamlMap[] = []
  for (const name of safely(what, problems, [], () => subfolders(folder))) {
    const map = safely(`${what}/${name}`, problems, undefined, () => {
      const read = readYamlFile(path.join(folder, name, metaFile), patience)
      if (read === 'damaged') problems.add('notYaml', `${what}/${name}/${metaFile}`)
      return read
    })
    if (map !== undefined && map !== 'damaged') maps.push(map)
  }
  return maps
}

export function readYamlFile(file: string, patience: Patience): YamlMap | 'damaged' | undefined {
  const start = readSettled(file, ({ bytes }) => parseYaml(textOf(bytes)) === undefined, patience)
  return start && (parseYaml(textOf(start.bytes)) ?? 'damaged')
}

function readInputs(
  experiment: ExperimentFolder,
  folder: string,
  reading: Reading,
  problems: RunProblems,
): { dataset: Dataset; tags: Map<string, string> }[] {
  return readMetas(path.join(folder, 'inputs'), reading, problems).flatMap((input) => {
    const type = textAt(input, 'source_type')
    const id = textAt(input, 'source_id')
    if ((type !== 'DATASET' && type !== '') || id === '' || /[\\/]|^\.+$/.test(id)) return []
    const name = `datasets/${id}/${metaFile}`
    const map = safely(name, problems, undefined, () =>
      readYamlFile(path.join(experiment.folder, 'datasets', id, metaFile), reading.patience),
    )
    if (map === 'damaged') problems.add('notYaml', name)
    return map === undefined || map === 'damaged' ? [] : [{ dataset: datasetOf(map), tags: textsAt(input, 'tags') }]
  })
}

function datasetOf(map: YamlMap): Dataset {
  return {
    name: textAt(map, 'name'),
    digest: textAt(map, 'digest'),
    sourceType: textAt(map, 'source_type'),
    source: textAt(map, 'source'),
    schema: textOrNullAt(map, 'schema'),
    profile: textOrNullAt(map, 'profile'),
  }
}

function readOutputs(folder: string, reading: Reading, problems: RunProblems): { modelId: string; step: number }[] {
  return readMetas(path.join(folder, 'outputs'), reading, problems)
    .filter((output) => textAt(output, 'destination_type') === 'MODEL_OUTPUT')
    .map((output) => ({ modelId: textAt(output, 'destination_id'), step: numberAt(output, 'step') ?? 0 }))
}

/** Names read by their contents, bounded; undefined where there is no such file. */
export function readText(file: string, patience: Patience): string | undefined {
  const start = readSettled(file, isValueCut, patience)
  return start && textOf(start.bytes)
}

/** Keys and values of the files below a folder, such as tags; those that can't be read are left out. */
export function readMap(folder: string, patience: Patience): Map<string, string> {
  const map = new Map<string, string>()
  for (const key of orNothing(() => treeOf(folder).files) ?? []) {
    const value = orNothing(() => readText(`${folder}/${key}`, patience))
    if (value !== undefined) map.set(key, value)
  }
  return map
}

/** For what has no place to tell of its problems: what can't be read isn't there. */
export function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
