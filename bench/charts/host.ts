/** Stands in for the extension host, in a worker: its own answers about curves that it has in memory. */
import { curveOf } from '../../src/extension/panels/curves'
import { type LoadedSeries, loadedSeries } from '../../src/extension/panels/seriesCache'
import type { CurveLook } from '../../src/shared/protocol'

type Told =
  | { readonly steps: Float64Array; readonly values: readonly Float64Array[] }
  | { readonly id: number; readonly nth: number; readonly look: CurveLook }

let series: readonly LoadedSeries[] = []

self.addEventListener('message', ({ data }: MessageEvent<Told>) => {
  if ('steps' in data) {
    series = data.values.map((values, nth) =>
      loadedSeries({ runId: String(nth), key: 'loss', steps: data.steps, values, timestamps: data.steps }, 0),
    )
    self.postMessage('ready')
    return
  }
  const loaded = series[data.nth]
  if (loaded) self.postMessage({ id: data.id, curve: curveOf(data.look, { loaded, run: { info } }, undefined) })
})

const info: Parameters<typeof curveOf>[1]['run']['info'] = {
  ...{ runId: '', experimentId: '0', runName: '', userId: '', status: 'FINISHED', startTime: 0, endTime: 0 },
  ...{ artifactUri: '', lifecycleStage: 'active' },
}
