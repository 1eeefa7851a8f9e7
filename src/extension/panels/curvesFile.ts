/** The points of curves as a CSV file. Knows no vscode. */
import { csvLine, isoTime } from '../../shared/csv'
import { smoothed } from '../../shared/curves/smooth'
import { formatCount, formatExact } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { CurvesFile } from '../../shared/protocol'
import { sortByNumber } from '../../shared/radixSort'
import { placesOf, type RunSeries, timesOf } from './curves'
import type { LoadedSeries } from './seriesCache'

/** Rows of one file. */
const mostRows = 2_000_000

/**
 * A row for each point in the range, in the order of x, for one run after the other; values as Python reads them.
 *
 * @param read the series of a run, and of the metric of the x axis
 * @throws Error where there are too many points; as `read` does
 */
export async function curvesCsv(
  file: CurvesFile,
  read: (series: CurvesFile['series'][number]) => Promise<{ series: RunSeries; along: LoadedSeries | undefined }>,
  signal: AbortSignal,
): Promise<string> {
  const grouped = file.series.some(({ group }) => group !== '')
  const head = [
    ...['run', 'run_id', ...(grouped ? ['group'] : []), 'step', 'timestamp'],
    ...(file.axis === 'relative' ? ['relative_ms'] : file.axis === 'metric' ? [file.xKey] : []),
    file.key,
    ...(file.smoothing > 0 ? [`${file.key} (smoothed by ${file.smoothing})`] : []),
  ]
  const parts = [csvLine(head)]
  let rows = 0
  for (const one of file.series) {
    const { series, along } = await read(one)
    signal.throwIfAborted()
    const lines = linesOf(file, one, grouped, series, along)
    rows += lines.length
    if (rows > mostRows)
      throw new Error(
        t('These are more than {0} points. Zoom in or hide some of the runs, and save again.', formatCount(mostRows)),
      )
    parts.push(lines.join(''))
    await new Promise((resolve) => setTimeout(resolve)) // others have their turn
  }
  return parts.join('')
}

function linesOf(
  { axis, range, smoothing }: CurvesFile,
  { name, run, group }: CurvesFile['series'][number],
  grouped: boolean,
  series: RunSeries,
  along: LoadedSeries | undefined,
): string[] {
  const { steps, values } = series.loaded.series
  const times = timesOf(series)
  const places = placesOf(axis, series, along)
  const order = Uint32Array.from(places.keys()).filter((at) => !Number.isNaN(places[at]))
  sortByNumber(order, places)
  const x = Float64Array.from(order, (at) => places[at] ?? NaN)
  const y = smoothed({ x, y: Float64Array.from(order, (at) => finite(values[at] ?? NaN)) }, smoothing)
  const of = [name, run.runId, ...(grouped ? [group] : [])]
  const lines: string[] = []
  for (const [row, at] of order.entries()) {
    const place = x[row] ?? NaN
    if (range && (place < range[0] || place > range[1])) continue
    lines.push(
      csvLine([
        ...of,
        String(steps[at]),
        isoTime(times[at] ?? NaN),
        ...(axis === 'relative' || axis === 'metric' ? [formatExact(place)] : []),
        formatExact(values[at] ?? NaN),
        ...(smoothing > 0 ? [formatExact(y[row] ?? NaN)] : []),
      ]),
    )
  }
  return lines
}

/** MLflow's databases can't hold infinities and hold the greatest double instead. */
const finite = (value: number): number => (Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Infinity : value)
