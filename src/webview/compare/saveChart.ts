import { t } from '../../shared/l10n'
import type { CurvesFile } from '../../shared/protocol'
import type { LineChartElement } from '../charts/lineChart'
import { pngOf } from '../charts/raster'
import type { ChartRun } from '../charts/types'
import type { PictureKind } from './cardMenu'
import type { Comparison } from './comparison'

/** Saves a chart as a picture, or all points in its range. Rejects where that fails. */
export async function saveChart(
  { host: { channel }, loaded, view }: Comparison,
  chart: LineChartElement,
  runs: readonly ChartRun[],
  kind: PictureKind,
): Promise<void> {
  const key = chart.metric
  if (kind === 'csv') {
    const series = runs.flatMap((run) => membersOf(run, loaded))
    const { axis, xKey, range, smoothing } = view
    await channel.request('saveCurves', { name: key, key, series, axis, xKey, range, smoothing })
    return
  }
  const svg = chart.svg()
  if (svg === undefined) throw new Error(t('The chart is not drawn yet.'))
  const bytes = kind === 'svg' ? new TextEncoder().encode(svg) : await pngOf(svg)
  await channel.request('saveFile', { name: key, ending: kind, bytes })
}

/** The runs behind a line. */
function membersOf(run: ChartRun, loaded: Comparison['loaded']): CurvesFile['series'] {
  if (!run.group) return [{ name: run.name, run: run.ref, group: '' }]
  return run.group.runs.map((ref) => {
    const slot = loaded.find((one) => one.ref.runId === ref.runId && one.ref.connection === ref.connection)
    return { name: slot?.details?.name ?? ref.runId, run: ref, group: run.name }
  })
}
