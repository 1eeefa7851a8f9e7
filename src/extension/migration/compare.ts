/** What became of a folder store in its database: the counts side by side, and each difference by its name. Pure. */
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { counted, type Census, type Counted, type RunCensus } from './census'

export interface Comparison {
  readonly counts: readonly { readonly what: Counted; readonly before: number; readonly after: number }[]
  /** Sentences; empty where all is the same. */
  readonly differences: readonly string[]
}

/** So many of a kind are named; of the others their number is told. */
const named = 20

export function compare(before: Census, after: Census): Comparison {
  const counts = counted.map((what) => ({ what, before: before.counts[what], after: after.counts[what] }))
  const inWords = counts
    .filter((row) => row.before !== row.after)
    .map((row) =>
      t(
        '{0}: {1} in the folder, {2} in the database.',
        wordOf(row.what),
        formatCount(row.before),
        formatCount(row.after),
      ),
    )
  return { counts, differences: [...inWords, ...missing(before, after), ...changedRuns(before, after)] }
}

export const wordOf = (what: Counted): string => words[what]()

const words: Record<Counted, () => string> = {
  experiments: () => t('Experiments'),
  deletedExperiments: () => t('Deleted experiments'),
  experimentTags: () => t('Tags of experiments'),
  runs: () => t('Runs'),
  deletedRuns: () => t('Deleted runs'),
  params: () => t('Parameters'),
  tags: () => t('Tags'),
  metrics: () => t('Metrics'),
  metricPoints: () => t('Metric points'),
  datasets: () => t('Datasets of runs'),
  modelOutputs: () => t('Models of runs'),
  loggedModels: () => t('Logged models'),
  registeredModels: () => t('Registered models'),
  modelVersions: () => t('Model versions'),
  aliases: () => t('Aliases'),
}

function missing(before: Census, after: Census): string[] {
  const experiments = [...before.experiments].filter(([id]) => !after.experiments.has(id))
  const runs = [...before.runs].filter(([id]) => !after.runs.has(id))
  const versions = [...before.versions].filter((version) => !after.versions.has(version))
  const models = [...before.loggedModels].filter((id) => !after.loggedModels.has(id))
  const notInFolder = [...after.runs].filter(([id]) => !before.runs.has(id))
  return [
    ...some(experiments, ([id, name]) => t('The experiment {0} ({1}) is not in the database.', name, id)),
    ...some(runs, ([id, run]) => t('The run {0} ({1}) is not in the database.{2}', run.name, id, reason(run))),
    ...some(versions, (version) => t('The model version {0} is not in the database.', version)),
    ...some(models, (id) => t('The logged model {0} is not in the database.', id)),
    ...some(notInFolder, ([id, run]) => t('The run {0} ({1}) is in the database only.', run.name, id)),
  ]
}

const reason = ({ problem }: RunCensus): string => (problem === undefined ? '' : ` ${problem}`)

function changedRuns(before: Census, after: Census): string[] {
  const changed = [...before.runs].flatMap(([id, run]) => {
    const other = after.runs.get(id)
    const how = other && howChanged(run, other)
    return how ? [{ id, run, how }] : []
  })
  return some(changed, ({ id, run, how }) => t('The run {0} ({1}): {2}.{3}', run.name, id, how, reason(run)))
}

function howChanged(run: RunCensus, other: RunCensus): string | undefined {
  const parts = [
    differs(t('parameters'), run.params, other.params),
    differs(t('tags'), run.tags, other.tags),
    differs(t('metrics'), run.metrics, other.metrics),
    differs(t('metric points'), run.points, other.points),
    differs(t('datasets'), run.datasets, other.datasets),
  ].filter((part) => part !== undefined)
  if (run.deleted !== other.deleted) parts.push(other.deleted ? t('deleted now') : t('not deleted any more'))
  if (parts.length === 0 && run.digest !== other.digest) parts.push(t('a parameter or a tag has another value'))
  return parts.length === 0 ? undefined : parts.join(', ')
}

const differs = (what: string, before: number, after: number): string | undefined =>
  before === after ? undefined : t('{0} {1} of {2}', what, formatCount(after), formatCount(before))

function some<T>(items: readonly T[], say: (item: T) => string): string[] {
  const said = items.slice(0, named).map(say)
  return items.length > named ? [...said, t('… and {0} more of this kind.', formatCount(items.length - named))] : said
}
