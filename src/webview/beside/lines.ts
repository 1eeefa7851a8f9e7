/** The lines of the chart: a curve a run, or the runs as one curve. */
import type { BesideSubject } from '../../shared/besideProtocol'
import { t } from '../../shared/l10n'
import type { Mark } from '../../shared/runColor'
import type { ChartRun, Curve, LoadCurve } from '../charts/types'

interface Lines {
  readonly runs: readonly ChartRun[]
  readonly load: LoadCurve
}

export function overSteps(subject: BesideSubject, marks: readonly Mark[], load: LoadCurve): Lines {
  const { runs, epoch, steps, timestamps, values } = subject
  return {
    load,
    runs: runs.map(({ connection, runId, name, isReference }, at) => ({
      id: `${connection}\n${runId}`,
      ref: { connection, runId },
      name: isReference ? t('{0} (reference)', name) : name,
      mark: marks[at] ?? unmarked,
      version: `${epoch} ${steps[at] ?? 0} ${timestamps[at] ?? 0} ${values[at] ?? NaN}`,
    })),
  }
}

/** Of each run one point, its latest value; the runs side by side, the oldest first. */
export function overRuns(subject: BesideSubject, marks: readonly Mark[]): Lines {
  const { values, timestamps } = subject
  const order = subject.runs.map((_, at) => at).sort((a, b) => (timestamps[a] ?? 0) - (timestamps[b] ?? 0) || b - a)
  const { runs } = overSteps(subject, marks, () => Promise.reject(new Error('nothing is to be read')))
  const points = new Map(runs.map(({ id }, at) => [id, onePoint(1 + order.indexOf(at), values[at] ?? NaN)] as const))
  return {
    // A run has another place once there is a newer one.
    runs: runs.map((run) => ({ ...run, version: `${run.version} ${points.get(run.id)?.x[0] ?? 0}` })),
    load: ({ id }) => Promise.resolve(points.get(id) ?? onePoint(0, NaN)),
  }
}

function onePoint(x: number, y: number): Curve {
  return {
    ...{ x: Float64Array.of(x), y: Float64Array.of(y), raw: null, band: null, core: null, extent: [x, x] },
    ...{ total: 1, inRange: 1, unplaced: 0, inSeconds: false, reduced: false, sampled: false },
    ...{ asOf: Date.now(), refreshError: null },
  }
}

const unmarked: Mark = { color: 0, dash: [] }
