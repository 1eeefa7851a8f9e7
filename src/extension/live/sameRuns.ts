/** Whether runs of two frames are the same in all that is shown of them; column by column, since pages have thousands of runs. */
import { isDeepStrictEqual } from 'node:util'
import type { MetricColumn, RunFrame, StringColumn } from '../../shared/runFrame'

/**
 * The rows of `page` that differ from `known`, or are not in it.
 *
 * Costs some milliseconds a thousand runs: give it a page at a time.
 */
export function differingRows(page: RunFrame, known: RunFrame): Uint32Array {
  const rows = Int32Array.from({ length: page.length }, (_, row) => known.rowOf(page.runId(row)))
  const differs = Uint8Array.from(rows, (at, row) => (at < 0 || !sameInfo(page, row, known, at) ? 1 : 0))
  for (const key of new Set([...page.metricKeys, ...known.metricKeys]))
    compareMetrics(differs, rows, page.metric(key), known.metric(key))
  for (const key of new Set([...page.paramKeys, ...known.paramKeys]))
    compareStrings(differs, rows, page.param(key), known.param(key))
  for (const key of new Set([...page.tagKeys, ...known.tagKeys]))
    compareStrings(differs, rows, page.tag(key), known.tag(key))
  compareOthers(differs, rows, page.data.datasets, known.data.datasets)
  compareOthers(differs, rows, page.data.modelOutputs, known.data.modelOutputs)
  let count = 0
  for (const differing of differs) count += differing
  const found = new Uint32Array(count)
  let at = 0
  differs.forEach((differing, row) => {
    if (differing === 1) found[at++] = row
  })
  return found
}

function sameInfo(page: RunFrame, row: number, known: RunFrame, at: number): boolean {
  const a = page.info(row)
  const b = known.info(at)
  return (
    a.status === b.status &&
    a.endTime === b.endTime &&
    a.lifecycleStage === b.lifecycleStage &&
    a.runName === b.runName &&
    a.startTime === b.startTime &&
    a.experimentId === b.experimentId &&
    a.userId === b.userId &&
    a.artifactUri === b.artifactUri &&
    a.problem === b.problem
  )
}

function compareMetrics(differs: Uint8Array, rows: Int32Array, page?: MetricColumn, known?: MetricColumn): void {
  rows.forEach((at, row) => {
    if (differs[row] === 1) return
    const logged = page?.logged[row] ?? 0
    if (
      logged !== (known?.logged[at] ?? 0) ||
      (logged === 1 &&
        (!Object.is(page?.values[row], known?.values[at]) ||
          page?.steps[row] !== known?.steps[at] ||
          page?.timestamps[row] !== known?.timestamps[at]))
    )
      differs[row] = 1
  })
}

/** The same word may have another number in another frame. */
function compareStrings(differs: Uint8Array, rows: Int32Array, page?: StringColumn, known?: StringColumn): void {
  rows.forEach((at, row) => {
    if (differs[row] === 1) return
    if (page?.dictionary[page.codes[row] ?? -1] !== known?.dictionary[known.codes[at] ?? -1]) differs[row] = 1
  })
}

/** Of what few runs have. */
function compareOthers<T>(
  differs: Uint8Array,
  rows: Int32Array,
  page: ReadonlyMap<number, T>,
  known: ReadonlyMap<number, T>,
): void {
  if (page.size === 0 && known.size === 0) return
  rows.forEach((at, row) => {
    if (differs[row] !== 1 && !isDeepStrictEqual(page.get(row), known.get(at))) differs[row] = 1
  })
}
