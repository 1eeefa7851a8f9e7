import type { LoggedModel } from '../model'
import { compareText } from '../textOrder'
import { isOn, valuesOf, type Found } from './fields'
import type { Name, Ordering } from './tree'

/** Compares two items in MLflow's order: below, equal to or above 0. */
export function comparer<K extends keyof Found>(
  kind: K,
  orderings: readonly Ordering[],
): (a: Found[K], b: Found[K]) => number {
  const keys = [...orderings, ...ties(kind, orderings)].map(({ name, ascending, dataset }) => ({
    valueOf: (item: Found[K]) =>
      name.entity === 'metric' ? latest(item, name, dataset) : valuesOf(kind, item, name)[0],
    direction: ascending ? 1 : -1,
    compare: name.key === 'experiment_id' ? compareIds : compareText,
  }))
  return (a, b) => {
    for (const { valueOf, direction, compare } of keys) {
      const difference = compareValues(valueOf(a), valueOf(b), direction, compare, kind === 'loggedModels')
      if (difference !== 0) return difference
    }
    return 0
  }
}

/** What MLflow orders by after what it is asked for. Of model versions not its own default, which is by last update. */
function ties(kind: keyof Found, orderings: readonly Ordering[]): Ordering[] {
  switch (kind) {
    case 'experiments':
      if (orderings.length === 0) return [by('creation_time', false), by('experiment_id', true)]
      return unless(orderings, [by('experiment_id', false)])
    case 'registeredModels':
      return unless(orderings, [by('name', true)])
    case 'modelVersions':
      return unless(orderings, [by('name', true), by('version_number', false)])
    case 'loggedModels':
      return unless(orderings, [by('creation_timestamp', false), by('model_id', true)])
  }
}

const by = (key: string, ascending: boolean): Ordering => ({
  name: { entity: 'attribute', key, start: 0, end: 0 },
  ascending,
  ours: false,
})

const unless = (orderings: readonly Ordering[], further: readonly Ordering[]): Ordering[] =>
  further.filter(({ name: { key } }) => !orderings.some(({ name }) => name.entity === 'attribute' && name.key === key))

/** MLflow's SQL has missing values first; of logged models last in both directions, and NaN, which only folders keep, before them. */
function compareValues(
  a: string | number | undefined,
  b: string | number | undefined,
  direction: number,
  compareTexts: (a: string, b: string) => number,
  missingLast: boolean,
): number {
  if (a === undefined || b === undefined) {
    const difference = Number(a === undefined) - Number(b === undefined)
    return missingLast ? difference : -difference * direction
  }
  if (typeof a === 'number' || typeof b === 'number')
    return (a < b ? -1 : a > b ? 1 : 0) * direction || Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return compareTexts(a, b) * direction
}

/** Ids of experiments are whole numbers, which can be too large for a double. */
const compareIds = (a: string, b: string): number => a.length - b.length || compareText(a, b)

/** The latest value of a metric of a logged model. */
function latest(item: Found[keyof Found], { key }: Name, dataset: Ordering['dataset']): number | undefined {
  if (!('metrics' in item)) return undefined
  const [first] = item.metrics
    .filter((metric) => metric.key === key && (!dataset || isOn(metric, dataset)))
    .sort(latestFirst)
  return first?.value
}

type Metric = LoggedModel['metrics'][number]

const latestFirst = (a: Metric, b: Metric): number =>
  b.timestamp - a.timestamp || b.step - a.step || compareText(a.runId ?? '', b.runId ?? '')
