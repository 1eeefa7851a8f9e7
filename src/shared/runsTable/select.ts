/** Which runs a table finds. */
import { extensionsIn, FilterError, matchRuns, parseFilter, wordsIn, type Expression } from '../filter'
import { noteTag } from '../model'
import { statusCodes, type RunFrame, type StringColumn } from '../runFrame'
import type { Steps } from '../steps'
import type { TableView } from './view'

export interface FilterProblem {
  readonly message: string
  readonly from: number
  readonly to: number
  /** Filters that can be understood and are likely meant. */
  readonly meant: readonly string[]
}

/** A filter as it was understood. */
export interface Understood {
  /** Words and phrases to look for, where it is plain text. */
  readonly words: readonly string[]
  /** Else the expression; undefined where there is no condition. */
  readonly expression: Expression | undefined
  readonly isText: boolean
  /** MLflow itself would refuse it. */
  readonly isOurs: boolean
}

/** @throws FilterError where it can't be understood; its place counts in the text as it was given */
export function understand(filter: string): Understood {
  if (filter.trim() === '') return { words: [], expression: undefined, isText: false, isOurs: false }
  const words = wordsIn(filter)
  if (words) return { words, expression: undefined, isText: true, isOurs: false }
  const expression = parseFilter(filter, 'runs')
  return { words: [], expression, isText: false, isOurs: extensionsIn(expression).length > 0 }
}

/** The same, and the former filter with what is wrong where it can't be understood. */
export function understandOrKeep(
  filter: string,
  former: string,
  frame: RunFrame,
): { readonly filter: string; readonly understood: Understood; readonly problem: FilterProblem | null } {
  try {
    return { filter, understood: understand(filter), problem: null }
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    const [from, to] = [error.start, error.end]
    const problem = { message: error.message, from, to, meant: meantBy(filter, from, to, frame) }
    return { filter: former, understood: understand(former), problem }
  }
}

/** The filter with what a key of the runs lacks that stands without it at `from` … `to`: `accuracy > 0.9` means `metrics.accuracy > 0.9`. */
function meantBy(filter: string, from: number, to: number, frame: RunFrame): string[] {
  const key = filter.slice(from, to)
  const keys = { metrics: frame.metricKeys, params: frame.paramKeys, tags: frame.tagKeys }
  return Object.entries(keys)
    .filter(([, known]) => known.includes(key))
    .map(([group]) => `${filter.slice(0, from)}${group}.${filter.slice(from)}`)
    .filter((meant) => canBeUnderstood(meant))
}

function canBeUnderstood(filter: string): boolean {
  try {
    understand(filter)
    return true
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return false
  }
}

export type Conditions = Pick<
  TableView,
  'lifecycle' | 'statuses' | 'startedWithin' | 'startedBetween' | 'dataset' | 'hiddenRuns'
>

export interface Selection {
  /** Found, in the order of `base`. */
  readonly found: Uint32Array
  /** Of those that would be found, how many are hidden by hand. */
  readonly hidden: number
  /** 1 for rows of runs that may show at all: neither hidden nor of the other lifecycle. */
  readonly usable: Uint8Array
}

/**
 * @param base the rows of the frame that count at all
 * @param only ids of runs of which alone some can be found; `null`: of all
 * @param now ms since the epoch
 */
export function* selectRuns(
  frame: RunFrame,
  base: Uint32Array,
  conditions: Conditions,
  only: ReadonlySet<string> | null,
  { words, expression }: Understood,
  now: number,
): Steps<Selection> {
  const { infos, datasets } = frame.data
  const hiddenRows = new Set(conditions.hiddenRuns.map((id) => frame.rowOf(id)))
  const onlyRows = only && new Set(Array.from(only, (id) => frame.rowOf(id)))
  const wanted = new Set(conditions.statuses.map((status) => statusCodes.indexOf(status)))
  const { lifecycle, startedWithin, startedBetween, dataset } = conditions
  const since = startedWithin === null ? undefined : now - startedWithin
  const usable = new Uint8Array(frame.length)
  yield
  const plausible = base.filter((row) => {
    if (lifecycle !== 'all' && (infos.deleted[row] === 1) !== (lifecycle === 'deleted')) return false
    usable[row] = hiddenRows.has(row) ? 0 : 1
    if (onlyRows?.has(row) === false) return false
    if (wanted.size > 0 && !wanted.has(infos.statuses[row] ?? -1)) return false
    if (since !== undefined && !((infos.startTimes[row] ?? NaN) >= since)) return false
    if (startedBetween && !isWithin(startedBetween, infos.startTimes[row] ?? NaN)) return false
    return dataset === null || (datasets.get(row) ?? []).some((input) => input.dataset.name === dataset)
  })
  yield
  let matching = expression ? yield* matchInSteps(frame, expression, plausible) : plausible
  for (const word of words) matching = yield* lookForWord(frame, word, matching)
  const found = hiddenRows.size === 0 ? matching : matching.filter((row) => !hiddenRows.has(row))
  return { found, hidden: matching.length - found.length, usable }
}

const isWithin = ({ from, to }: { from: number | null; to: number | null }, time: number): boolean =>
  time >= (from ?? -Infinity) && time < (to ?? Infinity)

/** The conditions that must all hold are tested one after the other. */
function* matchInSteps(frame: RunFrame, expression: Expression, rows: Uint32Array): Steps<Uint32Array> {
  const parts = expression.kind === 'and' ? expression.operands : [expression]
  let left = rows
  for (const part of parts) {
    left = matchRuns(frame, part, left)
    yield
  }
  return left
}

/** Tags of MLflow's own in which nobody looks for words are left out. */
const searched = (tag: string): boolean =>
  !tag.startsWith('mlflow.') || tag === noteTag || tag === 'mlflow.source.name' || tag === 'mlflow.user'

/** Looks for a word, whatever its case, in names, ids, users, parameters and tags. */
function* lookForWord(frame: RunFrame, word: string, rows: Uint32Array): Steps<Uint32Array> {
  const { infos, params, tags } = frame.data
  const columns: StringColumn[] = [infos.runNames, infos.userIds, ...params.values()]
  for (const [key, column] of tags) if (searched(key)) columns.push(column)
  // An expression that ignores case makes no lower-case copy of every text, and a plain loop calls nothing: each halves the time.
  const wanted = new RegExp(word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu')
  const holds = new Uint8Array(frame.length)
  for (const row of rows) if (wanted.test(infos.runIds[row] ?? '')) holds[row] = 1
  for (const { codes, dictionary } of columns) {
    yield
    const verdicts = new Uint8Array(dictionary.length)
    let some = false
    for (let code = 0; code < dictionary.length; code++)
      if (wanted.test(dictionary[code] ?? '')) {
        verdicts[code] = 1
        some = true
      }
    if (!some) continue
    for (const row of rows) if (verdicts[codes[row] ?? -1] === 1) holds[row] = 1
  }
  return rows.filter((row) => holds[row] === 1)
}
