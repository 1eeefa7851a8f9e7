/** A comparison as a report tells it, before it is HTML or Markdown. */
import type { AcrossData } from '../across/data'
import { changeFrom, changeText, type DifferenceRow, differencesOf } from '../across/differences'
import { Dimensions } from '../across/dimension'
import { formatCount, formatDateTime, formatDuration } from '../format'
import { t } from '../l10n'
import { shortLine } from '../markup'
import type { Axis, RunDetails } from '../protocol'
import type { Mark } from '../runColor'
import type { Steps } from '../steps'

export interface ReportRun {
  readonly name: string
  readonly runId: string
  readonly mark: Mark
}

/** A value of one run; undefined where it has none. */
export type ReportCell = { readonly text: string; readonly change?: string } | undefined

export interface ReportRow {
  readonly key: string
  /** One for each run. */
  readonly cells: readonly ReportCell[]
}

export interface ReportGroup {
  readonly heading: string
  /** Rows in which runs differ, and those in which all are the same. */
  readonly differing: readonly ReportRow[]
  readonly same: readonly ReportRow[]
}

export interface ReportCurve {
  /** Index of the run. */
  readonly run: number
  readonly x: Float64Array
  readonly y: Float64Array
}

export interface ReportChart {
  readonly key: string
  readonly axis: Axis
  readonly curves: readonly ReportCurve[]
  /** What the picture stands for, in a sentence. */
  readonly note: string
}

/** A table of texts under a heading of its own. */
export interface ReportList {
  readonly heading: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Sentences below it. */
  readonly notes: readonly string[]
}

export interface Report {
  readonly title: string
  /** Milliseconds since the epoch. */
  readonly madeAt: number
  readonly runs: readonly ReportRun[]
  readonly facts: readonly ReportRow[]
  readonly lists: readonly ReportList[]
  readonly groups: readonly ReportGroup[]
  readonly charts: readonly ReportChart[]
  /** What is not in it and why, in sentences. */
  readonly leftOut: readonly string[]
}

/** Characters of a value. */
const longestValue = 300
/** Rows of one kind, and cells: of many runs there are fewer rows. */
const mostRows = 1000
const mostCells = 50_000

/** What stands at the head of each run. @param statusWord a status for people */
export function factsOf(runs: readonly RunDetails[], statusWord: (run: RunDetails) => string): ReportRow[] {
  const tag = (run: RunDetails, key: string): string => run.tags.find(([name]) => name === key)?.[1] ?? ''
  const rows: readonly (readonly [string, (run: RunDetails) => string])[] = [
    [t('Status'), (run) => (run.deleted ? t('{0}, deleted', statusWord(run)) : statusWord(run))],
    [t('Experiment'), ({ experimentName }) => experimentName],
    [t('Tracking URI'), ({ connection }) => connection.uri],
    [t('Started'), ({ startTime }) => (startTime === null ? '' : formatDateTime(startTime))],
    [
      t('Duration'),
      ({ startTime, endTime }) => (startTime === null || endTime === null ? '' : formatDuration(endTime - startTime)),
    ],
    [t('User'), ({ user }) => user],
    [t('Source'), (run) => tag(run, 'mlflow.source.name')],
    [t('Git commit'), (run) => tag(run, 'mlflow.source.git.commit')],
    [t('Run ID'), ({ runId }) => runId],
  ]
  return rows.flatMap(([key, textOf]) => {
    const cells = runs.map((run) => cellOf(textOf(run)))
    return cells.some((cell) => cell !== undefined) ? [{ key, cells }] : []
  })
}

const cellOf = (text: string): ReportCell => (text === '' ? undefined : { text: shortened(text) })

/** Cut where it is too long; lines stay lines. */
const shortened = (text: string): string => (text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text)

/** What is told at the head of each run already. */
const atHead: ReadonlySet<string> = new Set(['mlflow.user', 'mlflow.source.name', 'mlflow.source.git.commit'].map((key) => `tag:${key}`)) // prettier-ignore

/**
 * What the runs have, by kind, numbers with their change against the first run. Where there is more than a report takes, rows in which
 * the runs differ stay.
 */
export function* groupsOf(data: AcrossData): Steps<{ groups: ReportGroup[]; leftOut: string[] }> {
  const dimensions = new Dimensions(data)
  const runs = [...data.runs.keys()]
  const most = Math.min(mostRows, Math.ceil(mostCells / runs.length))
  const leftOut: string[] = []
  let cut = 0
  const reportRow = ({ id, key }: DifferenceRow): ReportRow => {
    const dimension = dimensions.get(id)
    const cells = runs.map((run): ReportCell => {
      const text = dimension?.textAt(run)
      if (dimension === undefined || text === undefined) return undefined
      if (text.length > longestValue) cut++
      const change = dimension.same(run, 0) ? undefined : changeFrom(dimension, run, 0)
      return { text: shortened(text), ...(change !== undefined && { change: changeText(change) }) }
    })
    return { key, cells }
  }
  function* reportRows(rows: readonly DifferenceRow[]): Steps<ReportRow[]> {
    const made: ReportRow[] = []
    for (const row of rows) {
      made.push(reportRow(row))
      yield
    }
    return made
  }
  const groups: ReportGroup[] = []
  for (const { heading, rows } of differencesOf(data, dimensions, runs)) {
    const told = rows.filter(({ id }) => !id.startsWith('fact:') && !atHead.has(id))
    if (told.length === 0) continue
    if (told.length > most)
      leftOut.push(t('{0}: {1} of {2} rows are in this report.', heading, most, formatCount(told.length)))
    const differing = told.filter(({ differs }) => differs).slice(0, most)
    const same = told.filter(({ differs }) => !differs).slice(0, most - differing.length)
    groups.push({ heading, differing: yield* reportRows(differing), same: yield* reportRows(same) })
  }
  if (cut > 0)
    leftOut.push(
      cut === 1
        ? t('1 value is cut after {0} characters.', longestValue)
        : t('{0} values are cut after {1} characters.', formatCount(cut), longestValue),
    )
  return { groups, leftOut }
}

/** A run's name, or its id where it has none. */
export const nameOf = ({ name, runId }: RunDetails): string => (name === '' ? runId : shortLine(name, 200))
