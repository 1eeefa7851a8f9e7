/** One run, from the files in its folder. */
import path from 'node:path'
import type { Dataset, RunInfo, RunStatus } from '../../../shared/model'
import { statusCodes, type RunFrameBuilder } from '../../../shared/runFrame'
import {
  emptyTree,
  longestValue,
  mixed,
  readSettled,
  readValue,
  stampOf,
  statOf,
  subfolders,
  textOf,
  treeOf,
  wordOf,
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

/** The names of a run's files. Most runs of an experiment share one: see `sharedShape`. */
export interface Shape {
  readonly metrics: Tree
  readonly params: Tree
  readonly tags: Tree
}

/** What tells whether something changed, without reading it. */
export interface Look {
  readonly stamp: Stamp
  /** When the youngest part changed, by the clock of the file system; milliseconds. */
  readonly newest: number
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
): RunInfo | undefined {
  const file = `${experiment.folder}/${id}/${metaFile}`
  let map: YamlMap | undefined
  try {
    const parsed: { map?: YamlMap | undefined } = {}
    const start = readSettled(file, ({ bytes }) => !isWhole((parsed.map = parseYaml(textOf(bytes)))), patience)
    if (!start) return undefined
    map = parsed.map
    if (map?.has('artifact_location')) return undefined // an experiment's, by a link or a copy
    complain(map, experiment.id, id, problems)
  } catch (error) {
    problems.add('metaUnreadable', metaFile, wordOf(error))
  }
  return infoOf(map, experiment, id)
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
  known?: RunInfo,
): { readonly info: RunInfo; readonly shape: Shape } | undefined {
  const folder = `${experiment.folder}/${id}`
  const problems = new RunProblems()
  const info = known ?? readMeta(experiment, id, reading, problems)
  if (!info) return undefined

  const metrics = readMetrics(`${folder}/metrics`, reading, problems)
  const params = readTexts(`${folder}/params`, 'params', reading, problems)
  const tags = readTexts(`${folder}/tags`, 'tags', reading, problems)
  const isEmpty = [metrics, params, tags].every(({ values }) => values.length === 0)
  if (isEmpty && !statOf(`${folder}/${metaFile}`)) return undefined // deleted since `known` was read
  const inputs = isThere(`${folder}/inputs`) ? readInputs(experiment, folder, reading, problems) : []
  const outputs = isThere(`${folder}/outputs`) ? readOutputs(folder, reading, problems) : []

  const problem = problems.text
  const runName = info.runName || nameTag(tags)
  const row = builder.addRun({ ...info, runName, ...(problem !== undefined && { problem }) })
  for (const [key, { step, value, timestamp }] of metrics.values) builder.setMetric(row, key, value, step, timestamp)
  for (const [key, value] of params.values) builder.setParam(row, key, value)
  for (const [key, value] of tags.values) builder.setTag(row, key, value)
  for (const input of inputs) builder.addDataset(row, input)
  for (const output of outputs) builder.addModelOutput(row, output)
  return { info, shape: sharedShape({ metrics: metrics.tree, params: params.tree, tags: tags.tree }) }
}

const nameTag = ({ values }: Texts): string => values.find(([key]) => key === 'mlflow.runName')?.[1] ?? ''

/** Also where it can't be looked into: reading it says why. */
function isThere(folder: string): boolean {
  try {
    return statOf(folder) !== undefined
  } catch {
    return true
  }
}

/** The run's meta.yaml as it is now; undefined where there is none. */
export function lookAtMeta(experiment: ExperimentFolder, id: string): Look | undefined {
  const looker = new Looker()
  return looker.at(`${experiment.folder}/${id}/${metaFile}`) ? looker.look : undefined
}

/**
 * All of the run as it is now, without reading a file. Files that came or went show in the folders they are in; what inputs and
 * outputs say is written once and never changed.
 */
export function lookAtRun(experiment: ExperimentFolder, id: string, shape: Shape): Look {
  const folder = `${experiment.folder}/${id}`
  const looker = new Looker()
  looker.at(`${folder}/${metaFile}`)
  for (const [name, tree] of Object.entries(shape) as [string, Tree][]) {
    const place = `${folder}/${name}`
    looker.at(place)
    for (const nested of tree.folders) looker.at(`${place}/${nested}`)
    for (const file of tree.files) looker.at(`${place}/${file}`)
  }
  looker.at(`${folder}/inputs`)
  looker.at(`${folder}/outputs`)
  return looker.look
}

/** Mixes the stamps of several places. */
class Looker {
  #stamp: Stamp = 0
  #newest = 0

  /** False where there is nothing. */
  at(place: string): boolean {
    try {
      const stats = statOf(place)
      this.#stamp = mixed(this.#stamp, stats ? stampOf(stats) : 0)
      if (stats) this.#newest = Math.max(this.#newest, stats.mtimeMs, stats.ctimeMs)
      return stats !== undefined
    } catch {
      this.#stamp = mixed(this.#stamp, 1) // it is there, but not for us
      return true
    }
  }

  get look(): Look {
    return { stamp: this.#stamp, newest: this.#newest }
  }
}

/** The same object for the same names: an experiment of 100,000 runs would otherwise hold millions of names. */
export function sharedShape(shape: Shape): Shape {
  if (!lastShape || !isSameShape(shape, lastShape)) lastShape = knownShape(shape)
  return lastShape
}

/** Of the run before: mostly that of the next one, too. */
let lastShape: Shape | undefined

const isSameShape = (a: Shape, b: Shape): boolean =>
  isSameTree(a.metrics, b.metrics) && isSameTree(a.params, b.params) && isSameTree(a.tags, b.tags)

const isSameTree = (a: Tree, b: Tree): boolean => isSameList(a.files, b.files) && isSameList(a.folders, b.folders)

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((name, at) => name === b[at]))

function knownShape(shape: Shape): Shape {
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

function listed(folder: string, what: string, problems: RunProblems): Tree {
  return safely(what, problems, emptyTree, () =>
    treeOf(folder, (name, error) => problems.add('unreadable', `${what}/${name}`, wordOf(error))),
  )
}

interface Values<T> {
  readonly tree: Tree
  readonly values: readonly (readonly [key: string, value: T])[]
}
type Texts = Values<string>

function readMetrics(
  folder: string,
  { latest, patience, checkpoint }: Reading,
  problems: RunProblems,
): Values<{ step: number; value: number; timestamp: number }> {
  const tree = listed(folder, 'metrics', problems)
  const values: (readonly [string, { step: number; value: number; timestamp: number }])[] = []
  for (const key of tree.files) {
    const name = `metrics/${key}`
    const read = safely(name, problems, undefined, () => latest.read(`${folder}/${key}`, patience, checkpoint))
    if (!read) continue
    const { metric, malformed, isYoung } = read
    if (malformed > 0) problems.add('metricLines', name, String(malformed))
    if (metric) values.push([key, metric])
    else if (malformed === 0 && !isYoung) problems.add('metricEmpty', name)
  }
  return { tree, values }
}

function readTexts(folder: string, what: string, { patience }: Reading, problems: RunProblems): Texts {
  const tree = listed(folder, what, problems)
  const values: (readonly [string, string])[] = []
  for (const key of tree.files) {
    const name = `${what}/${key}`
    const start = safely(name, problems, undefined, () => readValue(`${folder}/${key}`, patience))
    if (!start || start.isUnsettled) continue // not there yet
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
  const start = readValue(file, patience)
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
