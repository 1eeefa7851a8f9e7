/** What some runs have, key by key, and where they differ. */
import { t } from '../l10n'
import { parentRunTag } from '../model'
import type { AcrossData, Numbers, Texts } from './data'
import { type Dimension, type Dimensions, metricNumber } from './dimension'

export interface DifferenceRow {
  /** Of the dimension. */
  readonly id: string
  readonly key: string
  readonly differs: boolean
}

export interface DifferenceGroup {
  readonly heading: string
  readonly rows: readonly DifferenceRow[]
}

/** Tags of MLflow's own that tell of where a run was made, as people call it. */
const environment = new Map<string, () => string>([
  ['mlflow.source.name', () => t('Source')],
  ['mlflow.source.type', () => t('Source type')],
  ['mlflow.source.git.commit', () => t('Git commit')],
  ['mlflow.source.git.branch', () => t('Git branch')],
  ['mlflow.source.git.repoURL', () => t('Git repository')],
  ['mlflow.user', () => t('User')],
  ['mlflow.project.entryPoint', () => t('Entry point')],
  ['mlflow.project.env', () => t('Project environment')],
  [parentRunTag, () => t('Parent run')],
])
/** Tags that say nothing that could be compared. */
const unsaid = new Set(['mlflow.log-model.history'])
const isOfRun = (key: string): boolean => key === parentRunTag
const isEnvironment = (key: string): boolean => key.startsWith('mlflow.') && !unsaid.has(key) && !isOfRun(key)

/** What people call a tag. */
export const tagTitle = (key: string): string => environment.get(key)?.() ?? key

/** All that some runs have, by kind. Costs in proportion to what was logged. @param rows of runs; others count for nothing */
export function differencesOf(data: AcrossData, dimensions: Dimensions, rows: readonly number[]): DifferenceGroup[] {
  const wanted = new Set(rows)
  const known = new Set(data.packages.rows)
  const ofEnvironments = new Set(rows.filter((row) => known.has(row)))
  const of = (
    kind: string,
    entries: Numbers | Texts,
    values: ArrayLike<number>,
    keep = (_: string) => true,
    among: ReadonlySet<number> = wanted,
  ): DifferenceRow[] =>
    entries.keys.flatMap((key, place) => {
      const found = keep(key) ? compared(entries, values, place, among) : undefined
      return found === undefined ? [] : [{ id: `${kind}:${key}`, key, differs: found }]
    })
  const { metrics, params, tags, datasets, packages } = data
  const facts = ['status', 'experiment', 'duration', 'start'].flatMap((fact): DifferenceRow[] => {
    const dimension = dimensions.get(`fact:${fact}`)
    return dimension ? [{ id: dimension.id, key: dimension.key, differs: differs(dimension, rows) }] : []
  })
  const titled = (row: DifferenceRow): DifferenceRow => ({ ...row, key: tagTitle(row.key) })
  return [
    { heading: t('Parameters'), rows: of('param', params, params.codes) },
    { heading: t('Metrics (last values)'), rows: of('metric', metrics, metrics.values.map(metricNumber)) },
    { heading: t('Tags'), rows: of('tag', tags, tags.codes, (key) => !key.startsWith('mlflow.')) },
    { heading: t('Datasets'), rows: of('dataset', datasets, datasets.codes) },
    { heading: t('Environment'), rows: of('tag', tags, tags.codes, isEnvironment).map(titled) },
    {
      heading: t('Python environment'),
      rows: of('package', packages, packages.codes, undefined, ofEnvironments),
    },
    { heading: t('Run'), rows: [...of('tag', tags, tags.codes, isOfRun).map(titled), ...facts] },
  ]
}

/** Whether the runs differ in a key; undefined where none of them has it. */
function compared(
  { offsets, rows }: Pick<Numbers, 'offsets' | 'rows'>,
  values: ArrayLike<number>,
  place: number,
  wanted: ReadonlySet<number>,
): boolean | undefined {
  let count = 0
  let first: number | undefined
  let differ = false
  for (let at = offsets[place] ?? 0; at < (offsets[place + 1] ?? 0); at++) {
    if (!wanted.has(rows[at] ?? -1)) continue
    const value = values[at] ?? NaN
    if (count++ === 0) first = value
    else if (!Object.is(value, first)) differ = true
  }
  return count === 0 ? undefined : differ || count !== wanted.size
}

const differs = ({ same }: Dimension, rows: readonly number[]): boolean =>
  rows.some((row) => !same(row, rows[0] ?? row))

/** By how much a number differs from that of the baseline, as a share of it; undefined where there is no such number. */
export function changeFrom({ id, numeric, values }: Dimension, row: number, baseline: number): number | undefined {
  if (id === 'fact:start') return undefined // a share of the time since 1970
  const [value, base] = [values[row] ?? NaN, values[baseline] ?? NaN]
  const share = (value - base) / Math.abs(base)
  return numeric && Number.isFinite(share) ? share : undefined
}

/** `+12.5 %`, `−3 %`, `+4,200 %`. */
export function changeText(share: number): string {
  const percent = Math.abs(share) * 100
  const digits = percent >= 100 ? 0 : percent >= 10 ? 1 : 2
  const text =
    percent > 1e6
      ? percent.toExponential(1).replace('e+', 'e')
      : Number(percent.toFixed(digits)).toLocaleString('en-US')
  if (share !== 0 && text === '0') return t('{0} %', `${share > 0 ? '+' : '−'}<0.01`)
  return t('{0} %', `${share > 0 ? '+' : share < 0 ? '−' : '±'}${text}`)
}
