/** What is in a store, counted by reading all of it. Knows no editor. */
import { createHash } from 'node:crypto'
import type { MetricSeries, Run } from '../../shared/model'
import type { TrackingStore } from '../stores'

export const counted = [
  'experiments',
  'deletedExperiments',
  'experimentTags',
  'runs',
  'deletedRuns',
  'params',
  'tags',
  'metrics',
  'metricPoints',
  'datasets',
  'modelOutputs',
  'loggedModels',
  'registeredModels',
  'modelVersions',
  'aliases',
] as const
export type Counted = (typeof counted)[number]

export interface Census {
  readonly counts: Readonly<Record<Counted, number>>
  /** By id, so that what is missing on one side has a name. */
  readonly experiments: ReadonlyMap<string, string>
  readonly runs: ReadonlyMap<string, RunCensus>
  /** `name version`. */
  readonly versions: ReadonlySet<string>
  readonly loggedModels: ReadonlySet<string>
}

export interface RunCensus {
  readonly name: string
  /** What of it could not be read. */
  readonly problem: string | undefined
  readonly deleted: boolean
  readonly params: number
  readonly tags: number
  readonly metrics: number
  readonly points: number
  readonly datasets: number
  /** Of all parameters and tags, with their values. */
  readonly digest: string
}

/** Histories that are read at a time. */
const atOnce = 8

/** @param told of how many runs have been looked at, in steps */
export async function takeCensus(
  store: TrackingStore,
  told: (runs: number) => void,
  signal: AbortSignal,
): Promise<Census> {
  const counts = Object.fromEntries(counted.map((what) => [what, 0])) as Record<Counted, number>
  const experiments = new Map<string, string>()
  for await (const page of store.searchExperiments({ view: 'ALL' }, signal))
    for (const { experimentId, name, lifecycleStage, tags } of page) {
      experiments.set(experimentId, name)
      counts[lifecycleStage === 'active' ? 'experiments' : 'deletedExperiments']++
      counts.experimentTags += tags.size
    }
  const runs = new Map<string, RunCensus>()
  const experimentIds = [...experiments.keys()]
  for await (const frame of store.searchRuns({ experimentIds, view: 'ALL' }, signal)) {
    for (let start = 0; start < frame.length; start += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, frame.length - start) }, (_, row) => frame.run(start + row))
      const points = await Promise.all(some.map((run) => pointsOf(store, run, signal)))
      for (const [index, run] of some.entries()) {
        runs.set(run.info.runId, runCensus(run, points[index] ?? 0))
        counts.modelOutputs += run.modelOutputs.length
      }
      told(runs.size)
    }
  }
  for (const run of runs.values()) {
    counts[run.deleted ? 'deletedRuns' : 'runs']++
    counts.params += run.params
    counts.tags += run.tags
    counts.metrics += run.metrics
    counts.metricPoints += run.points
    counts.datasets += run.datasets
  }
  for await (const page of store.searchRegisteredModels({}, signal))
    for (const { aliases } of page) {
      counts.registeredModels++
      counts.aliases += aliases.size
    }
  const versions = new Set<string>()
  for await (const page of store.searchModelVersions({}, signal))
    for (const { name, version } of page) versions.add(`${name} ${version}`)
  const loggedModels = new Set<string>()
  for await (const page of store.searchLoggedModels({ experimentIds }, signal))
    for (const { modelId } of page) loggedModels.add(modelId)
  counts.modelVersions = versions.size
  counts.loggedModels = loggedModels.size
  return { counts, experiments, runs, versions, loggedModels }
}

/** All logged points of a run; one that was logged several times counts once, as in a database. */
async function pointsOf(store: TrackingStore, { info, metrics }: Run, signal: AbortSignal): Promise<number> {
  let points = 0
  for (const key of metrics.keys()) points += distinctPoints(await store.getMetricHistory(info.runId, key, signal))
  return points
}

/** They are in order, so that the same ones are neighbours. */
function distinctPoints({ steps, timestamps, values }: MetricSeries): number {
  let count = 0
  for (let at = 0; at < values.length; at++)
    if (
      at === 0 ||
      steps[at] !== steps[at - 1] ||
      timestamps[at] !== timestamps[at - 1] ||
      !(values[at] === values[at - 1] || (Number.isNaN(values[at]) && Number.isNaN(values[at - 1])))
    )
      count++
  return count
}

function runCensus({ info, params, tags, metrics, datasets }: Run, points: number): RunCensus {
  return {
    name: info.runName,
    problem: info.problem,
    deleted: info.lifecycleStage === 'deleted',
    params: params.size,
    tags: tags.size,
    metrics: metrics.size,
    points,
    datasets: datasets.length,
    digest: createHash('sha256')
      .update(JSON.stringify([sorted(params), sorted(tags)]))
      .digest('base64'),
  }
}

const sorted = (entries: ReadonlyMap<string, string>): (readonly [string, string])[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
